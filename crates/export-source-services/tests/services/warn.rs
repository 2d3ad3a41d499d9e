//! Where sources may be left out: an answer that cannot be read gives a warning and none of its records.

use std::time::Duration;

use export_contract::services::{Fault, Stub, Style};
use export_core::error::ErrorKind;
use export_core::ports::{SbomSource as _, ScanSource as _, VerdictSource as _, VexSource as _};
use export_core::request::OnSourceError::{Fail, Warn};
use export_core::request::Scope;

use crate::common::{
    CHECKOUT, GATEWAY, OLDER, findings, limits, policy, read, sboms, scan, scanner, scanner_with, tenant,
    vexlens,
};

const SCAN: &str = "/internal/scans/checkout-2026-11-20";

#[tokio::test]
async fn what_is_whole_is_the_same_as_where_nothing_may_be_left_out() {
    for style in [Style::Lines, Style::Pages] {
        let stub = Stub::start(style).await;
        for id in [CHECKOUT, OLDER, GATEWAY] {
            let direct = findings(&scanner(&stub), id).await.unwrap();
            let kept = read(scanner(&stub).findings(&tenant(), &scan(id), Warn).await).await.unwrap();
            assert_eq!((direct.items, direct.documents), (kept.items, kept.documents), "{id}");
            assert_eq!(kept.warnings, [""; 0]);
        }
        let direct = read(vexlens(&stub).statements(&tenant(), &scan(CHECKOUT), Fail).await).await.unwrap();
        let kept = read(vexlens(&stub).statements(&tenant(), &scan(CHECKOUT), Warn).await).await.unwrap();
        assert_eq!((direct.items, direct.documents), (kept.items, kept.documents));
    }
}

#[tokio::test]
async fn an_answer_that_cannot_be_read_is_a_warning_with_its_place_and_no_record() {
    let bad = "{\"type\":\"verdict\",\"policy_set\":\"a\",\"policy\":\"b\",\"rule\":\"c\",\"decision\":\"pass\"}\n{\"type\":\"verdict\"}\n";
    let long = format!("{{\"type\":\"verdict\",\"reason\":\"{}\"}}\n", "x".repeat(20_000));
    for (fault, place) in [
        (Fault::Instead("application/x-ndjson", bad.as_bytes().to_vec()), "#L2"),
        (Fault::Instead("application/x-ndjson", long.into_bytes()), "#L1"),
        (Fault::Instead("application/json", b"{}".to_vec()), "#/verdicts"),
        (Fault::Instead("text/html", b"<html>".to_vec()), "/internal/verdicts/checkout-2026-11-20"),
    ] {
        let stub = Stub::start(Style::Lines).await;
        stub.fail_always("/", fault);
        let read = read(policy(&stub).verdicts(&tenant(), &scan(CHECKOUT), Warn).await).await.unwrap();
        assert_eq!((read.items.len(), read.documents.len(), read.warnings.len()), (0, 0, 1));
        assert!(read.warnings[0].contains(place), "{}", read.warnings[0]);
    }
    let stub = Stub::start(Style::Lines).await;
    stub.fail_always("/", Fault::Instead("application/json", b"{\"runs\":[]}".to_vec()));
    let read = read(sboms(&stub).sboms(&tenant(), &scan(CHECKOUT), Warn).await).await.unwrap();
    assert_eq!((read.items.len(), read.warnings.len()), (0, 1));
}

#[tokio::test]
async fn an_answer_that_stops_is_told_before_any_record() {
    let long = Duration::from_secs(20);
    for (fault, kind) in [
        (Fault::CutAfter(4_000), ErrorKind::Unavailable),
        (Fault::StopAfter(4_000), ErrorKind::Unavailable),
        (Fault::Pause(4_000, long), ErrorKind::Timeout),
        (Fault::Status(503, None), ErrorKind::Unavailable),
        (Fault::Status(401, None), ErrorKind::Denied),
        (Fault::Status(404, None), ErrorKind::NotFound),
    ] {
        let stub = Stub::start(Style::Lines).await;
        stub.fail_always(SCAN, fault);
        // The call fails, and not the stream: whoever calls can leave the source out.
        let error = scanner(&stub).findings(&tenant(), &scan(CHECKOUT), Warn).await.map(drop).unwrap_err();
        assert_eq!(error.kind, kind, "{error}");
    }
}

#[tokio::test]
async fn a_scan_that_cannot_be_recognised_is_left_out_of_a_scope() {
    let stub = Stub::start(Style::Lines).await;
    let head = b"{\"type\":\"head\",\"id\":\"checkout-2026-11-20\"}\n".to_vec();
    stub.fail_always(SCAN, Fault::Instead("application/x-ndjson", head));
    let scan_ids = [CHECKOUT, OLDER].map(|id| id.parse().unwrap()).to_vec();
    let scope = Scope { scan_ids, ..Scope::default() };
    let scanner = scanner_with(&stub, limits());
    let found = scanner.resolve(&tenant(), &scope, Warn).await.unwrap();
    assert_eq!((found.scans, found.warnings.len()), (vec![scan(OLDER)], 1));
    assert!(found.missing.is_empty());
    assert!(found.warnings[0].place.as_ref().unwrap().ends_with("#L1"), "{}", found.warnings[0]);
    let error = scanner.resolve(&tenant(), &scope, Fail).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Corrupt);
}
