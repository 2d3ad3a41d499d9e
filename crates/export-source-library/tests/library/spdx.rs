//! SPDX documents: what is read from them is valid CycloneDX, and nothing is lost.

use std::fs;
use std::sync::LazyLock;

use export_core::error::{ErrorKind, PortError};
use export_core::ports::SbomSource as _;
use export_core::request::OnSourceError;
use export_core::sbom::{SbomFamily, SbomPart};
use serde_json::{Map, Value, json};

use crate::common::{Library, Read, collect, ids, scan, shared, tenant};

/// The schema of what readers emit; none, said loudly, where the folder with the schemas is absent.
static CYCLONEDX: LazyLock<Option<jsonschema::Validator>> = LazyLock::new(|| {
    let load = |name: &str| Some(serde_json::from_slice(&fs::read(shared(name)?).unwrap()).unwrap());
    let schema: Value = load("schemas/cyclonedx/bom-1.7.schema.json")?;
    let mut registry = jsonschema::Registry::new();
    for name in ["spdx", "jsf-0.82", "cryptography-defs"] {
        let part: Value = load(&format!("schemas/cyclonedx/{name}.schema.json"))?;
        registry = registry.add(format!("http://cyclonedx.org/schema/{name}.schema.json"), part).unwrap();
    }
    let registry = registry.prepare().unwrap();
    let options = jsonschema::options().with_registry(&registry).should_validate_formats(true);
    Some(options.build(&schema).unwrap())
});

async fn sboms(content: impl AsRef<[u8]>) -> Result<Read<SbomPart<'static>>, PortError> {
    let library = Library::with(&[("s/sbom.json", content)]);
    collect(library.source.sboms(&tenant(), &scan("s"), OnSourceError::Fail).await?).await
}

/// The parts of one document, put together as CycloneDX, and held to its schema.
fn document(read: &Read<SbomPart<'static>>) -> Value {
    let mut document = Map::new();
    for part in &read.items {
        match part {
            SbomPart::Head(head) => {
                assert_eq!((head.family, &*head.place), (SbomFamily::Spdx, "s/sbom.json"));
                document = serde_json::from_str(&head.json).unwrap();
            }
            SbomPart::Element { section, json } => {
                let list = document.entry(section.as_str()).or_insert(json!([])).as_array_mut().unwrap();
                list.push(serde_json::from_str(json).unwrap());
            }
        }
    }
    document.insert("bomFormat".to_owned(), json!("CycloneDX"));
    document.insert("specVersion".to_owned(), json!("1.7"));
    let document = Value::Object(document);
    if let Some(validator) = &*CYCLONEDX {
        let wrong: Vec<String> = validator
            .iter_errors(&document)
            .map(|error| format!("{} {error}", error.instance_path()))
            .collect();
        assert!(wrong.is_empty(), "{}", wrong[..wrong.len().min(5)].join("\n"));
    }
    document
}

fn list<'d>(document: &'d Value, name: &str) -> &'d [Value] {
    document[name].as_array().map_or(&[], Vec::as_slice)
}

