//! The structural attacks: each is found, and called what the format calls it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ed25519_dalek::Signer as _;
use export_core::digest::Digest;
use export_core::seal::{KeyRecord, KeyStatus};
use export_core::time::Timestamp;
use export_seal::canonical;
use export_seal::envelope::Envelope;
use export_seal::jwks::Jwk;
use export_seal::manifest::{ATTESTATION, BundleManifest, CHECKPOINT, MANIFEST, TIMESTAMP};
use export_seal::merkle::{Tree, node};
use export_seal::note::LogHead;
use export_seal::proof::{InvalidProof, ProofDocument};
use export_seal::seal::Draft;
use export_seal::verify::{Report, Verdict};
use serde_json::{Value, json};

use crate::sealed::{Sample, entries, facts, key};

fn code(report: &Report) -> &'static str {
    report.failure.as_ref().map_or("whole", |failure| failure.code.as_str())
}

/// Changes the bytes of one file.
fn edited(path: &str, edit: impl FnOnce(&mut Vec<u8>)) -> Sample {
    let mut sample = Sample::new(1);
    edit(sample.files.get_mut(path).unwrap());
    sample
}

/// A sample whose manifest was edited and sealed again by its owner, who may be careless or malicious.
fn resealed(edit: impl FnOnce(&mut Value)) -> Sample {
    let mut sample = Sample::new(1);
    let mut manifest: Value = serde_json::from_slice(&sample.files[MANIFEST]).unwrap();
    edit(&mut manifest);
    let manifest = canonical::to_vec(&manifest);
    let mut statement = sample.payload();
    let digest = Digest::of(&manifest).to_string();
    statement["predicate"]["manifest_sha256"] = json!(digest);
    let subjects = statement["subject"].as_array_mut().unwrap();
    subjects.iter_mut().find(|it| it["name"] == MANIFEST).unwrap()["digest"]["sha256"] = json!(digest);
    sample.files.insert(MANIFEST.to_owned(), manifest);
    sample.sign(1, canonical::to_vec(&statement));
    sample
}

/// A sample whose statement was edited and signed again.
fn restated(edit: impl FnOnce(&mut Value)) -> Sample {
    let mut sample = Sample::new(1);
    let mut statement = sample.payload();
    edit(&mut statement);
    sample.sign(1, canonical::to_vec(&statement));
    sample
}

#[test]
fn a_whole_bundle_is_whole() {
    let report = Sample::new(1).verify();
    assert_eq!((report.verdict, code(&report)), (Verdict::Whole, "whole"));
    let seal = report.seal.unwrap();
    assert_eq!((seal.entries, seal.tenant.as_str(), report.files), (5, "acme", 7));
}

#[test]
fn every_flipped_bit_of_every_file_is_found() {
    let good = Sample::new(1);
    let mut flips = 0;
    for (path, bytes) in &good.files {
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut bad = good.clone();
                bad.files.get_mut(path).unwrap()[at] ^= 1 << bit;
                assert_ne!(bad.verify().verdict, Verdict::Whole, "{path}, byte {at}, bit {bit}");
                flips += 1;
            }
        }
    }
    assert!(flips > 20_000, "{flips}");
}

