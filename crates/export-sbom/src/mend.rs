//! Repairs what real tools get wrong where it is clear what they meant.

use serde_json::Value;

use crate::check::{Kind, Violation};
use crate::form::{Form, iri};

/// Repairs the place of a violation in the value that was checked. What was done, in words; none if the violation
/// has no clear meaning, which leaves the value as it was.
///
/// * Characters that a link cannot have are percent-encoded.
/// * An address for mail that is none is left out.
/// * An item that its list has already is left out, unless it has a name of its own: two objects of one name are a
///   contradiction.
pub fn mend(value: &mut Value, violation: &Violation) -> Option<&'static str> {
    match violation.kind {
        Kind::Form(Form::Iri) => {
            let Some(Value::String(link)) = value.pointer_mut(&violation.pointer) else { return None };
            let repaired = iri::repair(link).into_owned();
            *link = repaired;
            Some("characters that a link cannot have were percent-encoded")
        }
        Kind::Form(Form::Email) => {
            remove(value, &violation.pointer)?;
            Some("an address for mail that is none was left out")
        }
        Kind::Repeated => {
            let has_name = value.pointer(&violation.pointer)?.get("bom-ref").is_some();
            if has_name {
                return None;
            }
            remove(value, &violation.pointer)?;
            Some("an item that its list has already was left out")
        }
        Kind::Form(_) | Kind::Other => None,
    }
}

fn remove(value: &mut Value, pointer: &str) -> Option<()> {
    let (parent, last) = pointer.rsplit_once('/')?;
    match value.pointer_mut(parent)? {
        Value::Object(members) => members.remove(&last.replace("~1", "/").replace("~0", "~")).map(drop),
        Value::Array(items) => {
            let index = last.parse().ok().filter(|index| *index < items.len())?;
            items.remove(index);
            Some(())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use export_core::sbom::SbomSection;
    use serde_json::json;

    use super::*;
    use crate::{Object, Version, check};

    #[test]
    fn only_what_is_clear_is_mended() {
        let kind = Object::of(SbomSection::Components);
        let mut component = json!({
            "type": "library", "name": "a", "authors": [{"name": "n", "email": "n at example.org"}],
            "externalReferences": [{"type": "vcs", "url": "git@example.org:a b.git"}],
            "components": [{"type": "file", "name": "f"}, {"type": "file", "name": "f"}],
        });
        let mut done = Vec::new();
        while let Err(violation) = check(&component, kind, Version::V1_6) {
            done.push(mend(&mut component, &violation).unwrap());
        }
        assert_eq!(done.len(), 3);
        assert_eq!(
            component,
            json!({
                "type": "library", "name": "a", "authors": [{"name": "n"}],
                "externalReferences": [{"type": "vcs", "url": "git@example.org%3Aa%20b.git"}],
                "components": [{"type": "file", "name": "f"}],
            })
        );
        for unclear in [
            json!({"type": "service", "name": "a"}),
            json!({"type": "library", "name": "a", "extra": 1}),
            json!({"type": "library", "name": "a", "components": [
                {"type": "file", "name": "f", "bom-ref": "r"}, {"type": "file", "name": "f", "bom-ref": "r"}]}),
        ] {
            let violation = check(&unclear, kind, Version::V1_6).unwrap_err();
            let mut after = unclear.clone();
            assert_eq!((mend(&mut after, &violation), &after), (None, &unclear));
        }
    }
}
