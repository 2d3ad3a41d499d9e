//! Seals, packs and verifies folders, for `benches/seal.py`: `export-bench-seal seal|pack|verify|proof ...`.
//!
//! The key is a test key of RFC 8032. What is told is one line of JSON.

use std::error::Error;
use std::fs::{self, File};
use std::io::BufWriter;
use std::ops::ControlFlow;
use std::path::Path;
use std::time::Instant;

use ed25519_dalek::{Signer as _, SigningKey};
use export_core::digest::Digest;
use export_core::id::{BundleId, ExportId};
use export_core::manifest::Generator;
use export_core::ports::Packager;
use export_core::seal::{KeyRecord, PublicKey};
use export_core::time::Timestamp;
use export_pack::{TarGzPackager, ZipPackager};
use export_seal::manifest::{ATTESTATION, BundleManifest, Entry, EntryType, MANIFEST};
use export_seal::proof::ProofDocument;
use export_seal::seal::{Draft, Facts};
use export_seal::statement::SnapshotClaim;
use export_unpack::{Limits, observe};
use export_verify::{Trusted, Verifier};
use serde_json::json;

type Done = Result<serde_json::Value, Box<dyn Error>>;

#[expect(clippy::print_stdout, reason = "the benchmark reads it")]
fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let told = match arguments.as_slice() {
        ["seal", folder] => seal(Path::new(folder)),
        ["pack", folder, archive] => pack(Path::new(folder), Path::new(archive)),
        ["verify", bundle] => verify(Path::new(bundle)),
        ["proof", folder] => proof(Path::new(folder)),
        _ => Err("export-bench-seal seal FOLDER | pack FOLDER ARCHIVE | verify BUNDLE | proof FOLDER".into()),
    }?;
    println!("{told}");
    Ok(())
}

fn key() -> (SigningKey, PublicKey) {
    let key = SigningKey::from_bytes(&[7; 32]);
    let public = PublicKey::from_bytes(key.verifying_key().to_bytes());
    (key, public)
}

fn facts() -> Result<Facts, Box<dyn Error>> {
    let at: Timestamp = "2026-11-28T00:00:00Z".parse()?;
    Ok(Facts {
        bundle_id: BundleId::new(at, &[1; 10]),
        export_id: ExportId::new(at, &[1; 10]),
        tenant: "bench".parse()?,
        created_at: at,
        sealed_at: at,
        snapshot: SnapshotClaim { sha256: Digest::of(b""), taken_at: at },
        template: None,
        generator: Generator::this(),
    })
}

/// Digests every file of the folder, and puts the seal beside them.
fn seal(folder: &Path) -> Done {
    for name in [MANIFEST, ATTESTATION] {
        let _absent_the_first_time = fs::remove_file(folder.join(name));
    }
    let observed = observe(folder, &[], &Limits::default(), &|_| ControlFlow::Continue(()))?;
    let entry = |file: export_unpack::ObservedFile| Entry {
        id: None,
        media_type: "application/octet-stream".to_owned(),
        path: file.path,
        sha256: file.sha256,
        size: file.size,
        kind: EntryType::ScanResult,
    };
    let entries: Vec<Entry> = observed.files.into_iter().map(entry).collect();
    let count = entries.len();
    let (secret, public) = key();
    let draft = Draft::new(entries, facts()?, public)?;
    let signature = secret.sign(&draft.message()).to_bytes();
    let seal = draft.signed(signature)?;
    fs::write(folder.join(MANIFEST), &seal.manifest)?;
    fs::write(folder.join(ATTESTATION), &seal.attestation)?;
    Ok(json!({ "entries": count, "bytes": observed.bytes, "root": seal.tree.root() }))
}

/// Packs a sealed folder.
fn pack(folder: &Path, archive: &Path) -> Done {
    let manifest: BundleManifest = serde_json::from_slice(&fs::read(folder.join(MANIFEST))?)?;
    let packager: &dyn Packager =
        if archive.extension().is_some_and(|it| it == "zip") { &ZipPackager } else { &TarGzPackager };
    let mut out = BufWriter::with_capacity(1 << 18, File::create(archive)?);
    let mut packing = packager.start(&mut out)?;
    let paths = manifest.entries.iter().map(|entry| entry.path.as_str());
    for path in [MANIFEST, ATTESTATION].into_iter().chain(paths) {
        let mut file = File::open(folder.join(path))?;
        let size = file.metadata()?.len();
        packing.entry(path, size, &mut file)?;
    }
    packing.finish()?;
    Ok(json!({ "bytes": fs::metadata(archive)?.len() }))
}

/// Verifies a bundle, whatever it is in.
fn verify(bundle: &Path) -> Done {
    let (_, public) = key();
    let trusted = Trusted::Keys(vec![KeyRecord::active(public, None)]);
    let report = Verifier::default().verify(bundle, &trusted, &|_| ControlFlow::Continue(()))?;
    Ok(serde_json::to_value(&report)?)
}

/// Makes and verifies the proof of every hundredth file; the slowest verification.
fn proof(folder: &Path) -> Done {
    let manifest: BundleManifest = serde_json::from_slice(&fs::read(folder.join(MANIFEST))?)?;
    let root = manifest.merkle.root;
    let (mut slowest, mut largest, mut proofs) = (0, 0, 0);
    let step = (manifest.entries.len() / 20).max(1);
    for index in (0..manifest.entries.len()).step_by(step) {
        let bytes = ProofDocument::of(&manifest, index as u64).ok_or("no such entry")?.to_bytes();
        let entry = &manifest.entries[index];
        let started = Instant::now();
        ProofDocument::read(&bytes)?.verify(entry.size, &entry.sha256, &root)?;
        slowest = slowest.max(started.elapsed().as_micros());
        largest = largest.max(bytes.len());
        proofs += 1;
    }
    Ok(json!({ "proofs": proofs, "largest_bytes": largest, "slowest_us": slowest }))
}
