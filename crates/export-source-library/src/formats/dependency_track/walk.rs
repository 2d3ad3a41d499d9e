//! The walk through a document, finding by finding.

use export_core::digest::Digest;
use export_core::error::PortError;
use export_core::finding::Finding;

use super::entry::{Entry, Project};
use crate::emit::Emitter;
use crate::input::Input;
use crate::json::JsonReader;
use crate::kit::{DIFFERS, Sink};

/// Reads the findings of `input` to its end; its digest.
pub(super) fn read(
    input: Input,
    project: &Project<'_>,
    emit: &mut Emitter<Finding<'static>>,
) -> Result<Digest, PortError> {
    let mut reader = JsonReader::new(input);
    let mut sink = Sink::new(emit);
    reader.object()?;
    while let Some(member) = reader.member()? {
        if member != "findings" {
            reader.skip()?;
            continue;
        }
        let entered = reader.array()?;
        while entered && reader.item()? {
            let span = reader.span()?;
            let finding = reader.parse::<Entry<'_>>(&span)?.finding(project);
            let (finding, differing) = finding.map_err(|(what, at)| reader.invalid_in(&span, what, at))?;
            for _ in 0..differing {
                sink.doubts.add(DIFFERS, || reader.place());
            }
            sink.finding(&reader, span.len(), finding)?;
        }
    }
    sink.finish(reader)
}
