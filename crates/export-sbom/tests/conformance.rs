//! The standard's own examples and counter-examples. Skipped, visibly, where they are absent.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

use std::path::{Path, PathBuf};

use export_sbom::{Loss, Object, Version, check, rewrite};
use serde_json::Value;

/// The folder of data that is not part of this repository; none, said loudly, if it is absent.
#[expect(clippy::print_stdout, reason = "a skipped test must be seen")]
fn shared(path: &str) -> Option<PathBuf> {
    let root = match std::env::var_os("EXPORT_SHARED_DATA") {
        Some(root) => PathBuf::from(root),
        None => Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
    };
    let path = root.join(path);
    if !path.exists() {
        println!("SKIPPED: {} is absent", path.display());
        return None;
    }
    Some(path)
}

/// The JSON files of one version whose names begin with `prefix`, in order.
fn files(version: Version, prefix: &str) -> Vec<(String, Value)> {
    let Some(folder) = shared(&format!("reference/conformance/cyclonedx/{version}")) else { return vec![] };
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let name = |path: &PathBuf| path.file_name().unwrap().to_string_lossy().into_owned();
    files
        .iter()
        .filter(|path| name(path).starts_with(prefix) && path.extension().is_some_and(|it| it == "json"))
        .map(|path| (name(path), serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()))
        .collect()
}

#[test]
fn every_valid_example_keeps_to_the_table() {
    let mut count = 0;
    for version in Version::ALL {
        for (name, document) in files(version, "valid-") {
            if let Err(violation) = check(&document, Object::DOCUMENT, version) {
                panic!("{name}: {violation}");
            }
            count += 1;
        }
    }
    println!("{count} valid examples");
}

#[test]
fn every_invalid_example_is_refused_at_its_place() {
    for version in Version::ALL {
        for (name, document) in files(version, "invalid-") {
            let violation = check(&document, Object::DOCUMENT, version).expect_err(&name);
            println!("{version}\t{name}\t{}\t{}", violation.pointer, violation.message);
        }
    }
}

/// The official schema of one version, with formats.
fn schema(version: Version) -> Option<jsonschema::Validator> {
    let folder = shared("schemas/cyclonedx")?;
    let read =
        |name: &str| -> Value { serde_json::from_slice(&std::fs::read(folder.join(name)).unwrap()).unwrap() };
    let mut registry = jsonschema::Registry::new();
    for name in ["spdx.schema.json", "jsf-0.82.schema.json", "cryptography-defs.schema.json"] {
        registry = registry.add(format!("http://cyclonedx.org/schema/{name}"), read(name)).unwrap();
    }
    let registry = registry.prepare().unwrap();
    let schema = read(&format!("bom-{version}.schema.json"));
    let options = jsonschema::options().with_registry(&registry).should_validate_formats(true);
    Some(options.build(&schema).unwrap())
}

#[test]
fn every_valid_example_is_valid_in_every_version_it_is_rewritten_to() {
    let versions = [Version::V1_4, Version::V1_5, Version::V1_6, Version::V1_7];
    for target in versions {
        let Some(schema) = schema(target) else { return };
        for from in versions {
            for (name, mut document) in files(from, "valid-") {
                let mut losses = Vec::new();
                let before = document.clone();
                let kept = rewrite(&mut document, Object::DOCUMENT, target, &mut |loss| losses.push(loss));
                assert!(kept, "{name} to {target}");
                document["specVersion"] = target.as_str().into();
                document.as_object_mut().unwrap().remove("$schema");
                check(&document, Object::DOCUMENT, target).unwrap();
                let wrong: Vec<String> =
                    schema.iter_errors(&document).map(|it| format!("{} {it}", it.instance_path())).collect();
                assert!(wrong.is_empty(), "{name} to {target}: {wrong:?}");
                if from <= target {
                    assert_nothing_is_lost_untold(&name, &before, &document, &losses);
                }
            }
        }
    }
}

/// What is another in a later version is a property that has no name, and was told.
fn assert_nothing_is_lost_untold(name: &str, before: &Value, after: &Value, losses: &[Loss]) {
    let mut expected = before.clone();
    expected.as_object_mut().unwrap().remove("$schema");
    expected["specVersion"] = after["specVersion"].clone();
    // From behind, so that the places of earlier ones stay what they are.
    for loss in losses.iter().rev() {
        assert!(loss.pointer.contains("/properties/"), "{name}: {loss:?}");
        let (parent, member) = loss.pointer.rsplit_once('/').unwrap();
        match expected.pointer_mut(parent).unwrap() {
            Value::Object(members) => drop(members.remove(member)),
            Value::Array(items) => drop(items.remove(member.parse().unwrap())),
            other => panic!("{other}"),
        }
    }
    assert_eq!(after, &expected, "{name}");
}
