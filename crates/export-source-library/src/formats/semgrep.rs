//! Semgrep's JSON.

mod entry;

use export_core::digest::Digest;
use export_core::error::PortError;
use export_core::finding::Finding;

use self::entry::Entry;
use crate::about::About;
use crate::emit::Emitter;
use crate::format::{Format, Scanned};
use crate::input::Input;
use crate::json::JsonReader;
use crate::kit::Sink;
use crate::shape::{Root, Shape};

/// Semgrep's report.
pub(crate) static SEMGREP: Format = Format {
    key: "semgrep",
    name: "a Semgrep report",
    is,
    about: Some(|document| about(document.open()?)),
    findings: Some(|document, scan, emit| read(document.open()?, scan, emit)),
    ..Format::NOTHING
};

/// The first result says so; in a report without any, what Semgrep alone writes.
fn is(shape: &Shape) -> bool {
    let is_result = shape.has_in("results", "check_id") && shape.has_in("results", "extra");
    let has_head = ["interfile_languages_used", "engine_requested", "skipped_rules"].iter();
    let is_empty = shape.is_empty("results") && has_head.clone().any(|member| shape.has(member));
    shape.root == Root::Object && (is_result || is_empty)
}

fn about(input: Input) -> Result<About, PortError> {
    let mut about = About { tool: "semgrep".into(), ..About::default() };
    let mut reader = JsonReader::new(input);
    reader.object()?;
    while let Some(member) = reader.member()? {
        if member == "version" {
            let version = reader.value::<Option<String>>()?.unwrap_or_default();
            about.tool = format!("semgrep {version}").trim_end().to_owned();
            break;
        }
        reader.skip()?;
    }
    Ok(about)
}

/// Reads the findings of `input` to its end; its digest.
fn read(input: Input, scan: &Scanned<'_>, emit: &mut Emitter<Finding<'static>>) -> Result<Digest, PortError> {
    let mut reader = JsonReader::new(input);
    let mut sink = Sink::new(emit);
    reader.object()?;
    while let Some(member) = reader.member()? {
        match member.as_str() {
            "results" => {
                let entered = reader.array()?;
                while entered && reader.item()? {
                    let span = reader.span()?;
                    let finding = reader.parse::<Entry<'_>>(&span)?.finding(scan);
                    let finding = finding.map_err(|(what, at)| reader.invalid_in(&span, what, at))?;
                    sink.finding(&reader, span.len(), finding)?;
                }
            }
            "errors" => {
                let entered = reader.array()?;
                while entered && reader.item()? {
                    reader.skip()?;
                    let what = "Semgrep tells of an error, so the report may lack findings";
                    sink.doubts.add(what, || reader.place());
                }
            }
            _ => reader.skip()?,
        }
    }
    sink.finish(reader)
}
