//! Programs are killed and frozen at any moment; what was accepted reaches its end, once.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use export_core::digest::Digest;
use export_tests::{Settings, Site, files_named, fixtures};
use rustix::process::Signal;
use serde_json::{Value, json};
use tokio::time::sleep;

const LEASE: &str = "1s";

fn request(kind: &str, format: &str, scan: &str) -> Value {
    json!({"type": kind, "format": format, "scope": {"scan_ids": [scan]}})
}

/// A library with one scan of 4,000 findings beside the demo's: enough work to be interrupted.
fn large_library(root: &Path) -> String {
    let scan = root.join("library/large");
    fs::create_dir_all(&scan).unwrap();
    let made = Command::new("python3")
        .arg(fixtures().join("make_big.py"))
        .args(["-n", "4000", "--only", "trivy,vex,verdicts", "-o"])
        .arg(&scan)
        .output()
        .expect("python3 runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    fs::remove_file(scan.join("expected.json")).unwrap();
    format!("file://{}", root.join("library").display())
}

/// One manifest on disk, named by the export, and every artifact as it says.
async fn check_whole(site: &Site, id: &str, export: &Value) {
    assert_eq!(export["status"], "completed", "{export:#}\n{}", site.log());
    let folder = files_named(&site.data().join("artifacts"), "manifest.json");
    let manifests: Vec<_> = folder.iter().filter(|path| path.display().to_string().contains(id)).collect();
    assert_eq!(manifests.len(), 1, "{manifests:?}");
    let manifest: Value = serde_json::from_slice(&fs::read(manifests[0]).unwrap()).unwrap();
    assert_eq!(manifest["export_id"], id);
    for artifact in manifest["artifacts"].as_array().unwrap() {
        let bytes = site.download(id, artifact["name"].as_str().unwrap()).await;
        assert_eq!(Digest::of(&bytes).to_string(), artifact["sha256"], "{artifact}");
        assert_eq!(bytes.len() as u64, artifact["size"]);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn killed_fifty_times_every_accepted_export_ends_with_one_manifest() {
    let library = tempfile::tempdir().unwrap();
    let settings = Settings::default()
        .with("EXPORT_WORKER__LEASE", LEASE)
        .with("EXPORT_SOURCES__LIBRARY__URL", large_library(library.path()));
    let mut site = Site::start(settings).await;
    let mut accepted = Vec::new();
    for round in 0..50_u64 {
        let worker = site.start_worker("worker");
        for (kind, format) in [("scan_report", "json"), ("vulnerability_report", "csv")] {
            // The server may be killed at any moment, but not before it said 202 to this round.
            accepted.push(site.submit(request(kind, format, "large")).await);
        }
        // Spread over the life of an export: at once, while it gathers, renders, stores.
        sleep(Duration::from_millis(round * 37 % 700)).await;
        site.server.take().unwrap().kill();
        worker.kill();
        site.start_server().await;
    }
    assert_eq!(accepted.len(), 100);
    for id in &accepted {
        let export = site.ended(id).await;
        check_whole(&site, id, &export).await;
    }
    let (_, list) = site.send("GET", "/api/v1/exports?status=processing", None).await.unwrap();
    assert_eq!(list["exports"], json!([]), "no lease is left");
    let manifests = files_named(&site.data().join("artifacts"), "manifest.json");
    assert_eq!(manifests.len(), accepted.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frozen_worker_publishes_nothing() {
    let library = tempfile::tempdir().unwrap();
    let settings = Settings { no_worker: true, ..Settings::default() }
        .with("EXPORT_WORKER__LEASE", LEASE)
        .with("EXPORT_SOURCES__LIBRARY__URL", large_library(library.path()));
    let site = Site::start(settings).await;
    for delay in [0, 50, 150, 300, 600] {
        let frozen = site.start_worker("frozen");
        let id = site.submit(request("scan_report", "json", "large")).await;
        let deadline = Instant::now() + Duration::from_secs(30);
        while site.get(&id).await["status"] == "queued" {
            assert!(Instant::now() < deadline, "the worker does not start:\n{}", frozen.log());
            sleep(Duration::from_millis(5)).await;
        }
        sleep(Duration::from_millis(delay)).await;
        frozen.signal(Signal::STOP);
        if site.get(&id).await["status"] == "completed" {
            continue; // it was faster than the freeze, which is no test
        }
        let other = site.start_worker("other");
        let export = site.ended(&id).await;
        assert_eq!(export["attempt"], 2, "{export:#}");
        check_whole(&site, &id, &export).await;
        frozen.signal(Signal::CONT);
        let deadline = Instant::now() + Duration::from_secs(30);
        while !frozen.log().contains("lease was lost") {
            assert!(Instant::now() < deadline, "the thawed worker does not notice:\n{}", frozen.log());
            sleep(Duration::from_millis(50)).await;
        }
        assert!(frozen.stop().success());
        let after = site.get(&id).await;
        assert_eq!(
            (&after["artifacts"][0]["sha256"], &after["attempt"]),
            (&export["artifacts"][0]["sha256"], &json!(2))
        );
        check_whole(&site, &id, &after).await;
        assert!(other.stop().success());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stop_lets_running_exports_end() {
    let library = tempfile::tempdir().unwrap();
    let settings = Settings::default().with("EXPORT_SOURCES__LIBRARY__URL", large_library(library.path()));
    let mut site = Site::start(settings).await;
    let id = site.submit(request("scan_report", "json", "large")).await;
    let deadline = Instant::now() + Duration::from_secs(30);
    while site.get(&id).await["status"] == "queued" {
        assert!(Instant::now() < deadline);
        sleep(Duration::from_millis(5)).await;
    }
    assert!(site.server.take().unwrap().stop().success());
    site.start_server().await;
    let export = site.ended(&id).await;
    assert_eq!(export["attempt"], 1, "it ended before the server did: {export:#}");
    check_whole(&site, &id, &export).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_running_export_can_be_cancelled_and_retried() {
    let library = tempfile::tempdir().unwrap();
    let settings = Settings { no_worker: true, ..Settings::default() }
        .with("EXPORT_SOURCES__LIBRARY__URL", large_library(library.path()));
    let site = Site::start(settings).await;
    let id = site.submit(request("scan_report", "json", "large")).await;
    let (status, cancelled) = site.send("DELETE", &format!("/api/v1/exports/{id}"), None).await.unwrap();
    assert_eq!((status, &cancelled["status"]), (202, &json!("failed")));
    assert_eq!(cancelled["error_code"], "cancelled");
    let (status, problem) = site.send("DELETE", &format!("/api/v1/exports/{id}"), None).await.unwrap();
    assert_eq!((status, &problem["code"]), (409, &json!("already_ended")));

    let (status, _) = site.send("POST", &format!("/api/v1/exports/{id}/retry"), None).await.unwrap();
    assert_eq!(status, 202);
    let worker = site.start_worker("worker");
    let export = site.ended(&id).await;
    check_whole(&site, &id, &export).await;
    assert!(worker.stop().success());
}
