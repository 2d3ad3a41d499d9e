//! Our forms against those of a JSON Schema validator: texts near the edge of each form are told alike.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

use export_core::sbom::SbomSection;
use export_sbom::{Object, Version, check, iri};
use proptest::prelude::*;
use serde_json::{Value, json};

/// Whether JSON Schema takes `text` for one of this format.
fn schema_takes(format: &str, text: &str) -> bool {
    let options = jsonschema::options().should_validate_formats(true);
    let schema =
        json!({"$schema": "http://json-schema.org/draft-07/schema#", "type": "string", "format": format});
    options.build(&schema).unwrap().is_valid(&json!(text))
}

/// Whether our table takes an object that has `text` in it.
fn we_take(section: SbomSection, object: &Value) -> bool {
    check(object, Object::of(section), Version::V1_7).is_ok()
}

fn takes_time(text: &str) -> bool {
    we_take(SbomSection::Vulnerabilities, &json!({"created": text}))
}

fn takes_email(text: &str) -> bool {
    we_take(SbomSection::Services, &json!({"name": "s", "provider": {"contact": [{"email": text}]}}))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn links(text in r"[a-c]{0,2}:?/{0,3}[a-z@:\[\]é漢%0-9 .|-]{0,8}[?#]{0,2}[a-z%2F ?#\u{e000}\u{fffe}]{0,5}") {
        prop_assert_eq!(iri::fits(&text), schema_takes("iri-reference", &text), "{:?}", text);
    }

    #[test]
    fn repaired_links_are_links(text in any::<String>()) {
        prop_assert!(schema_takes("iri-reference", &iri::repair(&text)), "{:?}", text);
        prop_assert!(schema_takes("uri-reference", &iri::to_uri(&text)), "{:?}", text);
    }

    #[test]
    fn times(text in r"(20|19|00)[0-9]{2}-[01][0-9]-[0-3][0-9][Tt ][0-2][0-9]:[0-6][0-9]:[0-6][0-9](\.[0-9]{0,3})?(Z|z|[+-][0-2][0-9]:[0-6][0-9]|)") {
        prop_assert_eq!(takes_time(&text), schema_takes("date-time", &text), "{:?}", text);
    }

    // `idn-email` needs tables that this validator is built without; for ASCII, `email` is the same.
    #[test]
    fn addresses(text in r#"[a-z.+"]{0,4}@{0,2}[a-z.-]{0,6}(\.[a-z]{2})?"#) {
        prop_assert_eq!(takes_email(&text), schema_takes("email", &text), "{:?}", text);
    }
}

#[test]
fn times_at_the_edge() {
    for text in [
        "2024-02-29T00:00:00Z",
        "2023-02-29T00:00:00Z",
        "1990-12-31T23:59:60Z",
        "1990-12-31T15:59:60-08:00",
        "1990-12-31T22:59:60Z",
        "2020-04-13",
        "2020-04-13T20:20:39",
        "2020-04-13T20:20:39.",
        "2020-04-13T20:20:39+24:00",
        "٢020-04-13T20:20:39Z",
        "",
    ] {
        assert_eq!(takes_time(text), schema_takes("date-time", text), "{text}");
    }
}
