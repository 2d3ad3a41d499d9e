//! Findings of guards of AI-written code (`docs/contracts/ai-code-guard.md`), and the JSON of the tool ai-code-guard.

mod finding;
mod head;
mod report;

use export_core::error::PortError;

use self::head::Head;
use self::report::Report;
use crate::document::Document;
use crate::format::{Authority, Format};
use crate::shape::{Root, Shape};

/// What a finding has besides `rule_id`, one of it at least.
const OF_FINDINGS: [&str; 6] =
    ["file", "category", "confidence", "snippet_sha256", "start_line", "attribution"];

/// A report of a guard.
pub(crate) static GUARD: Format = Format {
    key: "ai-code-guard",
    name: "a report about AI-written code",
    is,
    about: Some(|document| Ok(head(document)?.about())),
    names_its_scan: true,
    authority: Authority::Guard,
    findings: Some(|document, scan, emit| {
        let head = head(document)?;
        let report = Report { id: scan.id, head: &head, image: head.repository().unwrap_or(scan.image) };
        report.read(document.open()?, emit)
    }),
    ..Format::NOTHING
};

/// The first finding says so; in a report without any, the head does.
fn is(shape: &Shape) -> bool {
    let of_findings = shape.has_in("findings", "rule_id")
        && OF_FINDINGS.iter().any(|member| shape.has_in("findings", member));
    let has_head = shape.has_in("summary", "files_scanned") || shape.has("tool");
    shape.root == Root::Object && (of_findings || shape.is_empty("findings") && has_head)
}

fn head(document: &Document) -> Result<Head, PortError> {
    Head::of(document.open()?)
}