/// The values of an element's properties of that name.
fn properties<'e>(element: &'e Value, name: &str) -> Vec<&'e str> {
    let all = element["properties"].as_array().into_iter().flatten();
    all.filter(|it| it["name"] == name).map(|it| it["value"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn real_documents_become_valid_cyclonedx() {
    for (path, components, edges) in [
        ("own/syft/generated/py.spdx23.json", 202, 43),
        ("own/syft/generated/node.spdx23.json", 700, 5),
        ("reference/pairs/trivy-convert-0.59.1/npm/report.spdx.json", 13, 17),
        ("reference/conformance/protobom/spdx/2.3/json/curl.spdx.json", 68, 67),
        ("reference/conformance/protobom/spdx/2.3/json/bom-v0.4.1_cirros-0.4.0.spdx.json", 20, 15),
        ("reference/conformance/protobom/spdx/2.3/json/trivy-0.42.1_mageia-5.1.spdx.json", 182, 181),
        (
            "reference/conformance/protobom/spdx/2.3/json/kubernetes_kubernetes_d61cbac69aae97db1839bd2e0e86d68f26b353a7.json",
            424,
            424,
        ),
        ("reference/spdx/tools-java/SPDXJSONExample-v2.3.spdx.json", 8, 2),
        (
            "reference/pairs/osv-scanner/WithVulnerabilities/two-sources-with-the-same-vulnerable-package/out.spdx.json",
            2,
            0,
        ),
        (
            "reference/spdx/spdx-examples/software/example14/spdx3.0/examplemaven-0.0.1-enriched.spdx3.json",
            8,
            5,
        ),
    ] {
        let Some(path) = shared(path) else { continue };
        let read = sboms(fs::read(&path).unwrap()).await.unwrap();
        let document = document(&read);
        let found: usize = list(&document, "dependencies").iter().map(|it| list(it, "dependsOn").len()).sum();
        assert_eq!((list(&document, "components").len(), found), (components, edges), "{}", path.display());
    }
}

/// A small document with these members besides those that each one has.
fn spdx2(members: &str) -> String {
    format!(
        r#"{{"spdxVersion":"SPDX-2.3","SPDXID":"SPDXRef-DOCUMENT","name":"app:1","dataLicense":"CC0-1.0",
            "documentNamespace":"https://example.org/1","creationInfo":{{"created":"2026-01-02T03:04:05Z",
            "creators":["Tool: syft-1.18.1","Organization: ACME (a@example.org)","Person: Ann (ann@example.org)","Organization: B"]}},{members}}}"#
    )
}

