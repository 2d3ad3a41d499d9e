//! What lies in a bundle, its list with digests, and a word to whoever opens it.

use std::fs::File;
use std::io::{Cursor, Read};
use std::path::PathBuf;

use export_core::digest::Digest;
use export_core::warning::Warning;
use serde::Serialize;

use super::scratch;
use crate::Fault;
use crate::render::{Order, Output};

/// What a file of a bundle is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum EntryKind {
    ScanResult,
    Sbom,
    PolicyVerdict,
    VexStatement,
    Attestation,
    Report,
}

/// One file of a bundle.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) path: String,
    pub(crate) media_type: String,
    pub(crate) size: u64,
    pub(crate) sha256: Digest,
    pub(crate) kind: EntryKind,
    pub(crate) id: Option<String>,
    pub(crate) bytes: Bytes,
}

/// Where the bytes of an entry are.
#[derive(Debug)]
pub(crate) enum Bytes {
    Spooled(PathBuf),
    Held(Vec<u8>),
}

impl Entry {
    /// A small file that is not spooled.
    fn held(path: &str, media_type: &str, kind: EntryKind, bytes: Vec<u8>) -> Self {
        Self {
            path: path.to_owned(),
            media_type: media_type.to_owned(),
            size: bytes.len() as u64,
            sha256: Digest::of(&bytes),
            kind,
            id: None,
            bytes: Bytes::Held(bytes),
        }
    }

    pub(crate) fn open(&self) -> Result<Box<dyn Read + '_>, Fault> {
        Ok(match &self.bytes {
            Bytes::Spooled(path) => Box::new(File::open(path).map_err(scratch)?),
            Bytes::Held(bytes) => Box::new(Cursor::new(bytes)),
        })
    }

    /// Frees the disk; what cannot be removed now goes with the folder.
    pub(crate) fn remove(self) {
        if let Bytes::Spooled(path) = self.bytes {
            let _ = std::fs::remove_file(path);
        }
    }
}

/// The files of a bundle in the making.
#[derive(Debug, Default)]
pub(crate) struct Contents(Vec<Entry>);

impl Contents {
    /// Takes what a renderer made into `folder` (`scans/`, or nothing); gives its warnings.
    pub(crate) fn take(
        &mut self,
        made: Output,
        folder: &str,
        kind: EntryKind,
        id: Option<&str>,
    ) -> Vec<Warning> {
        self.0.extend(made.files.into_iter().map(|file| Entry {
            path: format!("{folder}{}", file.artifact.name),
            media_type: file.artifact.media_type,
            size: file.artifact.size,
            sha256: file.artifact.sha256,
            kind,
            id: id.map(str::to_owned),
            bytes: Bytes::Spooled(file.path),
        }));
        made.warnings
    }

    /// Takes one more file.
    pub(crate) fn add(&mut self, entry: Entry) {
        self.0.push(entry);
    }

    /// All files in the order of the archive: the list first, then by path.
    pub(crate) fn finish(mut self, order: &Order) -> Result<Vec<Entry>, Fault> {
        self.0.push(Entry::held("README.txt", "text/plain; charset=utf-8", EntryKind::Report, readme(order)));
        self.0.sort_by(|a, b| a.path.cmp(&b.path));
        let manifest = ManifestJson {
            entries: self.0.iter().map(EntryJson::of).collect(),
            export_id: order.export_id.to_string(),
            format: "evidence-bundle/v1",
        };
        let bytes = serde_json::to_vec(&manifest).map_err(|error| scratch(error.into()))?;
        let manifest = Entry::held("manifest.json", "application/json", EntryKind::Report, bytes);
        Ok(std::iter::once(manifest).chain(self.0).collect())
    }
}

fn readme(order: &Order) -> Vec<u8> {
    let facts = order.snapshot.facts();
    format!(
        "Evidence bundle of export {}\r\n\
         Data as of {}; scans: {}, findings: {}\r\n\r\n\
         report.pdf     what was found, for people\r\n\
         sbom.cdx.json  the components, with what is known about them (CycloneDX)\r\n\
         scans/         the findings of each scan (JSON)\r\n\
         verdicts/      what policies decided (one verdict a line)\r\n\
         attestations/  signed statements about the artifacts, as they were found\r\n\
         vex/           who says what is not affected, and why (OpenVEX 0.2.0)\r\n\
         manifest.json  every file with its size and SHA-256\r\n\r\n\
         To check a file, compare its SHA-256 with the one in manifest.json:\r\n\
         sha256sum report.pdf\r\n",
        order.export_id,
        facts.taken_at,
        facts.scans.len(),
        facts.totals.findings
    )
    .into_bytes()
}

/// Members in the order of RFC 8785, so that the bytes are canonical.
#[derive(Serialize)]
struct ManifestJson<'a> {
    entries: Vec<EntryJson<'a>>,
    export_id: String,
    format: &'static str,
}

#[derive(Serialize)]
struct EntryJson<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'a str>,
    media_type: &'a str,
    path: &'a str,
    sha256: Digest,
    size: u64,
    r#type: EntryKind,
}

impl<'a> EntryJson<'a> {
    fn of(entry: &'a Entry) -> Self {
        Self {
            id: entry.id.as_deref(),
            media_type: &entry.media_type,
            path: &entry.path,
            sha256: entry.sha256,
            size: entry.size,
            r#type: entry.kind,
        }
    }
}
