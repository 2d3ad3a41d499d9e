//! What comes back: CycloneDX by way of SPDX, and SPDX by way of our own elements.

use std::collections::{BTreeMap, BTreeSet};

use export_core::sbom::SbomFamily;
use serde_json::{Value, json};

use crate::support::{Read, VERSIONS, documents, list, read, render, shared, snapshot};

/// What a component is known by.
type Name = [String; 4];

/// What must come back of a document.
#[derive(Debug, Default, PartialEq, Eq)]
struct Facts {
    components: BTreeMap<Name, u32>,
    hashes: BTreeSet<(Name, String)>,
    licences: BTreeSet<(Name, String)>,
    edges: BTreeSet<(Name, Name)>,
}

fn text(value: &Value, member: &str) -> String {
    value[member].as_str().unwrap_or_default().to_owned()
}

impl Facts {
    fn of(document: &Value) -> Self {
        let mut facts = Self::default();
        let mut names = BTreeMap::new();
        if let Some(root) = document["metadata"].get("component") {
            // What the document is about may be made up where it did not say so.
            let mut about = Self::default();
            about.component(root, &mut names);
        }
        list(document, "components").iter().for_each(|component| facts.component(component, &mut names));
        for entry in list(document, "dependencies") {
            for to in list(entry, "dependsOn") {
                let name = |reference: &Value| names.get(reference.as_str().unwrap()).cloned();
                facts.edges.extend(name(&entry["ref"]).zip(name(to)));
            }
        }
        facts
    }

    fn component(&mut self, component: &Value, names: &mut BTreeMap<String, Name>) {
        let name = ["group", "name", "version", "purl"].map(|member| text(component, member));
        names.insert(text(component, "bom-ref"), name.clone());
        *self.components.entry(name.clone()).or_default() += 1;
        for hash in list(component, "hashes") {
            self.hashes.insert((
                name.clone(),
                format!("{} {}", text(hash, "alg"), text(hash, "content").to_lowercase()),
            ));
        }
        for licence in list(component, "licenses") {
            let words = match licence.get("license") {
                Some(licence) => [text(licence, "id"), text(licence, "name")].concat(),
                None => text(licence, "expression"),
            };
            let words = words.split([' ', '(', ')']).filter(|word| !matches!(*word, "" | "AND" | "OR"));
            self.licences.extend(words.map(|word| (name.clone(), word.to_owned())));
        }
        list(component, "components").iter().for_each(|inner| self.component(inner, names));
    }
}

fn back(read_before: &Read, version: &str) -> Read {
    read(&render(&snapshot(read_before), version).bytes)
}

/// An SPDX 2 element as far as SPDX says what it means: spellings and defaults made equal, lists sorted.
fn plain(mut element: Value) -> Value {
    let object = element.as_object_mut().unwrap();
    object.remove("hasFiles");
    if object.contains_key("name") {
        object.entry("downloadLocation").or_insert(json!("NOASSERTION"));
    }
    if let Some(purpose) = object.get_mut("primaryPackagePurpose").filter(|it| **it == "OPERATING_SYSTEM") {
        *purpose = json!("OPERATING-SYSTEM");
    }
    for agent in ["supplier", "originator"] {
        if let Some(Value::String(text)) = object.get_mut(agent) {
            *text = text.trim_end_matches(" ()").to_owned();
        }
    }
    for list in object.values_mut().filter_map(Value::as_array_mut) {
        for reference in list.iter_mut().filter_map(Value::as_object_mut) {
            if let Some(Value::String(category)) = reference.get_mut("referenceCategory") {
                *category = category.replace('_', "-");
            }
        }
        list.sort_by_key(Value::to_string);
    }
    object.retain(|_, value| !value.is_null() && *value != json!([]) && *value != "");
    element
}

/// Elements of an SPDX 2 document by id.
fn elements(document: &Value, member: &str) -> BTreeMap<String, Value> {
    // Of elements with one id, the first one has it.
    list(document, member).iter().rev().map(|it| (text(it, "SPDXID"), plain(it.clone()))).collect()
}

/// The relationships of an SPDX 2 document, whichever way it says them.
fn relationships(document: &Value) -> BTreeSet<[String; 4]> {
    let read = |it: &Value| {
        ["spdxElementId", "relationshipType", "relatedSpdxElement", "comment"].map(|member| text(it, member))
    };
    let mut all: BTreeSet<[String; 4]> = list(document, "relationships").iter().map(read).collect();
    let say = |from: &str, kind: &str, to: &Value| {
        [from.to_owned(), kind.to_owned(), to.as_str().unwrap().to_owned(), String::new()]
    };
    all.extend(list(document, "documentDescribes").iter().map(|to| say("SPDXRef-DOCUMENT", "DESCRIBES", to)));
    for package in list(document, "packages") {
        all.extend(list(package, "hasFiles").iter().map(|to| say(&text(package, "SPDXID"), "CONTAINS", to)));
    }
    let turned = |[from, kind, to, comment]: [String; 4]| match kind.as_str() {
        "DEPENDENCY_OF" => [to, "DEPENDS_ON".to_owned(), from, comment],
        "DESCRIBED_BY" => [to, "DESCRIBES".to_owned(), from, comment],
        _ => [from, kind, to, comment],
    };
    all.into_iter().map(turned).collect()
}

