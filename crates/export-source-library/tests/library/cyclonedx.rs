//! CycloneDX documents: what is read from them is the same, as version 1.7, and what breaks the standard has a place.

use std::fs;

use export_core::error::{ErrorKind, PortError};
use export_core::ports::SbomSource as _;
use export_core::request::OnSourceError;
use export_core::sbom::{SbomFamily, SbomPart};
use export_core::warning::WarningCode;
use export_sbom::{Object, Version, check};
use serde_json::{Map, Value, json};

use crate::common::{Library, Read, collect, ids, report, scan, shared, tenant, vulnerabilities};

/// The places of the standard's counter-examples, by the names of their files.
const PLACES: [(&str, &str); 32] = [
    ("bomformat", "/bomFormat"),
    ("citations", "/citations/0"),
    ("component-external-version-and-range", "/components/0"),
    ("component-ref-1.2", "/components/1/bom-ref"),
    ("component-ref-1.3", "/components/1/bom-ref"),
    ("component-ref-1.4", "/components/1/bom-ref"),
    ("component-ref-1.5", "/components/1/bom-ref"),
    ("component-ref", "/components/1/bom-ref"),
    ("component-swid", "/components/0/swid"),
    ("component-type", "/components/0/type"),
    ("component-versionRange", "/components/0"),
    ("dependency", "/dependencies/0"),
    ("empty-component", "/components/0"),
    ("hash-alg", "/components/0/hashes/0/alg"),
    ("hash-md5", "/components/0/hashes/0/content"),
    ("hash-sha1", "/components/0/hashes/1/content"),
    ("hash-sha256", "/components/0/hashes/2/content"),
    ("hash-sha512", "/components/0/hashes/3/content"),
    ("issue-type", "/components/0/pedigree/patches/0/resolves/0/type"),
    ("license-choice", "/components/0/licenses/0/expression"),
    ("license-declared-concluded-mix", "/components/0/licenses/3"),
    ("license-encoding", "/components/0/licenses/0/license/text/encoding"),
    ("license-id", "/components/0/licenses/0/license/id"),
    ("license-missing-id-and-name", "/components/0/licenses/0/license"),
    ("metadata-distribution", "/metadata/distribution"),
    ("metadata-license", "/metadata/licenses/0/license/id"),
    ("metadata-timestamp", "/metadata/timestamp"),
    ("missing-component-type", "/components/0"),
    ("patch-type", "/components/0/pedigree/patches/0/type"),
    ("properties", "/metadata/properties/0"),
    ("serialnumber", "/serialNumber"),
    ("service-data", "/services/0/data/0/flow"),
];

async fn sboms(content: impl AsRef<[u8]>) -> Result<Read<SbomPart<'static>>, PortError> {
    sboms_of(&Library::with(&[("s/sbom.json", content)])).await
}

async fn sboms_of(library: &Library) -> Result<Read<SbomPart<'static>>, PortError> {
    collect(library.source.sboms(&tenant(), &scan("s"), OnSourceError::Fail).await?).await
}

/// The parts of one document, put together again, and held to the standard.
fn document(items: &[SbomPart<'static>]) -> Value {
    let mut document = Map::new();
    for part in items {
        match part {
            SbomPart::Head(head) => document = serde_json::from_str(&head.json).unwrap(),
            SbomPart::Element { section, json } => {
                let list = document.entry(section.as_str()).or_insert(json!([])).as_array_mut().unwrap();
                list.push(serde_json::from_str(json).unwrap());
            }
        }
    }
    document.insert("bomFormat".into(), "CycloneDX".into());
    document.insert("specVersion".into(), "1.7".into());
    let document = document.into();
    check(&document, Object::DOCUMENT, Version::V1_7).unwrap();
    document
}

/// A small document with these members besides what names its format.
fn small(version: &str, members: &Value) -> String {
    let mut document = json!({"bomFormat": "CycloneDX", "specVersion": version, "version": 1});
    document.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    document.to_string()
}

/// The standard's examples of one version whose names begin with `prefix`.
fn examples(version: &str, prefix: &str) -> Vec<(String, Vec<u8>)> {
    let Some(folder) = shared(&format!("reference/conformance/cyclonedx/{version}")) else { return vec![] };
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let named = paths.map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), path));
    let wanted = named.filter(|(name, _)| name.starts_with(prefix) && name.ends_with(".json"));
    let mut examples: Vec<_> = wanted.map(|(name, path)| (name, fs::read(path).unwrap())).collect();
    examples.sort();
    examples
}

