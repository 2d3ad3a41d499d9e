//! How Syft's documents become bills of materials.

use std::fs;

use export_core::error::{ErrorKind, PortError};
use export_core::ports::SbomSource as _;
use export_core::request::OnSourceError;
use export_core::sbom::{SbomFamily, SbomPart, SbomSection};
use serde_json::{Value, json};

use crate::common::{Library, Read, collect, ids, scan, shared, tenant};

async fn sboms(content: &[u8]) -> Result<Read<SbomPart<'static>>, PortError> {
    let library = Library::with(&[("s/syft.json", content)]);
    collect(library.source.sboms(&tenant(), &scan("s"), OnSourceError::Fail).await?).await
}

fn elements(read: &Read<SbomPart<'static>>, wanted: SbomSection) -> Vec<Value> {
    let of = |part: &SbomPart<'_>| match part {
        SbomPart::Element { section, json } if *section == wanted => {
            Some(serde_json::from_str(json).unwrap())
        }
        SbomPart::Element { .. } | SbomPart::Head(_) => None,
    };
    read.items.iter().filter_map(of).collect()
}

fn document() -> Value {
    json!({
        "artifacts": [
            {"id": "a", "name": "musl", "version": "1.2", "type": "apk", "foundBy": "apkdb", "licenses": [{"value": "MIT", "type": "declared"}],
                "locations": [{"path": "/lib/apk", "layerID": "sha256:00"}], "language": "", "purl": "pkg:apk/alpine/musl@1.2",
                "cpes": [{"cpe": "cpe:2.3:a:musl:musl:1.2:*:*:*:*:*:*:*"}, {"cpe": "cpe:2.3:a:x:musl:1.2:*:*:*:*:*:*:*"}],
                "metadataType": "apk-db-entry", "metadata": {"size": 1}},
            {"id": "b", "name": "zlib", "version": "1", "type": "apk", "licenses": ["Zlib OR MIT"], "cpes": ["no cpe"]}],
        "artifactRelationships": [{"parent": "a", "child": "b", "type": "dependency-of"}, {"parent": "img", "child": "a", "type": "contains"},
            {"parent": "a", "child": "f", "type": "evident-by"}],
        "files": [{"id": "f", "location": {"path": "/lib/apk"}, "metadata": {"size": 7}, "digests": [
            {"algorithm": "sha1", "value": "76c67b0d2454ee52e4927794e8b77fc6b2ac578b"}, {"algorithm": "xxh64", "value": "0"}]}],
        "source": {"id": "img", "name": "alpine", "version": "3", "type": "image", "metadata": {"userInput": "alpine:3",
            "imageID": "sha256:id", "repoDigests": ["alpine@sha256:pushed"], "tags": ["alpine:3"]}},
        "distro": {"id": "alpine", "versionID": "3.14.2"},
        "descriptor": {"name": "syft", "version": "1.18.1"}, "schema": {"version": "16.0.18"},
    })
}

#[tokio::test]
async fn a_document_keeps_everything_that_cyclonedx_can_say() {
    let text = document().to_string();
    let read = sboms(text.as_bytes()).await.unwrap();
    let SbomPart::Head(head) = &read.items[0] else { panic!("no head") };
    assert_eq!((head.family, &*head.spec_version), (SbomFamily::Scan, "syft 1.18.1"));
    let components = elements(&read, SbomSection::Components);
    let kinds: Vec<_> = components.iter().map(|it| it["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["operating-system", "library", "library", "file"]);
    let musl = &components[1];
    assert_eq!(
        (&musl["purl"], &musl["cpe"]),
        (&json!("pkg:apk/alpine/musl@1.2"), &json!("cpe:2.3:a:musl:musl:1.2:*:*:*:*:*:*:*"))
    );
    assert_eq!(musl["licenses"], json!([{"license": {"id": "MIT", "acknowledgement": "declared"}}]));
    let properties: Vec<_> =
        musl["properties"].as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap()).collect();
    assert_eq!(
        properties,
        [
            "syft:package:type",
            "syft:package:foundBy",
            "syft:package:metadataType",
            "syft:cpe23",
            "syft:location:0:path",
            "syft:location:0:layerID",
            "syft:metadata"
        ]
    );
    assert_eq!(components[2]["licenses"], json!([{"expression": "Zlib OR MIT"}]));
    assert_eq!(components[2]["cpe"], "no cpe");
    assert_eq!(components[3]["hashes"][0]["alg"], "SHA-1");
    assert_eq!(elements(&read, SbomSection::Dependencies), [json!({"ref": "b", "dependsOn": ["a"]})]);
    assert_eq!(
        elements(&read, SbomSection::Properties),
        [json!({"name": "syft:relationship", "value": "a evident-by f"})]
    );
    assert!(read.warnings.is_empty(), "{:?}", read.warnings);
    let library = Library::with(&[("s/syft.json", text)]);
    let found = library.resolve(&ids(&["s"])).await.unwrap().scans.remove(0);
    assert_eq!(
        (&*found.image, found.image_digest.as_deref(), &*found.tool),
        ("alpine:3", Some("sha256:pushed"), "syft 1.18.1")
    );
}

#[tokio::test]
async fn wrong_types_and_cut_off_documents_are_refused() {
    for (pointer, wrong) in [
        ("/artifacts/0/name", json!(1)),
        ("/artifacts/0/licenses/0", json!(1)),
        ("/artifacts/0/locations", json!({})),
        ("/files/0/digests", json!("x")),
        ("/artifactRelationships/0/parent", json!(1)),
    ] {
        let mut value = document();
        *value.pointer_mut(pointer).unwrap() = wrong;
        let error = sboms(value.to_string().as_bytes()).await.unwrap_err();
        assert_eq!((error.kind, error.place), (ErrorKind::Invalid, Some(format!("s/syft.json#{pointer}"))));
    }
    let text = document().to_string();
    for cut in (20..text.len()).step_by(7) {
        assert!(sboms(&text.as_bytes()[..cut]).await.is_err(), "cut at {cut}");
    }
}

#[tokio::test]
async fn real_documents_agree_with_a_count() {
    for path in ["reference/syft/alpine-syft.json", "own/syft/generated/py.syft.json"] {
        let Some(file) = shared(path) else { continue };
        let content = fs::read(file).unwrap();
        let value: Value = serde_json::from_slice(&content).unwrap();
        let count = |list: &str| value[list].as_array().map_or(0, Vec::len);
        let read = sboms(&content).await.unwrap();
        let components = elements(&read, SbomSection::Components);
        let of = |kind: &str| components.iter().filter(|it| it["type"] == kind).count();
        assert_eq!((of("library"), of("file")), (count("artifacts"), count("files")), "{path}");
        let edges = value["artifactRelationships"].as_array().into_iter().flatten();
        let edges = edges.filter(|it| it["type"] == "dependency-of").count();
        let told: usize = elements(&read, SbomSection::Dependencies)
            .iter()
            .map(|it| it["dependsOn"].as_array().unwrap().len())
            .sum();
        assert_eq!((told, read.warnings.len()), (edges, 0), "{path}: {:?}", read.warnings);
        let licences: usize = components.iter().map(|it| it["licenses"].as_array().map_or(0, Vec::len)).sum();
        assert!(licences > 0, "{path}");
    }
}
