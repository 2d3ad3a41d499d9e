//! Tenants' own templates, from storing one to the report that it prints, and what a bad one can do: nothing.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use export_tests::{Settings, Site, exportctl, read_back};
use serde_json::{Value, json};

const SCAN: &str = "payments-api-2026-11-20";
const OWN: &str = "/api/v1/templates/custom-demo";

async fn put(site: &Site, text: &str) -> (u16, Value) {
    site.send("PUT", OWN, Some(json!({"text": text}))).await.unwrap()
}

/// The export that template `custom-demo` prints, and the text of its PDF.
async fn report(site: &Site, options: Value) -> (Value, String) {
    let mut all = json!({"template": "custom-demo"});
    all.as_object_mut().unwrap().extend(options.as_object().unwrap().clone());
    let id = site
        .submit(
            json!({"type": "scan_report", "format": "pdf", "scope": {"scan_ids": [SCAN]}, "options": all}),
        )
        .await;
    let export = site.ended(&id).await;
    assert_eq!(export["status"], "completed", "{export:#}\n{}", site.log());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.pdf");
    std::fs::write(&path, site.download(&id, "report.pdf").await).unwrap();
    let text = read_back(&[("pdf", path.as_path())])[0]["text"].as_str().unwrap().to_owned();
    (export, text)
}

