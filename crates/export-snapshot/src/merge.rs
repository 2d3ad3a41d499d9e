//! One finding of what several documents of a scan tell.
//!
//! A folder may hold the reports of two scanners, and both tell of the same weakness. They are the same if they have the same
//! id, or if they are vulnerabilities of the same component in the same place that share a name: so `GHSA-...` with its CVE as
//! an alias and that CVE are one. Two findings of *one* document are never the same: the tool itself tells them apart.
//!
//! ```text
//! findings --sort by (scan, component and place | id)--> groups --> one of each (`one.rs`) --> findings, subjects
//! ```
//!
//! Only done where a scan has several documents with findings: no other scan pays for it. A group is held in memory, at most
//! [`GROUP`] findings of it at a time.

mod documents;
mod group;
mod one;

use std::sync::Arc;

use export_core::error::{ErrorKind, PortError};
use export_core::finding::{Finding, component_identity, component_place};
use export_core::scan::ScanRef;
use export_core::warning::{Warning, WarningCode};

pub(crate) use self::documents::Documents;
use self::group::Group;
use crate::beat::Beat;
use crate::codec::decode;
use crate::counts::Warnings;
use crate::join::Subjects;
use crate::records::write_finding;
use crate::scratch::Scratch;
use crate::sort::Sorter;
use crate::spool::{Spool, SpoolWriter};

/// The most findings of one component in one place that are compared with one another.
const GROUP: usize = 20_000;

/// The findings, each once.
pub(crate) struct Merged {
    pub(crate) findings: Spool,
    pub(crate) subjects: Spool,
    /// How many findings of each scan were told again.
    repeated: Vec<u64>,
}

impl Merged {
    /// Says of each scan how much of it several documents told.
    pub(crate) fn tell(&self, scans: &[ScanRef], warnings: &mut Warnings) {
        for (scan, repeated) in scans.iter().zip(&self.repeated).filter(|(_, repeated)| **repeated > 0) {
            let message = format!(
                "{repeated} findings that several reports of this scan tell were made one of each, with all ratings; the worst \
                 severity stands."
            );
            warnings.add(Warning::new(WarningCode::SourceLenient, message).at(scan.id.as_str()));
        }
    }
}

/// Makes one finding of those that are the same.
pub(crate) fn merge(
    (findings, subjects): (Spool, Spool),
    documents: &Documents,
    mut sorter: Sorter,
    scratch: &Arc<Scratch>,
    beat: &mut Beat<'_>,
) -> Result<Merged, PortError> {
    // Both files go before they are written anew.
    drop(subjects);
    let mut reader = findings.read()?;
    let (mut number, mut key) = (0_u64, Vec::new());
    while reader.advance()? {
        beat.tick()?;
        let record = reader.record();
        let (scan, written) = record.split_first_chunk().ok_or_else(cut)?;
        write_key(u32::from_le_bytes(*scan), &decode(written)?, &mut key);
        sorter.push_with(&key, |buffer| {
            buffer.extend_from_slice(&number.to_be_bytes());
            buffer.extend_from_slice(&documents.of_finding(number).to_be_bytes());
            buffer.extend_from_slice(record);
            Ok(())
        })?;
        number += 1;
    }
    drop(reader);
    drop(findings); // and with it its file
    let mut sorted = sorter.sorted(beat)?;
    let mut out = Out {
        findings: SpoolWriter::create(scratch, "findings-once")?,
        subjects: Subjects::create(scratch)?,
        repeated: Vec::new(),
    };
    let mut group = Group::default();
    while sorted.advance()? {
        beat.tick()?;
        let entry = sorted.entry();
        if !group.takes(entry.key) {
            out.group(&mut group)?;
        }
        group.add(entry.key, entry.payload)?;
    }
    out.group(&mut group)?;
    Ok(Merged { findings: out.findings.seal()?, subjects: out.subjects.seal()?, repeated: out.repeated })
}

/// The key of everything that may be the same finding: all keys of one scan begin with its number.
fn write_key(scan: u32, finding: &Finding<'_>, key: &mut Vec<u8>) {
    key.clear();
    key.extend_from_slice(&scan.to_be_bytes());
    match (finding.vulnerability(), &finding.component) {
        (Some(_), Some(component)) => {
            let path = finding.locations.first().map(|it| it.path.as_str()).filter(|path| !path.is_empty());
            key.push(0);
            key.extend_from_slice(component_identity(component).as_bytes());
            key.push(0);
            key.extend_from_slice(component_place(component, path.unwrap_or(&finding.target)).as_bytes());
        }
        _ => {
            key.push(1);
            key.extend_from_slice(finding.id.as_bytes());
        }
    }
}

struct Out {
    findings: SpoolWriter,
    subjects: Subjects,
    repeated: Vec<u64>,
}

impl Out {
    fn group(&mut self, group: &mut Group) -> Result<(), PortError> {
        let (scan, told) = (group.scan(), group.len());
        let once = group.once()?;
        let place = scan as usize;
        if self.repeated.len() <= place {
            self.repeated.resize(place + 1, 0);
        }
        self.repeated[place] += (told - once.len()) as u64;
        for finding in once {
            self.findings.push_with(|buffer| write_finding(scan, &finding, buffer))?;
            self.subjects.push(scan, &finding)?;
        }
        group.clear();
        Ok(())
    }
}

fn cut() -> PortError {
    PortError::new(ErrorKind::Corrupt, "snapshot: merge", "a finding is cut")
}
