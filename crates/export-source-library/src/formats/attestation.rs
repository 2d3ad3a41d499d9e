//! Attestations: in-toto statements (v0.1 and v1), bare, in DSSE envelopes, or in sigstore bundles.
//!
//! A document is kept byte for byte as evidence. What its predicate tells (a bill of materials, VEX, a scanner's report) is
//! read as a document of its own by the reader of its format; a verification summary gives verdicts (`summary`), a list of
//! vulnerabilities findings (`vulns`).
//! Signatures are counted and not checked.

mod envelope;
mod inside;
mod statement;
mod summary;
mod vulns;

use std::sync::Arc;

use export_core::attestation::Attestation;
use export_core::digest::Digest;
use export_core::error::PortError;

use self::envelope::{Wrapped, each};
use self::statement::Statement;
use crate::about::About;
use crate::document::Document;
use crate::emit::Emitter;
use crate::format::{Authority, Format};
use crate::input::Input;
use crate::kit::Doubts;
use crate::shape::Root;

/// What errors in a part of a document name as the operation.
const OPERATION: &str = "library: attestation";

const READ: Format = Format {
    about: Some(about),
    authority: Authority::Attestation,
    attestations: Some(|document, _, emit| read(document, emit)),
    findings: Some(vulns::read),
    verdicts: Some(|document, _, emit| summary::read(document, emit)),
    inside: Some(inside::documents),
    ..Format::NOTHING
};

/// A bare in-toto statement.
pub(crate) static STATEMENT: Format = Format {
    key: "in-toto",
    name: "an in-toto statement",
    is: |it| {
        it.root == Root::Object
            && (it.value("_type").contains("in-toto.io/Statement") || it.has("predicateType"))
    },
    ..READ
};

/// A sigstore bundle.
pub(crate) static SIGSTORE: Format = Format {
    key: "sigstore",
    name: "a sigstore bundle",
    is: |it| {
        let is_bundle = it.value("mediaType").starts_with("application/vnd.dev.sigstore.bundle");
        it.root == Root::Object && (is_bundle || it.has("dsseEnvelope"))
    },
    ..READ
};

/// A DSSE envelope, or several in a row.
pub(crate) static DSSE: Format = Format {
    key: "dsse",
    name: "a DSSE envelope",
    is: |it| it.root == Root::Object && it.has("payloadType"),
    ..READ
};

/// The predicate of cosign's vulnerability attestations as a file of its own.
pub(crate) static SCANNER_PREDICATE: Format = Format {
    key: "cosign-vuln",
    name: "a predicate of a vulnerability attestation",
    is: |it| it.root == Root::Object && it.has_in("scanner", "result"),
    inside: Some(inside::of_predicate),
    ..Format::NOTHING
};

/// Reads the attestations of a document to its end; its digest.
fn read(document: &Document, emit: &mut Emitter<Attestation<'static>>) -> Result<Digest, PortError> {
    let mut doubts = Doubts::default();
    let digest = each(document, &mut doubts, |wrapped| {
        let statement = Statement::of(document, &wrapped)?;
        let bytes = wrapped.document.len();
        let attestation = Attestation {
            envelope: wrapped.envelope,
            predicate_type: statement.predicate_type.into(),
            subjects: statement.subjects,
            signatures: wrapped.signatures,
            place: wrapped.place_in(document).into(),
            document: wrapped.document.into(),
        };
        emit.item(attestation, bytes)
    })?;
    doubts.tell(emit)?;
    Ok(digest)
}

/// What the first statement is about.
fn about(document: &Document) -> Result<About, PortError> {
    let mut about: Option<About> = None;
    each(document, &mut Doubts::default(), |wrapped| {
        let statement = Statement::of(document, &wrapped)?;
        about.get_or_insert_with(|| statement.about());
        Ok(())
    })?;
    Ok(about.unwrap_or_default())
}

/// Opens bytes that are a part of a document.
fn open(document: &Document, part: &str, bytes: Arc<[u8]>) -> Result<Input, PortError> {
    if part.is_empty() {
        return Input::open(OPERATION, document.name.clone(), Box::new(std::io::Cursor::new(bytes)));
    }
    Document::within(document, part, OPERATION, bytes, document.format).open()
}

impl Wrapped {
    /// The place of the envelope: the file, and the line in it if it is one of several.
    fn place_in(&self, document: &Document) -> String {
        match self.line {
            None => document.name.clone(),
            Some(line) => format!("{}#L{line}", document.name),
        }
    }
}
