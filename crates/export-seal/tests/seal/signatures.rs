//! Ed25519 (RFC 8032, Wycheproof, CCTV), DSSE, JWK thumbprints (RFC 8037), signed notes (C2SP).

use ed25519_dalek::{Signer as _, SigningKey};
use export_core::seal::PublicKey;
use export_seal::envelope::{Envelope, PAYLOAD_TYPE, pre_authentication};
use export_seal::jwks::Jwks;
use export_seal::note::{InvalidNote, LogHead, SignedNote};
use export_seal::signature;
use serde_json::Value;

use crate::vectors::{hex, list, read};

fn bytes<const N: usize>(value: &Value) -> Option<[u8; N]> {
    hex(value.as_str().unwrap()).try_into().ok()
}

fn verifies(key: &Value, message: &[u8], signature: &Value) -> bool {
    let (Some(key), Some(signature)) = (bytes(key), bytes(signature)) else { return false };
    signature::verify(&PublicKey::from_bytes(key), message, &signature).is_ok()
}

#[test]
fn rfc_8032_and_wycheproof() {
    let vectors = read("ed25519.json");
    for case in list(&vectors, "rfc8032") {
        let message = hex(case["message_hex"].as_str().unwrap());
        assert!(verifies(&case["public_hex"], &message, &case["signature_hex"]), "{}", case["name"]);
        let key = SigningKey::from_bytes(&bytes(&case["secret_hex"]).unwrap());
        assert_eq!(key.sign(&message).to_bytes(), bytes(&case["signature_hex"]).unwrap());
    }
    let (mut good, mut bad) = (0, 0);
    for case in list(&vectors, "wycheproof") {
        let verified = verifies(&case["pk"], &hex(case["msg"].as_str().unwrap()), &case["sig"]);
        assert_eq!(verified, case["result"] == "valid", "{case}");
        if verified { good += 1 } else { bad += 1 }
    }
    assert_eq!((good, bad), (88, 63));
}

#[test]
fn refuses_every_edge_that_verifiers_disagree_on() {
    const REFUSED: [&str; 5] =
        ["low_order_A", "low_order_R", "non_canonical_A", "non_canonical_R", "low_order_residue"];
    let mut refused = 0;
    for case in list(&read("ed25519_cctv_edge.json"), "vectors") {
        let flags: Vec<&str> = case["flags"]
            .as_array()
            .map_or(Vec::new(), |flags| flags.iter().map(|flag| flag.as_str().unwrap()).collect());
        let verified = verifies(&case["key"], case["msg"].as_str().unwrap().as_bytes(), &case["sig"]);
        if flags.iter().any(|flag| REFUSED.contains(flag)) {
            assert!(!verified, "{case}");
            refused += 1;
        }
    }
    assert!(refused > 200, "{refused}");
}

/// The vector's signature is ECDSA, which we have no use for: what is signed and the shape are the same for all keys.
#[test]
fn what_dsse_signs() {
    let vectors = read("dsse.json");
    for case in list(&vectors, "vectors") {
        let body = case["body_utf8"].as_str().unwrap();
        let ours = pre_authentication(case["payloadType"].as_str().unwrap(), body.as_bytes());
        assert_eq!(String::from_utf8(ours).unwrap(), case["pae_utf8"].as_str().unwrap());
    }
    for case in list(&vectors, "pae_edge_cases") {
        let ours = pre_authentication(
            case["payloadType"].as_str().unwrap(),
            &hex(case["body_hex"].as_str().unwrap()),
        );
        assert_eq!(ours, hex(case["pae_hex"].as_str().unwrap()));
    }
}

