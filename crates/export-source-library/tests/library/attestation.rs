//! How attestations are kept, and what is read from inside them.

use std::fs;

use export_core::attestation::{Attestation, AttestationEnvelope};
use export_core::error::PortError;
use export_core::finding::Decision;
use export_core::ports::{AttestationSource as _, SbomSource as _};
use export_core::request::OnSourceError;
use serde_json::{Value, json};

use crate::common::{Library, Read, collect, ids, scan, shared, tenant};

async fn of(library: &Library) -> Result<Read<Attestation<'static>>, PortError> {
    collect(library.source.attestations(&tenant(), &scan("s"), OnSourceError::Fail).await?).await
}

async fn read(content: &str) -> Result<Read<Attestation<'static>>, PortError> {
    of(&Library::with(&[("s/a.json", content)])).await
}

fn statement(kind: &str, predicate: &Value) -> Value {
    json!({"_type": "https://in-toto.io/Statement/v1", "predicateType": kind, "predicate": predicate,
        "subject": [{"name": "app", "digest": {"sha256": "00", "sha1": "11"}}]})
}

/// Base64 of the standard's alphabet, as RFC 4648 describes it.
fn base64(bytes: &[u8], alphabet: &[u8; 64]) -> String {
    let group = |chunk: &[u8]| {
        let number = (0..3).fold(0_u32, |all, at| all << 8 | u32::from(*chunk.get(at).unwrap_or(&0)));
        let digits =
            (0..=chunk.len()).map(move |at| alphabet[(number >> (18 - 6 * at)) as usize & 63] as char);
        digits.chain(std::iter::repeat_n('=', 3 - chunk.len())).collect::<String>()
    };
    bytes.chunks(3).map(group).collect()
}

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const URL: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

fn dsse(payload: &Value) -> Value {
    json!({"payloadType": "application/vnd.in-toto+json", "payload": base64(payload.to_string().as_bytes(), STANDARD),
        "signatures": [{"keyid": "", "sig": "AA=="}]})
}

#[tokio::test]
async fn every_wrapping_is_taken_off_and_kept() {
    let inner = statement("https://slsa.dev/provenance/v1", &json!({"text": "~~~???>>>ÿÿ"}));
    let url = json!({"payloadType": "application/vnd.in-toto+json", "payload": base64(inner.to_string().as_bytes(), URL).trim_end_matches('='), "signatures": []});
    let bundle = json!({"mediaType": "application/vnd.dev.sigstore.bundle+json;version=0.1", "verificationMaterial": {}, "dsseEnvelope": dsse(&inner)});
    for (document, envelope, signatures) in [
        (inner.clone(), AttestationEnvelope::Statement, 0),
        (dsse(&inner), AttestationEnvelope::Dsse, 1),
        (url, AttestationEnvelope::Dsse, 0),
        (bundle, AttestationEnvelope::Sigstore, 1),
    ] {
        let read = read(&document.to_string()).await.unwrap();
        let attestation = &read.items[0];
        assert_eq!((attestation.envelope, attestation.signatures), (envelope, signatures));
        assert_eq!(
            (&*attestation.predicate_type, &*attestation.place),
            ("https://slsa.dev/provenance/v1", "s/a.json")
        );
        assert_eq!(
            (&*attestation.subjects[0].name, &attestation.subjects[0].digests[..]),
            ("app", &["sha1:11".into(), "sha256:00".into()][..])
        );
        assert_eq!(*attestation.document, document.to_string());
        assert!(read.warnings.is_empty());
    }
    let lines = format!("{}\n{}\n", dsse(&inner), dsse(&inner));
    let read = read(&lines).await.unwrap();
    assert_eq!(
        read.items.iter().map(|it| it.place.as_str()).collect::<Vec<_>>(),
        ["s/a.json#L1", "s/a.json#L2"]
    );
}

#[tokio::test]
async fn an_attestation_alone_is_a_scan_of_its_subject() {
    let library =
        Library::with(&[("s/a.json", statement("https://slsa.dev/provenance/v1", &json!({})).to_string())]);
    let found = library.resolve(&ids(&["s"])).await.unwrap().scans.remove(0);
    assert_eq!((&*found.image, found.image_digest.as_deref()), ("app", Some("sha256:00")));
    assert!(library.findings("s").await.unwrap().items.is_empty());
}

