//! What a CycloneDX document says of vulnerabilities (VDR and VEX, versions 1.4 to 1.7): findings where it says which
//! components have them, and VEX statements where somebody analysed them.
//!
//! A document is read three times: for what its vulnerabilities affect, for the components of these names
//! (`components`), and for the vulnerabilities. The list itself stays an element of the bill of materials, untouched.
//! `docs/formats/inputs-statements.md` has the tables.

mod components;
mod finding;
mod rating;
mod statement;
mod vulnerability;

use export_core::digest::Digest;
use export_core::error::PortError;
use export_core::finding::{Finding, VexStatement};
use export_core::text::Text;

use self::components::Components;
pub(super) use self::components::of_purl;
use self::finding::Findings;
use self::statement::Head;
use self::vulnerability::Vulnerability;
use crate::document::Document;
use crate::emit::Emitter;
use crate::format::{Format, Scanned};
use crate::json::{JsonReader, Span, members};
use crate::kit::Doubts;

/// A CycloneDX document that only states how products stand to vulnerabilities, and lists no components.
static VEX: Format = Format {
    key: "cyclonedx-vex",
    name: "a CycloneDX VEX document",
    statements: Some(statements),
    ..Format::NOTHING
};

members! {
    struct Analysed<'a> {
        analysis: State<'a> = "analysis",
    }
    struct State<'a> {
        state: Text<'a> = "state",
    }
}

/// Whether a CycloneDX document is VEX alone: vulnerabilities that somebody analysed, and no components.
pub(super) fn rather(document: &Document) -> Result<Option<&'static Format>, PortError> {
    let mut reader = JsonReader::new(document.open()?);
    let mut is_analysed = false;
    if reader.peek()? != Some(b'{') {
        return Ok(None);
    }
    reader.object()?;
    while let Some(member) = reader.member()? {
        match (member.as_str(), reader.peek()?) {
            ("components" | "services", Some(b'[')) => {
                reader.array()?;
                if reader.item()? {
                    return Ok(None);
                }
            }
            ("vulnerabilities", Some(b'[')) => {
                reader.array()?;
                while reader.item()? {
                    let span = reader.span()?;
                    // What is wrong with it is told by whoever reads it.
                    is_analysed |=
                        reader.parse::<Analysed<'_>>(&span).is_ok_and(|it| !it.analysis.state.is_empty());
                }
            }
            _ => reader.skip()?,
        }
    }
    Ok(is_analysed.then_some(&VEX))
}

/// Reads the findings of a document to its end; its digest.
pub(super) fn findings(
    document: &Document,
    scan: &Scanned<'_>,
    emit: &mut Emitter<Finding<'static>>,
) -> Result<Digest, PortError> {
    let components = Components::of(document)?;
    let mut findings = Findings::new(scan, &components, document);
    let mut doubts = Doubts::default();
    let digest = each(document, |reader, span| {
        let vulnerability: Vulnerability<'_> = reader.parse(span)?;
        let found = findings.of(vulnerability, &mut doubts, &|| reader.place());
        for finding in found.map_err(|(what, at)| reader.invalid_in(span, what, &at))? {
            emit.item(finding, span.len())?;
        }
        Ok(())
    })?;
    doubts.tell(emit)?;
    Ok(digest)
}

/// Reads the statements of a document to its end; its digest.
pub(super) fn statements(
    document: &Document,
    _: &Scanned<'_>,
    emit: &mut Emitter<VexStatement<'static>>,
) -> Result<Digest, PortError> {
    let components = Components::of(document)?;
    let head = Head::of(document)?;
    let mut doubts = Doubts::default();
    let digest = each(document, |reader, span| {
        let vulnerability: Vulnerability<'_> = reader.parse(span)?;
        let statement = head.statement(vulnerability, &components, &mut doubts, &|| reader.place());
        match statement.map_err(|(what, at)| reader.invalid_in(span, what, at))? {
            Some(statement) => emit.item(statement, span.len()),
            None => Ok(()),
        }
    })?;
    doubts.tell(emit)?;
    Ok(digest)
}

/// Calls `visit` with each entry of `vulnerabilities`; the document's digest.
fn each(
    document: &Document,
    mut visit: impl FnMut(&JsonReader, &Span) -> Result<(), PortError>,
) -> Result<Digest, PortError> {
    let mut reader = JsonReader::new(document.open()?);
    reader.object()?;
    while let Some(member) = reader.member()? {
        if member != "vulnerabilities" {
            reader.skip()?;
            continue;
        }
        let entered = reader.array()?;
        while entered && reader.item()? {
            let span = reader.span()?;
            visit(&reader, &span)?;
        }
    }
    reader.finish()
}