#[test]
fn an_envelope_has_one_form() {
    let key = SigningKey::from_bytes(&[7; 32]);
    let public = PublicKey::from_bytes(key.verifying_key().to_bytes());
    let payload = b"{}x".to_vec(); // four characters of base64 hold it without bits to spare; the signature has such bits
    let mut envelope = Envelope { payload, key_id: public.id(), signature: Vec::new() };
    envelope.signature = key.sign(&envelope.message()).to_bytes().to_vec();
    let good = String::from_utf8(envelope.to_bytes()).unwrap();
    assert_eq!(Envelope::read(good.as_bytes()).unwrap(), envelope);
    let sig = good.rsplit('"').nth(1).unwrap();
    let last = sig.as_bytes()[85];
    let other_bits = char::from(if last == b'A' { b'B' } else { b'A' + (last - b'A') % 26 + 1 });
    let spare = format!("{}{other_bits}==", &sig[..85]);
    for (what, bad) in [
        ("space behind", format!("{good} ")),
        ("line feed", format!("{good}\n")),
        ("space inside", good.replacen(':', ": ", 1)),
        ("unknown member", good.replacen('{', r#"{"a":1,"#, 1)),
        ("order", format!(r#"{{"payloadType":"{PAYLOAD_TYPE}","payload":"e30=","signatures":[]}}"#)),
        ("twice", good.replacen(r#"{"payload""#, r#"{"payload":"e314","payload""#, 1)),
        ("type", good.replacen(PAYLOAD_TYPE, "application/json", 1)),
        ("url-safe", good.replace(sig, &sig.replace('+', "-").replace('/', "_").replace("==", "%%"))),
        ("no padding", good.replace(sig, sig.trim_end_matches('='))),
        ("spare bits", good.replace(sig, &spare)),
        ("escape", good.replacen("payloadType", "payload\\u0054ype", 1)),
        (
            "two signatures",
            good.replacen("}]", r#"},{"keyid":"kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k","sig":""}]"#, 1),
        ),
        ("no signature", format!(r#"{{"payload":"e30=","payloadType":"{PAYLOAD_TYPE}","signatures":[]}}"#)),
    ] {
        assert_ne!(bad, good, "{what}");
        assert!(Envelope::read(bad.as_bytes()).is_err(), "{what}: {bad}");
    }
}

#[test]
fn keys_of_rfc_8037() {
    let vectors = read("rfc8037_okp_jwk.json");
    let text = serde_json::to_vec(&vectors["public_jwk"]).unwrap();
    let keys = Jwks::read(&text).unwrap();
    assert_eq!(keys[0].key.id().as_str(), vectors["rfc7638_thumbprint"].as_str().unwrap());
    let round = Jwks::read(&serde_json::to_vec(&Jwks::of(&keys)).unwrap()).unwrap();
    assert_eq!(round, keys);
    for bad in [
        r#"{"keys":[]}"#,
        r#"{"kty":"RSA","n":"","e":""}"#,
        r#"{"kty":"OKP","crv":"Ed25519","x":"AA"}"#,
        r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","kid":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#,
        r#"{"keys":[],"keys":[]}"#,
        // The same key twice, of which one may be revoked; a key for something else.
        r#"{"keys":[{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","status":"revoked","revoked_at":"2026-01-01T00:00:00Z"}]}"#,
        r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo","use":"enc"}"#,
        "[]",
        "",
    ] {
        assert!(Jwks::read(bad.as_bytes()).is_err(), "{bad}");
    }
}

#[test]
fn the_note_of_c2sp() {
    let vectors = read("c2sp_signed_note.json");
    let note = vectors["note"].as_str().unwrap();
    let vkey = vectors["vkey"].as_str().unwrap();
    // name+hash+base64(0x01 and the key), C2SP signed-note, "Verifier keys".
    let encoded = vkey.splitn(3, '+').nth(2).unwrap();
    let bytes = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, encoded).unwrap();
    let key = PublicKey::from_bytes(bytes[1..].try_into().unwrap());
    assert_eq!(SignedNote::read(note).unwrap().verify(&[key]), Ok(key));
    let changed = note.replace("example message", "example massage");
    assert_eq!(SignedNote::read(&changed).unwrap().verify(&[key]), Err(InvalidNote::Signature));
    let other = PublicKey::from_bytes([9; 32]);
    assert_eq!(SignedNote::read(note).unwrap().verify(&[other]), Err(InvalidNote::UnknownKey));
}

#[test]
fn a_checkpoint_has_the_shape_of_c2sp_and_no_other() {
    let vectors = read("c2sp_signed_note.json");
    let example = vectors["checkpoint_example"].as_str().unwrap();
    let mut lines = example.lines();
    let (origin, size, root) = (lines.next().unwrap(), lines.next().unwrap(), lines.next().unwrap());
    let root = base64::Engine::decode(&base64::engine::general_purpose::STANDARD, root).unwrap();
    let head = LogHead {
        origin: origin.to_owned(),
        size: size.parse().unwrap(),
        root: export_core::digest::Digest::from_bytes(root.try_into().unwrap()),
    };
    assert_eq!(head.text(), example);
    let key = SigningKey::from_bytes(&[7; 32]);
    let public = PublicKey::from_bytes(key.verifying_key().to_bytes());
    let note = head.signed(&public, &key.sign(head.text().as_bytes()).to_bytes());
    assert_eq!(LogHead::read(&note, &[public]).unwrap(), (head, public));
    for at in 0..note.len() {
        for bit in 0..8 {
            let mut bytes = note.clone().into_bytes();
            bytes[at] ^= 1 << bit;
            let changed = String::from_utf8(bytes).map(|text| LogHead::read(&text, &[public]).is_err());
            assert!(changed.unwrap_or(true), "byte {at}, bit {bit}");
        }
        let _shorter = note.get(..at).map(|text| assert!(LogHead::read(text, &[public]).is_err(), "{at}"));
    }
}
