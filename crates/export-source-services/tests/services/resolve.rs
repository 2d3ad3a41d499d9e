//! What a scope stands for, where the suite does not say it.

use export_contract::services::{Fault, Stub, Style};
use export_core::error::ErrorKind;
use export_core::ports::ScanSource as _;
use export_core::request::OnSourceError::Fail;
use export_core::request::Scope;

use crate::common::{CHECKOUT, scan, scanner, tenant};

fn image(name: &str) -> Scope {
    Scope { image_refs: vec![name.to_owned()], ..Scope::default() }
}

#[tokio::test]
async fn an_image_is_found_by_a_name_that_the_scanner_alone_knows() {
    let stub = Stub::start(Style::Lines).await;
    let digest = scan(CHECKOUT).image_digest.unwrap();
    let scope = image(&format!("registry.example.com/shop/checkout@{digest}"));
    let found = scanner(&stub).resolve(&tenant(), &scope, Fail).await.unwrap();
    assert_eq!(found.scans, [scan(CHECKOUT)]);
}

#[tokio::test]
async fn a_scanner_that_answers_with_other_images_is_not_believed() {
    let stub = Stub::start(Style::Lines).await;
    let list = br#"{"type":"scan","id":"x","image":"other:1"}
{"type":"end","count":1}
"#;
    stub.fail_always("/internal/scans?", Fault::Instead("application/x-ndjson", list.to_vec()));
    let error = scanner(&stub).resolve(&tenant(), &image("mine:1"), Fail).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Corrupt);
    assert!(error.place.unwrap().ends_with("/internal/scans?image_ref=mine%3A1#L1/image"));
}

#[tokio::test]
async fn the_head_of_a_scan_is_enough_and_must_be_its_own() {
    let stub = Stub::start(Style::Lines).await;
    let one = Scope { scan_ids: vec![CHECKOUT.parse().unwrap()], ..Scope::default() };
    let head =
        br#"{"type":"head","id":"checkout-2026-11-20","image":"registry.example.com/shop/checkout:2.4.1"}
"#;
    // The rest of the answer never comes, and nobody waits for it.
    stub.fail("/internal/scans/", [Fault::Endless(head.to_vec(), b"{\"type\":\"finding\"}\n".to_vec())]);
    let found = scanner(&stub).resolve(&tenant(), &one, Fail).await.unwrap();
    assert_eq!(found.scans[0].id.as_str(), CHECKOUT);
    let other = br#"{"type":"head","id":"another","image":"a:1"}
{"type":"end","count":0}
"#;
    stub.fail("/internal/scans/", [Fault::Instead("application/x-ndjson", other.to_vec())]);
    let error = scanner(&stub).resolve(&tenant(), &one, Fail).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Corrupt, "{error}");
}

#[tokio::test]
async fn an_address_without_a_list_is_told() {
    let stub = Stub::start(Style::Lines).await;
    stub.fail_always("/", Fault::Status(404, None));
    let error = scanner(&stub).resolve(&tenant(), &Scope::default(), Fail).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Invalid, "{error}");
}
