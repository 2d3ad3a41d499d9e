//! Everything of a bundle that a stranger may have written, one part at a time: `EXPORT_FUZZ_FORMAT` says which.
//!
//! A panic, more than 512 MiB of memory or 10 seconds for one input end the run (scripts/fuzz.sh). Nothing that is made up here may
//! be whole, and what is read must come back as the same bytes where there is one form.

#![no_main]

use std::ops::ControlFlow;
use std::sync::OnceLock;

use export_core::digest::Digest;
use export_core::seal::{KeyRecord, PublicKey};
use export_seal::canonical;
use export_seal::envelope::Envelope;
use export_seal::jwks::Jwks;
use export_seal::manifest::{BundleManifest, check_entries};
use export_seal::note::{LogHead, SignedNote};
use export_seal::proof::ProofDocument;
use export_seal::statement::Statement;
use export_seal::verify::Verdict;
use export_timestamp::Anchors;
use export_verify::{Trusted, Verifier};
use libfuzzer_sys::fuzz_target;

static FORMAT: OnceLock<String> = OnceLock::new();

fuzz_target!(|data: &[u8]| {
    let format = FORMAT.get_or_init(|| std::env::var("EXPORT_FUZZ_FORMAT").expect("EXPORT_FUZZ_FORMAT"));
    match format.as_str() {
        "bundle" => bundle(data),
        "envelope" => {
            if let Ok(envelope) = Envelope::read(data) {
                assert_eq!(envelope.to_bytes(), data);
                assert!(envelope.verify(&key()).is_err());
            }
            drop(canonical::from_slice::<Statement>(data));
        }
        "manifest" => {
            if let Ok(manifest) = canonical::from_slice::<BundleManifest>(data) {
                drop(check_entries(&manifest.entries));
                let tree = manifest.tree();
                assert_eq!(tree.size(), manifest.entries.len() as u64);
            }
        }
        "note" => {
            if let Ok(text) = std::str::from_utf8(data) {
                assert!(LogHead::read(text, &[key()]).is_err());
                drop(SignedNote::read(text));
            }
        }
        "jwks" => {
            if let Ok(keys) = Jwks::read(data) {
                let again = serde_json::to_vec(&Jwks::of(&keys)).expect("keys are text");
                assert_eq!(Jwks::read(&again).expect("what was written is read"), keys);
            }
        }
        "proof" => {
            if let Ok(proof) = ProofDocument::read(data) {
                assert!(proof.verify(1, &Digest::of(b"x"), &Digest::of(b"root")).is_err());
            }
        }
        "timestamp" => {
            assert!(export_timestamp::verify(data, Digest::of(b"x"), &Anchors::default(), None).is_err());
            drop(export_timestamp::normal_form(data));
            drop(export_timestamp::read_anchors(data));
        }
        other => panic!("there is no part `{other}`"),
    }
});

fn key() -> PublicKey {
    PublicKey::from_bytes([7; 32])
}

/// By way of a file, as everybody does it; in memory where the system has a folder there.
fn bundle(data: &[u8]) {
    static FILE: OnceLock<std::path::PathBuf> = OnceLock::new();
    let file = FILE.get_or_init(|| {
        let folder = std::path::Path::new("/dev/shm");
        let folder = if folder.is_dir() { folder.to_owned() } else { std::env::temp_dir() };
        folder.join(format!("export-fuzz-{}", std::process::id()))
    });
    std::fs::write(file, data).expect("the file can be written");
    let trusted = Trusted::Keys(vec![KeyRecord::active(key(), None)]);
    let report = Verifier::default().verify(file, &trusted, &|_| ControlFlow::Continue(()));
    assert_ne!(report.expect("the file can be read").verdict, Verdict::Whole);
}
