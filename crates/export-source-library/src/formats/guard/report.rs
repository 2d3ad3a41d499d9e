//! The walk through a guard's report, finding by finding.

use export_core::digest::Digest;
use export_core::error::{ErrorKind, PortError};
use export_core::finding::{Finding, FindingKind};
use export_core::id::ScanId;
use export_core::warning::{Warning, WarningCode};
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::finding::{Doubts, Raw};
use super::head::Head;
use crate::emit::Emitter;
use crate::input::Input;
use crate::json::JsonReader;
use crate::kit::Ids;

/// A report about one scan.
pub(crate) struct Report<'a> {
    /// The scan.
    pub(crate) id: &'a ScanId,
    /// What its findings name as the scanned artifact.
    pub(crate) image: &'a str,
    /// The report's head.
    pub(crate) head: &'a Head,
}

/// The counts of ai-code-guard.
#[derive(Deserialize)]
struct Summary {
    issues_found: Option<u64>,
}

impl Report<'_> {
    /// Reads the findings of `input` to its end; its digest.
    pub(crate) fn read(
        &self,
        input: Input,
        emit: &mut Emitter<Finding<'static>>,
    ) -> Result<Digest, PortError> {
        let file = input.file().to_owned();
        let mut reader = JsonReader::new(input);
        let (mut ids, mut doubts) = (Ids::default(), Doubts::default());
        let (mut told, mut entries, mut faults) = (None, 0_u64, 0_u64);
        reader.object()?;
        while let Some(member) = reader.member()? {
            match member.as_str() {
                "findings" => entries += self.entries(&mut reader, (&mut ids, &mut doubts), emit)?,
                "summary" => {
                    let span = reader.span()?;
                    told = reader.parse::<Summary>(&span).ok().and_then(|summary| summary.issues_found);
                }
                "errors" => faults += count(&mut reader)?,
                _ => reader.skip()?,
            }
        }
        for warning in doubts.warnings().chain(incomplete(told, entries, faults)) {
            emit.warning(warning.at(file.clone()))?;
        }
        reader.finish()
    }

    fn entries(
        &self,
        reader: &mut JsonReader,
        (ids, doubts): (&mut Ids, &mut Doubts),
        emit: &mut Emitter<Finding<'static>>,
    ) -> Result<u64, PortError> {
        let mut entries = 0;
        let entered = reader.array()?;
        while entered && reader.item()? {
            entries += 1;
            let span = reader.span()?;
            let raw: Raw<'_> = reader.parse(&span)?;
            let finding = raw.finding(self, doubts);
            let mut finding = finding.map_err(|(what, at)| reader.invalid_in(&span, what, at))?;
            let Some(id) = ids.give(FindingKind::Code, &finding.id) else {
                let what =
                    "a report may have 2,000,000 findings in AI-written code: make several reports of it";
                let mut error = reader.invalid(what);
                error.kind = ErrorKind::Limit;
                return Err(error);
            };
            finding.id = id.into();
            emit.item(finding, span.len())?;
        }
        Ok(entries)
    }
}

/// The length of a list.
fn count(reader: &mut JsonReader) -> Result<u64, PortError> {
    if reader.peek()? != Some(b'[') {
        reader.skip()?;
        return Ok(0);
    }
    let mut items = 0;
    reader.array()?;
    while reader.item()? {
        reader.value::<IgnoredAny>()?;
        items += 1;
    }
    Ok(items)
}

/// What the guard itself did not look at, or counts otherwise.
fn incomplete(told: Option<u64>, entries: u64, faults: u64) -> impl Iterator<Item = Warning> {
    let differs = told
        .filter(|told| *told != entries)
        .map(|told| format!("The report says that it has {told} findings, and has {entries}."));
    let failed = (faults > 0)
        .then(|| format!("The guard could not look at everything: its report lists {faults} errors."));
    differs.into_iter().chain(failed).map(|message| Warning::new(WarningCode::SourceLenient, message))
}
