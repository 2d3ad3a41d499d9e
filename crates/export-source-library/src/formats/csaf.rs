//! CSAF 2.0 (OASIS): VEX documents and security advisories, as VEX statements.
//!
//! A document is read twice: for what it says of itself and of its products (`head`, `products`), which may stand behind the
//! vulnerabilities; then vulnerability by vulnerability (`vulnerability`). `docs/formats/inputs-statements.md` has the table.

mod head;
mod products;
mod vulnerability;

use export_core::digest::Digest;
use export_core::error::PortError;
use export_core::finding::VexStatement;

use self::head::Head;
use self::products::Products;
use self::vulnerability::Vulnerability;
use crate::document::Document;
use crate::emit::Emitter;
use crate::format::Format;
use crate::json::JsonReader;
use crate::kit::{Doubts, tell_empty};
use crate::shape::Root;

/// CSAF.
pub(crate) static CSAF: Format = Format {
    key: "csaf",
    name: "a CSAF document",
    is: |it| it.root == Root::Object && (it.has_in("document", "csaf_version") || it.has("product_tree")),
    statements: Some(|document, _, emit| read(document, emit)),
    ..Format::NOTHING
};

/// Reads the statements of a document to its end; its digest.
fn read(document: &Document, emit: &mut Emitter<VexStatement<'static>>) -> Result<Digest, PortError> {
    let (head, products) = head::read(document.open()?)?;
    let mut reader = JsonReader::new(document.open()?);
    let (mut doubts, before) = (Doubts::default(), emit.items());
    reader.object()?;
    while let Some(member) = reader.member()? {
        match member.as_str() {
            "vulnerabilities" => statements(&mut reader, (&head, &products), &mut doubts, emit)?,
            // A branch may be longer than a single value may be.
            "product_tree" => Products::default().read(&mut reader)?,
            _ => reader.skip()?,
        }
    }
    doubts.tell(emit)?;
    tell_empty(emit, before, &document.name, "VEX statement")?;
    reader.finish()
}

fn statements(
    reader: &mut JsonReader,
    (head, products): (&Head, &Products),
    doubts: &mut Doubts,
    emit: &mut Emitter<VexStatement<'static>>,
) -> Result<(), PortError> {
    let entered = reader.array()?;
    while entered && reader.item()? {
        let span = reader.span()?;
        let vulnerability: Vulnerability<'_> = reader.parse(&span)?;
        for statement in vulnerability.statements(head, products, doubts, &|| reader.place()) {
            emit.item(statement, span.len())?;
        }
    }
    Ok(())
}
