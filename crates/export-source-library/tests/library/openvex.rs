//! How OpenVEX documents become statements.

use export_core::error::{ErrorKind, PortError};
use export_core::finding::{VexStatement, VexStatus};
use export_core::warning::WarningCode;

use crate::common::{Library, Read};

async fn statements(content: &str) -> Result<Read<VexStatement<'static>>, PortError> {
    Library::with(&[("s/vex.json", content)]).statements("s").await
}

fn document(statements: &str) -> String {
    format!(
        r#"{{"@context":"https://openvex.dev/ns/v0.2.0","@id":"https://x/1","author":"us","role":"r",
            "timestamp":"2026-01-01T00:00:00Z","version":"1","tooling":"t","statements":{statements}}}"#
    )
}

#[tokio::test]
async fn a_statement_keeps_everything_that_the_model_has() {
    let text = document(
        r#"[{"@id":"st","vulnerability":{"@id":"https://nvd/CVE-1","name":"CVE-1","description":"d","aliases":["GHSA-1"]},
            "products":[{"@id":"pkg:oci/app@sha256%3A00","identifiers":{"purl":"pkg:oci/app","cpe23":"cpe:2.3:a"},
                         "subcomponents":[{"@id":"pkg:deb/x@1"},{"identifiers":{"purl":"pkg:deb/y@1"}}]}],
            "status":"not_affected","justification":"vulnerable_code_not_present","impact_statement":"never called",
            "action_statement":"none","status_notes":"n","extra":1}]"#,
    );
    let read = statements(&text).await.unwrap();
    let statement = &read.items[0];
    assert_eq!(statement.vulnerability, "CVE-1");
    assert_eq!(statement.aliases, ["GHSA-1"]);
    let products: Vec<_> = statement.products.iter().map(|product| product.id.as_str()).collect();
    assert_eq!(
        products,
        ["pkg:oci/app@sha256%3A00", "pkg:oci/app", "cpe:2.3:a"],
        "each identifier may match"
    );
    assert!(statement.products.iter().all(|product| product.subcomponents == ["pkg:deb/x@1", "pkg:deb/y@1"]));
    let says = &statement.assertion;
    assert_eq!(says.status, VexStatus::NotAffected);
    assert_eq!(says.justification.as_ref().unwrap(), &"vulnerable_code_not_present");
    assert_eq!(
        (says.impact.as_ref().unwrap().as_str(), says.action.as_ref().unwrap().as_str()),
        ("never called", "none")
    );
    assert_eq!((says.author.as_str(), says.document.as_str()), ("us", "https://x/1"));
    assert_eq!(says.timestamp.unwrap().to_string(), "2026-01-01T00:00:00Z");
    assert_eq!((read.documents[0].query.as_str(), read.documents[0].records), ("s/vex.json", 1));
}

#[tokio::test]
async fn the_older_form_is_read_too() {
    let old = r#"{"@context":"https://openvex.dev/ns","@id":"i","author":"a","timestamp":"2026-01-01T00:00:00+02:00","version":1,
        "statements":[{"vulnerability":"CVE-1","products":["pkg:oci/a","pkg:oci/b"],"subcomponents":["pkg:deb/x"],"status":"fixed"}]}"#;
    let read = statements(old).await.unwrap();
    let statement = &read.items[0];
    assert_eq!((statement.vulnerability.as_str(), statement.assertion.status), ("CVE-1", VexStatus::Fixed));
    assert_eq!(statement.products.len(), 2);
    assert!(statement.products.iter().all(|product| product.subcomponents == ["pkg:deb/x"]));
}

#[tokio::test]
async fn the_most_precise_time_wins() {
    let products = r#""vulnerability":"CVE-1","products":["p"],"status":"fixed""#;
    for (head, statement, time) in [
        ("", "", "2026-01-01T00:00:00Z"),
        (r#""last_updated":"2026-02-01T00:00:00Z","#, "", "2026-02-01T00:00:00Z"),
        (
            r#""last_updated":"2026-02-01T00:00:00Z","#,
            r#","timestamp":"2026-01-15T00:00:00Z""#,
            "2026-01-15T00:00:00Z",
        ),
        (
            "",
            r#","timestamp":"2026-01-15T00:00:00Z","last_updated":"2026-03-01T00:00:00Z""#,
            "2026-03-01T00:00:00Z",
        ),
    ] {
        let text = document(&format!("[{{{products}{statement}}}]")).replacen('{', &format!("{{{head}"), 1);
        let read = statements(&text).await.unwrap();
        assert_eq!(read.items[0].assertion.timestamp.unwrap().to_string(), time, "{text}");
    }
}

#[tokio::test]
async fn what_is_said_for_all_may_come_last() {
    let text = r#"{"@context":"https://openvex.dev/ns/v0.2.0",
        "statements":[{"vulnerability":"CVE-1","products":["p"],"status":"affected"}],
        "timestamp":"2026-01-01T00:00:00Z","author":"late","@id":"later"}"#;
    let says = statements(text).await.unwrap().items.remove(0).assertion;
    assert_eq!(
        (says.author.as_str(), says.document.as_str(), says.timestamp.is_some()),
        ("late", "later", true)
    );
}