#[tokio::test]
async fn predicates_are_documents_of_their_own() {
    let vex = json!({"@context": "https://openvex.dev/ns/v0.2.0", "@id": "x", "author": "us", "timestamp": "2026-01-01T00:00:00Z",
        "statements": [{"vulnerability": "CVE-1", "products": ["app"], "status": "fixed"}]});
    let bom = json!({"bomFormat": "CycloneDX", "specVersion": "1.6", "components": [{"type": "library", "name": "a"}]});
    let trivy = json!({"SchemaVersion": 2, "ArtifactName": "app:1", "Results": [{"Target": "t", "Vulnerabilities": [{"VulnerabilityID": "CVE-2", "PkgName": "a", "InstalledVersion": "1"}]}]});
    let spdx = json!({"spdxVersion": "SPDX-2.3", "SPDXID": "SPDXRef-DOCUMENT", "name": "n", "dataLicense": "CC0-1.0", "documentNamespace": "https://x.example/1",
        "creationInfo": {"created": "2026-01-01T00:00:00Z", "creators": ["Tool: x"]}, "packages": []});
    let library = Library::with(&[
        ("s/1.json", dsse(&statement("https://openvex.dev/ns/v0.2.0", &vex)).to_string()),
        ("s/2.json", dsse(&statement("https://cyclonedx.org/bom", &bom)).to_string()),
        (
            "s/3.json",
            dsse(&statement(
                "https://cosign.sigstore.dev/attestation/vuln/v1",
                &json!({"scanner": {"result": trivy}}),
            ))
            .to_string(),
        ),
        ("s/4.json", dsse(&statement("https://spdx.dev/Document", &spdx.to_string().into())).to_string()),
    ]);
    assert_eq!(of(&library).await.unwrap().items.len(), 4);
    let statements = library.statements("s").await.unwrap();
    assert_eq!((statements.items.len(), &*statements.documents[0].query), (1, "s/1.json#/payload/predicate"));
    let findings = library.findings("s").await.unwrap();
    let told = findings.documents.iter().find(|document| document.records > 0).unwrap();
    assert_eq!((findings.items.len(), &*told.query), (1, "s/3.json#/payload/predicate/scanner/result"));
    let sboms = library.source.sboms(&tenant(), &scan("s"), OnSourceError::Fail).await.unwrap();
    let places: Vec<_> = collect(sboms).await.unwrap().documents.into_iter().map(|it| it.query).collect();
    assert_eq!(places, ["s/2.json#/payload/predicate", "s/4.json#/payload/predicate"]);
}

#[tokio::test]
async fn summaries_are_verdicts() {
    let vsa = |result: &str| {
        statement(
            "https://slsa.dev/verification_summary/v1",
            &json!({"verifier": {"id": "v"}, "timeVerified": "2026-01-01T00:00:00Z",
        "policy": {"uri": "https://p.example"}, "resourceUri": "pkg:oci/app", "verificationResult": result, "verifiedLevels": ["SLSA_BUILD_LEVEL_3"]}),
        )
    };
    for (result, decision) in [("PASSED", Decision::Pass), ("FAILED", Decision::Fail)] {
        let read =
            Library::with(&[("s/a.json", dsse(&vsa(result)).to_string())]).verdicts("s").await.unwrap();
        let verdict = &read.items[0];
        assert_eq!(
            (&*verdict.policy_set, &*verdict.policy, verdict.decision),
            ("v", "https://p.example", decision)
        );
        assert_eq!(&*verdict.reason, "SLSA_BUILD_LEVEL_3 (pkg:oci/app)");
    }
    let wrong =
        Library::with(&[("s/a.json", dsse(&vsa("MAYBE")).to_string())]).verdicts("s").await.unwrap_err();
    assert!(wrong.place.unwrap().ends_with("/verificationResult"));
}

#[tokio::test]
async fn damage_is_refused_with_its_place_and_what_is_clear_is_told() {
    let inner = statement("t", &json!({}));
    let with = |member: &str, value: Value| {
        let mut envelope = dsse(&inner);
        envelope[member] = value;
        envelope.to_string()
    };
    let text = |bytes: &[u8]| Value::from(base64(bytes, STANDARD));
    for (content, place) in [
        (with("payload", json!("!!!!")), "s/a.json#/payload"),
        (with("payload", json!(1)), "s/a.json#/payload"),
        (with("payload", text(b"no json")), "s/a.json#/payload"),
        (with("payload", text(b"{\"_type\":\"https://in-toto.io/Statement/v1\"}")), "s/a.json#/payload"),
        (
            with("payload", text(b"{\"predicateType\":\"t\",\"subject\":[{\"name\":1}]}")),
            "s/a.json#/payload/subject/0/name",
        ),
        (
            json!({"payloadType": "text/plain", "payload": "AAAA", "signatures": []}).to_string(),
            "s/a.json#/payloadType",
        ),
        (
            json!({"mediaType": "application/vnd.dev.sigstore.bundle.v0.3+json", "messageSignature": {}})
                .to_string(),
            "s/a.json#/messageSignature",
        ),
    ] {
        let error = read(&content).await.unwrap_err();
        assert_eq!(error.place.as_deref(), Some(place), "{content}: {error}");
    }
    for lenient in [with("signatures", Value::Null), with("payloadType", json!("application/json"))] {
        let read = read(&lenient).await.unwrap();
        assert_eq!((read.items.len(), read.warnings.len()), (1, 1), "{lenient}");
    }
    let text = dsse(&inner).to_string();
    for cut in 30..text.len() {
        assert!(read(&text[..cut]).await.is_err(), "cut at {cut}");
    }
}

