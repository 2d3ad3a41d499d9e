//! What documents tell of vulnerabilities themselves. A source makes findings of it, which must not be written once more
//! beside the element that they were made from: that one says more.

use std::collections::HashSet;

use export_core::finding::Vulnerability;
use export_core::record::FindingRecord;
use export_sbom::is_serial_number;
use serde_json::Value;

use crate::index::Index;
use crate::section::hash;
use crate::work::{Origin, Work};

/// Pairs of vulnerability and component that are remembered: some 200 MB. Findings of further ones are written again.
const MOST: usize = 4_000_000;

/// The vulnerabilities that documents tell, with the components that they affect.
#[derive(Debug)]
pub(crate) struct Told {
    pairs: HashSet<[u8; 16]>,
    /// What statements of the documents themselves name as their document: serial numbers and files.
    documents: HashSet<String>,
    is_needed: bool,
}

impl Told {
    /// Nothing was told yet.
    pub(crate) fn new(work: &Work<'_>) -> Self {
        let mut documents = HashSet::new();
        for document in &work.facts().sboms {
            documents.insert(document.place.clone());
            let head: Value = serde_json::from_str(&document.head).unwrap_or_default();
            let number = head["serialNumber"].as_str().filter(|number| is_serial_number(number));
            documents.extend(number.map(str::to_owned));
        }
        Self { pairs: HashSet::new(), documents, is_needed: work.facts().totals.findings > 0 }
    }

    /// Adds an element of a document.
    pub(crate) fn add(&mut self, element: &Value, index: &Index) {
        let id = element["id"].as_str().unwrap_or_default();
        if !self.is_needed || id.is_empty() {
            return;
        }
        for affected in element["affects"].as_array().into_iter().flatten() {
            let reference = affected["ref"].as_str().unwrap_or_default();
            let name = reference.strip_prefix("urn:cdx:").and_then(|link| link.split_once('#'));
            let name = name.map_or(reference, |(_, name)| name);
            if self.pairs.len() < MOST {
                self.pairs.insert(pair(id, index.meant(name)));
            }
        }
    }

    /// Whether a document tells the finding, and nobody else has said anything about it.
    pub(crate) fn has(&self, record: &FindingRecord<'_>, reference: &str) -> bool {
        if self.pairs.is_empty() {
            return false;
        }
        let id = record.finding.rule();
        let purl = record.finding.component.as_ref().and_then(|component| component.purl.as_deref());
        let is_told = self.pairs.contains(&pair(id, reference))
            || purl.is_some_and(|purl| self.pairs.contains(&pair(id, purl)));
        let is_new = record.vex.as_ref().is_some_and(|vex| !self.documents.contains(vex.document.as_str()));
        is_told && !is_new && record.verdicts.is_empty()
    }

    /// Notes what is known of a finding that the document does not tell.
    pub(crate) fn lost(&self, work: &mut Work<'_>, record: &FindingRecord<'_>, of: &Vulnerability<'_>) {
        let why = "the document's own entry of the vulnerability is kept as it is";
        for (field, is_known) in [
            ("findings[].epss", of.epss.is_some()),
            ("findings[].known_exploited", of.known_exploited.is_some()),
        ] {
            if is_known {
                work.dropped(Origin { field, place: &record.finding.id }, why);
            }
        }
    }
}

fn pair(id: &str, component: &str) -> [u8; 16] {
    hash(&format!("{id}\0{component}"))
}
