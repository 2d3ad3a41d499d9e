//! RFC 8785: the files and numbers of its authors.

use ed25519_dalek::Signer as _;
use export_core::digest::Digest;
use export_seal::canonical::{NotCanonical, parse, parse_canonical, to_vec};
use export_seal::envelope::Envelope;
use export_seal::manifest::BundleManifest;
use export_seal::seal::Draft;
use export_seal::statement::TemplateClaim;

use crate::vectors::{hex, list, read};

#[test]
fn gives_the_bytes_of_the_vectors() {
    for file in list(&read("jcs_rfc8785.json"), "files") {
        let (input, output) =
            ["input_hex", "output_hex"].map(|name| hex(file[name].as_str().unwrap())).into();
        let value = parse(&input).unwrap();
        assert_eq!(to_vec(&value), output, "{}", file["name"]);
        assert_eq!(to_vec(&parse_canonical(&output).unwrap()), output, "{}", file["name"]);
        if input != output {
            assert_eq!(parse_canonical(&input).unwrap_err(), NotCanonical::Form, "{}", file["name"]);
        }
    }
}

#[test]
fn writes_numbers_as_the_vectors_do() {
    let mut count = 0;
    for number in list(&read("jcs_rfc8785.json"), "numbers") {
        let bits = u64::from_str_radix(number["ieee754_hex"].as_str().unwrap(), 16).unwrap();
        let Some(json) = number["json"].as_str() else {
            assert!(!f64::from_bits(bits).is_finite());
            continue;
        };
        assert_eq!(String::from_utf8(to_vec(&f64::from_bits(bits))).unwrap(), json);
        count += 1;
    }
    assert_eq!(count, 24);
}

#[test]
fn refuses_what_has_no_canonical_form() {
    for case in list(&read("jcs_rfc8785.json"), "must_reject") {
        assert!(parse(case["json"].as_str().unwrap().as_bytes()).is_err(), "{}", case["why"]);
    }
}

#[test]
fn refuses_every_other_form() {
    let good = br#"{"a":[1,2],"b":"x"}"#;
    assert!(parse_canonical(good).is_ok());
    for bad in [
        r#"{"a":[1,2],"b":"x"} "#,
        r#"{"a": [1,2],"b":"x"}"#,
        r#"{"b":"x","a":[1,2]}"#,
        r#"{"a":[1,2],"b":"\u0078"}"#,
        r#"{"a":[1.0,2],"b":"x"}"#,
        r#"{"a":[1e0,2],"b":"x"}"#,
        r#"{"a":[1,2],"a":[1,2],"b":"x"}"#,
        "\u{feff}{\"a\":[1,2],\"b\":\"x\"}",
    ] {
        assert!(parse_canonical(bad.as_bytes()).is_err(), "{bad}");
    }
}

/// What is sealed is written by serde_json, whose members stand as they are declared: they must stand in order.
#[test]
fn what_is_sealed_is_canonical_whatever_is_in_it() {
    let odd = "\u{1}\u{7f}\u{80}\u{2028}\"\\/\t\n\u{8}\u{c}\r\u{ffff}\u{1f600}é";
    let path = "scans/\u{2028}\"\u{ffff}\u{1f600}é.json".to_owned();
    let mut entries = crate::sealed::entries(&[(path, b"x".to_vec())].into());
    entries[0].id = Some(odd.to_owned());
    entries[0].media_type = odd.to_owned();
    let mut facts = crate::sealed::facts(1);
    facts.generator.name = odd.to_owned();
    facts.template = Some(TemplateClaim { name: odd.to_owned(), sha256: Digest::of(b"t") });
    let (secret, public) = crate::sealed::key(1);
    let draft = Draft::new(entries, facts, public).unwrap();
    let signature = secret.sign(&draft.message()).to_bytes();
    let seal = draft.signed(signature).unwrap();
    let envelope = Envelope::read(&seal.attestation).unwrap();
    for bytes in [&seal.manifest, &seal.attestation, &envelope.payload] {
        assert!(parse_canonical(bytes).is_ok(), "{}", String::from_utf8_lossy(bytes));
    }
    let leaf = serde_json::from_slice::<BundleManifest>(&seal.manifest).unwrap().entries.remove(0);
    assert_eq!(leaf.leaf(), export_seal::merkle::leaf(&to_vec(&leaf)));
}