#[tokio::test]
async fn real_attestations() {
    for (path, envelope, signatures, subjects, kind) in [
        (
            "reference/attestation/chainloop/attestation-dsse.json",
            AttestationEnvelope::Dsse,
            1,
            3,
            "chainloop.dev/attestation/v0.2",
        ),
        (
            "reference/attestation/sigstore-js/bundleV03-dsse.sigstore",
            AttestationEnvelope::Sigstore,
            1,
            1,
            "https://github.com/npm/attestation/tree/main/specs/publish/v0.1",
        ),
        (
            "reference/attestation/in-toto-spec/predicates/svr-example2.json",
            AttestationEnvelope::Statement,
            0,
            1,
            "https://in-toto.io/attestation/svr/v0.2",
        ),
        (
            "reference/vex/guac/certify-vuln-v02.json",
            AttestationEnvelope::Statement,
            0,
            1,
            "https://in-toto.io/attestation/vulns/v0.2",
        ),
    ] {
        let Some(file) = shared(path) else { continue };
        let content = fs::read_to_string(file).unwrap();
        let attestation = read(&content).await.unwrap().items.remove(0);
        assert_eq!(
            (
                attestation.envelope,
                attestation.signatures,
                attestation.subjects.len(),
                &*attestation.predicate_type
            ),
            (envelope, signatures, subjects, kind),
            "{path}"
        );
        assert_eq!(&*attestation.document, content.trim());
    }
    let Some(svr) = shared("reference/attestation/in-toto-spec/predicates/svr-example2.json") else { return };
    let verdicts = Library::with(&[("s/a.json", fs::read(svr).unwrap())]).verdicts("s").await.unwrap();
    assert_eq!((verdicts.items.len(), &*verdicts.items[0].rule), (5, "SLSA_BUILD_LEVEL_3"));
    let Some(vuln) = shared("reference/pairs/trivy-convert-0.59.1/npm/report.cosign-vuln.json") else {
        return;
    };
    let library = Library::with(&[("s/a.json", fs::read(vuln).unwrap())]);
    // The same scan as Trivy's own report: jq '[.Results[].Vulnerabilities[]?] | length' input.trivy.json
    assert_eq!(library.findings("s").await.unwrap().items.len(), 1);
}

#[tokio::test]
async fn a_list_of_vulnerabilities_gives_findings_of_its_subject() {
    let predicate = json!({"scanner": {"uri": "osv.dev", "result": [
        {"id": "GHSA-7rjr-3q55-vv33", "severity": [{"method": "CVSSv31", "score": "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:C/C:H/I:H/A:H"}]},
        {"id": "GHSA-8489-44mv-ggj8", "severity": [{"method": "nvd", "score": "low"}]},
        {"id": "GHSA-8489-44mv-ggj8"}]}});
    let mut told = statement("https://in-toto.io/attestation/vulns/v0.2", &predicate);
    told["subject"] = json!([{"uri": "pkg:maven/org.apache.logging.log4j/log4j-core@2.8.1"}]);
    let read = Library::with(&[("s/a.json", told.to_string())]).findings("s").await.unwrap();
    let severities: Vec<&str> = read.items.iter().map(|it| it.severity.as_str()).collect();
    assert_eq!(severities, ["critical", "low", "unknown"]);
    let component = read.items[0].component.as_ref().unwrap();
    assert_eq!((&*component.name, &*component.version), ("org.apache.logging.log4j:log4j-core", "2.8.1"));
    assert_ne!(read.items[1].id, read.items[2].id, "one tells the same twice");
    told["predicate"]["scanner"]["result"][1]["id"] = json!("");
    let error = Library::with(&[("s/a.json", told.to_string())]).findings("s").await.unwrap_err();
    assert!(error.place.as_deref().unwrap().ends_with("/predicate/scanner/result/1/id"), "{error}");
}
