//! The seal of a bundle, for the page that goes with it: the root, the key, every file's digest, how to verify.

use export_core::ports::SealBrief;
use export_render_kit::charts::qr_code;
use export_templates::format;
use export_templates::view::{Seal, SealedFile, Step};

use super::words::time;

/// Files whose digests the page lists; the bundle's manifest has all.
const FILES: usize = 500;

/// What the page says of the seal.
pub(super) fn view(seal: SealBrief<'_>) -> Seal {
    let SealBrief { record, files } = seal;
    let root = format!("sha256:{}", record.merkle_root);
    let file = |file: &export_core::seal::SealedFile| SealedFile {
        path: file.path.clone(),
        size: file.size,
        sha256: file.sha256.to_string(),
    };
    Seal {
        bundle: record.bundle_id.to_string(),
        archive: record.archive.clone(),
        sealed_at: time(record.sealed_at),
        code: qr_code(&root, "QR code of the tree's root").map(Into::into),
        root,
        entries: record.entries,
        key: record.key_id.to_string(),
        signature: record.signature.clone(),
        attestation: format!("sha256:{}", record.attestation),
        log: record.log_seq.map(|seq| format!("event {}", format::count(seq))),
        files: files.iter().take(FILES).map(file).collect(),
        more_files: files.len().saturating_sub(FILES) as u64,
    }
}

/// How to verify the bundle.
pub(super) fn steps(seal: SealBrief<'_>) -> Vec<Step> {
    let record = seal.record;
    let step = |text: String, command: Option<String>| Step { text, command };
    vec![
        step(
            format!(
                "Get the fingerprint of the sealing key, or the list of keys, from its owner another way than with this bundle. \
                 This page says that it is {}.",
                record.key_id
            ),
            None,
        ),
        step(
            format!("Verify {} offline. It is whole and unchanged if this prints whole, with the root that stands above.", record.archive),
            Some(format!("exportctl verify {} --keys evidence-keys.json", record.archive)),
        ),
        step(
            "Or open verify.html of the bundle in a browser, drop the archive on it, and give the fingerprint. It needs no network.".to_owned(),
            None,
        ),
        step(
            "The format is published (docs/evidence-format.md), with a verifier of 60 lines: RFC 6962 tree, in-toto statement in a \
             DSSE envelope, Ed25519."
                .to_owned(),
            None,
        ),
    ]
}
