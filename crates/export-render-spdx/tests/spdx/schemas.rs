//! Every file is valid by the schemas that SPDX publishes, whatever it was made from.

use std::sync::LazyLock;

use export_contract::{MemorySnapshot, corpus};
use jsonschema::Validator;
use serde_json::Value;

use crate::support::{VERSIONS, documents, render, shared, snapshot, with_records, with_scan};

static SECOND: LazyLock<Option<Validator>> =
    LazyLock::new(|| validator("schemas/spdx/spdx-schema-v2.3.json"));
static THIRD: LazyLock<Option<Validator>> =
    LazyLock::new(|| validator("schemas/spdx/spdx-schema-v3.0.1.json"));

fn validator(path: &str) -> Option<Validator> {
    let schema: Value = serde_json::from_slice(&shared(path)?).unwrap();
    Some(jsonschema::options().should_validate_formats(true).build(&schema).unwrap())
}

/// Panics if a file is not valid; does nothing where the schemas are absent.
pub(crate) fn assert_valid(what: &str, version: &str, json: &Value) {
    let validator = if version == "2.3" { &*SECOND } else { &*THIRD };
    let Some(validator) = validator else { return };
    let wrong: Vec<String> =
        validator.iter_errors(json).map(|error| format!("{} {error:.400}", error.instance_path())).collect();
    assert!(wrong.is_empty(), "{what} as {version}:\n{}", wrong[..wrong.len().min(3)].join("\n"));
    assert_references_lead_somewhere(what, version, json);
}

/// Every id is one element's, and every reference leads to one.
fn assert_references_lead_somewhere(what: &str, version: &str, json: &Value) {
    use std::collections::HashSet;
    let mut ids: HashSet<&str> = HashSet::new();
    let elements: Vec<&Value> = if version == "2.3" {
        ["packages", "files", "snippets"]
            .iter()
            .flat_map(|list| json[*list].as_array().into_iter().flatten())
            .collect()
    } else {
        json["@graph"].as_array().unwrap().iter().collect()
    };
    for element in elements {
        let id = ["SPDXID", "spdxId", "@id"].iter().find_map(|member| element[*member].as_str()).unwrap();
        assert!(ids.insert(id), "{what} as {version}: two elements are called {id}");
    }
    ids.extend(["SPDXRef-DOCUMENT", "NONE", "NOASSERTION", "NoneElement", "NoAssertionElement"]);
    ids.extend(["expandedlicensing_NoneLicense", "expandedlicensing_NoAssertionLicense"]);
    let check = |id: &Value| {
        let id = id.as_str().unwrap();
        assert!(ids.contains(id), "{what} as {version}: {id} leads nowhere");
    };
    if version == "2.3" {
        for relationship in json["relationships"].as_array().unwrap() {
            check(&relationship["spdxElementId"]);
            check(&relationship["relatedSpdxElement"]);
        }
        return;
    }
    for element in json["@graph"].as_array().unwrap() {
        for member in [
            "from",
            "to",
            "suppliedBy",
            "originatedBy",
            "createdBy",
            "createdUsing",
            "subject",
            "rootElement",
            "dataLicense",
        ] {
            match &element[member] {
                Value::Array(ids) => ids.iter().for_each(check),
                Value::Null => {}
                id => check(id),
            }
        }
    }
}

#[test]
fn real_documents() {
    for (path, read) in documents() {
        for version in VERSIONS {
            let output = render(&snapshot(&read), version);
            assert_valid(path, version, &output.json);
        }
    }
}

#[test]
fn findings_with_and_without_a_document() {
    for version in VERSIONS {
        for records in [vec![], corpus::records(300), corpus::hostile_records()] {
            let alone = with_scan(MemorySnapshot::new(records.clone()));
            assert_valid("findings alone", version, &render(&alone, version).json);
            for (path, read) in documents().take(1) {
                let both = with_records(&read, records.clone());
                assert_valid(path, version, &render(&both, version).json);
            }
        }
    }
}
