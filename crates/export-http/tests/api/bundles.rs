//! Sealed bundles over the API: what is in one, proofs, verification of uploads, the keys, the log.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use export_core::digest::Digest;
use export_seal::jwks::Jwks;
use export_seal::merkle::{leaf, verify_consistency, verify_inclusion};
use export_seal::note::LogHead;
use export_seal::proof::ProofDocument;
use serde_json::Value;

use crate::support::{JSON, World, body, refused, shapes};

/// A request whose artifact is sealed.
const SEALED: &str = r#"{"type":"scan_report","format":"json","scope":{"scan_ids":["scan-0"]},"options":{"include_evidence":true}}"#;

/// The export that was sealed, and the path of its bundle.
async fn sealed(world: &World) -> (Value, String) {
    let path = world.ended(SEALED).await;
    let export = world.get(&path).await;
    shapes::conforms("Export", &export);
    let id = export["bundle_id"].as_str().unwrap_or_else(|| panic!("{export:#}")).to_owned();
    (export, format!("/api/v1/bundles/{id}"))
}

/// The bytes of an artifact.
async fn artifact(world: &World, export: &Value, name: &str) -> Vec<u8> {
    let artifacts = export["artifacts"].as_array().unwrap();
    let found = artifacts.iter().find(|artifact| artifact["name"] == name).unwrap();
    let url = found["download_url"].as_str().unwrap();
    world.http.get(url).send().await.unwrap().bytes().await.unwrap().to_vec()
}

async fn verified(world: &World, archive: Vec<u8>) -> Value {
    let response = world.acme("POST", "/api/v1/bundles/verify").body(archive).send().await.unwrap();
    let report = body(response, 200).await;
    shapes::conforms("Verification", &report);
    report
}

fn digest(text: &Value) -> Digest {
    let text = text.as_str().unwrap();
    text.strip_prefix("sha256:").unwrap().parse().unwrap()
}

fn hashes(proof: &Value) -> Vec<Digest> {
    let hash = |text: &Value| STANDARD.decode(text.as_str().unwrap()).unwrap().try_into().unwrap();
    proof["hashes"].as_array().unwrap().iter().map(|text| Digest::from_bytes(hash(text))).collect()
}

#[tokio::test]
async fn a_bundle_tells_what_was_sealed() {
    let world = World::working().await;
    let (export, path) = sealed(&world).await;
    let bundle = world.get(&path).await;
    shapes::conforms("Bundle", &bundle);
    assert_eq!(
        (&bundle["export_id"], &bundle["archive"]),
        (&export["export_id"], &Value::from("evidence.zip"))
    );
    let contents = bundle["contents"].as_array().unwrap();
    let report = contents.iter().find(|it| it["path"] == "report.json").unwrap();
    assert_eq!(report["digest"], format!("sha256:{}", export["artifacts"][0]["sha256"].as_str().unwrap()));
    assert!(contents.iter().any(|it| it["type"] == "audit_event"), "{bundle:#}");

    let manifest: Value = serde_json::from_slice(&artifact(&world, &export, "manifest.json").await).unwrap();
    assert_eq!(manifest["bundle"]["merkle_root"], bundle["merkle_root"]);
    assert_eq!(manifest["bundle"]["bundle_id"], bundle["bundle_id"]);
}

#[tokio::test]
async fn one_file_is_proved_without_the_rest() {
    let world = World::working().await;
    let (export, path) = sealed(&world).await;
    let bundle = world.get(&path).await;
    let root = digest(&bundle["merkle_root"]);
    let contents = bundle["contents"].as_array().unwrap();
    for content in contents {
        let proof = world.get(&format!("{path}/proofs/{}", content["index"])).await;
        shapes::conforms("Proof", &proof);
        let proof = ProofDocument::read(proof.to_string().as_bytes()).unwrap();
        assert_eq!(proof.root(), Ok(root));
        if proof.entry.path == "report.json" {
            let bytes = artifact(&world, &export, "report.json").await;
            assert_eq!(proof.verify(bytes.len() as u64, &Digest::of(&bytes), &root), Ok(()));
        }
    }
    for beyond in [contents.len().to_string(), "-1".to_owned(), "x".to_owned()] {
        let response = world.acme("GET", &format!("{path}/proofs/{beyond}")).send().await.unwrap();
        refused(response, 404, "not_found").await;
    }
}

#[tokio::test]
async fn bundles_of_others_are_none() {
    let world = World::working().await;
    let (_, path) = sealed(&world).await;
    for path in [path.as_str(), &format!("{path}/proofs/0")] {
        refused(world.of("globex", "GET", path).send().await.unwrap(), 404, "not_found").await;
    }
    for unknown in ["bnd-00000000000000000000000000", "bnd-x", "exp-00000000000000000000000000"] {
        let response = world.acme("GET", &format!("/api/v1/bundles/{unknown}")).send().await.unwrap();
        refused(response, 404, "not_found").await;
    }
    assert!(world.get(&world.ended(JSON).await).await.get("bundle_id").is_none());
}

