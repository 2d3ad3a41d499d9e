//! What an SPDX 3 document says of vulnerabilities (its security profile), as findings and VEX statements.
//!
//! The profile says what CycloneDX says, in other words, and the elements of a document leave `read` as CycloneDX. So what it
//! tells of vulnerabilities becomes a small CycloneDX document, with the components that they affect, and is read as one
//! ([`vdr`]). It is held in memory: the vulnerabilities, which the reader of the profile holds in any case, and those components.

use std::cell::RefCell;
use std::collections::HashSet;
use std::rc::Rc;
use std::sync::Arc;

use export_core::digest::Digest;
use export_core::error::{ErrorKind, PortError};
use export_core::finding::{Finding, VexStatement};
use export_core::ports::Flow;
use export_core::sbom::{SbomPart, SbomSection};
use serde_json::{Value, json};

use crate::document::Document;
use crate::emit::Emitter;
use crate::format::Scanned;
use crate::formats::sbom::CYCLONEDX;
use crate::formats::vdr;

const OPERATION: &str = "library: SPDX 3 security profile";

/// Reads the findings of a document to its end; its digest.
pub(in crate::formats::sbom) fn findings(
    document: &Document,
    scan: &Scanned<'_>,
    emit: &mut Emitter<Finding<'static>>,
) -> Result<Digest, PortError> {
    let (digest, told) = told(document)?;
    if let Some(told) = told {
        vdr::findings(&told, scan, emit)?;
    }
    Ok(digest)
}

/// Reads the statements of a document to its end; its digest.
pub(in crate::formats::sbom) fn statements(
    document: &Document,
    scan: &Scanned<'_>,
    emit: &mut Emitter<VexStatement<'static>>,
) -> Result<Digest, PortError> {
    let (digest, told) = told(document)?;
    if let Some(told) = told {
        vdr::statements(&told, scan, emit)?;
    }
    Ok(digest)
}

/// The document's digest, and what it says of vulnerabilities as a CycloneDX document; none if it says nothing.
fn told(document: &Document) -> Result<(Digest, Option<Document>), PortError> {
    let (digest, mut bom, vulnerabilities) =
        read(document, |section, _| section == SbomSection::Vulnerabilities)?;
    if vulnerabilities.is_empty() {
        return Ok((digest, None));
    }
    let affected: HashSet<&str> = vulnerabilities.iter().flat_map(references).collect();
    let affected: HashSet<String> = affected.into_iter().map(str::to_owned).collect();
    let (_, _, components) = read(document, move |section, element| {
        let named = element["bom-ref"].as_str();
        section == SbomSection::Components && named.is_some_and(|name| affected.contains(name))
    })?;
    bom["bomFormat"] = "CycloneDX".into();
    bom["specVersion"] = "1.7".into();
    bom["components"] = components.into();
    bom["vulnerabilities"] = vulnerabilities.into();
    let bytes: Arc<[u8]> = bom.to_string().into_bytes().into();
    Ok((digest, Some(Document::within(document, "security", OPERATION, bytes, &CYCLONEDX))))
}

/// The components that a vulnerability affects.
fn references(vulnerability: &Value) -> impl Iterator<Item = &str> {
    let affects = vulnerability["affects"].as_array().into_iter().flatten();
    affects.filter_map(|affected| affected["ref"].as_str())
}

/// The document's digest, its head, and those of its elements that are `wanted`.
fn read(
    document: &Document,
    wanted: impl Fn(SbomSection, &Value) -> bool + 'static,
) -> Result<(Digest, Value, Vec<Value>), PortError> {
    let held = Rc::new(RefCell::new((json!({}), Vec::new(), None)));
    let shared = Rc::clone(&held);
    let mut emit = Emitter::showing(move |flow| {
        let (head, elements, fault) = &mut *shared.borrow_mut();
        let Flow::Item(part) = flow else { return };
        let (section, text) = match &part {
            SbomPart::Head(head) => (None, &head.json),
            SbomPart::Element { section, json } => (Some(*section), json),
        };
        match (serde_json::from_str::<Value>(text), section) {
            (Ok(value), None) => *head = value,
            (Ok(value), Some(section)) if wanted(section, &value) => elements.push(value),
            (Ok(_), Some(_)) => {}
            (Err(error), _) => *fault = Some(error.to_string()),
        }
    });
    let digest = super::read(document.open()?, &|| document.open(), &mut emit)?;
    drop(emit);
    let (head, elements, fault) = held.take();
    match fault {
        None => Ok((digest, head, elements)),
        Some(fault) => Err(PortError::new(ErrorKind::Internal, OPERATION, fault).at(document.name.clone())),
    }
}
