//! The walk through a report, match by match.

use export_core::digest::Digest;
use export_core::error::PortError;
use export_core::finding::Finding;

use super::entry::Entry;
use super::head::Head;
use crate::emit::Emitter;
use crate::format::Scanned;
use crate::input::Input;
use crate::json::JsonReader;
use crate::kit::{DIFFERS, Sink};

/// A report of one scan.
pub(super) struct Report<'a> {
    /// The scan.
    pub(super) scan: &'a Scanned<'a>,
    /// The report's head.
    pub(super) head: &'a Head,
}

impl Report<'_> {
    /// Reads the findings of `input` to its end; its digest.
    pub(super) fn read(
        &self,
        input: Input,
        emit: &mut Emitter<Finding<'static>>,
    ) -> Result<Digest, PortError> {
        let mut reader = JsonReader::new(input);
        let mut sink = Sink::new(emit);
        reader.object()?;
        while let Some(member) = reader.member()? {
            match member.as_str() {
                "matches" => self.entries(&mut reader, &mut sink, false)?,
                "ignoredMatches" => self.entries(&mut reader, &mut sink, true)?,
                _ => reader.skip()?,
            }
        }
        sink.finish(reader)
    }

    fn entries(
        &self,
        reader: &mut JsonReader,
        sink: &mut Sink<'_>,
        are_ignored: bool,
    ) -> Result<(), PortError> {
        let entered = reader.array()?;
        while entered && reader.item()? {
            let span = reader.span()?;
            let finding = reader.parse::<Entry<'_>>(&span)?.finding(self, are_ignored);
            let (finding, differing) = finding.map_err(|(what, at)| reader.invalid_in(&span, what, at))?;
            for _ in 0..differing {
                sink.doubts.add(DIFFERS, || reader.place());
            }
            sink.finding(reader, span.len(), finding)?;
        }
        Ok(())
    }
}
