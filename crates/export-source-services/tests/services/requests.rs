//! What is sent, and what is never shown.

use export_contract::services::{Fault, Stub, Style, TENANT, TOKEN};
use export_core::error::ErrorKind;
use export_core::ports::ScanSource as _;
use export_core::request::OnSourceError::Fail;
use export_core::request::Scope;
use export_source_services::{Endpoint, Limits, ScannerSource, Token};

use crate::common::{CHECKOUT, TRACE, around, endpoint, findings, limits, scanner, scanner_with, tenant};

#[tokio::test]
async fn a_request_names_token_tenant_trace_and_what_it_takes() {
    let stub = Stub::start(Style::Lines).await;
    findings(&scanner(&stub), CHECKOUT).await.unwrap();
    let asked = &stub.asked("/internal/scans/checkout-2026-11-20")[0];
    for (name, value) in [
        ("authorization", format!("Bearer {TOKEN}").as_str()),
        ("x-tenant-id", TENANT),
        ("traceparent", TRACE),
        ("accept", "application/x-ndjson, application/json;q=0.5"),
        ("accept-encoding", "gzip"),
    ] {
        assert_eq!(asked.header(name), Some(value), "{name}");
    }
}

#[tokio::test]
async fn a_base_path_stays_and_names_are_escaped() {
    let stub = Stub::start(Style::Lines).await;
    for base in ["/api/scanner", "/api/scanner/"] {
        let endpoint = endpoint(&format!("{}{base}", stub.url), limits());
        let scanner = ScannerSource::new(endpoint, around()).unwrap();
        let scope = Scope { image_refs: vec!["a/b:1 &x=y".to_owned()], ..Scope::default() };
        scanner.resolve(&tenant(), &scope, Fail).await.unwrap_err();
    }
    let asked = stub.asked("/api/scanner/internal/scans?image_ref=a%2Fb%3A1+%26x%3Dy");
    assert_eq!(asked.len(), 2);
}

#[tokio::test]
async fn a_token_is_shown_nowhere() {
    let stub = Stub::start(Style::Lines).await;
    let wrong =
        Endpoint::new(stub.url.parse().unwrap(), Some(Token::new("s3cr3t").unwrap()), limits()).unwrap();
    assert!(!format!("{wrong:?}").contains("s3cr3t"));
    let scanner = ScannerSource::new(wrong, around()).unwrap();
    let error = findings(&scanner, CHECKOUT).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Denied);
    assert!(!format!("{error} {error:?}").contains("s3cr3t"), "{error:?}");
    assert_eq!(stub.asked("/").len(), 1, "a refused token is not tried again");
    for bad in ["", "a b", "a\nb", "ä"] {
        assert!(Token::new(bad).is_err(), "{bad:?}");
    }
}

#[tokio::test]
async fn no_more_answers_are_read_at_a_time_than_may_be() {
    let stub = Stub::start(Style::Lines).await;
    let scanner = scanner_with(&stub, Limits { concurrency: 1, ..limits() });
    let scan = crate::common::scan(CHECKOUT);
    let held = scanner.findings(&tenant(), &scan, Fail).await.unwrap();
    let second = tokio::spawn({
        let scanner = scanner.clone();
        async move { findings(&scanner, CHECKOUT).await }
    });
    tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    assert_eq!(stub.asked("/").len(), 1, "the second waits for the first");
    drop(held);
    assert_eq!(second.await.unwrap().unwrap().items.len(), 6);
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    let (stub, elsewhere) = (Stub::start(Style::Lines).await, Stub::start(Style::Lines).await);
    stub.fail_always("/", Fault::Redirect(format!("{}/internal/scans/{CHECKOUT}", elsewhere.url)));
    let error = findings(&scanner(&stub), CHECKOUT).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Invalid, "{error}");
    assert_eq!((stub.asked("/").len(), elsewhere.asked("/").len()), (1, 0));
}
