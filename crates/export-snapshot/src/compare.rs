//! A snapshot beside an earlier one: what is new, what changed, what is gone.

use std::collections::HashMap;

use export_core::error::{ErrorKind, PortError};
use export_core::finding::Severity;
use export_core::ports::{
    AnnotationCursor, AuditCursor, BaselineFacts, FindingCursor, Pulse, SbomCursor, Snapshot, SnapshotFacts,
    VulnerabilityCursor,
};
use export_core::record::{BaselineState, FindingRecord, FindingStatus};
use export_core::sbom::SbomSection;

use crate::beat::Beat;
use crate::codec::{decode, encode};
use crate::snapshot::SpooledSnapshot;
use crate::spool::{Spool, SpoolReader, SpoolWriter, xxh64};

/// The most findings that a baseline may have. Each takes some 40 bytes of memory.
const MOST: u64 = 5_000_000;

/// A snapshot whose records know how they stand to those of a baseline. Findings are the same if their ids are, in
/// whichever scan they are.
#[derive(Debug)]
pub struct ComparedSnapshot {
    facts: SnapshotFacts,
    current: SpooledSnapshot,
    absent: Spool,
    known: HashMap<Id, Known>,
}

/// A finding's id, digested.
type Id = [u64; 2];

/// What the baseline says of a finding.
#[derive(Debug, Clone, Copy)]
struct Known {
    severity: Severity,
    status: FindingStatus,
    is_still_there: bool,
}

impl ComparedSnapshot {
    /// Compares `current` with `baseline`, the snapshot of one scan.
    ///
    /// # Errors
    /// `Limit` if the baseline has more than five million findings; `Invalid` if it is not of one scan; what reading the
    /// snapshots says; `Cancelled` or `Timeout` if the pulse says so.
    pub fn new(
        current: SpooledSnapshot,
        baseline: &SpooledSnapshot,
        pulse: &dyn Pulse,
    ) -> Result<Self, PortError> {
        let refused = |kind, message: &str| Err(PortError::new(kind, "snapshot: compare", message));
        let [scan] = &baseline.facts.scans[..] else {
            return refused(ErrorKind::Invalid, "a baseline is one scan");
        };
        if baseline.facts.totals.findings > MOST {
            return refused(ErrorKind::Limit, "a baseline has at most 5,000,000 findings");
        }
        let mut beat = Beat::new(pulse);
        let mut known = read(baseline, &mut beat)?;
        let mut by_state = [0; 4];
        let mut cursor = current.findings()?;
        let mut rows = 0;
        while let Some(record) = cursor.next()? {
            rows += 1;
            beat.rows(rows)?;
            let found = known.get_mut(&id_of(&record));
            by_state[state(found.as_deref(), &record) as usize] += 1;
            if let Some(found) = found {
                found.is_still_there = true;
            }
        }
        drop(cursor);
        let (absent, gone) = write_absent(baseline, &known, &current, &mut beat)?;
        by_state[BaselineState::Absent as usize] = gone;
        let compared = BaselineFacts { scan: scan.scan.clone(), by_state };
        let mut facts = SnapshotFacts { baseline: Some(compared), ..current.facts.clone() };
        let sources = baseline.facts.sources.iter().filter(|source| !facts.sources.contains(source));
        let sources: Vec<_> = sources.cloned().collect();
        facts.sources.extend(sources);
        Ok(Self { facts, current, absent, known })
    }
}

fn read(baseline: &SpooledSnapshot, beat: &mut Beat<'_>) -> Result<HashMap<Id, Known>, PortError> {
    let mut known = HashMap::new();
    let mut cursor = baseline.findings()?;
    while let Some(record) = cursor.next()? {
        beat.rows(0)?;
        let (severity, status) = (record.finding.severity, record.status);
        known.insert(id_of(&record), Known { severity, status, is_still_there: false });
    }
    Ok(known)
}

/// Writes the records that only the baseline has; their number.
fn write_absent(
    baseline: &SpooledSnapshot,
    known: &HashMap<Id, Known>,
    beside: &SpooledSnapshot,
    beat: &mut Beat<'_>,
) -> Result<(Spool, u64), PortError> {
    let mut spool = SpoolWriter::create(&beside.scratch, "absent")?;
    let mut cursor = baseline.findings()?;
    let mut gone = 0;
    while let Some(record) = cursor.next()? {
        beat.rows(beside.facts.totals.findings)?;
        if known.get(&id_of(&record)).is_some_and(|known| !known.is_still_there) {
            gone += 1;
            spool.push_with(|buffer| encode(&record, buffer))?;
        }
    }
    Ok((spool.seal()?, gone))
}

/// 128 bits of the id, which is itself a digest.
fn id_of(record: &FindingRecord<'_>) -> Id {
    let id = record.finding.id.as_bytes();
    [xxh64(id, 0), xxh64(id, 1)]
}

fn state(known: Option<&Known>, record: &FindingRecord<'_>) -> BaselineState {
    match known {
        None => BaselineState::New,
        Some(known) if known.severity == record.finding.severity && known.status == record.status => {
            BaselineState::Unchanged
        }
        Some(_) => BaselineState::Updated,
    }
}

impl Snapshot for ComparedSnapshot {
    fn facts(&self) -> &SnapshotFacts {
        &self.facts
    }

    fn findings(&self) -> Result<Box<dyn FindingCursor + '_>, PortError> {
        Ok(Box::new(Current { records: self.current.findings()?, known: &self.known }))
    }

    fn absent(&self) -> Result<Box<dyn FindingCursor + '_>, PortError> {
        Ok(Box::new(Absent(self.absent.read()?)))
    }

    fn vulnerabilities(&self) -> Result<Box<dyn VulnerabilityCursor + '_>, PortError> {
        self.current.vulnerabilities()
    }

    fn audit(&self) -> Result<Box<dyn AuditCursor + '_>, PortError> {
        self.current.audit()
    }

    fn annotations(&self) -> Result<Box<dyn AnnotationCursor + '_>, PortError> {
        self.current.annotations()
    }

    fn sbom(&self, section: SbomSection) -> Result<Box<dyn SbomCursor + '_>, PortError> {
        self.current.sbom(section)
    }
}

struct Current<'s> {
    records: Box<dyn FindingCursor + 's>,
    known: &'s HashMap<Id, Known>,
}

impl FindingCursor for Current<'_> {
    fn next(&mut self) -> Result<Option<FindingRecord<'_>>, PortError> {
        let Some(mut record) = self.records.next()? else { return Ok(None) };
        record.baseline = Some(state(self.known.get(&id_of(&record)), &record));
        Ok(Some(record))
    }
}

struct Absent(SpoolReader);

impl FindingCursor for Absent {
    fn next(&mut self) -> Result<Option<FindingRecord<'_>>, PortError> {
        if !self.0.advance()? {
            return Ok(None);
        }
        let record: FindingRecord<'_> = decode(self.0.record())?;
        Ok(Some(FindingRecord { baseline: Some(BaselineState::Absent), ..record }))
    }
}
