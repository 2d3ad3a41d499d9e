//! Bundles for the tests: sealed and packed as the product does it.

use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;

use ed25519_dalek::{Signer as _, SigningKey};
use export_core::digest::Digest;
use export_core::id::{BundleId, ExportId};
use export_core::manifest::Generator;
use export_core::ports::Packager;
use export_core::seal::{KeyRecord, PublicKey};
use export_core::time::Timestamp;
use export_pack::{TarGzPackager, ZipPackager};
use export_seal::manifest::{ATTESTATION, Entry, EntryType, MANIFEST};
use export_seal::seal::{Draft, Facts};
use export_seal::statement::SnapshotClaim;
use export_seal::verify::{Report, Verdict};
use export_verify::{Trusted, Verifier};

/// Files by path.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

/// A signing key.
pub(crate) fn key(seed: u8) -> (SigningKey, PublicKey) {
    let key = SigningKey::from_bytes(&[seed; 32]);
    let public = PublicKey::from_bytes(key.verifying_key().to_bytes());
    (key, public)
}

/// The files with their seal.
pub(crate) fn sealed(files: &Files, seed: u8) -> Files {
    let entry = |(path, bytes): (&String, &Vec<u8>)| Entry {
        id: None,
        media_type: "application/json".to_owned(),
        path: path.clone(),
        sha256: Digest::of(bytes),
        size: bytes.len() as u64,
        kind: EntryType::ScanResult,
    };
    let at: Timestamp = "2026-11-28T00:00:00Z".parse().unwrap();
    let facts = Facts {
        bundle_id: BundleId::new(at, &[seed; 10]),
        export_id: ExportId::new(at, &[seed; 10]),
        tenant: "acme".parse().unwrap(),
        created_at: at,
        sealed_at: at,
        snapshot: SnapshotClaim { sha256: Digest::of(b""), taken_at: at },
        template: None,
        generator: Generator::this(),
    };
    let (secret, public) = key(seed);
    let draft = Draft::new(files.iter().map(entry).collect(), facts, public).unwrap();
    let signature = secret.sign(&draft.message()).to_bytes();
    let seal = draft.signed(signature).unwrap();
    let mut all = files.clone();
    all.insert(MANIFEST.to_owned(), seal.manifest);
    all.insert(ATTESTATION.to_owned(), seal.attestation);
    all
}

/// Both kinds of archive.
pub(crate) const PACKAGERS: [(&str, &dyn Packager); 2] = [("zip", &ZipPackager), ("tar.gz", &TarGzPackager)];

/// The files as an archive.
pub(crate) fn packed(files: &Files, packager: &dyn Packager) -> Vec<u8> {
    let mut out = Vec::new();
    let mut packing = packager.start(&mut out).unwrap();
    for (path, bytes) in files {
        packing.entry(path, bytes.len() as u64, &mut &bytes[..]).unwrap();
    }
    packing.finish().unwrap();
    out
}

/// What a verifier that trusts the key of `seed` says.
pub(crate) fn report(bundle: &Path, seed: u8) -> Report {
    let trusted = Trusted::Keys(vec![KeyRecord::active(key(seed).1, None)]);
    Verifier::default().verify(bundle, &trusted, &|_| ControlFlow::Continue(())).unwrap()
}

/// Whether `archive` is whole, by way of a file at `path`.
pub(crate) fn is_whole(archive: &[u8], path: &Path) -> bool {
    std::fs::write(path, archive).unwrap();
    report(path, 1).verdict == Verdict::Whole
}
