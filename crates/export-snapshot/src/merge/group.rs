//! Findings that may be the same: of one component in one place, or of one id.

use std::collections::HashMap;

use export_core::error::PortError;
use export_core::finding::{Finding, Subject};

use super::{GROUP, cut, one};
use crate::codec::decode;

/// Findings with one key.
#[derive(Default)]
pub(super) struct Group {
    key: Vec<u8>,
    told: Vec<Told>,
}

/// One finding as one document tells it, encoded.
struct Told {
    number: u64,
    document: u32,
    written: Vec<u8>,
}

impl Group {
    /// Whether a finding with this key belongs to it.
    pub(super) fn takes(&self, key: &[u8]) -> bool {
        self.told.is_empty() || (self.key == key && self.told.len() < GROUP)
    }

    /// Adds a finding.
    pub(super) fn add(&mut self, key: &[u8], payload: &[u8]) -> Result<(), PortError> {
        if self.told.is_empty() {
            self.key.clear();
            self.key.extend_from_slice(key);
        }
        let (number, rest) = payload.split_first_chunk().ok_or_else(cut)?;
        let (document, rest) = rest.split_first_chunk().ok_or_else(cut)?;
        let (_scan, written) = rest.split_first_chunk::<4>().ok_or_else(cut)?;
        self.told.push(Told {
            number: u64::from_be_bytes(*number),
            document: u32::from_be_bytes(*document),
            written: written.to_vec(),
        });
        Ok(())
    }

    /// How many findings it has.
    pub(super) fn len(&self) -> usize {
        self.told.len()
    }

    /// The number of its scan.
    pub(super) fn scan(&self) -> u32 {
        self.key.first_chunk().map_or(0, |scan| u32::from_be_bytes(*scan))
    }

    /// Each of its findings once, in the order of reading.
    pub(super) fn once(&mut self) -> Result<Vec<Finding<'_>>, PortError> {
        self.told.sort_by_key(|told| told.number);
        let mut once: Vec<One<'_>> = Vec::with_capacity(self.told.len());
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for Told { document, written, .. } in &self.told {
            let finding: Finding<'_> = decode(written)?;
            let names = names_of(&finding);
            let known = names.iter().flat_map(|name| by_name.get(name).into_iter().flatten().copied());
            let same = known.filter(|at| !once[*at].documents.contains(document)).min();
            let at = same.unwrap_or(once.len());
            if same.is_some() {
                once[at].documents.push(*document);
                one::add(&mut once[at].finding, finding);
            } else {
                once.push(One { documents: vec![*document], finding });
            }
            for name in names {
                let known = by_name.entry(name).or_default();
                if !known.contains(&at) {
                    known.push(at);
                }
            }
        }
        Ok(once.into_iter().map(|one| one.finding).collect())
    }

    /// Empties it.
    pub(super) fn clear(&mut self) {
        self.told.clear();
    }
}

/// A finding, and the documents that tell it.
struct One<'a> {
    documents: Vec<u32>,
    finding: Finding<'a>,
}

/// What a finding is known by: one name in common makes two the same.
fn names_of(finding: &Finding<'_>) -> Vec<String> {
    match &finding.subject {
        Subject::Vulnerability(it) => std::iter::once(&it.id)
            .chain(&it.aliases)
            .filter(|name| !name.is_empty())
            .map(ToString::to_string)
            .collect(),
        Subject::Misconfiguration(_) | Subject::Secret(_) | Subject::Licence(_) | Subject::Code(_) => {
            vec![finding.id.to_string()]
        }
    }
}