#[tokio::test]
async fn an_upload_is_verified_against_our_keys() {
    let world = World::working().await;
    let (export, _) = sealed(&world).await;
    let archive = artifact(&world, &export, "evidence.zip").await;
    let report = verified(&world, archive.clone()).await;
    assert_eq!(report["verdict"], "whole");
    assert_eq!(report["bundle"]["bundle_id"], export["bundle_id"]);
    assert_eq!(report["checkpoint"]["origin"], "export-center/log/acme");

    let mut flipped = archive.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    let report = verified(&world, flipped).await;
    assert_eq!(report["verdict"], "tampered", "{report:#}");
    for nothing in [Vec::new(), b"hello".to_vec(), archive[..archive.len() - 1].to_vec()] {
        assert_eq!(verified(&world, nothing).await["verdict"], "tampered");
    }
}

#[tokio::test]
async fn uploads_have_limits() {
    let world = World::with(|settings| settings.upload_limit = 1_000).await;
    let upload = |bytes: usize| world.acme("POST", "/api/v1/bundles/verify").body(vec![b'P'; bytes]);
    assert_eq!(body(upload(1_000).send().await.unwrap(), 200).await["verdict"], "tampered");
    refused(upload(1_001).send().await.unwrap(), 413, "payload_too_large").await;
    // Of a body whose length nobody told, no more is read than may be.
    let chunks = futures::stream::iter((0..100).map(|_| Ok::<_, std::io::Error>(vec![b'P'; 100])));
    let streamed = world.acme("POST", "/api/v1/bundles/verify").body(reqwest::Body::wrap_stream(chunks));
    refused(streamed.send().await.unwrap(), 413, "payload_too_large").await;

    let world = World::with(|settings| settings.uploads_per_tenant = 0).await;
    let busy = world.acme("POST", "/api/v1/bundles/verify").body("x").send().await.unwrap();
    assert_eq!(busy.headers()["retry-after"], "5");
    refused(busy, 429, "busy").await;
    let stranger = world.bare("POST", "/api/v1/bundles/verify").body("x").send().await.unwrap();
    refused(stranger, 401, "unauthenticated").await;
}

#[tokio::test]
async fn everyone_may_know_the_keys() {
    let world = World::working().await;
    let (export, path) = sealed(&world).await;
    let response = world.bare("GET", "/.well-known/evidence-keys.json").send().await.unwrap();
    assert_eq!(response.headers()["content-type"], "application/jwk-set+json");
    let keys = body(response, 200).await;
    shapes::conforms("Jwks", &keys);
    let records = Jwks::read(keys.to_string().as_bytes()).unwrap();
    assert_eq!(world.get(&path).await["key_id"], records[0].key.id().as_str());
    let archive = artifact(&world, &export, "evidence.zip").await;
    assert!(!archive.is_empty());

    let page = world.bare("GET", "/verify").send().await.unwrap();
    assert!(page.headers()["content-security-policy"].to_str().unwrap().starts_with("default-src 'none'"));
    assert_eq!(page.text().await.unwrap(), export_seal::PAGE);
}

#[tokio::test]
async fn the_log_proves_that_nothing_was_taken_out() {
    let world = World::working().await;
    let early = world.acme("GET", "/api/v1/audit/checkpoint").send().await.unwrap();
    refused(early, 404, "not_found").await;
    let (_, path) = sealed(&world).await;
    let first = world.get("/api/v1/audit/checkpoint").await;
    shapes::conforms("Checkpoint", &first);
    world.ended(JSON).await;
    let second = world.get("/api/v1/audit/checkpoint").await;
    let keys = body(world.bare("GET", "/.well-known/evidence-keys.json").send().await.unwrap(), 200).await;
    let keys: Vec<_> = Jwks::read(keys.to_string().as_bytes()).unwrap().iter().map(|it| it.key).collect();
    let head = |checkpoint: &Value| LogHead::read(checkpoint["note"].as_str().unwrap(), &keys).unwrap().0;
    let (old, new) = (head(&first), head(&second));
    assert!(old.size < new.size);
    assert_eq!((Value::from(new.size), digest(&second["root"])), (second["size"].clone(), new.root));

    let query = format!("/api/v1/audit/proofs/consistency?from={}&to={}", old.size, new.size);
    let proof = world.get(&query).await;
    shapes::conforms("LogProof", &proof);
    assert_eq!(verify_consistency(old.size, new.size, &hashes(&proof), &old.root, &new.root), Ok(()));

    let seq = world.get(&path).await["log"]["seq"].as_u64().unwrap();
    let query = format!("/api/v1/audit/proofs/inclusion?seq={seq}&size={}", new.size);
    let proof = world.get(&query).await;
    let event = world.get("/api/v1/audit?action=bundle.sealed").await["events"][0].clone();
    assert_eq!(event["seq"], seq);
    let hash: Digest = event["hash"].as_str().unwrap().parse().unwrap();
    let leaf = leaf(hash.as_bytes());
    assert_eq!(verify_inclusion(seq - 1, new.size, &leaf, &hashes(&proof), &new.root), Ok(()));

    let older = world.get(&format!("/api/v1/audit/checkpoint?size={}", old.size)).await;
    assert_eq!(older, first);
    for wrong in [
        "consistency",
        "consistency?from=0",
        "consistency?from=9&to=8",
        "consistency?from=1&to=999",
        "inclusion",
        "inclusion?seq=0",
        "inclusion?seq=9999",
        "inclusion?seq=1&size=9999",
    ] {
        let response = world.acme("GET", &format!("/api/v1/audit/proofs/{wrong}")).send().await.unwrap();
        refused(response, 422, "invalid_parameter").await;
    }
    refused(world.of("globex", "GET", "/api/v1/audit/checkpoint").send().await.unwrap(), 404, "not_found")
        .await;
}
