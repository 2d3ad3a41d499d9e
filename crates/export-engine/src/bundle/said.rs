//! Verdicts and VEX statements of a bundle, as they were read: a file of each for every scan; and each attestation.

mod openvex;
mod verdict;

use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::Path;

use export_core::attestation::{Attestation, AttestationEnvelope};
use export_core::digest::DigestWriter;
use export_core::ports::{Pulse, RenderError, Said};
use export_seal::manifest::EntryType;

use self::openvex::{DocumentJson, StatementJson};
use self::verdict::VerdictJson;
use super::contents::{Bytes, Entry};
use super::{create, scratch};
use crate::Fault;
use crate::render::Order;

const BEAT: u64 = 1_000;

/// Writes the files below `folder`; a scan about which nothing was said has none.
pub(crate) fn write(order: &Order, folder: &Path, pulse: &dyn Pulse) -> Result<Vec<Entry>, Fault> {
    let mut cursor = order.snapshot.annotations().map_err(Fault::of_storage)?;
    let mut files = Files { order, folder, open: None, ended: Vec::new(), attestations: 0 };
    let mut count = 0_u64;
    while let Some(annotation) = cursor.next().map_err(Fault::of_storage)? {
        if count.is_multiple_of(BEAT) {
            pulse.beat(0).map_err(RenderError::from)?;
        }
        count += 1;
        let scan = &annotation.scan_id;
        match annotation.said {
            Said::Attestation(attestation) => {
                files.attestation(scan, &attestation)?;
                Ok(())
            }
            Said::Verdict(verdict) => {
                let out = files.of(scan, EntryType::PolicyVerdict)?;
                out.line(&VerdictJson::of(scan, &verdict))
            }
            Said::Statement(statement) => {
                let out = files.of(scan, EntryType::VexStatement)?;
                out.item(&StatementJson::of(&statement))
            }
        }
        .map_err(scratch)?;
    }
    files.finish()
}

struct Files<'a> {
    order: &'a Order,
    folder: &'a Path,
    open: Option<Open>,
    ended: Vec<Entry>,
    attestations: u32,
}

struct Open {
    scan: String,
    kind: EntryType,
    path: String,
    out: DigestWriter<BufWriter<File>>,
    items: u64,
}

impl Files<'_> {
    /// The file of one kind for one scan. Annotations come scan after scan, so one file is open at a time.
    fn of(&mut self, scan: &str, kind: EntryType) -> Result<&mut Open, Fault> {
        let is_open = self.open.as_ref().is_some_and(|open| open.scan == scan && open.kind == kind);
        if !is_open {
            self.end()?;
            let path = match kind {
                EntryType::VexStatement => format!("vex/{scan}.openvex.json"),
                _ => format!("verdicts/{scan}.ndjson"),
            };
            let mut out = create(self.folder, &path)?;
            if kind == EntryType::VexStatement {
                let head = DocumentJson::of(self.order, scan);
                head.open(&mut out).map_err(scratch)?;
            }
            self.open = Some(Open { scan: scan.to_owned(), kind, path, out, items: 0 });
        }
        Ok(self.open.as_mut().expect("it was opened above"))
    }

    /// A file of its own, byte for byte, so that its signatures hold.
    fn attestation(&mut self, scan: &str, attestation: &Attestation<'_>) -> Result<(), Fault> {
        self.attestations += 1;
        let ending = match attestation.envelope {
            AttestationEnvelope::Statement => "intoto.json",
            AttestationEnvelope::Dsse => "dsse.json",
            AttestationEnvelope::Sigstore => "sigstore.json",
        };
        let path = format!("attestations/{scan}/{:04}.{ending}", self.attestations);
        let mut out = create(self.folder, &path)?;
        out.write_all(attestation.document.as_bytes()).map_err(scratch)?;
        let (_, size, sha256) = out.finish().map_err(scratch)?;
        self.ended.push(Entry {
            bytes: Bytes::Spooled(self.folder.join(&path)),
            path,
            media_type: "application/json".to_owned(),
            size,
            sha256,
            kind: EntryType::Attestation,
            id: Some(scan.to_owned()),
        });
        Ok(())
    }

    fn end(&mut self) -> Result<(), Fault> {
        let Some(mut open) = self.open.take() else { return Ok(()) };
        if open.kind == EntryType::VexStatement {
            open.out.write_all(b"\n]}\n").map_err(scratch)?;
        }
        let (_, size, sha256) = open.out.finish().map_err(scratch)?;
        let media_type = match open.kind {
            EntryType::VexStatement => "application/json",
            _ => "application/x-ndjson",
        };
        self.ended.push(Entry {
            bytes: Bytes::Spooled(self.folder.join(&open.path)),
            path: open.path,
            media_type: media_type.to_owned(),
            size,
            sha256,
            kind: open.kind,
            id: Some(open.scan),
        });
        Ok(())
    }

    fn finish(mut self) -> Result<Vec<Entry>, Fault> {
        self.end()?;
        Ok(self.ended)
    }
}

impl Open {
    fn line(&mut self, value: &impl serde::Serialize) -> io::Result<()> {
        serde_json::to_writer(&mut self.out, value)?;
        self.out.write_all(b"\n")
    }

    fn item(&mut self, value: &impl serde::Serialize) -> io::Result<()> {
        self.out.write_all(if self.items == 0 { b"\n" } else { b",\n" })?;
        self.items += 1;
        serde_json::to_writer(&mut self.out, value).map_err(io::Error::from)
    }
}
