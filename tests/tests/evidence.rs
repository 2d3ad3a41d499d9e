//! Evidence from end to end: sealed by the server, verified by others, with keys that change.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use export_contract::authority::{Authority, Keys};
use export_tests::{Run, Settings, Site, exportctl};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

const SCAN: &str = "payments-api-2026-11-20";

fn bundle_request(format: &str) -> Value {
    json!({"type": "evidence_bundle", "format": format, "scope": {"scan_ids": [SCAN]}})
}

/// Exports a bundle; the archive in a file, and the export.
async fn bundle(site: &Site, format: &str, name: &str) -> (PathBuf, Value) {
    let id = site.submit(bundle_request(format)).await;
    let export = site.ended(&id).await;
    assert_eq!(export["status"], "completed", "{export:#}\n{}", site.log());
    let file = site.folder.path().join(format!("{name}.{format}"));
    fs::write(&file, site.download(&id, &format!("evidence.{format}")).await).unwrap();
    (file, export)
}

/// The public keys as the server publishes them, in a file.
async fn published_keys(site: &Site) -> PathBuf {
    let file = site.folder.path().join("evidence-keys.json");
    let keys = reqwest::get(format!("{}/.well-known/evidence-keys.json", site.url)).await.unwrap();
    fs::write(&file, keys.bytes().await.unwrap()).unwrap();
    file
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

fn verify(bundle: &Path, keys: &Path, more: &[&str]) -> Run {
    let (bundle, keys) = (text(bundle), text(keys));
    exportctl([&["--json", "verify", &bundle, "--keys", &keys], more].concat())
}

fn verdict(run: &Run) -> String {
    run.json()["verdict"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bundle_is_verified_by_whoever_has_the_keys() {
    let site = Site::start(Settings::default()).await;
    let (archive, export) = bundle(&site, "zip", "bundle").await;
    let keys = published_keys(&site).await;
    let run = verify(&archive, &keys, &[]);
    assert_eq!((run.code, verdict(&run).as_str()), (0, "whole"), "{run:?}");
    let report = run.json();
    assert_eq!(report["bundle"]["bundle_id"], export["bundle_id"]);
    assert_eq!(report["checkpoint"]["origin"], "export-center/log/demo");

    // Nobody is trusted unless somebody says so.
    let nowhere = text(&site.folder.path().join("nowhere"));
    let run = exportctl(["verify", &text(&archive), "--data", &nowhere]);
    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.stdout.contains("UNKNOWN KEY") && run.stderr.contains("--keys"), "{run:?}");
    let kid = report["bundle"]["key_id"].as_str().unwrap();
    assert_eq!(exportctl(["verify", &text(&archive), "--fingerprint", kid]).code, 0);
    // The keys of the data folder are, for whoever works there.
    assert_eq!(exportctl(["verify", &text(&archive), "--data", &text(&site.data())]).code, 0);

    let (status, contents) = site
        .send("GET", &format!("/api/v1/bundles/{}", export["bundle_id"].as_str().unwrap()), None)
        .await
        .unwrap();
    assert_eq!(status, 200);
    let types: Vec<&str> =
        contents["contents"].as_array().unwrap().iter().map(|it| it["type"].as_str().unwrap()).collect();
    for kind in ["scan_result", "sbom", "policy_verdict", "vex_statement", "audit_event", "report"] {
        assert!(types.contains(&kind), "{kind} is missing: {types:?}");
    }
    assert_eq!(contents["merkle_root"], report["bundle"]["merkle_root"]);

    let mut bytes = fs::read(&archive).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 4;
    fs::write(&archive, bytes).unwrap();
    assert_eq!(verify(&archive, &keys, &[]).code, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_file_is_shown_without_the_rest() {
    let site = Site::start(Settings::default()).await;
    let (archive, export) = bundle(&site, "tar.gz", "bundle").await;
    let keys = published_keys(&site).await;
    let inside = site.folder.path().join("inside");
    fs::create_dir(&inside).unwrap();
    let untar = Command::new("tar").args(["xzf", &text(&archive), "-C", &text(&inside)]).status().unwrap();
    assert!(untar.success());
    // An unpacked bundle is one too.
    assert_eq!(verify(&inside, &keys, &[]).code, 0);

    let path = format!("/api/v1/bundles/{}", export["bundle_id"].as_str().unwrap());
    let (_, contents) = site.send("GET", &path, None).await.unwrap();
    let contents = contents["contents"].as_array().unwrap();
    let content = contents.iter().find(|it| it["type"] == "scan_result").unwrap();
    let (_, proof) = site.send("GET", &format!("{path}/proofs/{}", content["index"]), None).await.unwrap();
    let (file, proof_file) =
        (inside.join(content["path"].as_str().unwrap()), site.folder.path().join("proof.json"));
    fs::write(&proof_file, proof.to_string()).unwrap();
    let (file, proof, attestation) =
        (text(&file), text(&proof_file), text(&inside.join("attestation.dsse.json")));
    let keys = text(&keys);
    let arguments = ["verify", &file, "--proof", &proof, "--attestation", &attestation, "--keys", &keys];
    let run = exportctl(arguments);
    assert_eq!(run.code, 0, "{run:?}");
    let run = exportctl(["verify", &file, "--proof", &proof]);
    assert_eq!(run.code, 2, "a root that nobody trusts proves nothing: {run:?}");
    let root = run.stderr.split_whitespace().find(|word| word.starts_with("sha256:")).unwrap();
    let root = root.trim_end_matches(';').to_owned();
    assert_eq!(exportctl(["verify", &file, "--proof", &proof, "--root", &root]).code, 0);
    let run = exportctl(["--json", "verify", &file, "--proof", &proof, "--root", &root]);
    assert_eq!((run.code, verdict(&run).as_str()), (0, "whole"), "{run:?}");
    assert_eq!(run.json().get("bundle_id"), None, "of whose bundle it is, only the proof says: {run:?}");
    let attested = |proof: &str, more: &[&str]| {
        exportctl(
            [&["--json", "verify", &file, "--proof", proof, "--attestation", &attestation], more].concat(),
        )
    };
    let kid = contents_key(&site, &path).await;
    let run = attested(&proof, &["--keys", &keys, "--fingerprint", &kid]);
    assert_eq!((run.code, &run.json()["bundle_id"]), (0, &export["bundle_id"]), "{run:?}");
    let run = attested(&proof, &["--fingerprint", &kid]);
    assert!(run.code == 2 && run.stderr.contains("--keys FILE"), "{run:?}");
    let run =
        attested(&proof, &["--keys", &keys, "--fingerprint", "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert_eq!(attested(&proof, &["--keys", &keys, "--anchors", &keys]).code, 2);
    let document: Value = serde_json::from_slice(&fs::read(&proof).unwrap()).unwrap();
    for (member, value, code) in [
        ("size", json!(document["size"].as_u64().unwrap() + 1), "root_mismatch"),
        ("bundle_id", json!("bnd-00000000000000000000000000"), "statement_invalid"),
    ] {
        let mut changed = document.clone();
        changed[member] = value;
        let other = text(&site.folder.path().join("other.json"));
        fs::write(&other, changed.to_string()).unwrap();
        let run = attested(&other, &["--keys", &keys]);
        assert_eq!((run.code, run.json()["code"].as_str()), (1, Some(code)), "{run:?}");
    }
    fs::write(&file, "changed").unwrap();
    let run = exportctl(["--json", "verify", &file, "--proof", &proof, "--root", &root]);
    assert_eq!((run.code, run.json()["code"].as_str()), (1, Some("digest_mismatch")), "{run:?}");
    assert_eq!(run.json()["path"], document["entry"]["path"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_file_that_a_revoked_key_sealed_does_not_count() {
    let site = Site::start(Settings::default()).await;
    let (archive, export) = bundle(&site, "tar.gz", "bundle").await;
    let inside = site.folder.path().join("inside");
    fs::create_dir(&inside).unwrap();
    let untar = Command::new("tar").args(["xzf", &text(&archive), "-C", &text(&inside)]).status().unwrap();
    assert!(untar.success());
    let path = format!("/api/v1/bundles/{}/proofs/0", export["bundle_id"].as_str().unwrap());
    let (_, proof) = site.send("GET", &path, None).await.unwrap();
    let file = text(&inside.join(proof["entry"]["path"].as_str().unwrap()));
    let proof_file = text(&site.folder.path().join("proof.json"));
    fs::write(&proof_file, proof.to_string()).unwrap();
    let attestation = text(&inside.join("attestation.dsse.json"));
    let keys = published_keys(&site).await;
    let verified = || {
        let arguments = ["--json", "verify", &file, "--proof", &proof_file, "--attestation", &attestation];
        exportctl([&arguments[..], &["--keys", &text(&keys)]].concat())
    };
    assert_eq!(verified().code, 0);
    let mut known: Value = serde_json::from_slice(&fs::read(&keys).unwrap()).unwrap();
    known["keys"][0]["status"] = "revoked".into();
    for revoked_at in [Value::Null, "2026-01-01T00:00:00Z".into()] {
        if !revoked_at.is_null() {
            known["keys"][0]["revoked_at"] = revoked_at;
        }
        fs::write(&keys, known.to_string()).unwrap();
        let run = verified();
        assert_eq!((run.code, run.json()["code"].as_str()), (3, Some("key_revoked")), "{run:?}");
        assert_eq!(verdict(&run), "indeterminate");
    }
}

async fn contents_key(site: &Site, path: &str) -> String {
    let (_, bundle) = site.send("GET", path, None).await.unwrap();
    bundle["key_id"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn three_rotations_and_a_revocation() {
    let tsa = authority().await;
    let site = Site::start(Settings::default().with("EXPORT_SEALING__TIMESTAMP__URL", tsa.url.clone())).await;
    let data = text(&site.data());
    let keys_command = |arguments: &[&str]| {
        let run = exportctl([&["--json", "keys"], arguments, &["--data", &data]].concat());
        assert_eq!(run.code, 0, "{run:?}");
        run.json()
    };
    let mut bundles = Vec::new();
    for generation in 0..4 {
        if generation > 0 {
            keys_command(&["rotate"]);
        }
        bundles.push(bundle(&site, "zip", &format!("bundle-{generation}")).await.0);
    }
    let keys = published_keys(&site).await;
    let known: Value = serde_json::from_slice(&fs::read(&keys).unwrap()).unwrap();
    let statuses: Vec<&str> =
        known["keys"].as_array().unwrap().iter().map(|it| it["status"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["active", "retired", "retired", "retired"]);
    let anchors = site.folder.path().join("tsa.pem");
    fs::write(&anchors, tsa.root.as_slice()).unwrap();
    let anchors = text(&anchors);
    for bundle in &bundles {
        let run = verify(bundle, &keys, &["--anchors", &anchors]);
        assert_eq!(run.code, 0, "{run:?}");
        assert_eq!(run.json()["timestamp"]["trusted"], true);
    }
    // The second key was stolen. Revoked since long ago, nothing that it signed counts; revoked since now, what has a
    // trusted time-stamp does, and without trust in the authority nobody can tell.
    let kid = known["keys"][2]["kid"].as_str().unwrap().to_owned();
    keys_command(&["revoke", &kid, "--reason", "laptop stolen"]);
    let keys = published_keys(&site).await;
    assert_eq!(verify(&bundles[1], &keys, &["--anchors", &anchors]).code, 0);
    let run = verify(&bundles[1], &keys, &[]);
    assert_eq!((run.code, verdict(&run).as_str()), (3, "indeterminate"), "{run:?}");
    keys_command(&["revoke", &kid, "--at", "2026-01-01T00:00:00Z", "--reason", "stolen earlier"]);
    let keys = published_keys(&site).await;
    let run = verify(&bundles[1], &keys, &["--anchors", &anchors]);
    assert_eq!((run.code, run.json()["code"].as_str()), (3, Some("key_revoked")), "{run:?}");
    for untouched in [&bundles[0], &bundles[2], &bundles[3]] {
        assert_eq!(verify(untouched, &keys, &[]).code, 0);
    }
}

/// J17: without any network the answer is the same.
#[tokio::test(flavor = "multi_thread")]
async fn every_export_can_be_sealed_and_is_verified_without_network() {
    let site = Site::start(Settings::default()).await;
    let keys = published_keys(&site).await;
    let scans = json!({"scan_ids": [SCAN]});
    let days = json!({"date_range": {"start": "-1d"}});
    for (kind, format, scope) in [
        ("scan_report", "pdf", &scans),
        ("scan_report", "json", &scans),
        ("scan_report", "sarif", &scans),
        ("scan_summary", "xlsx", &scans),
        ("scan_summary", "csv", &scans),
        ("sbom", "cyclonedx", &scans),
        ("sbom", "spdx", &scans),
        ("vulnerability_report", "xlsx", &scans),
        ("vulnerability_report", "csv", &scans),
        ("policy_compliance", "json", &scans),
        ("ai_code_guard_report", "json", &scans),
        ("audit_log", "csv", &days),
    ] {
        let options = json!({"include_evidence": true});
        let body = json!({"type": kind, "format": format, "scope": scope, "options": options});
        let id = site.submit(body).await;
        let export = site.ended(&id).await;
        assert_eq!(export["status"], "completed", "{export:#}");
        let archive = site.folder.path().join(format!("{kind}-{format}.zip"));
        fs::write(&archive, site.download(&id, "evidence.zip").await).unwrap();
        let mut alone = Command::new("unshare");
        alone.args(["--map-root-user", "--net"]).arg(export_tests::binary("exportctl"));
        let output =
            alone.args(["--json", "verify", &text(&archive), "--keys", &text(&keys)]).output().unwrap();
        let report: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
        assert_eq!(report["verdict"], "whole", "{kind} as {format}: {report:#}");
        assert_eq!(report["bundle"]["bundle_id"], export["bundle_id"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_beside_a_bundle_shows_its_root() {
    let site = Site::start(Settings::default()).await;
    let id = site.submit(bundle_request("zip")).await;
    let export = site.ended(&id).await;
    let file = site.folder.path().join("audit-evidence.pdf");
    fs::write(&file, site.download(&id, "audit-evidence.pdf").await).unwrap();
    let output = Command::new("pdftotext").args([&text(&file), "-"]).output().unwrap();
    let page = String::from_utf8_lossy(&output.stdout).into_owned();
    let path = format!("/api/v1/bundles/{}", export["bundle_id"].as_str().unwrap());
    let (_, bundle) = site.send("GET", &path, None).await.unwrap();
    let run_on: String = page.split_whitespace().collect();
    for part in ["merkle_root", "key_id", "bundle_id"] {
        assert!(run_on.contains(bundle[part].as_str().unwrap()), "{part} is not on the page:\n{page}");
    }
    for content in bundle["contents"].as_array().unwrap() {
        let digest = content["digest"].as_str().unwrap().trim_start_matches("sha256:");
        assert!(run_on.contains(digest), "{content:#} is not on the page:\n{page}");
    }
    assert!(page.starts_with("Evidence bundle") || page.contains("Evidence bundle"));
}

/// A time-stamp authority on a loopback port: the real `openssl ts` behind a few lines of HTTP.
struct Tsa {
    url: String,
    root: Vec<u8>,
}

async fn authority() -> Tsa {
    let authority = Authority::new(Keys::P256);
    let root = authority.file("root.pem");
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let Ok((mut stream, _)) = listener.accept().await else { return };
            let mut request = Vec::new();
            let body = loop {
                let mut piece = [0; 4_096];
                let read = stream.read(&mut piece).await.unwrap_or(0);
                request.extend_from_slice(&piece[..read]);
                let head = request.windows(4).position(|it| it == b"\r\n\r\n");
                let length = head.and_then(|end| {
                    let head = String::from_utf8_lossy(&request[..end]).to_lowercase();
                    let length = head
                        .lines()
                        .find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
                    Some((end + 4, length?))
                });
                match length {
                    Some((start, length)) if request.len() >= start + length => {
                        break request[start..start + length].to_vec();
                    }
                    _ if read == 0 => break Vec::new(),
                    _ => {}
                }
            };
            let reply = authority.reply(&body);
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: application/timestamp-reply\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                reply.len()
            );
            let _gone = stream.write_all(&[head.as_bytes(), &reply].concat()).await;
        }
    });
    Tsa { url, root }
}
