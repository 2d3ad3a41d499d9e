//! The audit trail of the real server: what was done is in an export of it, in order, and in nobody else's.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use export_core::digest::Digest;
use export_tests::{Settings, Site};
use serde_json::{Value, json};

fn demo(kind: &str, format: &str) -> Value {
    json!({"type": kind, "format": format, "scope": {"scan_ids": ["payments-api-2026-11-20"]}})
}

fn trail(format: &str, options: &Value) -> Value {
    let range = json!({"start": "-1d", "end": "now"});
    json!({"type": "audit_log", "format": format, "scope": {"date_range": range}, "options": options})
}

/// Asks as another tenant.
async fn ask(site: &Site, tenant: &str, path: &str) -> Value {
    let request = reqwest::Client::builder().no_proxy().build().unwrap().get(format!("{}{path}", site.url));
    let request = request.bearer_auth(site.token_for(tenant)).header("X-Tenant-Id", tenant);
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200, "{path}");
    serde_json::from_slice(&response.bytes().await.unwrap()).unwrap()
}

/// An event as the tests tell it.
fn told(event: &Value) -> (String, String) {
    let text = |name: &str| event[name].as_str().unwrap().to_owned();
    (text("action"), text("target"))
}

/// Cancels, retries, completes and downloads; the ids of the two exports, and what was noted of them, in order.
async fn live(site: &mut Site) -> Vec<(String, String)> {
    let send = async |site: &Site, method: &str, path: String| {
        let (status, answer) = site.send(method, &path, None).await.unwrap();
        assert_eq!(status, 202, "{method} {path}: {answer:#}");
    };
    let first = site.submit(demo("scan_report", "json")).await;
    send(site, "DELETE", format!("/api/v1/exports/{first}")).await;
    send(site, "POST", format!("/api/v1/exports/{first}/retry")).await;
    let second = site.submit(demo("vulnerability_report", "csv")).await;
    let worker = site.start_worker("worker");
    for id in [&first, &second] {
        assert_eq!(site.ended(id).await["status"], "completed", "{}", site.log());
    }
    let bytes = site.download(&first, "report.json").await;
    drop(worker);
    let of = |action: &str, target: &str| (action.to_owned(), target.to_owned());
    let (_, page) = site.send("GET", &format!("/api/v1/audit?target={first}"), None).await.unwrap();
    let downloaded = &page["events"][0];
    assert_eq!(downloaded["detail"]["sha256"], Digest::of(&bytes).to_string());
    assert_eq!(downloaded["actor"], "link");
    // The two completions may have come in either order; the trail says which, and everything else is certain.
    let (_, page) = site.send("GET", "/api/v1/audit?action=export.completed", None).await.unwrap();
    let mut completions: Vec<_> = page["events"].as_array().unwrap().iter().map(told).collect();
    completions.reverse();
    let mut expected = vec![
        of("export.requested", &first),
        of("export.cancelled", &first),
        of("export.retried", &first),
        of("export.requested", &second),
    ];
    expected.extend(completions);
    expected.extend([of("link.issued", &first), of("artifact.downloaded", &first)]);
    expected
}

#[tokio::test(flavor = "multi_thread")]
async fn an_audit_log_holds_exactly_what_was_done_in_order() {
    let mut site = Site::start(Settings { no_worker: true, ..Settings::default() }).await;
    let mut expected = live(&mut site).await;
    let _worker = site.start_worker("worker-2");
    let as_json = site.submit(trail("json", &json!({}))).await;
    expected.push(("export.requested".to_owned(), as_json.clone()));
    let export = site.ended(&as_json).await;
    assert_eq!(export["status"], "completed", "{export:#}\n{}", site.log());
    let document: Value = serde_json::from_slice(&site.download(&as_json, "audit-log.json").await).unwrap();
    let events = document["events"].as_array().unwrap();
    assert_eq!(events.iter().map(told).collect::<Vec<_>>(), expected);
    let places: Vec<_> = events.iter().map(|event| event["seq"].as_u64().unwrap()).collect();
    assert_eq!(places, (1..=expected.len() as u64).collect::<Vec<_>>(), "from 1 without gaps");
    let manifest: Value = serde_json::from_slice(&site.download(&as_json, "manifest.json").await).unwrap();
    assert_eq!(manifest["snapshot"]["rows_matched"], expected.len());
    assert_eq!(manifest["snapshot"]["digest"], document["snapshot"]["digest"]);
    let text = document.to_string();
    for secret in [site.token.as_str(), "/d/", "Bearer"] {
        assert!(!text.contains(secret), "{secret} is in the trail");
    }

    let as_csv = site.submit(trail("csv", &json!({}))).await;
    assert_eq!(site.ended(&as_csv).await["status"], "completed", "{}", site.log());
    let csv = String::from_utf8(site.download(&as_csv, "audit-log.csv").await).unwrap();
    for (index, event) in events.iter().enumerate() {
        let line = csv.lines().nth(index + 1).unwrap();
        assert!(line.starts_with(&format!("{},{},", event["seq"], event["at"].as_str().unwrap())), "{line}");
        let (action, target) = told(event);
        assert!(line.contains(&format!("\"{action}\",\"{target}\"")), "{line}");
    }
    // Behind them: the JSON's completion, two links and two downloads of it, and the request of the CSV.
    assert_eq!(csv.lines().count(), 1 + events.len() + 6);
    assert!(csv.trim_end().lines().last().unwrap().contains(&as_csv));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_tenant_sees_nothing_of_it() {
    let site = Site::start(Settings::default()).await;
    let id = site.submit(demo("scan_report", "json")).await;
    assert_eq!(site.ended(&id).await["status"], "completed", "{}", site.log());
    let stranger = site.token_for("stranger");
    assert_eq!(ask(&site, "stranger", "/api/v1/audit").await, json!({"events": []}));
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let post = http.post(format!("{}/api/v1/exports", site.url)).bearer_auth(&stranger);
    let post = post.header("X-Tenant-Id", "stranger").json(&trail("json", &json!({"json_lines": true})));
    let answer = post.send().await.unwrap();
    assert_eq!(answer.status(), 202);
    let export: Value = serde_json::from_slice(&answer.bytes().await.unwrap()).unwrap();
    let path = format!("/api/v1/exports/{}", export["export_id"].as_str().unwrap());
    let done = loop {
        let export = ask(&site, "stranger", &path).await;
        if export["status"] == "completed" {
            break export;
        }
        assert_ne!(export["status"], "failed", "{export:#}\n{}", site.log());
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    };
    let url = done["artifacts"][0]["download_url"].as_str().unwrap();
    let text = http.get(url).send().await.unwrap().text().await.unwrap();
    assert!(text.ends_with("{\"end\":{\"events\":1}}\n"), "its own request and nothing else: {text}");
    assert!(!text.contains(&id) && !text.contains("demo"), "{text}");
}
