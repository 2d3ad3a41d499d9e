//! How the JSON of Semgrep, Bandit and hadolint becomes findings.

use export_core::error::ErrorKind;
use export_core::finding::{FindingKind, Severity, Subject};

use crate::common::{Library, findings_of, ids};

const SEMGREP: &str = r#"{"version":"1.182.0","results":[
  {"check_id":"demo.exec","path":"src/app.js","start":{"line":3,"col":33,"offset":134},"end":{"line":4,"col":1,"offset":209},
   "extra":{"message":"Request data flows to exec","metadata":{"cwe":["CWE-78: OS Command Injection"],"references":["https://example.org/a"]},
   "severity":"ERROR","fingerprint":"requires login","lines":"requires login","is_ignored":false}},
  {"check_id":"demo.exec","path":"src/app.js","start":{"line":9},"end":{"line":9},"extra":{"message":"m","severity":"INFO",
   "metadata":{"cwe":"CWE-78"},"fingerprint":"abc_0","is_ignored":true}}],
  "errors":[{"code":3}],"paths":{"scanned":[]},"engine_requested":"OSS"}"#;

const BANDIT: &str = r#"{"errors":[],"generated_at":"2026-11-23T12:08:01Z","metrics":{"_totals":{"loc":4}},"results":[
  {"code":"1 password = 'hunter2'\n","col_offset":0,"filename":"./src/app.py","issue_confidence":"HIGH","issue_cwe":{"id":703,
   "link":"https://cwe.mitre.org/data/definitions/703.html"},"issue_severity":"LOW","issue_text":"Use of assert detected.",
   "line_number":3,"line_range":[2,3],"more_info":"https://bandit.readthedocs.io/","test_id":"B101","test_name":"assert_used"}]}"#;

const HADOLINT: &str = r#"[{"code":"DL3006","column":1,"file":"Dockerfile","level":"warning","line":1,"message":"Always tag"},
  {"code":"DL4000","column":1,"file":"Dockerfile","level":"error","line":2,"message":"MAINTAINER is deprecated"},
  {"code":"DL3059","column":1,"file":"Dockerfile","level":"style","line":0,"message":"m"}]"#;

#[tokio::test]
async fn semgreps_results_are_findings_in_code() {
    let read = findings_of(SEMGREP).await.unwrap();
    let Subject::Code(code) = &read.items[0].subject else { panic!() };
    assert_eq!(
        (&*code.rule_id, &*code.cwes[0], &*code.message),
        ("demo.exec", "CWE-78", "Request data flows to exec")
    );
    let place = &read.items[0].locations[0];
    assert_eq!((&*place.path, place.start_line, place.end_line), ("src/app.js", Some(3), Some(4)));
    assert_eq!((read.items[0].severity, read.items[1].severity), (Severity::High, Severity::Low));
    assert_eq!(read.items[1].suppression.as_ref().unwrap().source, "nosemgrep");
    assert_eq!(read.warnings.len(), 1, "an error of Semgrep's");
    let moved = SEMGREP.replace("\"line\":9", "\"line\":19");
    assert_eq!(findings_of(moved).await.unwrap().items[1].id, read.items[1].id, "it has a fingerprint");
    let scan = Library::with(&[("s/f", SEMGREP)]).resolve(&ids(&["s"])).await.unwrap().scans.remove(0);
    assert_eq!(scan.tool, "semgrep 1.182.0");
    let secret = SEMGREP.replacen("\"metadata\":{", "\"metadata\":{\"secret_type\":\"AWS\",", 1);
    assert_eq!(findings_of(secret).await.unwrap().items[0].kind(), FindingKind::Secret);
}

#[tokio::test]
async fn bandits_results_are_findings_in_code() {
    let read = findings_of(BANDIT).await.unwrap();
    let finding = &read.items[0];
    let Subject::Code(code) = &finding.subject else { panic!() };
    assert_eq!((&*code.rule_id, &*code.cwes[0], finding.severity), ("B101", "CWE-703", Severity::Low));
    assert_eq!((&*finding.target, finding.locations[0].start_line), ("src/app.py", Some(2)));
    assert!(!format!("{finding:?}").contains("hunter2"), "code is not kept");
    let scan = Library::with(&[("s/f", BANDIT)]).resolve(&ids(&["s"])).await.unwrap().scans.remove(0);
    assert_eq!(
        (&*scan.tool, scan.created_at.unwrap().to_string()),
        ("bandit", "2026-11-23T12:08:01Z".to_owned())
    );
}

#[tokio::test]
async fn what_hadolint_finds_is_misconfigured() {
    let read = findings_of(HADOLINT).await.unwrap();
    assert!(read.items.iter().all(|it| it.kind() == FindingKind::Misconfiguration));
    let severities: Vec<_> = read.items.iter().map(|it| it.severity).collect();
    assert_eq!(severities, [Severity::Medium, Severity::High, Severity::Low]);
    assert_eq!((read.items[0].rule(), read.items[2].locations[0].start_line), ("DL3006", None));
}

#[tokio::test]
async fn wrong_types_and_cut_off_files_are_refused_with_the_place() {
    for (whole, from, to, place) in [
        (SEMGREP, "\"check_id\":\"demo.exec\"", "\"check_id\":1", "#/results/0/check_id"),
        (SEMGREP, "\"check_id\":\"demo.exec\"", "\"check_id\":\"\"", "#/results/0/check_id"),
        (SEMGREP, "\"line\":3", "\"line\":\"3\"", "#/results/0/start/line"),
        (BANDIT, "\"test_id\":\"B101\"", "\"test_id\":\"\"", "#/results/0/test_id"),
        (BANDIT, "\"id\":703", "\"id\":\"x\"", "#/results/0/issue_cwe/id"),
        (HADOLINT, "\"level\":\"error\"", "\"level\":4", "#/1/level"),
        (HADOLINT, "\"code\":\"DL4000\"", "\"code\":null", "#/1/code"),
    ] {
        let error = findings_of(whole.replacen(from, to, 1)).await.unwrap_err();
        assert_eq!(
            (error.kind, error.place.as_deref()),
            (ErrorKind::Invalid, Some(&*format!("s/report.json{place}"))),
            "{error}"
        );
        for cut in (1..whole.len() - 1).step_by(53) {
            assert_eq!(findings_of(&whole[..cut]).await.unwrap_err().kind, ErrorKind::Invalid);
        }
    }
}
