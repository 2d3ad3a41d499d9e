//! The walk through one report or a list of them, check by check.

use export_core::digest::Digest;
use export_core::error::PortError;
use export_core::finding::Finding;
use export_core::text::Text;

use super::check::{Check, Context};
use crate::about::About;
use crate::emit::Emitter;
use crate::format::Scanned;
use crate::input::Input;
use crate::json::{JsonReader, members};
use crate::kit::Sink;

members! {
    struct Summary<'a> {
        version: Text<'a> = "checkov_version",
    }
}

/// What the document says of itself: which version of Checkov wrote it.
///
/// # Errors
/// If the version has a wrong type.
pub(super) fn about(input: Input) -> Result<About, PortError> {
    let mut reader = JsonReader::new(input);
    let mut version = String::new();
    each(&mut reader, |reader| {
        reader.object()?;
        while let Some(member) = reader.member()? {
            match member.as_str() {
                "summary" => {
                    version =
                        reader.value::<Option<Summary<'_>>>()?.unwrap_or_default().version.into_string();
                }
                "checkov_version" => version = reader.value::<Option<String>>()?.unwrap_or_default(),
                _ => reader.skip()?,
            }
        }
        Ok(())
    })?;
    Ok(About { tool: format!("checkov {version}").trim_end().to_owned(), ..About::default() })
}

/// Reads the findings of `input` to its end; its digest.
pub(super) fn read(
    input: Input,
    scan: &Scanned<'_>,
    emit: &mut Emitter<Finding<'static>>,
) -> Result<Digest, PortError> {
    let mut reader = JsonReader::new(input);
    let mut sink = Sink::new(emit);
    each(&mut reader, |reader| report(reader, scan, &mut sink))?;
    sink.finish(reader)
}

/// Reads each report with `read`.
fn each(
    reader: &mut JsonReader,
    mut read: impl FnMut(&mut JsonReader) -> Result<(), PortError>,
) -> Result<(), PortError> {
    if reader.peek()? != Some(b'[') {
        return read(reader);
    }
    reader.array()?;
    while reader.item()? {
        read(reader)?;
    }
    Ok(())
}

/// Reads one report. Checkov writes `check_type` first.
fn report(reader: &mut JsonReader, scan: &Scanned<'_>, sink: &mut Sink<'_>) -> Result<(), PortError> {
    let mut kind = String::new();
    reader.object()?;
    while let Some(member) = reader.member()? {
        match member.as_str() {
            "check_type" => kind = reader.value::<Option<String>>()?.unwrap_or_default(),
            "results" if reader.peek()? == Some(b'{') => {
                reader.object()?;
                while let Some(list) = reader.member()? {
                    match list.as_str() {
                        "failed_checks" | "skipped_checks" => {
                            let is_skipped = list == "skipped_checks";
                            checks(reader, &Context { scan, kind: &kind, is_skipped }, sink)?;
                        }
                        "parsing_errors" => faults(reader, sink)?,
                        _ => reader.skip()?,
                    }
                }
            }
            _ => reader.skip()?,
        }
    }
    Ok(())
}

fn checks(reader: &mut JsonReader, context: &Context<'_>, sink: &mut Sink<'_>) -> Result<(), PortError> {
    let entered = reader.array()?;
    while entered && reader.item()? {
        let span = reader.span()?;
        let finding = reader.parse::<Check<'_>>(&span)?.finding(context);
        let finding = finding.map_err(|(what, at)| reader.invalid_in(&span, what, at))?;
        sink.finding(reader, span.len(), finding)?;
    }
    Ok(())
}

/// Files that Checkov could not read.
fn faults(reader: &mut JsonReader, sink: &mut Sink<'_>) -> Result<(), PortError> {
    let entered = reader.array()?;
    while entered && reader.item()? {
        reader.skip()?;
        sink.doubts.add("Checkov could not parse a file, so nothing is known of it", || reader.place());
    }
    Ok(())
}