#[tokio::test]
async fn every_valid_example_is_read_as_it_is() {
    for version in ["1.2", "1.3", "1.4", "1.5", "1.6", "1.7"] {
        for (name, content) in examples(version, "valid-") {
            let read = sboms(&content).await.unwrap_or_else(|error| panic!("{name}: {error}"));
            let SbomPart::Head(head) = &read.items[0] else { panic!("{name}: no head comes first") };
            assert_eq!((head.family, &*head.spec_version), (SbomFamily::Cyclonedx, version), "{name}");
            let mut expected: Value = serde_json::from_slice(&content).unwrap();
            expected["specVersion"] = "1.7".into();
            expected.as_object_mut().unwrap().retain(|name, value| {
                name != "$schema" && (value != &json!([]) || ["externalReferences"].contains(&name.as_str()))
            });
            if read.warnings.is_empty() {
                assert_eq!(document(&read.items), expected, "{name}");
            } else {
                assert!(name.contains("properties"), "{name}: {:?}", read.warnings);
            }
        }
    }
}

#[tokio::test]
async fn every_invalid_example_is_refused_with_its_place() {
    for version in ["1.2", "1.3", "1.4", "1.5", "1.6", "1.7"] {
        for (name, content) in examples(version, "invalid-") {
            let error = sboms(&content).await.expect_err(&name);
            assert_eq!(error.kind, ErrorKind::Invalid, "{name}");
            let stem = name.trim_start_matches("invalid-");
            let (_, pointer) = PLACES
                .iter()
                .find(|(known, _)| stem.starts_with(known))
                .unwrap_or(&("", "/components/0/scope"));
            assert_eq!(error.place, Some(format!("s/sbom.json#{pointer}")), "{name}: {error}");
        }
    }
}

#[tokio::test]
async fn real_documents_are_read() {
    for (path, components) in [
        ("own/syft/generated/node.cdx16.json", 570),
        ("own/syft/generated/py.cdx14.json", 56),
        ("own/trivy/generated/fs-repo.cdx.json", 263),
        ("own/cyclonedx/cyclonedx-py-1.6.json", 50),
        ("reference/pairs/grype-presenters/image.grype.cdx", 2),
    ] {
        let Some(path) = shared(path) else { continue };
        let read = sboms(fs::read(&path).unwrap()).await.unwrap_or_else(|error| panic!("{error}"));
        let document = document(&read.items);
        let count = document["components"].as_array().map_or(0, Vec::len);
        assert_eq!((count, read.warnings.len()), (components, 0), "{}", path.display());
    }
}

#[tokio::test]
async fn what_is_clear_is_read_with_a_warning() {
    let content = small(
        "1.5",
        &json!({
            "serialNumber": "3E671687-395B-41F5-A30F-A58921A69B79",
            "components": [
                {"type": "library", "name": "a"},
                {"type": "library", "name": "a"},
                {"type": "library", "name": "b", "externalReferences": [{"type": "vcs", "url": "git@example.org:a b"}]},
                {"type": "library", "name": "c", "externalReferences": [{"type": "vcs", "url": "c d"}]},
            ],
            "properties": [{"value": "v"}],
        }),
    );
    let read = sboms(&content).await.unwrap();
    let document = document(&read.items);
    assert_eq!(document["serialNumber"], "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79");
    assert_eq!(document["components"].as_array().unwrap().len(), 3);
    assert_eq!(document["components"][2]["externalReferences"][0]["url"], "c%20d");
    assert_eq!(document["properties"], json!([{"name": "", "value": "v"}]));
    let told: Vec<_> = read.warnings.iter().map(|it| (it.code, it.place.as_deref().unwrap())).collect();
    let expected = [
        (WarningCode::SourceLenient, "s/sbom.json#/properties/0"),
        (WarningCode::SourceLenient, "s/sbom.json#/serialNumber"),
        (WarningCode::SourceLenient, "s/sbom.json#/components/1"),
        (WarningCode::SourceLenient, "s/sbom.json#/components/2/externalReferences/0/url"),
    ];
    let missing: Vec<_> = expected.iter().filter(|it| !told.contains(it)).collect();
    assert!(missing.is_empty() && told.len() == expected.len(), "{told:?}");
    assert!(read.warnings.iter().any(|it| it.message.contains("in 2 places")), "{:?}", read.warnings);

    let other = sboms(small("1.6", &json!({"serialNumber": "build 17"}))).await.unwrap();
    assert!(other.warnings[0].message.contains("no UUID") && !other.items.is_empty());
}

