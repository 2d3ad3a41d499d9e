//! A token that was made and verified elsewhere, and everything that one wrong bit makes of it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use export_core::digest::Digest;
use export_timestamp::{Anchors, Invalid, normal_form, read_anchors, request, verify};

struct Vector {
    query: Vec<u8>,
    answer: Vec<u8>,
    root: Anchors,
    over: Digest,
}

const NONCE: u64 = 0x489f_d6fd_5b27_827b;

fn vector() -> Vector {
    let text = include_str!("data/rfc3161_example.json");
    let json: serde_json::Value = serde_json::from_str(text).unwrap();
    let bytes = |name: &str| STANDARD.decode(json[name].as_str().unwrap()).unwrap();
    let query = bytes("tsq_b64");
    // The imprint of the query: 32 bytes behind its algorithm.
    let over = Digest::from_bytes(query[24..56].try_into().unwrap());
    let root = read_anchors(json["ca_pem"].as_str().unwrap().as_bytes()).unwrap();
    Vector { query, answer: bytes("tsr_b64"), root, over }
}

#[test]
fn a_request_has_the_bytes_of_openssl() {
    let vector = vector();
    assert_eq!(request(vector.over, NONCE), vector.query);
}

#[test]
fn the_vector_is_accepted() {
    let vector = vector();
    let stamp = verify(&vector.answer, vector.over, &vector.root, Some(NONCE)).unwrap();
    assert_eq!(stamp.at.to_string(), "2026-11-23T12:14:41Z");
    assert_eq!(stamp.authority, "CN=Test TSA");
    assert!(stamp.trusted);
    let stamp = verify(&vector.answer, vector.over, &Anchors::default(), None).unwrap();
    assert!(!stamp.trusted);
    assert_eq!(normal_form(&vector.answer).unwrap(), vector.answer);
}

#[test]
fn another_digest_and_another_nonce_are_refused() {
    let vector = vector();
    let other = verify(&vector.answer, Digest::of(b"another signature"), &vector.root, None);
    assert_eq!(other, Err(Invalid::OtherDigest));
    let other = verify(&vector.answer, vector.over, &vector.root, Some(NONCE + 1));
    assert_eq!(other, Err(Invalid::OtherNonce));
}

/// With and without a trusted root: no bit can be turned, no byte added or left out.
#[test]
fn no_bit_can_be_turned() {
    let vector = vector();
    for anchors in [&vector.root, &Anchors::default()] {
        let mut accepted = Vec::new();
        for bit in 0..vector.answer.len() * 8 {
            let mut bytes = vector.answer.clone();
            bytes[bit / 8] ^= 1 << (bit % 8);
            if verify(&bytes, vector.over, anchors, None).is_ok() {
                accepted.push(bit);
            }
        }
        assert_eq!(accepted, [0_usize; 0], "of {} bits", vector.answer.len() * 8);
    }
}

#[test]
fn no_byte_can_be_added_or_left_out() {
    let vector = vector();
    let refused = |bytes: &[u8]| verify(bytes, vector.over, &vector.root, None).unwrap_err();
    let longer = [vector.answer.as_slice(), b"\0"].concat();
    assert!(matches!(refused(&longer), Invalid::Encoding { .. }));
    for length in 0..vector.answer.len() {
        assert!(matches!(refused(&vector.answer[..length]), Invalid::Encoding { .. }), "{length}");
    }
    for place in 0..vector.answer.len() {
        let mut bytes = vector.answer.clone();
        bytes.remove(place);
        refused(&bytes);
        let mut bytes = vector.answer.clone();
        bytes.insert(place, bytes[place]);
        refused(&bytes);
    }
}

#[test]
fn a_refusal_is_told_with_its_words() {
    // PKIStatusInfo: rejection, "no\n".
    let refusal = [0x30, 12, 0x30, 10, 2, 1, 2, 0x30, 5, 0x0C, 3, b'n', b'o', b'\n'];
    let told = verify(&refusal, Digest::of(b""), &Anchors::default(), None).unwrap_err();
    assert_eq!(told.to_string(), "the authority did not grant it (status 2: no)");
}

#[test]
fn anchors_are_pem_or_der() {
    for (bytes, told) in [
        (&b""[..], "it has no certificate (PEM or DER)"),
        (b"hello", "it has no certificate (PEM or DER)"),
        (b"0\x03\x02\x01\x00", "certificate 1 cannot be read"),
        (
            b"-----BEGIN CERTIFICATE-----\nMAMCAQA=\n-----END CERTIFICATE-----\n",
            "certificate 1 cannot be read",
        ),
    ] {
        let error = read_anchors(bytes).unwrap_err().to_string();
        assert!(error.starts_with(told), "{error}");
    }
}
