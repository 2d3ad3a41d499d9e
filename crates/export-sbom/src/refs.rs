//! Names of objects, and where they are referred to.

use serde_json::Value;

use crate::check::is_of;
use crate::path::Path;
use crate::table::{EXPRESSION_CHOICE, LICENCE_CHOICE, Object, Type};

/// What a reference does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It names the component or service it stands in.
    NamesPart,
    /// It names another object.
    Names,
    /// It refers to an object of this name, or of another document (`urn:cdx:...`).
    Refers,
}

/// Calls `visit` with every reference in a valid object, which may be changed there.
pub fn each_ref(
    value: &mut Value,
    kind: &'static Object,
    visit: &mut dyn FnMut(Role, &mut String, &Path<'_>),
) {
    object(value, kind, &Path::ROOT, visit);
}

type Visit<'v> = &'v mut dyn FnMut(Role, &mut String, &Path<'_>);

fn object(value: &mut Value, kind: &'static Object, path: &Path<'_>, visit: Visit<'_>) {
    let names = if kind.is_part() { Role::NamesPart } else { Role::Names };
    for (name, value) in value.as_object_mut().into_iter().flatten() {
        let path = path.member(name);
        match (kind.member(name).map(|member| &member.kind), value) {
            (Some(Type::Ref), Value::String(text)) => visit(names, text, &path),
            (Some(kind), value) => walk(value, kind, &path, visit),
            (None, _) => {}
        }
    }
}

fn walk(value: &mut Value, kind: &'static Type, path: &Path<'_>, visit: Visit<'_>) {
    match (kind, value) {
        (Type::Link, Value::String(text)) => visit(Role::Refers, text, path),
        (Type::Obj(kind), value) => object(value, kind, path, visit),
        (Type::List(item) | Type::Set(item) | Type::Filled(item), Value::Array(items)) => {
            for (index, value) in items.iter_mut().enumerate() {
                walk(value, item, &path.item(index), visit);
            }
        }
        (Type::Either(alternatives), value) => {
            if let Some((_, kind)) = alternatives.iter().find(|(_, kind)| is_of(value, kind)) {
                walk(value, kind, path, visit);
            }
        }
        (Type::Licences, Value::Array(choices)) => {
            for (index, choice) in choices.iter_mut().enumerate() {
                let is_licence = choice.get("license").is_some();
                let kind = if is_licence { &LICENCE_CHOICE } else { &EXPRESSION_CHOICE };
                object(choice, kind, &path.item(index), visit);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use export_core::sbom::SbomSection;
    use serde_json::json;

    use super::*;

    #[test]
    fn every_reference_is_visited_and_may_be_changed() {
        let mut component = json!({
            "type": "library", "name": "a", "bom-ref": "a",
            "components": [{"type": "library", "name": "b", "bom-ref": "b"}],
            "licenses": [{"license": {"id": "MIT", "bom-ref": "c"}}, {"expression": "MIT", "bom-ref": "d"}],
            "evidence": {"identity": [{"field": "purl", "tools": ["e", "urn:cdx:f"]}]},
        });
        let mut seen = Vec::new();
        each_ref(&mut component, Object::of(SbomSection::Components), &mut |role, text, path| {
            seen.push((role, path.pointer()));
            text.insert(0, '1');
        });
        let expected = [
            (Role::NamesPart, "/bom-ref"),
            (Role::NamesPart, "/components/0/bom-ref"),
            (Role::Refers, "/evidence/identity/0/tools/0"),
            (Role::Refers, "/evidence/identity/0/tools/1"),
            (Role::Names, "/licenses/0/license/bom-ref"),
            (Role::Names, "/licenses/1/bom-ref"),
        ];
        let seen: Vec<_> = seen.iter().map(|(role, pointer)| (*role, pointer.as_str())).collect();
        assert_eq!(seen, expected);
        assert_eq!(component["components"][0]["bom-ref"], "1b");

        let mut dependency = json!({"ref": "a", "dependsOn": ["b"], "provides": ["c"]});
        let mut count = 0;
        each_ref(&mut dependency, Object::of(SbomSection::Dependencies), &mut |_, _, _| count += 1);
        assert_eq!(count, 3);
    }
}