#[tokio::test]
async fn two_parts_of_one_name_are_refused_with_both_places() {
    let part = |name: &str, reference: &str| json!({"type": "library", "name": name, "bom-ref": reference});
    let mut outer = part("outer", "o");
    outer["components"] = json!([part("inner", "i")]);
    let twice = small("1.6", &json!({"components": [part("a", "x"), outer, part("b", "y"), part("c", "i")]}));
    let error = sboms(twice).await.unwrap_err();
    assert_eq!(error.place.as_deref(), Some("s/sbom.json#/components/3/bom-ref"));
    assert!(
        error.message.contains("`i`") && error.message.contains("/components/1/components/0/bom-ref"),
        "{error}"
    );
    let root = json!({"metadata": {"component": part("a", "x")}, "components": [part("b", "x")]});
    let error = sboms(small("1.6", &root)).await.unwrap_err();
    assert!(error.message.contains("at /metadata/component/bom-ref"), "{error}");
}

#[tokio::test]
async fn a_document_is_read_whatever_order_it_has() {
    let content = r#"{"dependencies":[{"ref":"a"}],"components":[{"type":"library","name":"a","bom-ref":"a"}],
        "metadata":{"timestamp":"2026-01-01T00:00:00Z"},"specVersion":"1.6","bomFormat":"CycloneDX"}"#;
    let read = sboms(content).await.unwrap();
    assert_eq!(read.items.len(), 3);
    assert!(matches!(&read.items[0], SbomPart::Head(head) if head.json.contains("2026-01-01")));
    for (content, place, what) in [
        (r#"{"bomFormat":"CycloneDX","specVersion":"2.0"}"#, "#/specVersion", "from 1.2 to 1.7"),
        (r#"{"bomFormat":"CycloneDX"}"#, "#/specVersion", "from 1.2 to 1.7"),
        (r#"{"bomFormat":"CycloneDX","specVersion":"1.4"}"#, "", "`version` is missing"),
        (
            r#"{"bomFormat":"CycloneDX","specVersion":"1.6","components":[],"components":[]}"#,
            "#/components",
            "twice",
        ),
        (
            r#"{"bomFormat":"CycloneDX","specVersion":"1.6","components":{}}"#,
            "#/components",
            "expected an array",
        ),
        (
            r#"{"bomFormat":"CycloneDX","specVersion":"1.4","version":1,"annotations":[{}]}"#,
            "#/annotations/0",
            "since version 1.5",
        ),
        (
            r#"{"bomFormat":"CycloneDX","specVersion":"1.6","components":[{"type":"library"#,
            "#/components/0",
            "cut off",
        ),
        (r#"{"bomFormat":"CycloneDX","specVersion":"1.6"} x"#, "", "behind the end"),
    ] {
        let error = sboms(content).await.unwrap_err();
        assert_eq!(
            error.place.as_deref(),
            Some(format!("s/sbom.json{place}").as_str()),
            "{content}: {error}"
        );
        assert!(error.message.contains(what), "{content}: {error}");
    }
}

#[tokio::test]
async fn an_sbom_beside_a_report_is_read_and_not_told_of() {
    let library = Library::with(&[
        ("s/a.cdx.json", small("1.6", &json!({"components": [{"type": "library", "name": "a"}]}))),
        ("s/b.cdx.json", small("1.4", &json!({}))),
        ("s/trivy.json", vulnerabilities("[]")),
    ]);
    let findings = library.findings("s").await.unwrap();
    assert_eq!((findings.documents.len(), findings.warnings), (1, vec![]));
    let read = sboms_of(&library).await.unwrap();
    let heads = read.items.iter().filter_map(|part| match part {
        SbomPart::Head(head) => Some(head.place.to_string()),
        SbomPart::Element { .. } => None,
    });
    assert_eq!(heads.collect::<Vec<_>>(), ["s/a.cdx.json", "s/b.cdx.json"]);
    assert_eq!(read.documents.iter().map(|it| it.records).collect::<Vec<_>>(), [2, 1]);
}

#[tokio::test]
async fn a_scan_may_be_an_sbom_alone() {
    let metadata = json!({
        "timestamp": "2026-11-20T10:00:00Z",
        "tools": {"components": [{"type": "application", "name": "syft", "version": "1.18.1"}]},
        "component": {"type": "container", "name": "r.example/app", "version": "2.0"},
    });
    let library = Library::with(&[("s/sbom", small("1.6", &json!({"metadata": metadata})))]);
    let scans = library.resolve(&ids(&["s"])).await.unwrap().scans;
    assert_eq!((scans[0].image.as_str(), scans[0].tool.as_str()), ("r.example/app:2.0", "syft 1.18.1"));
    assert_eq!(scans[0].created_at.unwrap().to_string(), "2026-11-20T10:00:00Z");
    assert_eq!(library.findings("s").await.unwrap().items.len(), 0);
    let by_image =
        export_core::request::Scope { image_refs: vec!["r.example/app:2.0".into()], ..Default::default() };
    assert_eq!(library.resolve(&by_image).await.unwrap().scans.len(), 1);
}

#[tokio::test]
async fn the_packages_of_a_report_are_an_sbom_where_there_is_no_other() {
    let results = r#"[{"Target":"app:1 (debian 12.7)","Class":"os-pkgs","Type":"debian","Packages":[
        {"ID":"libc6@2.36","Name":"libc6","Identifier":{"PURL":"pkg:deb/debian/libc6@2.36-9"},"Version":"2.36","Release":"9",
         "Epoch":1,"SrcName":"glibc","Licenses":["GPL-2.0-only","BSD-ish"],"Digest":"sha1:f572d396fae9206628714fb2ce00f72e94f2258f"},
        {"ID":"openssl@3","Name":"openssl","Version":"3","DependsOn":["libc6@2.36","libc6@2.36"],"Layer":{"DiffID":"sha256:00"}}]},
        {"Target":"package-lock.json","Type":"npm","Packages":[{"Name":"a","Version":"1"},{"Name":"a","Version":"1"}]}]"#;
    let trivy = report("app:1", "2026-11-20T10:00:00Z", results);
    let read = sboms_of(&Library::with(&[("s/trivy.json", &trivy)])).await.unwrap();
    let SbomPart::Head(head) = &read.items[0] else { panic!("no head") };
    assert_eq!((head.family, &*head.place), (SbomFamily::Scan, "s/trivy.json"));
    let document = document(&read.items);
    assert_eq!(document["metadata"]["component"]["name"], "app:1");
    let components = document["components"].as_array().unwrap();
    assert_eq!(components.len(), 3, "a package that is listed twice without a difference is one");
    assert_eq!(components[0]["version"], "1:2.36-9");
    assert_eq!(
        components[0]["licenses"],
        json!([{"license": {"id": "GPL-2.0-only"}}, {"license": {"name": "BSD-ish"}}])
    );
    assert_eq!(document["dependencies"], json!([{"ref": "0/openssl@3", "dependsOn": ["0/libc6@2.36"]}]));

    let without = sboms_of(&Library::with(&[("s/trivy.json", vulnerabilities("[]"))])).await.unwrap();
    assert_eq!((without.items.len(), without.documents.len()), (0, 0));
    let beside = Library::with(&[("s/trivy.json", trivy), ("s/x", small("1.6", &json!({})))]);
    assert_eq!(sboms_of(&beside).await.unwrap().items.len(), 1, "an SBOM of its own is preferred");
}