fn warning<'e>(export: &'e Value, code: &str) -> Option<&'e str> {
    let warnings = export["warnings"].as_array().map(Vec::as_slice).unwrap_or_default();
    warnings.iter().find(|it| it["code"] == code).map(|it| it["message"].as_str().unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stored_template_prints_the_report_and_a_failing_one_falls_back() {
    let site = Site::start(Settings::default()).await;
    let ours = "<!doctype html><title>Ours</title><h1>Ours alone</h1><p>{{ cover.title }}</p>";
    let (status, told) = put(&site, ours).await;
    assert_eq!(status, 201, "{told:#}");
    let (export, text) = report(&site, json!({})).await;
    assert!(text.contains("Oursalone") && text.contains("Scanreport"), "{export:#} {text}");
    assert_eq!(warning(&export, "template_fallback"), None, "{export:#}");

    // Strict: what is not there is a mistake, which only a report's data shows.
    let (status, told) = put(&site, "<!doctype html>\n<h1>Ours</h1>\n<p>{{ no.such.thing }}</p>").await;
    assert_eq!(status, 201, "{told:#}");
    let (export, text) = report(&site, json!({})).await;
    let fallback = warning(&export, "template_fallback").unwrap_or_else(|| panic!("{export:#}"));
    assert!(fallback.contains("line 3") && fallback.contains("column"), "{fallback}");
    assert!(!text.contains("Oursalone") && text.contains("CVE-"), "the default template has printed it");

    let (export, _) = report(&site, json!({"pdf_profile": "archival"})).await;
    assert!(
        warning(&export, "pdf_simplified").is_some(),
        "an archival report is in its simple form: {export:#}"
    );

    let (status, told) = put(&site, "<p>{% if %}</p>").await;
    assert_eq!((status, &told["code"]), (422, &json!("template_error")), "{told:#}");
    assert!(told["detail"].as_str().unwrap().contains("line 1"), "{told:#}");
    assert_eq!(site.send("DELETE", OWN, None).await.unwrap().0, 204);
    let body = json!({"type": "scan_report", "format": "pdf", "scope": {"scan_ids": [SCAN]}, "options": {"template": "custom-demo"}});
    assert_eq!(site.send("POST", "/api/v1/exports", Some(body)).await.unwrap().0, 422);
    let (_, trail) = site.send("GET", "/api/v1/audit", None).await.unwrap();
    assert_eq!(trail["events"][0]["action"], "template.deleted");
}

/// Templates that would eat all time, memory or stack: each is refused or falls back, and the server goes on.
#[tokio::test(flavor = "multi_thread")]
async fn hostile_templates_harm_nobody() {
    let site = Site::start(Settings::default()).await;
    let deep = format!("{}x{}", "{% if true %}".repeat(3_000), "{% endif %}".repeat(3_000));
    let parens = format!("{{{{ {}1{} }}}}", "(".repeat(60_000), ")".repeat(60_000));
    for text in [
        "{% for a in range(100000) %}{% for b in range(100000) %}{{ a }}{% endfor %}{% endfor %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% include '/etc/passwd' %}",
        "{% include 'custom-other' %}",
        "{% extends 'custom-demo' %}",
        "{{ ''.__class__.__mro__ }}",
        "{{ 'x' * 1000000000 }}",
        "{{ debug() }}{{ nothing | upper }}",
        &deep,
        &parens,
    ] {
        let shown: String = text.chars().take(60).collect();
        let (status, told) = put(&site, text).await;
        if status == 422 {
            assert_eq!(told["code"], "template_error", "{shown}: {told:#}");
            continue;
        }
        assert!(matches!(status, 200 | 201), "{shown}: {status} {told:#}");
        let (export, pdf) = report(&site, json!({})).await;
        assert!(warning(&export, "template_fallback").is_some(), "{shown}: {export:#}");
        assert!(pdf.contains("CVE-"), "{shown}: the default template has printed it");
    }
    assert_eq!(site.send("GET", "/readyz", None).await.unwrap().0, 200);
}

/// A page that would fetch, redirect, run or refer is printed as what it shows, and nothing leaves the browser.
#[tokio::test(flavor = "multi_thread")]
async fn a_hostile_page_reaches_nobody() {
    let site = Site::start(Settings::default()).await;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let there = format!("http://{}", listener.local_addr().unwrap());
    let page = format!(
        "<!doctype html><title>Page</title><base href='{there}/'><meta http-equiv=refresh content='0;url={there}/refresh'>
         <link rel=stylesheet href='{there}/style.css'><style>@import '{there}/import.css'; @font-face {{ font-family: f; src: url({there}/font) }}
         p {{ font-family: f; background: url({there}/background) }}</style>
         <h1>Shown all the same</h1><p>text</p><img src='{there}/image'><img src='file:///etc/passwd'>
         <iframe src='{there}/frame'></iframe><iframe src='file:///etc/passwd'></iframe><object data='{there}/object'></object>
         <embed src='{there}/embed'><video src='{there}/video' autoplay></video><svg><image href='{there}/svg'/></svg>
         <script>document.body.textContent = 'script ran'; fetch('{there}/fetch')</script><img src=x onerror=\"fetch('{there}/onerror')\">"
    );
    let (status, told) = put(&site, &page).await;
    assert_eq!(status, 201, "{told:#}");
    let (export, text) = report(&site, json!({})).await;
    assert!(text.contains("Shownallthesame"), "{export:#}");
    assert!(!text.contains("scriptran") && !text.contains("root:x:"), "{text}");
    let called = listener.accept().map(|(_, from)| from);
    assert!(called.is_err(), "something called from {called:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_does_all_of_it() {
    let site = Site::start(Settings::default()).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ours.html").display().to_string();
    let page = folder.path().join("page.html").display().to_string();
    let ctl = |arguments: &[&str]| {
        let connection = ["--server", &site.url, "--token", &site.token];
        exportctl(connection.into_iter().chain(arguments.iter().copied()))
    };
    let text = ctl(&["template", "show", "compliance-detailed"]);
    assert_eq!(text.code, 0, "{text:?}");
    assert!(text.stdout.contains("{%"), "{}", text.stdout);
    std::fs::write(&file, &text.stdout).unwrap();
    let preview = ctl(&["template", "preview", "custom-demo", "--file", &file, "--out", &page]);
    assert_eq!(preview.code, 0, "{preview:?}");
    assert!(std::fs::read_to_string(&page).unwrap().contains("<html"));
    let put = ctl(&["template", "put", "custom-demo", "--file", &file, "--description", "A copy"]);
    assert!(put.code == 0 && put.stdout.contains("version 1"), "{put:?}");
    let again = ctl(&["template", "put", "custom-demo", "--file", &file, "--description", "A copy"]);
    assert!(again.stdout.contains("stored already"), "{again:?}");
    let list = ctl(&["template", "list"]);
    assert!(list.stdout.contains("custom-demo") && list.stdout.contains("A copy"), "{}", list.stdout);
    let made = folder.path().join("made").display().to_string();
    let submit =
        ctl(&["submit", "--scan", SCAN, "--format", "pdf", "--template", "custom-demo", "--out", &made]);
    assert_eq!(submit.code, 0, "{submit:?}");
    assert!(!submit.stdout.contains("warning"), "a copy of a built-in template works: {}", submit.stdout);
    let delete = ctl(&["template", "delete", "custom-demo"]);
    assert_eq!(delete.code, 0, "{delete:?}");
    let gone = ctl(&["template", "show", "custom-demo"]);
    assert!(gone.code == 1 && gone.stderr.contains("not_found"), "{gone:?}");
}