#[test]
fn j02_envelopes_of_another_form() {
    let text = |edit: fn(String) -> String| {
        edited(ATTESTATION, |bytes| *bytes = edit(String::from_utf8(bytes.clone()).unwrap()).into_bytes())
    };
    let forms: [fn(String) -> String; 5] = [
        |it| format!("{it}\n"),
        |it| it.replacen(',', ", ", 1),
        |it| it.replacen('{', r#"{"extra":true,"#, 1),
        |it| it.replacen(r#"{"payload":"#, r#"{"payload":"e30=","payload":"#, 1),
        |it| {
            let value: Value = serde_json::from_str(&it).unwrap();
            format!(
                r#"{{"signatures":{},"payload":{},"payloadType":{}}}"#,
                value["signatures"], value["payload"], value["payloadType"]
            )
        },
    ];
    for form in forms {
        assert_eq!(code(&text(form).verify()), "envelope_not_canonical");
    }
}

#[test]
fn j03_files_added_removed_renamed_swapped() {
    let mut added = Sample::new(1);
    added.files.insert("scans/c.json".to_owned(), b"{}".to_vec());
    let report = added.verify();
    assert_eq!(
        (code(&report), report.failure.unwrap().path.as_deref()),
        ("extra_file", Some("scans/c.json"))
    );

    let mut removed = Sample::new(1);
    removed.files.remove("scans/b.json");
    let report = removed.verify();
    assert_eq!(
        (code(&report), report.failure.unwrap().path.as_deref()),
        ("missing_file", Some("scans/b.json"))
    );

    let mut renamed = Sample::new(1);
    let bytes = renamed.files.remove("scans/b.json").unwrap();
    renamed.files.insert("scans/c.json".to_owned(), bytes);
    assert_eq!(code(&renamed.verify()), "missing_file");

    let mut swapped = Sample::new(1);
    let (a, b) = (swapped.files["scans/a.json"].clone(), swapped.files["scans/b.json"].clone());
    swapped.files.insert("scans/a.json".to_owned(), b);
    swapped.files.insert("scans/b.json".to_owned(), a);
    let report = swapped.verify();
    assert_eq!(
        (code(&report), report.failure.unwrap().path.as_deref()),
        ("digest_mismatch", Some("scans/a.json"))
    );
    for missing in [MANIFEST, ATTESTATION] {
        let mut sample = Sample::new(1);
        sample.files.remove(missing);
        assert_eq!(code(&sample.verify()), "missing_file");
    }
}

#[test]
fn j04_everything_made_anew_but_the_signature() {
    let genuine = Envelope::read(&Sample::new(1).files[ATTESTATION]).unwrap();
    let mut sample = Sample::new(1);
    sample.files.insert("report.pdf".to_owned(), b"another report".to_vec());
    sample.seal(1); // what an attacker would compute; the signature they cannot
    let ours = Envelope::read(&sample.files[ATTESTATION]).unwrap();
    let forged = Envelope { signature: genuine.signature.clone(), ..ours };
    sample.files.insert(ATTESTATION.to_owned(), forged.to_bytes());
    assert_eq!(code(&sample.verify()), "signature");
    // With the statement kept as well, the manifest no longer fits.
    sample.files.insert(ATTESTATION.to_owned(), genuine.to_bytes());
    assert_eq!(code(&sample.verify()), "digest_mismatch");
}

#[test]
fn j05_a_key_that_comes_with_the_bundle_is_not_trusted() {
    let mut sample = Sample::new(1);
    let (_, attacker) = key(66);
    sample.files.insert("public-key.jwk.json".to_owned(), canonical::to_vec(&Jwk::bare(&attacker)));
    sample.seal(66);
    let report = sample.verify();
    assert_eq!((code(&report), report.verdict), ("unknown_key", Verdict::UnknownKey));
    assert!(report.seal.is_none(), "what an unknown key says is not told as if it were known");
}

#[test]
fn j06_j07_another_trusted_keys_id_another_payload_type() {
    let mut sample = Sample::new(1);
    let (_, other) = key(2);
    sample.keys.push(KeyRecord::active(other, None));
    let envelope = Envelope::read(&sample.files[ATTESTATION]).unwrap();
    let renamed = Envelope { key_id: other.id(), ..envelope };
    sample.files.insert(ATTESTATION.to_owned(), renamed.to_bytes());
    assert_eq!(code(&sample.verify()), "signature");

    let typed = edited(ATTESTATION, |bytes| {
        let text = String::from_utf8(bytes.clone()).unwrap();
        *bytes = text.replace("application/vnd.in-toto+json", "application/vnd.in-toto+jsom").into_bytes();
    });
    assert_eq!(code(&typed.verify()), "envelope_not_canonical");
}

#[test]
fn j08_the_statement_of_another_bundle() {
    let mut sample = Sample::new(1);
    let mut other = Sample::new(1);
    other.files.insert("report.pdf".to_owned(), b"another report".to_vec());
    other.seal(1);
    sample.files.insert(ATTESTATION.to_owned(), other.files[ATTESTATION].clone());
    assert_eq!(code(&sample.verify()), "digest_mismatch");
    let renamed = resealed(|manifest| manifest["bundle_id"] = json!("bnd-06f8k2g000000000000000000z"));
    assert_eq!(code(&renamed.verify()), "manifest_invalid");
}

#[test]
fn j09_j10_trees_of_other_shapes() {
    let manifest: BundleManifest = serde_json::from_slice(&Sample::new(1).files[MANIFEST]).unwrap();
    let leaves: Vec<Digest> = manifest.entries.iter().map(export_seal::manifest::Entry::leaf).collect();
    // Inner nodes as leaves, with half the size.
    let halved: Tree =
        leaves.chunks(2).map(|pair| if let [a, b] = pair { node(a, b) } else { pair[0] }).collect();
    let wrong = |root: Digest, size: u64| {
        restated(|statement| {
            statement["predicate"]["merkle"] = json!({"alg":"rfc6962-sha256","root":root,"size":size});
        })
    };
    assert_eq!(halved.root(), manifest.merkle.root, "the attack is a real one: the root is the same");
    assert_eq!(code(&wrong(halved.root(), 3).verify()), "root_mismatch");
    // The last leaf twice (CVE-2012-2459).
    let doubled: Tree = leaves.iter().copied().chain(leaves.last().copied()).collect();
    assert_ne!(doubled.root(), manifest.merkle.root);
    assert_eq!(code(&wrong(doubled.root(), 6).verify()), "root_mismatch");
    let twice = resealed(|manifest| {
        let entries = manifest["entries"].as_array_mut().unwrap();
        entries.push(entries.last().unwrap().clone());
    });
    assert_eq!(code(&twice.verify()), "manifest_invalid");
}

#[test]
fn j11_nothing_is_not_evidence() {
    let (_, public) = key(1);
    assert!(Draft::new(Vec::new(), facts(1), public).is_err());
    let empty = resealed(|manifest| {
        manifest["entries"] = json!([]);
        manifest["merkle"] =
            json!({"alg":"rfc6962-sha256","root":export_seal::merkle::empty_root(),"size":0});
    });
    assert_eq!(code(&empty.verify()), "manifest_invalid");
}

#[test]
fn j13_signatures_that_others_accept() {
    // S + L: the order of the group, little endian (RFC 8032, 5.1).
    const ORDER: [u8; 32] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14, 0, 0,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ];
    let mut sample = Sample::new(1);
    let mut envelope = Envelope::read(&sample.files[ATTESTATION]).unwrap();
    let mut carry = 0_u16;
    for (byte, order) in envelope.signature[32..].iter_mut().zip(ORDER) {
        let sum = u16::from(*byte) + u16::from(order) + carry;
        *byte = sum.to_le_bytes()[0];
        carry = sum >> 8;
    }
    sample.files.insert(ATTESTATION.to_owned(), envelope.to_bytes());
    assert_eq!(code(&sample.verify()), "signature");
}

#[test]
fn j14_statements_with_a_member_twice_or_one_too_many() {
    let mut sample = Sample::new(1);
    let envelope = Envelope::read(&sample.files[ATTESTATION]).unwrap();
    let text = String::from_utf8(envelope.payload).unwrap();
    let twice = text.replacen(r#""predicate":"#, r#""predicate":{},"predicate":"#, 1);
    sample.sign(1, twice.into_bytes());
    assert_eq!(code(&sample.verify()), "statement_invalid");

    for edit in [
        (|it: &mut Value| it["extra"] = json!(1)) as fn(&mut Value),
        |it| it["predicate"]["extra"] = json!(1),
        |it| it["predicate"]["generator"]["extra"] = json!(1),
        |it| it["predicate"]["created_at"] = json!("2026-11-28T01:00:00+01:00"),
        |it| it["subject"][0]["digest"]["md5"] = json!("0"),
        |it| it["subject"].as_array_mut().unwrap().swap(0, 1),
        |it| drop(it["subject"].as_array_mut().unwrap().pop()),
        |it| it["subject"][1]["digest"]["sha256"] = json!(Digest::of(b"another")),
        |it| it["_type"] = json!("https://in-toto.io/Statement/v0.1"),
        |it| it["predicateType"] = json!("https://slsa.dev/provenance/v1"),
    ] {
        let report = restated(edit).verify();
        assert_eq!(code(&report), "statement_invalid");
    }
    let of_manifest = restated(|it| it["subject"][0]["digest"]["sha256"] = json!(Digest::of(b"another")));
    assert_eq!(code(&of_manifest.verify()), "digest_mismatch");
    for edit in [
        (|it: &mut Value| it["extra"] = json!(1)) as fn(&mut Value),
        |it| it["entries"][0]["extra"] = json!(1),
        |it| it["entries"][0]["type"] = json!("malware"),
        |it| it["entries"][0]["path"] = json!("../report.pdf"),
        |it| it["entries"][0]["path"] = json!("manifest.json"),
        |it| it["entries"][0]["size"] = json!(9_007_199_254_740_992_u64),
        |it| it["format"] = json!("evidence-bundle/v2"),
        |it| it["merkle"]["alg"] = json!("sha256"),
        |it| it["entries"].as_array_mut().unwrap().swap(0, 1),
    ] {
        assert_eq!(code(&resealed(edit).verify()), "manifest_invalid");
    }
    let rooted = resealed(|it| it["merkle"]["root"] = json!(Digest::of(b"another")));
    assert_eq!(code(&rooted.verify()), "root_mismatch");
}

#[test]
fn j16_a_revoked_key_counts_for_what_is_proved_to_be_older() {
    let revoked_at: Timestamp = "2026-12-01T00:00:00Z".parse().unwrap();
    let mut sample = Sample::new(1);
    sample.keys[0] =
        KeyRecord { status: KeyStatus::Revoked, revoked_at: Some(revoked_at), ..sample.keys[0].clone() };
    let report = sample.verify();
    assert_eq!((report.verdict, code(&report)), (Verdict::Indeterminate, "key_revoked"));
    let signature = Envelope::read(&sample.files[ATTESTATION]).unwrap().signature;
    let over = STANDARD.encode(Digest::of(&signature).as_bytes());
    for (at, verdict) in [
        ("2026-11-30T23:59:59Z", Verdict::Whole),
        ("2026-12-01T00:00:00Z", Verdict::Indeterminate),
        ("2026-12-01T00:00:01Z", Verdict::Indeterminate),
    ] {
        sample.files.insert(TIMESTAMP.to_owned(), format!("{over} {at}").into_bytes());
        assert_eq!(sample.verify().verdict, verdict, "{at}");
    }
    sample.files.insert(TIMESTAMP.to_owned(), b"AAAA 2026-11-30T23:59:59Z".to_vec());
    let report = sample.verify();
    assert_eq!(code(&report), "timestamp_invalid");
    assert!(report.seal.is_some(), "the bundle's own signature is reported all the same (J15)");
    // Whoever says half of it is taken at their word.
    let known = |status, revoked_at| KeyRecord { status, revoked_at, ..KeyRecord::active(key(1).1, None) };
    sample.files.remove(TIMESTAMP);
    for half in [
        known(KeyStatus::Revoked, None),
        known(KeyStatus::Active, Some(revoked_at)),
        known(KeyStatus::Retired, Some(revoked_at)),
    ] {
        sample.keys[0] = half;
        assert_eq!(code(&sample.verify()), "key_revoked");
    }
    // A retired key counts for ever.
    sample.keys[0] = KeyRecord {
        status: KeyStatus::Retired,
        retired_at: Some(revoked_at),
        revoked_at: None,
        ..sample.keys[0].clone()
    };
    assert_eq!(sample.verify().verdict, Verdict::Whole);
}

#[test]
fn a_checkpoint_is_of_the_same_tenant_and_key() {
    let (secret, public) = key(1);
    let note = |origin: &str, secret: &ed25519_dalek::SigningKey| {
        let head = LogHead { origin: origin.to_owned(), size: 7, root: Digest::of(b"root") };
        head.signed(&public, &secret.sign(head.text().as_bytes()).to_bytes()).into_bytes()
    };
    let mut sample = Sample::new(1);
    sample.files.insert(CHECKPOINT.to_owned(), note("export-center/log/acme", &secret));
    let report = sample.verify();
    assert_eq!((code(&report), report.log.map(|head| head.size)), ("whole", Some(7)));
    for bad in [
        note("export-center/log/other", &secret),
        note("export-center/log/acme", &key(2).0),
        Vec::new(),
        vec![255],
    ] {
        sample.files.insert(CHECKPOINT.to_owned(), bad);
        assert_eq!(code(&sample.verify()), "checkpoint_invalid");
    }
}

#[test]
fn one_file_of_fifty_thousand_is_proved_by_less_than_a_kibibyte() {
    let files = (0..50_000_u32)
        .map(|it| (format!("scans/service-{it:05}.json"), it.to_be_bytes().to_vec()))
        .collect();
    let (secret, public) = key(1);
    let draft = Draft::new(entries(&files), facts(1), public).unwrap();
    let signature = secret.sign(&draft.message()).to_bytes();
    let seal = draft.signed(signature).unwrap();
    let manifest: BundleManifest = serde_json::from_slice(&seal.manifest).unwrap();
    let root = seal.tree.root();
    for index in [0, 1, 41, 25_000, 49_998, 49_999] {
        let proof = ProofDocument::of(&manifest, index).unwrap();
        let bytes = proof.to_bytes();
        assert!(bytes.len() <= 1_024, "{} bytes: {}", bytes.len(), String::from_utf8_lossy(&bytes));
        let proof = ProofDocument::read(&bytes).unwrap();
        let file = &files[&proof.entry.path];
        let (size, sha256) = (file.len() as u64, Digest::of(file));
        assert_eq!(proof.verify(size, &sha256, &root), Ok(()));
        assert!(matches!(proof.verify(size, &Digest::of(b"x"), &root), Err(InvalidProof::File { .. })));
        assert!(matches!(proof.verify(size + 1, &sha256, &root), Err(InvalidProof::File { .. })));
        assert!(matches!(proof.verify(size, &sha256, &Digest::of(b"x")), Err(InvalidProof::Root(_))));
        let elsewhere = ProofDocument { index: index ^ 1, ..proof.clone() };
        assert!(matches!(elsewhere.verify(size, &sha256, &root), Err(InvalidProof::Root(_))));
        let mut renamed = proof;
        renamed.entry.path.push('x');
        assert!(matches!(renamed.verify(size, &sha256, &root), Err(InvalidProof::Root(_))));
    }
    assert!(ProofDocument::of(&manifest, 50_000).is_none());
}