/// Where the child of the memory test finds its library.
const LIBRARY: &str = "EXPORT_TEST_SBOM_LIBRARY";

#[test]
fn a_document_of_twenty_megabytes_is_read_in_less_memory_than_it_has() {
    let text = "x".repeat(400);
    let component = |number: usize| json!({"type": "library", "bom-ref": format!("c-{number}"), "name": "n", "description": text});
    let components: Vec<Value> = (0..45_000).map(component).collect();
    let content = small("1.6", &json!({ "components": components }));
    let size = content.len();
    assert!(size > 20_000_000, "{size}");
    let library = Library::with(&[("big/bom.json", content)]);
    let child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "cyclonedx::read_as_a_child", "--ignored", "--nocapture"])
        .env(LIBRARY, library.folder.path())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&child.stdout).into_owned();
    assert!(child.status.success(), "{told}{}", String::from_utf8_lossy(&child.stderr));
    let number = |name: &str| -> u64 {
        let line = told.lines().find_map(|line| line.split_once(name)).expect(name);
        line.1.split_whitespace().next().unwrap().parse().unwrap()
    };
    let (items, peak) = (number("items="), number("peak_kb="));
    println!("{} MB of JSON, {items} parts, peak {} MB", size / 1_000_000, peak / 1000);
    assert_eq!(items, 45_001);
    assert!(peak < 24_000, "the peak is {peak} kB");
}

#[tokio::test]
#[ignore = "the child of a_document_of_twenty_megabytes_is_read_in_less_memory_than_it_has"]
async fn read_as_a_child() {
    let Some(folder) = std::env::var_os(LIBRARY) else { return };
    let library = crate::common::at(std::path::Path::new(&folder));
    let mut flows = library.sboms(&tenant(), &scan("big"), OnSourceError::Fail).await.unwrap();
    let mut items = 0;
    while let Some(flow) = futures::StreamExt::next(&mut flows).await {
        if let export_core::ports::Flow::End { items: ended } = flow.unwrap() {
            items = ended;
        }
    }
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    println!("\nitems={items}\npeak_kb={}", peak.trim().trim_end_matches(" kB"));
}
