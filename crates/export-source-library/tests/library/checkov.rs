//! How Checkov's reports become findings.

use export_core::error::ErrorKind;
use export_core::finding::{FindingKind, Severity, Subject};

use crate::common::{Library, findings_of, ids};

const FAILED: &str = r#"{"check_id":"CKV_AWS_20","bc_check_id":"BC_AWS_S3_1","check_name":"S3 Bucket is public","check_result":
    {"result":"FAILED","evaluated_keys":["acl"]},"code_block":[[1,"resource"]],"file_path":"/main.tf","file_line_range":[1,6],
    "resource":"aws_s3_bucket.data","severity":null,"guideline":"https://example.org/s3","details":[],"vulnerability_details":null}"#;
const SKIPPED: &str = r#"{"check_id":"CKV_AWS_18","check_name":"Logging","check_result":{"result":"SKIPPED","suppress_comment":"a test"},
    "file_path":"/main.tf","file_line_range":[1,6],"resource":"aws_s3_bucket.data","severity":"LOW"}"#;
const SECRET: &str = r#"{"check_id":"CKV_SECRET_6","check_name":"Base64 High Entropy String","check_result":{"result":"FAILED"},
    "code_block":[[3,"password = \"hunter2hunter2\""]],"file_path":"/app.py","file_line_range":[3,4],"resource":"25910f981e85ca04"}"#;
const PACKAGE: &str = r#"{"check_id":"CKV_CVE_2020_29651","check_name":"SCA package scan","check_result":{"result":"FAILED"},
    "file_path":"/requirements.txt","file_line_range":[0,0],"resource":"requirements.txt.py","severity":"HIGH","vulnerability_details":
    {"id":"CVE-2020-29651","status":"fixed in 1.10.0","cvss":7.5,"vector":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H",
     "package_name":"py","package_version":"1.8.0","link":"https://example.org/py","description":"ReDoS"}}"#;

fn report(kind: &str, failed: &str, skipped: &str, faults: &str) -> String {
    format!(
        r#"{{"check_type":"{kind}","results":{{"passed_checks":[{FAILED}],"failed_checks":{failed},"skipped_checks":{skipped},
        "parsing_errors":{faults}}},"summary":{{"passed":1,"failed":1,"checkov_version":"3.2.506"}},"url":"u"}}"#
    )
}

#[tokio::test]
async fn what_failed_is_a_finding_and_what_was_skipped_is_suppressed() {
    let text = report("terraform", &format!("[{FAILED}]"), &format!("[{SKIPPED}]"), r#"["/broken.tf"]"#);
    let read = findings_of(&text).await.unwrap();
    assert_eq!(read.items.len(), 2, "what passed is none");
    let finding = &read.items[0];
    let Subject::Misconfiguration(check) = &finding.subject else { panic!() };
    assert_eq!(
        (&*check.rule_id, &*check.aliases[0], &*check.message),
        ("CKV_AWS_20", "BC_AWS_S3_1", "aws_s3_bucket.data")
    );
    assert_eq!(
        (finding.severity, &*finding.target, &*finding.title),
        (Severity::Unknown, "main.tf", "S3 Bucket is public")
    );
    assert_eq!((finding.locations[0].start_line, finding.locations[0].end_line), (Some(1), Some(6)));
    assert_eq!(finding.primary_url.as_deref(), Some("https://example.org/s3"));
    let suppression = read.items[1].suppression.as_ref().unwrap();
    assert_eq!((&*suppression.status, &*suppression.reason), ("skipped", "a test"));
    assert_eq!(read.warnings[0].place.as_deref(), Some("s/report.json#/results/parsing_errors/0"));
    let moved = text.replace("[1,6]", "[11,16]");
    assert_eq!(findings_of(moved).await.unwrap().items[0].id, finding.id, "lines are no part of identity");
    let scan = Library::with(&[("s/f", text)]).resolve(&ids(&["s"])).await.unwrap().scans.remove(0);
    assert_eq!(scan.tool, "checkov 3.2.506");
}

#[tokio::test]
async fn a_list_has_a_report_for_each_kind_of_files() {
    let list = format!(
        "[{},{},{}]",
        report("terraform", &format!("[{FAILED},{FAILED}]"), "[]", "[]"),
        report("secrets", &format!("[{SECRET}]"), "null", "[]"),
        report("sca_package", &format!("[{PACKAGE}]"), "[]", "null"),
    );
    let read = findings_of(&list).await.unwrap();
    let kinds: Vec<_> = read.items.iter().map(|it| it.kind()).collect();
    use FindingKind::{Misconfiguration, Secret, Vulnerability};
    assert_eq!(kinds, [Misconfiguration, Misconfiguration, Secret, Vulnerability]);
    assert_ne!(read.items[0].id, read.items[1].id);
    assert!(!format!("{:?}", read.items).contains("hunter2"), "a secret is never kept");
    let py = &read.items[3];
    assert_eq!((py.rule(), py.severity, &*py.fix.versions), ("CVE-2020-29651", Severity::High, "1.10.0"));
    assert_eq!(py.component.as_ref().unwrap().version, "1.8.0");
    assert_eq!(py.vulnerability().unwrap().highest_score().unwrap().to_string(), "7.5");
}

#[tokio::test]
async fn a_report_about_no_files_has_no_findings() {
    let empty = r#"{"passed":0,"failed":0,"skipped":0,"parsing_errors":0,"resource_count":0,"checkov_version":"3.2.506"}"#;
    assert_eq!(findings_of(empty).await.unwrap().items.len(), 0);
}

#[tokio::test]
async fn wrong_types_and_cut_off_files_are_refused_with_the_place() {
    let whole = report("terraform", &format!("[{FAILED}]"), "[]", "[]");
    let failed = r#""failed_checks":[{"check_id":"CKV_AWS_20""#;
    for (from, to, place) in [
        (failed, r#""failed_checks":[{"check_id":7"#, "#/results/failed_checks/0/check_id"),
        (failed, r#""failed_checks":[{"x":7"#, "#/results/failed_checks/0/check_id"),
        (r#""failed_checks":["#, r#""failed_checks":[1,"#, "#/results/failed_checks/0"),
        (r#""parsing_errors":[]"#, r#""parsing_errors":"x""#, "#/results/parsing_errors"),
    ] {
        let error = findings_of(whole.replacen(from, to, 1)).await.unwrap_err();
        assert_eq!(
            (error.kind, error.place.as_deref()),
            (ErrorKind::Invalid, Some(&*format!("s/report.json{place}"))),
            "{error}"
        );
    }
    for cut in (1..whole.len() - 1).step_by(53) {
        assert_eq!(findings_of(&whole[..cut]).await.unwrap_err().kind, ErrorKind::Invalid);
    }
}
