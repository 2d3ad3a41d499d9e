//! Held to `serde_json`.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde::Serialize;
use serde_json::Value;

use super::write;

#[derive(Serialize)]
struct Kinds<'a> {
    flag: bool,
    small: i8,
    large: u64,
    wide: i128,
    float: f64,
    single: f32,
    nothing: Option<u8>,
    something: Option<char>,
    unit: (),
    marker: Marker,
    pair: (u8, &'a str),
    wrapped: Wrapped<'a>,
    several: Several,
    variants: [Variant<'a>; 4],
    map: BTreeMap<&'a str, u8>,
    #[serde(flatten)]
    more: Variant<'a>,
    #[serde(skip_serializing_if = "str::is_empty")]
    empty: &'a str,
}

#[derive(Serialize)]
struct Marker;
#[derive(Serialize)]
struct Wrapped<'a>(&'a str);
#[derive(Serialize)]
struct Several(u8, f64);

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum Variant<'a> {
    Unit,
    New(&'a str),
    Tuple(u8, u8),
    Struct { a: u8, b: &'a [u8] },
}

fn written<T: Serialize + ?Sized>(value: &T) -> String {
    let mut out = Vec::new();
    write(value, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn every_kind_of_serde_is_written_like_serde_json() {
    let kinds = Kinds {
        flag: true,
        small: -128,
        large: u64::MAX,
        wide: i128::MIN,
        float: 0.00043,
        single: f32::NAN,
        nothing: None,
        something: Some('"'),
        unit: (),
        marker: Marker,
        pair: (0, "\u{1b}"),
        wrapped: Wrapped("x"),
        several: Several(1, 10.0),
        variants: [
            Variant::Unit,
            Variant::New("n"),
            Variant::Tuple(1, 2),
            Variant::Struct { a: 1, b: b"ab" },
        ],
        map: BTreeMap::from([("k\"", 1), ("l", 2)]),
        more: Variant::New("flat"),
        empty: "",
    };
    assert_eq!(written(&kinds), serde_json::to_string(&kinds).unwrap());
    assert_eq!(written(&format_args!("a{}\n", '"')), r#""a\"\n""#);
    assert_eq!(written(&[(); 0]), "[]");
}

#[test]
fn keys_are_strings() {
    let mut out = Vec::new();
    assert!(write(&BTreeMap::from([(1, 2)]), &mut out).is_err());
}

fn values() -> impl Strategy<Value = Value> {
    let text = "[ -~\u{0}-\u{20}\"\\\\\u{7f}é\u{2028}🔥]{0,60}";
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text.prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 64, 8, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..8).prop_map(Value::from),
            proptest::collection::vec((text, inner), 0..8)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_value_is_written_like_serde_json(value in values()) {
        prop_assert_eq!(written(&value), value.to_string());
    }
}
