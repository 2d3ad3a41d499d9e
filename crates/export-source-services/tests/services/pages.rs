//! Pages say the same as lines, and what is wrong with them is told.

use export_contract::services::{Fault, Stub, Style};
use export_core::error::ErrorKind;
use export_core::ports::VerdictSource as _;
use export_core::request::OnSourceError::Fail;

use crate::common::{CHECKOUT, findings, policy, read, scan, scanner, tenant};

#[tokio::test]
async fn pages_say_the_same_as_lines() {
    let (lines, pages) = (Stub::start(Style::Lines).await, Stub::start(Style::Pages).await);
    let of_lines = findings(&scanner(&lines), CHECKOUT).await.unwrap();
    let of_pages = findings(&scanner(&pages), CHECKOUT).await.unwrap();
    assert_eq!(of_lines.items, of_pages.items);
    assert_eq!((of_pages.documents.len(), of_pages.documents[0].records), (1, 6));
    let of_lines = read(policy(&lines).verdicts(&tenant(), &scan(CHECKOUT), Fail).await).await.unwrap();
    let of_pages = read(policy(&pages).verdicts(&tenant(), &scan(CHECKOUT), Fail).await).await.unwrap();
    assert_eq!(of_lines.items, of_pages.items);
}

#[tokio::test]
async fn a_page_in_the_middle_is_asked_for_again() {
    let stub = Stub::start(Style::Pages).await;
    let second = "/internal/scans/checkout-2026-11-20?cursor=page-2";
    stub.fail(second, [Fault::CutAfter(200), Fault::Status(503, None), Fault::StopAfter(0)]);
    let error = findings(&scanner(&stub), CHECKOUT).await.unwrap_err();
    // An empty page is whole as far as HTTP can tell, and is read as what it is.
    assert_eq!(error.kind, ErrorKind::Corrupt, "{error}");
    assert_eq!(stub.asked(second).len(), 3);
    assert_eq!(findings(&scanner(&stub), CHECKOUT).await.unwrap().items.len(), 6);
}

#[tokio::test]
async fn pages_that_contradict_themselves_are_refused() {
    let page = |text: &str| Fault::Instead("application/json", text.as_bytes().to_vec());
    let place = "/internal/verdicts/checkout-2026-11-20";
    let cases = [
        (r#"{"verdicts":[],"count":1}"#, ErrorKind::Unavailable, "tells of 1 records and has 0"),
        (r#"{"verdicts":[]}"#, ErrorKind::Corrupt, "#/count"),
        (r#"{"verdicts":[],"next":7}"#, ErrorKind::Corrupt, "#/next"),
        (r#"{"statements":[],"count":0}"#, ErrorKind::Corrupt, "#/verdicts"),
        (r#"{"verdicts":[{"policy":"a"}],"count":1}"#, ErrorKind::Corrupt, "#/verdicts/0"),
        (
            r#"{"verdicts":[{"policy_set":"s","policy":"a","rule":"r","decision":"no"}],"count":1}"#,
            ErrorKind::Corrupt,
            "#/verdicts/0/decision",
        ),
        (r#"[]"#, ErrorKind::Corrupt, place),
        (r#"{"verdicts":["#, ErrorKind::Corrupt, place),
    ];
    for (text, kind, told) in cases {
        let stub = Stub::start(Style::Pages).await;
        stub.fail_always(place, page(text));
        let error = read(policy(&stub).verdicts(&tenant(), &scan(CHECKOUT), Fail).await).await.unwrap_err();
        assert_eq!(error.kind, kind, "{text}: {error}");
        assert!(error.to_string().contains(told), "{text}: {error}");
    }
}

#[tokio::test]
async fn pages_without_end_end() {
    let stub = Stub::start(Style::Pages).await;
    let place = "/internal/verdicts/checkout-2026-11-20";
    let page = |next: &str| {
        Fault::Instead("application/json", format!(r#"{{"verdicts":[],"next":"{next}"}}"#).into_bytes())
    };
    stub.fail(place, [page("a")]);
    stub.fail_always(place, page("a"));
    let error = read(policy(&stub).verdicts(&tenant(), &scan(CHECKOUT), Fail).await).await.unwrap_err();
    assert_eq!((error.kind, stub.asked(place).len()), (ErrorKind::Corrupt, 2), "{error}");
}
