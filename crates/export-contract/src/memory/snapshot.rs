//! Snapshots without a spool: a list of records, or a rule that makes them.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use export_core::digest::Digest;
use export_core::error::{ErrorKind, PortError};
use export_core::finding::{Finding, Severity};
use export_core::ports::{
    Annotation, AnnotationCursor, FindingCursor, Said, SbomCursor, ScanTotals, Snapshot, SnapshotFacts,
    VulnerabilityCursor,
};
use export_core::record::FindingRecord;
use export_core::sbom::{SbomDocument, SbomElement, SbomFamily, SbomSection};
use export_core::scan::{ScanRef, SourceDigest};
use export_core::text::Text;
use export_core::totals::{PolicyTotals, Totals};
use export_core::vulnerability::VulnerabilityRecord;

use super::vulnerabilities::{compliance, vulnerabilities};
use crate::corpus::{self, AT};

/// A snapshot of given records.
pub struct MemorySnapshot {
    facts: SnapshotFacts,
    records: Vec<FindingRecord<'static>>,
    vulnerabilities: Vec<VulnerabilityRecord<'static>>,
    elements: Vec<(usize, SbomSection, String)>,
    read: AtomicU64,
    breaks_at: Option<u64>,
}

impl MemorySnapshot {
    /// Sorts and counts `records`, which belong to the scans of the [`corpus`].
    #[must_use]
    pub fn new(mut records: Vec<FindingRecord<'static>>) -> Self {
        records.sort_by_cached_key(FindingRecord::order_key);
        let (facts, vulnerabilities) = (facts(&records), vulnerabilities(&records));
        Self { facts, records, vulnerabilities, elements: vec![], read: AtomicU64::new(0), breaks_at: None }
    }

    /// The same snapshot with a spool that turns out to be corrupt behind `records`.
    #[must_use]
    pub fn broken_behind(self, records: u64) -> Self {
        Self { breaks_at: Some(records), ..self }
    }

    /// The same snapshot with other facts, as `change` makes them.
    #[must_use]
    pub fn with_facts(mut self, change: impl FnOnce(&mut SnapshotFacts)) -> Self {
        change(&mut self.facts);
        self
    }

    /// The same snapshot with one more SBOM of the first scan: a CycloneDX 1.7 document, taken apart into head and elements.
    #[must_use]
    pub fn with_sbom(mut self, family: SbomFamily, spec_version: &str, document: &serde_json::Value) -> Self {
        let mut head = document.as_object().expect("a document is an object").clone();
        let mut elements = [0; 10];
        let at = self.facts.sboms.len();
        for section in SbomSection::ALL {
            let list = head.remove(section.as_str()).unwrap_or_default();
            for element in list.as_array().into_iter().flatten() {
                elements[section as usize] += 1;
                self.elements.push((at, section, element.to_string()));
            }
        }
        self.facts.sboms.push(SbomDocument {
            scan_id: corpus::scan(0).id,
            family,
            spec_version: spec_version.to_owned(),
            place: format!("scan-0/sbom-{at}.json"),
            head: serde_json::Value::from(head).to_string(),
            elements,
        });
        self
    }

    /// The records, in order.
    #[must_use]
    pub fn records(&self) -> &[FindingRecord<'static>] {
        &self.records
    }

    /// How many records were read so far, by all readers together.
    #[must_use]
    pub fn read(&self) -> u64 {
        self.read.load(Ordering::Relaxed)
    }
}

impl Snapshot for MemorySnapshot {
    fn facts(&self) -> &SnapshotFacts {
        &self.facts
    }

