//! What one file is, what is in it, and what is odd about it: for a person who asks, and for tests that try everything.

mod told;

use std::fs::File;
use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;

use export_core::digest::Digest;
use export_core::error::PortError;
use export_core::id::ScanId;
use export_core::scan::ScanRef;
use export_core::warning::Warning;
use serde::Serialize;

use self::told::Telling;
pub use self::told::Told;
use crate::document::{Document, Open};
use crate::format::{Format, Scanned};
use crate::formats as table;
use crate::input::Input;
use crate::recognise::{Content, recognise};

const OPERATION: &str = "inspect";
/// Documents within documents that are opened.
const DEPTH: usize = 4;

/// One file, or a document inside it.
#[derive(Debug, Serialize)]
pub struct Inspection {
    /// The file; behind `#`, the part of it.
    pub file: String,
    /// What it is, in words: `a Grype report`.
    pub is: String,
    /// The format's key; none if no reader takes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<&'static str>,
    /// How it is packed: `gzip`, ...
    #[serde(skip_serializing_if = "Option::is_none")]
    pub packed: Option<&'static str>,
    /// SHA-256 of the file as it lies there; none if it cannot be read to its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<Digest>,
    /// What it says was scanned; none if it is not about one artifact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scan: Option<ScanRef>,
    /// What is in it.
    pub told: Told,
    /// What was read although it is odd.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
    /// Why it cannot be read, if it cannot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refused: Option<Refusal>,
    /// The documents inside it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inside: Vec<Self>,
}

/// Why a document cannot be read, and where.
#[derive(Debug, Serialize)]
pub struct Refusal {
    /// What is wrong.
    pub message: String,
    /// The file, with a JSON pointer or line behind `#`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
}

/// Reads a file to its end and tells what it is. Memory does not grow with the file.
#[must_use]
pub fn inspect(file: &Path) -> Inspection {
    let name = file.display().to_string();
    let (path, label) = (file.to_owned(), name.clone());
    let open: Open = Arc::new(move || {
        let opened = File::open(&path).map_err(|error| PortError::io(OPERATION, error).at(label.clone()))?;
        Input::open(OPERATION, label.clone(), Box::new(opened))
    });
    look(name, &open)
}

/// As [`inspect`], of bytes in memory.
#[must_use]
pub fn inspect_bytes(bytes: &[u8]) -> Inspection {
    look("bytes".into(), &of_bytes(bytes))
}

/// The keys of the formats that are read.
pub fn formats() -> impl Iterator<Item = &'static str> {
    table::keys()
}

/// Reads `bytes` as a document of the format with this key, whatever they look like: what fuzzing calls. None if there is no
/// such format.
#[must_use]
pub fn read_as(format: &str, bytes: &[u8]) -> Option<Inspection> {
    let format = table::by_key(format)?;
    Some(read(&Document::new(format, "bytes".into(), of_bytes(bytes)), DEPTH))
}

fn of_bytes(bytes: &[u8]) -> Open {
    let bytes: Arc<[u8]> = bytes.into();
    Arc::new(move || Input::open(OPERATION, "bytes".into(), Box::new(Cursor::new(Arc::clone(&bytes)))))
}

fn look(name: String, open: &Open) -> Inspection {
    let content = open().and_then(|input| {
        let packed = input.packing();
        Ok((packed, recognise(input)?))
    });
    match content {
        Ok((packed, Content::Known(format))) => {
            Inspection { packed, ..read(&Document::new(format, name, Arc::clone(open)), DEPTH) }
        }
        Ok((packed, Content::Other(what))) => {
            let message = format!("no reader takes it: it is {what}");
            let refused = Some(Refusal { message, place: Some(name.clone()) });
            Inspection { packed, refused, ..Inspection::of(name, what) }
        }
        Err(error) => {
            let refused = Some(Refusal::of(error));
            Inspection { refused, ..Inspection::of(name, "no document that can be read".into()) }
        }
    }
}

fn read(document: &Document, depth: usize) -> Inspection {
    // What is wrong with a document is told below.
    let rather = (document.format.rather)(document).ok().flatten();
    let mut document = document.clone();
    document.format = rather.unwrap_or(document.format);
    let document = &document;
    let Document { format, name, .. } = document;
    let mut inspection =
        Inspection { format: Some(format.key), ..Inspection::of(name.clone(), format.name.into()) };
    if let Err(error) = fill(&mut inspection, document, depth) {
        inspection.refused = Some(Refusal::of(error));
    }
    inspection
}

fn fill(inspection: &mut Inspection, document: &Document, depth: usize) -> Result<(), PortError> {
    let Format { findings, statements, verdicts, sbom, packages, attestations, intelligence, .. } =
        document.format;
    let id: ScanId = "file".parse().expect("a scan's id may be a word");
    if let Some(about) = document.format.about {
        inspection.scan = Some(about(document)?.scan(&id));
    }
    let image = inspection.scan.as_ref().map_or_else(String::new, |scan| scan.image.clone());
    let scanned = Scanned { is_any: true, ..Scanned::of(&id, &image) };
    let telling = Telling::default();
    let outcome = (|| {
        let mut digest = None;
        if let Some(read) = findings {
            digest = Some(read(document, &scanned, &mut telling.findings())?);
        }
        if let Some(read) = statements {
            digest = Some(read(document, &scanned, &mut telling.statements())?);
        }
        if let Some(read) = verdicts {
            digest = Some(read(document, &scanned, &mut telling.verdicts())?);
        }
        if let Some(read) = sbom.or(*packages) {
            digest = Some(read(document, &scanned, &mut telling.sbom())?);
        }
        if let Some(read) = attestations {
            digest = Some(read(document, &scanned, &mut telling.attestations())?);
        }
        if let Some(read) = intelligence {
            digest = Some(read(document, &scanned, &mut telling.intelligence())?);
        }
        Ok(digest)
    })();
    (inspection.told, inspection.warnings) = telling.end();
    inspection.sha256 = outcome?;
    if let Some(inside) = document.format.inside.filter(|_| depth > 0) {
        inspection.inside = inside(document)?.iter().map(|inner| read(inner, depth - 1)).collect();
    }
    Ok(())
}

impl Inspection {
    fn of(file: String, is: String) -> Self {
        Self {
            file,
            is,
            format: None,
            packed: None,
            sha256: None,
            scan: None,
            told: Told::default(),
            warnings: Vec::new(),
            refused: None,
            inside: Vec::new(),
        }
    }

    /// Whether it, and everything in it, can be read.
    #[must_use]
    pub fn is_readable(&self) -> bool {
        self.refused.is_none() && self.inside.iter().all(Self::is_readable)
    }
}

impl Refusal {
    fn of(error: PortError) -> Self {
        Self { message: error.message, place: error.place }
    }
}