/// Whether it is an id by SPDX's rules, or a word in the place of one; not another document's.
fn is_id(id: &str) -> bool {
    id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'))
}

#[test]
fn spdx_2_comes_back_as_it_was() {
    for (path, before) in documents().filter(|(_, read)| read.spec_version.starts_with("SPDX-2")) {
        let (was, is): (Value, Value) =
            (serde_json::from_slice(&shared(path).unwrap()).unwrap(), render(&snapshot(&before), "2.3").json);
        for member in ["packages", "files", "snippets"] {
            let made =
                list(&is, member).iter().filter(|it| text(it, "SPDXID").starts_with("SPDXRef-Artifact-"));
            assert_eq!(list(&is, member).len() - made.count(), list(&was, member).len(), "{path}: {member}");
            let (was, is) = (elements(&was, member), elements(&is, member));
            for (id, was) in was.iter().filter(|(id, _)| is_id(id)) {
                for (name, value) in was.as_object().unwrap() {
                    let now = &is.get(id).unwrap_or_else(|| panic!("{path}: {id} is gone"))[name];
                    // A name that is no expression is a licence of the document's own now.
                    let is_name = name.starts_with("license")
                        && now.as_str().is_some_and(|now| now.starts_with("LicenseRef-"));
                    assert!(now == value || is_name, "{path}: {name} of {id} was {value} and is {now}");
                }
            }
        }
        let (was, is) = (relationships(&was), relationships(&is));
        let told = |[from, _, to, _]: &&[String; 4]| {
            is_id(from) && is_id(to) && !to.starts_with("SPDXRef-Artifact-")
        };
        let lost: Vec<_> = was.difference(&is).filter(told).collect();
        assert!(lost.is_empty(), "{path}: {lost:?}");
        if was.iter().all(|it| told(&it)) {
            let new: Vec<_> = is.difference(&was).filter(told).collect();
            assert!(new.is_empty(), "{path}: {new:?}");
        }
    }
}

#[test]
fn cyclonedx_comes_back() {
    for (path, before) in documents().filter(|(_, read)| read.family == SbomFamily::Cyclonedx) {
        for version in VERSIONS {
            let (facts, after) = (Facts::of(&before.document), Facts::of(&back(&before, version).document));
            assert_eq!(after.components, facts.components, "{path} as {version}");
            assert_eq!(after.hashes, facts.hashes, "{path} as {version}");
            assert_eq!(after.licences, facts.licences, "{path} as {version}");
            let lost: Vec<_> = facts.edges.difference(&after.edges).collect();
            assert!(lost.is_empty(), "{path} as {version}: {lost:?}");
        }
    }
}

/// SPDX of either generation, written as either.
#[test]
fn spdx_comes_back_in_both_versions() {
    for (path, before) in documents().filter(|(_, read)| read.family == SbomFamily::Spdx) {
        for version in VERSIONS {
            let (facts, after) = (Facts::of(&before.document), Facts::of(&back(&before, version).document));
            assert_eq!(after.components, facts.components, "{path} as {version}");
            assert_eq!(after.hashes, facts.hashes, "{path} as {version}");
            assert_eq!(after.licences, facts.licences, "{path} as {version}");
            let lost: Vec<_> = facts.edges.difference(&after.edges).collect();
            assert!(lost.is_empty(), "{path} as {version}: {lost:?}");
        }
    }
}

/// Elements of a graph by class and name, and relationships between them.
fn said(document: &Value) -> (BTreeMap<[String; 2], u32>, BTreeSet<[String; 3]>) {
    let graph = list(document, "@graph");
    let name = |id: &Value| {
        let element = graph.iter().find(|it| it["spdxId"] == *id);
        let word = || id.as_str().unwrap().replace("expandedlicensing_NoAssertionLicense", "NOASSERTION");
        element.map_or_else(word, |it| text(it, "name") + &text(it, "simplelicensing_licenseExpression"))
    };
    let (mut elements, mut relationships) = (BTreeMap::new(), BTreeSet::new());
    for element in graph {
        if text(element, "type").starts_with("software_") && element["name"].is_string() {
            *elements.entry(["type", "name"].map(|member| text(element, member))).or_default() += 1;
        }
        for to in list(element, "to") {
            relationships.insert([name(&element["from"]), text(element, "relationshipType"), name(to)]);
        }
    }
    (elements, relationships)
}

#[test]
fn spdx_3_comes_back_as_it_was() {
    let path =
        "reference/spdx/spdx-examples/software/example14/spdx3.0/examplemaven-0.0.1-enriched.spdx3.json";
    let Some(bytes) = shared(path) else { return };
    let (was, is) = (serde_json::from_slice(&bytes).unwrap(), render(&snapshot(&read(&bytes)), "3.0.1").json);
    let ((was, was_related), (is, is_related)) = (said(&was), said(&is));
    assert_eq!(is, was);
    let lost: Vec<_> = was_related
        .difference(&is_related)
        .filter(|[from, ..]| was.keys().any(|[_, name]| name == from))
        .collect();
    assert!(lost.is_empty(), "{lost:?}");
}
