//! The worked bundle of the vectors, and a bundle of ours for the tests of verification.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::{Signer as _, SigningKey};
use export_core::digest::Digest;
use export_core::id::{BundleId, ExportId};
use export_core::manifest::Generator;
use export_core::seal::{KeyRecord, PublicKey};
use export_core::time::Timestamp;
use export_seal::envelope::{Envelope, PAYLOAD_TYPE, pre_authentication};
use export_seal::manifest::{ATTESTATION, Entry, EntryType, MANIFEST};
use export_seal::merkle::{Tree, leaf, verify_inclusion};
use export_seal::seal::{Draft, Facts};
use export_seal::statement::SnapshotClaim;
use export_seal::verify::{Presented, PresentedFile, Report, Stamp, Trust, verify};
use export_seal::{canonical, signature};
use serde_json::Value;

use crate::vectors::{digest, hex, list, read};

/// The example has entries without types and a shorter predicate, so it is checked part by part.
#[test]
fn the_worked_bundle_of_the_vectors() {
    let vectors = read("sealed_bundle_example.json");
    let key = SigningKey::from_bytes(&hex(vectors["secret_hex"].as_str().unwrap()).try_into().unwrap());
    let public = PublicKey::from_bytes(key.verifying_key().to_bytes());
    assert_eq!(public.id().as_str(), vectors["kid_rfc7638"].as_str().unwrap());

    let texts = list(&vectors, "leaves_utf8");
    let leaves: Vec<Digest> = texts.iter().map(|text| leaf(text.as_str().unwrap().as_bytes())).collect();
    assert_eq!(leaves, list(&vectors, "leaf_hashes").iter().map(digest).collect::<Vec<_>>());
    let tree: Tree = leaves.iter().copied().collect();
    assert_eq!(tree.root(), digest(&vectors["merkle_root"]));
    for (index, path) in list(&vectors, "inclusion_proofs").iter().enumerate() {
        let path: Vec<Digest> = path.as_array().unwrap().iter().map(digest).collect();
        assert_eq!(tree.inclusion(index as u64).unwrap(), path);
        assert_eq!(verify_inclusion(index as u64, 5, &leaves[index], &path, &tree.root()), Ok(()));
    }

    let text = |name: &str| vectors[name].as_str().unwrap().as_bytes().to_vec();
    for name in ["manifest_utf8", "statement_utf8", "envelope_utf8"] {
        assert!(canonical::parse_canonical(&text(name)).is_ok(), "{name}");
    }
    let message = pre_authentication(PAYLOAD_TYPE, &text("statement_utf8"));
    assert_eq!(message, hex(vectors["pae_hex"].as_str().unwrap()));
    let signed: [u8; 64] = hex(vectors["signature_hex"].as_str().unwrap()).try_into().unwrap();
    assert_eq!(key.sign(&message).to_bytes(), signed);
    assert_eq!(signature::verify(&public, &message, &signed), Ok(()));
    let envelope = Envelope::read(&text("envelope_utf8")).unwrap();
    let ours = Envelope { payload: text("statement_utf8"), key_id: public.id(), signature: signed.to_vec() };
    assert_eq!((envelope, ours.to_bytes()), (ours, text("envelope_utf8")));
}

/// A bundle whose parts can be changed.
#[derive(Clone)]
pub(crate) struct Sample {
    /// Every file.
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    /// Who is trusted.
    pub(crate) keys: Vec<KeyRecord>,
}

/// A signing key and its public half.
pub(crate) fn key(seed: u8) -> (SigningKey, PublicKey) {
    let key = SigningKey::from_bytes(&[seed; 32]);
    let public = PublicKey::from_bytes(key.verifying_key().to_bytes());
    (key, public)
}

/// What the sample says of itself.
pub(crate) fn facts(seed: u8) -> Facts {
    let at = |seconds: i64| Timestamp::from_millis(1_795_000_000_000 + seconds * 1_000);
    Facts {
        bundle_id: BundleId::new(at(9), &[seed; 10]),
        export_id: ExportId::new(at(0), &[seed; 10]),
        tenant: "acme".parse().unwrap(),
        created_at: at(0),
        sealed_at: at(9),
        snapshot: SnapshotClaim { sha256: Digest::of(b"snapshot"), taken_at: at(3) },
        template: None,
        generator: Generator::this(),
    }
}

/// The entries of files.
pub(crate) fn entries(files: &BTreeMap<String, Vec<u8>>) -> Vec<Entry> {
    let entry = |(path, bytes): (&String, &Vec<u8>)| Entry {
        id: None,
        media_type: "application/json".to_owned(),
        path: path.clone(),
        sha256: Digest::of(bytes),
        size: bytes.len() as u64,
        kind: EntryType::Report,
    };
    files.iter().map(entry).collect()
}

impl Sample {
    /// Five files, sealed with the key of `seed`, which is trusted.
    pub(crate) fn new(seed: u8) -> Self {
        let files = ["report.pdf", "sbom.cdx.json", "scans/a.json", "scans/b.json", "vex/a.openvex.json"];
        let files = files.map(|path| (path.to_owned(), format!("{path}, {seed}").into_bytes()));
        let (_, public) = key(seed);
        let mut sample = Self { files: files.into(), keys: vec![KeyRecord::active(public, None)] };
        sample.seal(seed);
        sample
    }

    /// Seals what is there, with the key of `seed`.
    pub(crate) fn seal(&mut self, seed: u8) {
        let (secret, public) = key(seed);
        self.files.retain(|path, _| path != MANIFEST && path != ATTESTATION);
        let draft = Draft::new(entries(&self.files), facts(seed), public).unwrap();
        let signature = secret.sign(&draft.message()).to_bytes();
        let seal = draft.signed(signature).unwrap();
        self.files.insert(MANIFEST.to_owned(), seal.manifest);
        self.files.insert(ATTESTATION.to_owned(), seal.attestation);
    }

    /// Signs a statement that may be anything, with the key of `seed`.
    pub(crate) fn sign(&mut self, seed: u8, payload: Vec<u8>) {
        let (secret, public) = key(seed);
        let mut envelope = Envelope { payload, key_id: public.id(), signature: Vec::new() };
        envelope.signature = secret.sign(&envelope.message()).to_bytes().to_vec();
        self.files.insert(ATTESTATION.to_owned(), envelope.to_bytes());
    }

    /// The statement that is signed.
    pub(crate) fn payload(&self) -> Value {
        let envelope = Envelope::read(&self.files[ATTESTATION]).unwrap();
        serde_json::from_slice(&envelope.payload).unwrap()
    }

    /// What verification says, with time-stamps that say themselves when they are from.
    pub(crate) fn verify(&self) -> Report {
        let presented = |(path, bytes): (&String, &Vec<u8>)| PresentedFile {
            path: path.clone(),
            size: bytes.len() as u64,
            sha256: Digest::of(bytes),
        };
        let files: Vec<_> = self.files.iter().map(presented).collect();
        let stamps = |token: &[u8], over: Digest| {
            let text = std::str::from_utf8(token).map_err(|error| error.to_string())?;
            let (digest, at) = text.split_once(' ').ok_or("no token")?;
            let at = at.parse().map_err(|_| "no time")?;
            let is_over = digest == STANDARD.encode(over.as_bytes());
            is_over
                .then(|| Stamp { at, authority: "test".to_owned(), trusted: true })
                .ok_or("another digest".to_owned())
        };
        verify(Presented { files: &files, kept: &self.files }, Trust { keys: &self.keys, stamps: &stamps })
    }
}
