//! SARIF 2.1.0 (OASIS, errata 01), as any tool writes it.
//!
//! A log is read twice: first what its runs say about themselves and their rules, which may come behind the results, then the
//! results. `docs/formats/inputs.md` tells users how results become findings.

mod class;
mod finding;
mod head;
mod message;
mod package;
mod place;
mod result;
mod rule;
mod run;
mod severity;
mod subject;
mod walk;

use self::head::Log;
use crate::format::Format;
use crate::shape::{Root, Shape};

/// A SARIF log.
pub(crate) static SARIF: Format = Format {
    key: "sarif",
    name: "a SARIF log",
    is,
    about: Some(|document| Ok(Log::of(document.open()?)?.about())),
    findings: Some(|document, scan, emit| {
        let log = Log::of(document.open()?)?;
        walk::read(document.open()?, scan, &log, emit)
    }),
    ..Format::NOTHING
};

/// The schema says so, or the first run.
fn is(shape: &Shape) -> bool {
    let is_run = shape.has_in("runs", "tool") || shape.has_in("runs", "results");
    let is_empty = shape.is_empty("runs") && shape.value("version").starts_with("2.");
    shape.root == Root::Object && (shape.value("$schema").contains("sarif") || is_run || is_empty)
}