    fn findings(&self) -> Result<Box<dyn FindingCursor + '_>, PortError> {
        Ok(Box::new(MemoryCursor { snapshot: self, at: 0 }))
    }

    /// What was said about the records, by their scans.
    fn annotations(&self) -> Result<Box<dyn AnnotationCursor + '_>, PortError> {
        let mut all = Vec::new();
        for scan in &self.facts.scans {
            let scan_id: Text<'static> = scan.scan.id.as_str().to_owned().into();
            let own = || self.records.iter().filter(|record| record.finding.scan_id == scan_id);
            let statement = |record: &FindingRecord<'static>| {
                record.vex.clone().map(|vex| Said::Statement(corpus::statement_about(&record.finding, vex)))
            };
            let verdicts = own().flat_map(|record| record.verdicts.clone()).map(Said::Verdict);
            let said = own().filter_map(statement).chain(verdicts);
            all.extend(said.map(|said| Annotation { scan_id: scan_id.clone(), said }));
        }
        Ok(Box::new(MemoryAnnotations(all.into_iter())))
    }

    fn vulnerabilities(&self) -> Result<Box<dyn VulnerabilityCursor + '_>, PortError> {
        Ok(Box::new(MemoryVulnerabilities(self.vulnerabilities.iter())))
    }

    fn sbom(&self, section: SbomSection) -> Result<Box<dyn SbomCursor + '_>, PortError> {
        Ok(Box::new(MemoryElements { rest: &self.elements, section }))
    }
}

struct MemoryVulnerabilities<'a>(std::slice::Iter<'a, VulnerabilityRecord<'static>>);

impl VulnerabilityCursor for MemoryVulnerabilities<'_> {
    fn next(&mut self) -> Result<Option<VulnerabilityRecord<'_>>, PortError> {
        Ok(self.0.next().cloned())
    }
}

struct MemoryAnnotations(std::vec::IntoIter<Annotation<'static>>);

impl AnnotationCursor for MemoryAnnotations {
    fn next(&mut self) -> Result<Option<Annotation<'_>>, PortError> {
        Ok(self.0.next())
    }
}

struct MemoryElements<'a> {
    rest: &'a [(usize, SbomSection, String)],
    section: SbomSection,
}

impl SbomCursor for MemoryElements<'_> {
    fn next(&mut self) -> Result<Option<SbomElement<'_>>, PortError> {
        while let Some(((document, section, json), rest)) = self.rest.split_first() {
            self.rest = rest;
            if *section == self.section {
                return Ok(Some(SbomElement { document: *document, json }));
            }
        }
        Ok(None)
    }
}

struct MemoryCursor<'a> {
    snapshot: &'a MemorySnapshot,
    at: u64,
}

impl FindingCursor for MemoryCursor<'_> {
    fn next(&mut self) -> Result<Option<FindingRecord<'_>>, PortError> {
        if self.snapshot.breaks_at == Some(self.at) {
            return Err(PortError::new(ErrorKind::Corrupt, "snapshot: read", "the spool ends too early"));
        }
        let Some(record) = self.snapshot.records.get(usize::try_from(self.at).unwrap()) else {
            return Ok(None);
        };
        self.at += 1;
        self.snapshot.read.fetch_add(1, Ordering::Relaxed);
        Ok(Some(record.clone()))
    }
}