#[tokio::test]
async fn a_statement_about_no_product_applies_to_nothing() {
    let text = document(
        r#"[{"vulnerability":"CVE-1","status":"fixed"},{"vulnerability":"CVE-2","products":["p"],"status":"fixed"}]"#,
    );
    let read = statements(&text).await.unwrap();
    assert_eq!((read.items.len(), read.documents[0].records), (1, 1));
    assert_eq!(read.warnings[0].code, WarningCode::SourceLenient);
    assert_eq!(read.warnings[0].place.as_deref(), Some("s/vex.json#/statements/0"));
}

#[tokio::test]
async fn what_has_no_meaning_is_refused_with_its_place() {
    for (statement, place) in [
        (r#"{"vulnerability":"CVE-1","products":["p"],"status":"maybe"}"#, "/status"),
        (r#"{"vulnerability":"CVE-1","products":["p"]}"#, ""),
        (r#"{"vulnerability":{},"products":["p"],"status":"fixed"}"#, ""),
        (r#"{"vulnerability":7,"products":["p"],"status":"fixed"}"#, "/vulnerability"),
        (r#"{"vulnerability":"CVE-1","products":[{"@id":1}],"status":"fixed"}"#, "/products/0/@id"),
        (r#"{"vulnerability":"CVE-1","products":["p"],"status":"fixed","timestamp":"now"}"#, "/timestamp"),
    ] {
        let error = statements(&document(&format!("[{statement}]"))).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Invalid);
        assert_eq!(
            error.place.as_deref(),
            Some(format!("s/vex.json#/statements/0{place}").as_str()),
            "{error}"
        );
    }
}

#[tokio::test]
async fn a_cut_off_document_is_never_a_shorter_one() {
    let text = document(r#"[{"vulnerability":"CVE-1","products":["p"],"status":"fixed"}]"#);
    for cut in 30..text.len() {
        let read = statements(&text[..cut]).await;
        assert!(read.is_err_and(|error| error.kind == ErrorKind::Invalid), "cut at {cut}");
    }
}

#[tokio::test]
async fn a_scan_without_statements_gives_an_ended_stream() {
    let library = Library::with(&[("s/x.json", "{}")]);
    let read = library.statements("s").await.unwrap();
    assert!(read.items.is_empty() && read.documents.is_empty());
}

#[tokio::test]
async fn an_image_is_known_by_its_digest_too() {
    let digest = "1".repeat(64);
    let text = document(&format!(
        r#"[{{"vulnerability":{{"name":"CVE-1"}},"status":"fixed","supplier":"s","action_statement_timestamp":"2026-01-01T00:00:00Z",
            "products":[{{"@id":"pkg:oci/app","hashes":{{"sha-256":"{digest}","sha1":""}},
                "subcomponents":[{{"hashes":{{"md5":"00"}}}}]}}]}}]"#
    ));
    let products = statements(&text).await.unwrap().items.remove(0).products;
    let ids: Vec<_> = products.iter().map(|product| product.id.to_string()).collect();
    assert_eq!(ids, ["pkg:oci/app".to_owned(), format!("sha256:{digest}")]);
    assert_eq!(products[1].subcomponents, ["md5:00"]);
}

#[tokio::test]
async fn notes_are_the_reason_where_there_is_no_other() {
    let with = |status: &str, more: &str| {
        document(&format!(
            r#"[{{"vulnerability":"CVE-1","products":["p"],"status":"{status}","status_notes":"n"{more}}}]"#
        ))
    };
    for (status, more, impact, action) in [
        ("not_affected", "", Some("n"), None),
        ("affected", "", None, Some("n")),
        ("fixed", r#","impact_statement":"i""#, Some("i"), None),
    ] {
        let says = statements(&with(status, more)).await.unwrap().items.remove(0).assertion;
        assert_eq!((says.impact.as_deref(), says.action.as_deref()), (impact, action), "{status}");
    }
}

#[tokio::test]
async fn a_document_without_statements_is_told() {
    for text in [document("[]"), document("null")] {
        let read = statements(&text).await.unwrap();
        assert_eq!((read.items.len(), read.documents.len()), (0, 1));
        assert_eq!(read.warnings[0].code, WarningCode::SourceIgnored, "{text}");
    }
}
