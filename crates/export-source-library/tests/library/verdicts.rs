//! How policy verdicts are read.

use export_core::error::{ErrorKind, PortError};
use export_core::finding::{Decision, Verdict};
use export_core::warning::WarningCode;

use crate::common::{Library, Read};

const FULL: &str = r#"{"scan_id":"s","finding":{"vulnerability":"CVE-1","purl":"pkg:deb/x@1","target":"t"},"policy_set":"ps","policy":"p","rule":"r","decision":"waived","reason":"why","evaluated_at":"2026-01-01T00:00:00Z","waiver":{"by":"a","reason":"b","expires_at":"2027-01-01T00:00:00Z"}}"#;
const WHOLE_SCAN: &str = r#"{"policy_set":"ps","policy":"p","rule":"r","decision":"pass"}"#;

async fn verdicts(content: &str) -> Result<Read<Verdict<'static>>, PortError> {
    Library::with(&[("s/v.ndjson", content)]).verdicts("s").await
}

#[tokio::test]
async fn a_verdict_keeps_everything_that_the_model_has() {
    let read = verdicts(&format!("{FULL}\r\n\n{WHOLE_SCAN}")).await.unwrap();
    let verdict = &read.items[0];
    let subject = verdict.subject.as_ref().unwrap();
    assert_eq!(
        (&*subject.vulnerability, &*subject.purl, subject.target.as_deref()),
        ("CVE-1", "pkg:deb/x@1", Some("t"))
    );
    assert_eq!((&*verdict.policy_set, &*verdict.policy, &*verdict.rule), ("ps", "p", "r"));
    assert_eq!((verdict.decision, &*verdict.reason), (Decision::Waived, "why"));
    assert_eq!(verdict.evaluated_at.unwrap().to_string(), "2026-01-01T00:00:00Z");
    let waiver = verdict.waiver.as_ref().unwrap();
    assert_eq!((&*waiver.by, &*waiver.reason), ("a", "b"));
    assert_eq!(waiver.expires_at.unwrap().to_string(), "2027-01-01T00:00:00Z");
    assert_eq!((&read.items[1].subject, read.items[1].evaluated_at), (&None, None));
    assert_eq!((read.documents[0].query.as_str(), read.documents[0].records), ("s/v.ndjson", 2));
}

#[tokio::test]
async fn expires_is_another_name_and_unknown_members_are_fine() {
    let line = FULL.replace("expires_at", "expires").replacen(
        '{',
        r#"{"verdict_id":"V","severity":"HIGH","policy_version":"1","#,
        1,
    );
    let read = verdicts(&line).await.unwrap();
    assert!(read.items[0].waiver.as_ref().unwrap().expires_at.is_some());
}

#[tokio::test]
async fn every_decision_is_known_and_no_other() {
    for decision in Decision::ALL {
        let line = WHOLE_SCAN.replace("pass", decision.as_str());
        assert_eq!(verdicts(&line).await.unwrap().items[0].decision, decision);
    }
    let error =
        verdicts(&format!("{WHOLE_SCAN}\n\n{}", WHOLE_SCAN.replace("pass", "maybe"))).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Invalid);
    assert_eq!(error.place.as_deref(), Some("s/v.ndjson#L3/decision"), "{error}");
}

#[tokio::test]
async fn missing_members_and_damaged_lines_are_refused_with_their_line() {
    for (line, place) in [
        (WHOLE_SCAN.replace(r#""rule":"r","#, ""), "s/v.ndjson#L2"),
        (WHOLE_SCAN.replace(r#""decision":"pass""#, r#""x":1"#), "s/v.ndjson#L2"),
        (FULL.replace("CVE-1", ""), "s/v.ndjson#L2"),
        (FULL.replace(r#""purl":"pkg:deb/x@1""#, r#""purl":1"#), "s/v.ndjson#L2/finding/purl"),
        (FULL[..60].to_owned(), "s/v.ndjson#L2"),
        ("text".to_owned(), "s/v.ndjson#L2"),
    ] {
        let error = verdicts(&format!("{WHOLE_SCAN}\n{line}")).await.unwrap_err();
        assert_eq!((error.kind, error.place.as_deref()), (ErrorKind::Invalid, Some(place)), "{error}");
    }
}

#[tokio::test]
async fn verdicts_about_another_scan_are_told_and_left_out() {
    let other = FULL.replace(r#""scan_id":"s""#, r#""scan_id":"t""#);
    let read = verdicts(&format!("{WHOLE_SCAN}\n{other}\n{other}\n")).await.unwrap();
    assert_eq!((read.items.len(), read.warnings.len()), (1, 1));
    assert_eq!(read.warnings[0].code, WarningCode::SourceIgnored);
    assert!(read.warnings[0].message.starts_with("2 verdicts"), "{}", read.warnings[0]);
}