/// A package with these members besides those that each one has.
fn package(id: &str, members: &str) -> String {
    format!(r#"{{"SPDXID":"SPDXRef-{id}","name":"{id}","downloadLocation":"NOASSERTION"{members}}}"#)
}

/// The only component of a document of one package.
async fn component(members: &str) -> Value {
    let read = sboms(spdx2(&format!(r#""packages":[{}]"#, package("a", members)))).await.unwrap();
    document(&read)["components"][0].clone()
}

#[tokio::test]
async fn the_head_says_who_made_it_and_what_it_is_about() {
    let text = spdx2(&format!(
        r#""packages":[{},{}],"documentDescribes":["SPDXRef-app"],"comment":"hello""#,
        package("lib", ""),
        package("app", r#","versionInfo":"1""#)
    ));
    let document = document(&sboms(text).await.unwrap());
    let metadata = &document["metadata"];
    assert_eq!(metadata["timestamp"], "2026-01-02T03:04:05Z");
    assert_eq!(
        metadata["tools"]["components"],
        json!([{"type": "application", "name": "syft", "version": "1.18.1"}])
    );
    assert_eq!(metadata["manufacturer"], json!({"name": "ACME", "contact": [{"email": "a@example.org"}]}));
    assert_eq!(metadata["authors"], json!([{"name": "Ann", "email": "ann@example.org"}]));
    assert_eq!(metadata["licenses"], json!([{"license": {"id": "CC0-1.0"}}]));
    assert_eq!(
        (&metadata["component"]["name"], &metadata["component"]["version"]),
        (&json!("app"), &json!("1"))
    );
    assert_eq!(properties(metadata, "spdx:creators"), ["Organization: B"]);
    assert_eq!(properties(metadata, "spdx:comment"), ["hello"]);
    assert_eq!(properties(metadata, "spdx:documentNamespace"), ["https://example.org/1"]);
    assert_eq!(list(&document, "components").len(), 1, "what the document is about is in its head only");
}

#[tokio::test]
async fn members_that_cyclonedx_has_not_are_properties() {
    let it = component(
        r#","filesAnalyzed":false,"sourceInfo":"s","licenseDeclared":"NOASSERTION","licenseConcluded":"NONE",
          "attributionTexts":["a","b"],"checksums":[{"algorithm":"ADLER32","checksumValue":"00"}],
          "supplier":"Person: Ann","originator":"NOASSERTION","primaryPackagePurpose":"SOURCE","unheard":{"of":1}"#,
    )
    .await;
    for (member, values) in [
        ("filesAnalyzed", vec!["false"]),
        ("sourceInfo", vec!["s"]),
        ("licenseDeclared", vec!["NOASSERTION"]),
        ("licenseConcluded", vec!["NONE"]),
        ("attributionTexts", vec!["a", "b"]),
        ("checksums", vec![r#"{"algorithm":"ADLER32","checksumValue":"00"}"#]),
        ("supplier", vec!["Person: Ann"]),
        ("originator", vec!["NOASSERTION"]),
        ("primaryPackagePurpose", vec!["SOURCE"]),
        ("downloadLocation", vec!["NOASSERTION"]),
        ("unheard", vec![r#"{"of":1}"#]),
    ] {
        assert_eq!(properties(&it, &format!("spdx:{member}")), values, "{member}");
    }
    assert_eq!((&it["supplier"]["name"], &it["type"]), (&json!("Ann"), &json!("library")));
}

#[tokio::test]
async fn references_have_their_members() {
    let it = component(
        r#","homepage":"https://example.org","externalRefs":[
          {"referenceCategory":"PACKAGE_MANAGER","referenceType":"purl","referenceLocator":"pkg:npm/a@1"},
          {"referenceCategory":"SECURITY","referenceType":"cpe23Type","referenceLocator":"cpe:2.3:a:a:a:1:*:*:*:*:*:*:*"},
          {"referenceCategory":"SECURITY","referenceType":"cpe23Type","referenceLocator":"cpe:2.3:a:b:a:1:*:*:*:*:*:*:*"},
          {"referenceCategory":"SECURITY","referenceType":"advisory","referenceLocator":"https://example.org/adv"}]"#,
    )
    .await;
    assert_eq!((&it["purl"], &it["cpe"]), (&json!("pkg:npm/a@1"), &json!("cpe:2.3:a:a:a:1:*:*:*:*:*:*:*")));
    assert_eq!(properties(&it, "spdx:externalRefs").len(), 2, "the second CPE, and the advisory as it was");
    let kinds: Vec<&Value> = list(&it, "externalReferences").iter().map(|it| &it["type"]).collect();
    assert_eq!(kinds, ["website", "advisories"]);
}

#[tokio::test]
async fn licences_say_who_says_them_and_have_their_texts() {
    let text = spdx2(&format!(
        r#""packages":[{}],"hasExtractedLicensingInfos":[{{"licenseId":"LicenseRef-1","name":"Own","extractedText":"Text"}}]"#,
        package("a", r#","licenseDeclared":"MIT","licenseConcluded":"LicenseRef-1 OR MIT""#)
    ));
    let document = document(&sboms(text).await.unwrap());
    let licences = list(&document["components"][0], "licenses");
    assert_eq!(licences[0], json!({"license": {"id": "MIT", "acknowledgement": "declared"}}));
    assert_eq!(licences[1]["expression"], "LicenseRef-1 OR MIT");
    assert_eq!(licences[1]["expressionDetails"][0]["text"]["content"], "Text");
    assert_eq!(properties(&document, "spdx:hasExtractedLicensingInfos").len(), 1);
}

#[tokio::test]
async fn relationships_are_edges_or_properties() {
    let text = spdx2(&format!(
        r#""packages":[{},{},{}],"relationships":[
          {{"spdxElementId":"SPDXRef-DOCUMENT","relationshipType":"DESCRIBES","relatedSpdxElement":"SPDXRef-a"}},
          {{"spdxElementId":"SPDXRef-a","relationshipType":"CONTAINS","relatedSpdxElement":"SPDXRef-b"}},
          {{"spdxElementId":"SPDXRef-c","relationshipType":"DEPENDENCY_OF","relatedSpdxElement":"SPDXRef-b"}},
          {{"spdxElementId":"SPDXRef-b","relationshipType":"DEPENDS_ON","relatedSpdxElement":"SPDXRef-a"}},
          {{"spdxElementId":"SPDXRef-b","relationshipType":"CONTAINS","relatedSpdxElement":"SPDXRef-a"}},
          {{"spdxElementId":"SPDXRef-c","relationshipType":"DEPENDS_ON","relatedSpdxElement":"NONE"}},
          {{"spdxElementId":"SPDXRef-c","relationshipType":"DEPENDS_ON","relatedSpdxElement":"SPDXRef-gone"}}]"#,
        package("a", ""),
        package("b", ""),
        package("c", "")
    ));
    let read = sboms(text).await.unwrap();
    let document = document(&read);
    let expected = json!([
        {"ref": "SPDXRef-b", "dependsOn": ["SPDXRef-a", "SPDXRef-c"]},
        {"ref": "SPDXRef-c", "dependsOn": []},
    ]);
    assert_eq!(document["dependencies"], expected);
    let kept = properties(&document, "spdx:relationships");
    let has = |from: &str, kind: &str, to: &str| {
        let ends =
            json!({"spdxElementId": from, "relationshipType": kind, "relatedSpdxElement": to}).to_string();
        kept.contains(&ends.as_str())
    };
    assert!(
        has("SPDXRef-a", "CONTAINS", "SPDXRef-b") && has("SPDXRef-b", "CONTAINS", "SPDXRef-a"),
        "{kept:?}"
    );
    assert!(
        has("SPDXRef-b", "DEPENDS_ON", "SPDXRef-a"),
        "an edge that is said better too is kept as what it is: {kept:?}"
    );
    assert!(has("SPDXRef-c", "DEPENDS_ON", "SPDXRef-gone"), "{kept:?}");
    assert_eq!(kept.len(), 4);
    assert_eq!(read.warnings.len(), 1, "{:?}", read.warnings);
    assert!(read.warnings[0].message.contains("lead to nothing"), "{}", read.warnings[0]);
}

#[tokio::test]
async fn what_is_clear_is_read_with_one_warning_a_kind() {
    let odd = r#"{"SPDXID":"SPDXRef-1","name":"a","versionInfo":7,"primaryPackagePurpose":"OPERATING_SYSTEM","licenseDeclared":"GPL v2"}"#;
    let read = sboms(spdx2(&format!(r#""packages":[{odd},{}],"files":null"#, odd.replace("-1", "-2"))))
        .await
        .unwrap();
    let document = document(&read);
    assert_eq!(document["components"][1]["version"], "7");
    assert_eq!(document["components"][1]["type"], "operating-system");
    assert_eq!(document["components"][1]["licenses"][0]["license"]["name"], "GPL v2");
    assert_eq!(read.warnings.len(), 4, "{:?}", read.warnings);
    for warning in &read.warnings {
        assert!(warning.message.contains("2 times"), "{warning}");
        assert_eq!(warning.place.as_deref(), Some("s/sbom.json#/packages/0"));
    }
}

#[tokio::test]
async fn what_is_not_clear_is_refused_with_its_place() {
    for (members, place) in [
        (r#""packages":[{"SPDXID":"SPDXRef-a"}]"#, "s/sbom.json#/packages/0"),
        (r#""packages":[{"SPDXID":"SPDXRef-a","name":["a"]}]"#, "s/sbom.json#/packages/0"),
        (r#""packages":[],"files":[{"SPDXID":"SPDXRef-f"}]"#, "s/sbom.json#/files/0"),
        (r#""packages":[{"SPDXID":"SPDXRef-a","name":"a","checksums":["x"]}]"#, "s/sbom.json#/packages/0"),
        (r#""packages":7"#, "s/sbom.json#/packages"),
        (r#""relationships":[{"spdxElementId":"SPDXRef-a"}]"#, "s/sbom.json#/relationships/0"),
        (r#""packages":[{"SPDXID":"SPDXRef-a","name":"a"}"#, "s/sbom.json#/packages"),
    ] {
        let error = sboms(spdx2(members)).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Invalid, "{members}");
        assert!(error.place.as_deref().unwrap().starts_with(place), "{members}: {error}");
    }
    let third =
        |graph: &str| format!(r#"{{"@context":"https://spdx.org/rdf/3.0.1/spdx-context.jsonld"{graph}}}"#);
    for (graph, place) in [
        ("", "s/sbom.json"),
        (r#","@graph":[{"type":"software_Package","spdxId":"urn:a"}]"#, "s/sbom.json#/@graph/0"),
        (
            r#","@graph":[{"type":"Relationship","spdxId":"urn:a","relationshipType":"contains"}]"#,
            "s/sbom.json#/@graph/0",
        ),
    ] {
        let error = sboms(third(graph)).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Invalid, "{graph}");
        assert!(error.place.as_deref().unwrap().starts_with(place), "{graph}: {error}");
    }
}

#[tokio::test]
async fn a_graph_is_read_in_any_order() {
    let element = |kind: &str, id: &str, members: &str| {
        format!(r#"{{"type":"{kind}","spdxId":"urn:x#{id}","creationInfo":"_:c"{members}}}"#)
    };
    let graph = [
        element("Relationship", "r", r#","relationshipType":"hasDeclaredLicense","from":"urn:x#b","to":["urn:x#l"]"#),
        element("Relationship", "d", r#","relationshipType":"dependsOn","from":"urn:x#a","to":["urn:x#b"]"#),
        element("software_Package", "b", r#","name":"b","suppliedBy":"urn:x#o","software_packageUrl":"pkg:npm/b@1""#),
        element("security_VexNotAffectedVulnAssessmentRelationship", "v", r#","relationshipType":"doesNotAffect","from":"urn:x#cve","to":["urn:x#b"],"security_justificationType":"vulnerableCodeNotPresent""#),
        element("software_Package", "a", r#","name":"a""#),
        element("simplelicensing_LicenseExpression", "l", r#","simplelicensing_licenseExpression":"MIT""#),
        element("Organization", "o", r#","name":"ACME""#),
        element("security_Vulnerability", "cve", r#","name":"CVE-2026-1""#),
        element("software_Sbom", "s", r#","rootElement":["urn:x#a"]"#),
        element("SpdxDocument", "doc", r#","name":"app:1","rootElement":["urn:x#s"]"#),
        r#"{"type":"CreationInfo","@id":"_:c","specVersion":"3.0.1","created":"2026-01-02T03:04:05Z","createdBy":["urn:x#o"]}"#.to_owned(),
    ];
    for reversed in [false, true] {
        let mut graph = graph.to_vec();
        if reversed {
            graph.reverse();
        }
        let text = format!(
            r#"{{"@context":["https://spdx.org/rdf/3.0.1/spdx-context.jsonld"],"@graph":[{}]}}"#,
            graph.join(",")
        );
        let document = document(&sboms(text).await.unwrap());
        assert_eq!(document["metadata"]["component"]["name"], "a");
        assert_eq!(document["metadata"]["manufacturer"]["name"], "ACME");
        let [b] = list(&document, "components") else { panic!("{document:#}") };
        assert_eq!(
            (&b["name"], &b["purl"], &b["supplier"]["name"]),
            (&json!("b"), &json!("pkg:npm/b@1"), &json!("ACME"))
        );
        assert_eq!(b["licenses"], json!([{"license": {"id": "MIT", "acknowledgement": "declared"}}]));
        assert_eq!(document["dependencies"], json!([{"ref": "urn:x#a", "dependsOn": ["urn:x#b"]}]));
        let vulnerability = &document["vulnerabilities"][0];
        assert_eq!(
            (&vulnerability["id"], &vulnerability["affects"]),
            (&json!("CVE-2026-1"), &json!([{"ref": "urn:x#b"}]))
        );
        assert_eq!(
            vulnerability["analysis"],
            json!({"state": "not_affected", "justification": "code_not_present"})
        );
    }
}

#[tokio::test]
async fn the_security_profile_gives_findings_and_statements() {
    let element = |kind: &str, id: &str, members: &str| {
        format!(r#"{{"type":"{kind}","spdxId":"urn:x#{id}","creationInfo":"_:c"{members}}}"#)
    };
    let graph = [
        r#"{"type":"CreationInfo","@id":"_:c","specVersion":"3.0.1","created":"2026-01-02T03:04:05Z","createdBy":["urn:x#o"]}"#.to_owned(),
        element("Organization", "o", r#","name":"ACME""#),
        element("SpdxDocument", "doc", r#","name":"app:1","rootElement":["urn:x#s"]"#),
        element("software_Sbom", "s", r#","rootElement":["urn:x#a"]"#),
        element("software_Package", "a", r#","name":"a""#),
        element("software_Package", "b", r#","name":"b","software_packageVersion":"1","software_packageUrl":"pkg:npm/b@1""#),
        element("security_Vulnerability", "cve", r#","name":"CVE-2026-1","description":"Bad""#),
        element("security_CvssV3VulnAssessmentRelationship", "r", r#","relationshipType":"hasAssessmentFor","from":"urn:x#cve","to":["urn:x#b"],"security_score":9.8,"security_severity":"critical","security_vectorString":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H""#),
        element("security_VexNotAffectedVulnAssessmentRelationship", "v", r#","relationshipType":"doesNotAffect","from":"urn:x#cve","to":["urn:x#b"],"security_justificationType":"vulnerableCodeNotPresent""#),
    ];
    let of = |graph: &[String]| {
        format!(
            r#"{{"@context":["https://spdx.org/rdf/3.0.1/spdx-context.jsonld"],"@graph":[{}]}}"#,
            graph.join(",")
        )
    };
    let library = Library::with(&[("s/sbom.json", of(&graph)), ("t/sbom.json", of(&graph[..6]))]);
    let findings = library.findings("s").await.unwrap();
    let [finding] = &findings.items[..] else { panic!("{findings:?}") };
    assert_eq!((finding.rule(), finding.severity.as_str()), ("CVE-2026-1", "critical"));
    assert_eq!(finding.component.as_ref().unwrap().purl.as_deref(), Some("pkg:npm/b@1"));
    assert_eq!(findings.documents[0].query, "s/sbom.json");
    let statements = library.statements("s").await.unwrap();
    let [statement] = &statements.items[..] else { panic!("{statements:?}") };
    assert_eq!(statement.assertion.status.as_str(), "not_affected");
    assert_eq!(statement.products[0].id, "pkg:npm/b@1");
    assert_eq!(library.findings("t").await.unwrap().items.len(), 0, "a document without vulnerabilities");
}

#[tokio::test]
async fn a_folder_with_nothing_but_a_document_is_a_scan() {
    let text = spdx2(&format!(
        r#""packages":[{}],"relationships":[{{"spdxElementId":"SPDXRef-DOCUMENT","relationshipType":"DESCRIBES","relatedSpdxElement":"SPDXRef-img"}}]"#,
        package("img", r#","versionInfo":"sha256:00ff","primaryPackagePurpose":"CONTAINER""#)
    ));
    let library = Library::with(&[("s/sbom.json", text)]);
    let resolved = library.resolve(&ids(&["s"])).await.unwrap();
    let [scan] = &resolved.scans[..] else { panic!("{resolved:?}") };
    assert_eq!((&*scan.image, &*scan.tool), ("app:1", "syft 1.18.1"));
    assert_eq!(scan.image_digest.as_deref(), Some("sha256:00ff"));
    assert_eq!(scan.created_at.unwrap().to_string(), "2026-01-02T03:04:05Z");
    assert!(library.findings("s").await.unwrap().items.is_empty());
}
