//! Vulnerabilities: those of the documents, then the findings. Findings that follow each other and are the same but
//! for where they are share one element.

use std::collections::HashSet;
use std::io::Write;

use export_core::finding::FindingKind;
use export_core::ports::RenderError;
use export_core::record::{FindingRecord, FindingStatus};
use export_core::sbom::SbomSection;
use export_render_kit::json_stream::{JsonArray, JsonStream};
use export_render_kit::rows::for_each_finding;
use export_sbom::Object;
use serde_json::{Map, Value, json};

use crate::component::reference;
use crate::index::Index;
use crate::section::{is_needed, write_elements};
use crate::told::Told;
use crate::vulnerability::{number, property, vulnerability};
use crate::work::{Origin, Work};

/// Findings that share an element at most, so that an element has an end.
const MOST: usize = 1_000;

/// Writes all vulnerabilities, and gives the number of findings among them.
pub(crate) fn write_vulnerabilities<W: Write>(
    work: &mut Work<'_>,
    index: &Index,
    stream: &mut JsonStream<W>,
) -> Result<u64, RenderError> {
    let section = SbomSection::Vulnerabilities;
    if work.facts().totals.findings == 0 && !is_needed(work, section) {
        // An empty list would say that somebody had looked.
        return for_each_finding(work.from, work.brief.pulse, |_| Ok(()));
    }
    let mut array = stream.array(section.as_str(), section.as_str())?;
    let mut told = Told::new(work);
    write_elements(work, section, &mut array, &mut |_, element, _| told.add(element, index))?;
    let mut group = Group::default();
    let mut rows = 0;
    let (from, pulse) = (work.from, work.brief.pulse);
    for_each_finding(from, pulse, |record| {
        let Some(of) = record.finding.vulnerability() else {
            no_place(work, record);
            return Ok(());
        };
        rows += 1;
        let reference = reference(work, index, &record.finding);
        if told.has(record, &reference) {
            told.lost(work, record, of);
            return Ok(());
        }
        for cwe in of.cwes.iter().filter(|cwe| number(cwe).is_none()) {
            let origin = Origin { field: "findings[].cwes[]", place: &record.finding.id };
            work.dropped(origin, &format!("{cwe} is no number of a weakness"));
        }
        let shared = vulnerability(record, of);
        if !group.takes(&shared) {
            std::mem::take(&mut group).write(work, &mut array)?;
            group.shared = shared;
        }
        group.add(record, &reference);
        Ok(())
    })?;
    group.write(work, &mut array)?;
    array.end();
    Ok(rows)
}

/// Findings that are no vulnerabilities have no place in a bill of materials.
fn no_place(work: &mut Work<'_>, record: &FindingRecord<'_>) {
    let field = match record.finding.kind() {
        FindingKind::Vulnerability => "findings[]",
        FindingKind::Misconfiguration => "findings[] that are misconfigurations",
        FindingKind::Secret => "findings[] that are secrets",
        FindingKind::Licence => "findings[] that are licences",
        FindingKind::Code => "findings[] that are weaknesses in code",
    };
    work.dropped(
        Origin { field, place: &record.finding.id },
        "CycloneDX has a place for vulnerabilities only",
    );
}

/// Findings that are the same but for where they are.
#[derive(Default)]
struct Group {
    shared: Map<String, Value>,
    count: usize,
    /// Their ids, scans, targets and paths, as properties; all but ids each once.
    places: Vec<Value>,
    affects: Vec<Value>,
    known: HashSet<Value>,
}

impl Group {
    fn takes(&self, shared: &Map<String, Value>) -> bool {
        self.count < MOST && self.shared == *shared
    }

    fn add(&mut self, record: &FindingRecord<'_>, reference: &str) {
        let finding = &record.finding;
        self.count += 1;
        self.places.push(property("finding_id", &finding.id));
        let paths = finding.locations.iter().map(|location| ("path", &location.path));
        for (name, value) in
            [("scan_id", &finding.scan_id), ("target", &finding.target)].into_iter().chain(paths)
        {
            let place = property(name, value);
            if !value.is_empty() && self.known.insert(place.clone()) {
                self.places.push(place);
            }
        }
        let affected = affected(record, reference);
        if self.known.insert(affected.clone()) {
            self.affects.push(affected);
        }
    }

    fn write<W: Write>(
        mut self,
        work: &mut Work<'_>,
        array: &mut JsonArray<'_, W>,
    ) -> Result<(), RenderError> {
        let Some(first) = self.places.first() else { return Ok(()) };
        let place = first["value"].as_str().unwrap_or_default().to_owned();
        let mut members = self.shared;
        members.insert("affects".into(), self.affects.into());
        let properties = members.entry("properties").or_insert_with(|| json!([]));
        properties.as_array_mut().into_iter().for_each(|all| all.append(&mut self.places));
        let mut element = Value::Object(members);
        let origin = Origin { field: "findings[]", place: &place };
        if work.fit(&mut element, Object::of(SbomSection::Vulnerabilities), origin) {
            array.item(&element)?;
        }
        Ok(())
    }
}

fn affected(record: &FindingRecord<'_>, reference: &str) -> Value {
    let status = match record.status {
        FindingStatus::NotAffected | FindingStatus::Fixed => "unaffected",
        FindingStatus::UnderInvestigation => "unknown",
        FindingStatus::Open | FindingStatus::Waived | FindingStatus::Suppressed => "affected",
    };
    let version = record.finding.component.as_ref().map_or("", |component| component.version.as_str());
    if version.is_empty() {
        return json!({"ref": reference});
    }
    json!({"ref": reference, "versions": [{"version": version, "status": status}]})
}