fn facts(records: &[FindingRecord<'static>]) -> SnapshotFacts {
    let mut totals = Totals::default();
    let mut scans: BTreeMap<String, Totals> = BTreeMap::new();
    let mut policies: BTreeMap<(String, String), PolicyTotals> = BTreeMap::new();
    for record in records {
        totals.add(record);
        scans.entry(record.finding.scan_id.to_string()).or_default().add(record);
        for verdict in &record.verdicts {
            let key = (verdict.policy_set.to_string(), verdict.policy.to_string());
            let of_policy = policies.entry(key.clone()).or_insert_with(|| PolicyTotals {
                policy_set: key.0,
                policy: key.1,
                by_decision: [0; 5],
            });
            of_policy.by_decision[verdict.decision as usize] += 1;
        }
    }
    let digest = Digest::of(serde_json::to_string(records).unwrap().as_bytes());
    let scans = scans.into_iter().map(|(id, totals)| ScanTotals { scan: scan_of(&id), totals });
    let scans: Vec<ScanTotals> = scans.collect();
    let verdicts =
        records.iter().flat_map(|it| it.verdicts.iter().map(|verdict| (&*it.finding.scan_id, verdict)));
    let compliance = compliance(verdicts, &scans, AT);
    SnapshotFacts {
        taken_at: AT,
        digest,
        totals,
        scans,
        policies: policies.into_values().collect(),
        unmatched_statements: 0,
        unmatched_verdicts: 0,
        sboms: vec![],
        sources: vec![SourceDigest {
            name: "memory".to_owned(),
            query: "records".to_owned(),
            digest,
            records: records.len() as u64,
        }],
        warnings: vec![],
        baseline: None,
        vulnerabilities: Some(vulnerabilities(records).len() as u64),
        compliance: Some(compliance),
        audit: None,
    }
}

fn scan_of(id: &str) -> ScanRef {
    let known = (0..3).map(corpus::scan).find(|scan| scan.id.as_str() == id);
    known.unwrap_or_else(|| ScanRef { id: id.parse().unwrap(), ..corpus::scan(0) })
}

/// A snapshot of any size that holds none of its records: each is made when it is read.
pub struct GeneratedSnapshot {
    facts: SnapshotFacts,
    count: u64,
    pattern: Finding<'static>,
    vulnerability: VulnerabilityRecord<'static>,
}

impl GeneratedSnapshot {
    /// A snapshot of `count` records that differ in their ids only.
    #[must_use]
    pub fn new(count: u64) -> Self {
        let pattern = Finding { severity: Severity::High, ..corpus::finding(&corpus::scan(0), 1) };
        let mut facts = facts(&[]);
        let record = FindingRecord::join(pattern.clone(), None, vec![], AT);
        for _ in 0..count {
            facts.totals.add(&record);
        }
        facts.scans = vec![ScanTotals { scan: corpus::scan(0), totals: facts.totals.clone() }];
        facts.compliance = Some(compliance(std::iter::empty(), &facts.scans, AT));
        facts.vulnerabilities = Some(count.min(1));
        let vulnerability = all_alike(record, &facts.totals);
        Self { facts, count, pattern, vulnerability }
    }
}

/// The vulnerability of records that are all as this one.
fn all_alike(record: FindingRecord<'static>, totals: &Totals) -> VulnerabilityRecord<'static> {
    let mut vulnerability = vulnerabilities(&[record]).remove(0);
    (vulnerability.findings, vulnerability.open) = (totals.findings, totals.open);
    (vulnerability.open_with_fix, vulnerability.by_status) = (totals.open_with_fix, totals.by_status);
    vulnerability.affected[0].findings = totals.findings;
    vulnerability
}

impl Snapshot for GeneratedSnapshot {
    fn facts(&self) -> &SnapshotFacts {
        &self.facts
    }

    fn findings(&self) -> Result<Box<dyn FindingCursor + '_>, PortError> {
        Ok(Box::new(GeneratedCursor { snapshot: self, at: 0 }))
    }

    fn annotations(&self) -> Result<Box<dyn AnnotationCursor + '_>, PortError> {
        Ok(Box::new(MemoryAnnotations(vec![].into_iter())))
    }

    fn vulnerabilities(&self) -> Result<Box<dyn VulnerabilityCursor + '_>, PortError> {
        let all = if self.count == 0 { &[][..] } else { std::slice::from_ref(&self.vulnerability) };
        Ok(Box::new(MemoryVulnerabilities(all.iter())))
    }

    fn sbom(&self, section: SbomSection) -> Result<Box<dyn SbomCursor + '_>, PortError> {
        Ok(Box::new(MemoryElements { rest: &[], section }))
    }
}

struct GeneratedCursor<'a> {
    snapshot: &'a GeneratedSnapshot,
    at: u64,
}

impl FindingCursor for GeneratedCursor<'_> {
    fn next(&mut self) -> Result<Option<FindingRecord<'_>>, PortError> {
        if self.at == self.snapshot.count {
            return Ok(None);
        }
        let id = format!("fnd-{:026}", self.at);
        self.at += 1;
        let finding = Finding { id: id.into(), ..self.snapshot.pattern.clone() };
        Ok(Some(FindingRecord::join(finding, None, vec![], AT)))
    }
}
