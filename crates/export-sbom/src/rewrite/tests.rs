//! What becomes of objects in other versions.

use export_core::sbom::SbomSection;
use serde_json::json;

use super::*;
use crate::check::check;
use crate::version::Version::{V1_4, V1_7};

fn rewritten(mut value: Value, kind: &'static Object, target: Version) -> (Value, Vec<(String, Fate)>) {
    check(&value, kind, V1_7).unwrap();
    let mut losses = Vec::new();
    assert!(rewrite(&mut value, kind, target, &mut |loss| losses.push((loss.pointer, loss.fate))));
    check(&value, kind, target).unwrap();
    losses.sort_by(|a, b| a.0.cmp(&b.0));
    (value, losses)
}

fn told(losses: &[(String, Fate)]) -> Vec<(&str, Fate)> {
    losses.iter().map(|(pointer, fate)| (pointer.as_str(), *fate)).collect()
}

#[test]
fn what_came_later_is_dropped_falls_back_or_moves() {
    let component = json!({
        "type": "cryptographic-asset", "name": "a", "tags": ["x"],
        "authors": [{"name": "Ann", "email": "ann@example.org"}, {"name": "Ben"}],
        "hashes": [{"alg": "Streebog-256", "content": "3942447fac867ae5cdb3229b658f4d48"},
                   {"alg": "MD5", "content": "3942447fac867ae5cdb3229b658f4d48"}],
        "externalReferences": [{"type": "source-distribution", "url": "https://example.org"}],
        "licenses": [{"license": {"id": "MIT"}}, {"expression": "MIT OR Zlib"}],
    });
    let (old, losses) = rewritten(component.clone(), Object::of(SbomSection::Components), V1_4);
    assert_eq!(
        old,
        json!({
            "type": "file", "name": "a", "author": "Ann <ann@example.org>, Ben",
            "hashes": [{"alg": "MD5", "content": "3942447fac867ae5cdb3229b658f4d48"}],
            "externalReferences": [{"type": "distribution", "url": "https://example.org"}],
            "licenses": [{"license": {"id": "MIT"}}, {"expression": "MIT OR Zlib"}],
        })
    );
    let expected = [
        ("/authors", Fate::Changed),
        ("/externalReferences/0/type", Fate::Changed),
        ("/hashes/0", Fate::Dropped),
        ("/tags", Fate::Dropped),
        ("/type", Fate::Changed),
    ];
    assert_eq!(told(&losses), expected);
    let (middle, _) = rewritten(component, Object::of(SbomSection::Components), V1_6);
    assert_eq!(middle["licenses"][1], json!({"license": {"name": "MIT OR Zlib"}}));
}

#[test]
fn tools_become_a_list_and_what_a_tool_cannot_have_is_told() {
    let metadata = json!({
        "tools": {
            "components": [{"type": "application", "name": "syft", "version": "1", "publisher": "anchore",
                            "purl": "pkg:x/y"}],
            "services": [{"name": "scan", "provider": {"name": "acme"}}],
        },
        "manufacturer": {"name": "m", "address": {"country": "de"}},
    });
    let (old, losses) = rewritten(metadata, Object::METADATA, V1_4);
    assert_eq!(
        old,
        json!({
            "tools": [{"vendor": "anchore", "name": "syft", "version": "1"}, {"vendor": "acme", "name": "scan"}],
            "manufacture": {"name": "m"},
        })
    );
    let expected = [
        ("/manufacture/address", Fate::Dropped),
        ("/manufacturer", Fate::Changed),
        ("/tools", Fate::Changed),
        ("/tools/components/0/purl", Fate::Dropped),
    ];
    assert_eq!(told(&losses), expected);
}

#[test]
fn items_that_become_the_same_are_kept_once() {
    let parent = json!({
        "type": "library", "name": "p",
        "components": [{"type": "library", "name": "a", "tags": ["x"]}, {"type": "library", "name": "a"}],
    });
    let (old, losses) = rewritten(parent, Object::of(SbomSection::Components), V1_4);
    assert_eq!(old["components"], json!([{"type": "library", "name": "a"}]));
    assert_eq!(told(&losses), [("/components/0/tags", Fate::Dropped), ("/components/1", Fate::Dropped)]);
}

#[test]
fn a_signature_lives_as_long_as_what_it_signs() {
    let signature = json!({"algorithm": "ES256", "value": "x"});
    let service = json!({
        "name": "outer", "signature": signature,
        "services": [{"name": "same", "signature": signature}, {"name": "b", "tags": ["t"], "signature": signature}],
    });
    let kind = Object::of(SbomSection::Services);
    let (same, losses) = rewritten(service.clone(), kind, V1_6);
    assert_eq!((&same, losses.len()), (&service, 0));
    let (old, losses) = rewritten(service.clone(), kind, V1_4);
    assert_eq!(
        old,
        json!({"name": "outer", "services": [{"name": "same", "signature": signature}, {"name": "b"}]})
    );
    let expected = [
        ("/services/1/signature", Fate::Dropped),
        ("/services/1/tags", Fate::Dropped),
        ("/signature", Fate::Dropped),
    ];
    assert_eq!(told(&losses), expected);
    let mut renamed = service;
    let target = Target { version: V1_7, is_renamed: true };
    assert!(rewrite(&mut renamed, kind, target, &mut |_| {}));
    assert!(!renamed.to_string().contains("signature"));
}

#[test]
fn an_object_that_loses_what_it_needs_is_lost_as_a_whole() {
    let kind = Object::of(SbomSection::Citations);
    let mut losses = Vec::new();
    let mut value = json!({"name": "no citation"});
    assert!(!rewrite(&mut value, kind, V1_7, &mut |loss| losses.push(loss)));
    assert_eq!(losses.last().map(|loss| (loss.field.as_str(), loss.fate)), Some(("", Fate::Dropped)));
}

#[test]
fn properties_of_old_get_what_they_lack() {
    let mut value = json!({"value": "v", "x": 1});
    let kind = Object::of(SbomSection::Properties);
    check(&value, kind, V1_5).unwrap();
    let mut count = 0;
    assert!(rewrite(&mut value, kind, V1_7, &mut |_| count += 1));
    assert_eq!((value, count), (json!({"name": "", "value": "v"}), 2));
}
