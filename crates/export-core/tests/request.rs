//! What comes through the only door for requests, and what does not.

use export_core::catalogue::{ExportType, Format};
use export_core::code::Code;
use export_core::request::ExportRequest;

fn refusal(body: &str) -> (Code, Vec<(String, String)>) {
    let problem = ExportRequest::parse(body.as_bytes()).expect_err(body);
    let errors = problem.errors.into_iter().map(|error| (error.pointer, error.detail)).collect();
    (problem.code, errors)
}

fn pointers(body: &str) -> Vec<String> {
    let (code, errors) = refusal(body);
    assert_eq!(code, Code::InvalidRequest, "{body}");
    errors.into_iter().map(|(pointer, _)| pointer).collect()
}

#[test]
fn a_full_request_reads_and_writes_the_same() {
    let body = r#"{"type":"scan_report","format":"pdf",
        "scope":{"scan_ids":["a","b"],"image_refs":["r/x:1"],"policy_sets":["default"],
                 "date_range":{"start":"-7d","end":"now"}},
        "options":{"include_remediation":true,"template":"compliance-executive","custom_fields":{"Owner":"Ann"},
                   "on_source_error":"warn","csv":{"delimiter":";","bom":true,"formula_escape":"off"},
                   "pdf_max_rows":100,"retention_days":7},
        "delivery":{"method":"download"}}"#;
    let request = ExportRequest::parse(body.as_bytes()).unwrap();
    let written = serde_json::to_value(&request).unwrap();
    assert_eq!(written, serde_json::from_str::<serde_json::Value>(body).unwrap());
    assert_eq!(serde_json::from_value::<ExportRequest>(written).unwrap(), request);
}

#[test]
fn relative_dates_become_absolute_once() {
    let body = r#"{"type":"scan_report","format":"json","scope":{"date_range":{"start":"-7d"}}}"#;
    let request =
        ExportRequest::parse(body.as_bytes()).unwrap().resolve("2026-11-23T14:05:00Z".parse().unwrap());
    let range = serde_json::to_value(request.scope.date_range).unwrap();
    assert_eq!(range, serde_json::json!({"start": "2026-11-16T14:05:00Z", "end": "2026-11-23T14:05:00Z"}));
}

#[test]
fn every_pair_of_the_table_and_no_other_is_taken() {
    for kind in ExportType::ALL {
        for format in Format::ALL {
            let scope = match kind {
                ExportType::AuditLog => r#"{"date_range":{"start":"-7d"}}"#,
                _ => r#"{"scan_ids":["a"]}"#,
            };
            let body = format!(r#"{{"type":"{kind}","format":"{format}","scope":{scope}}}"#);
            if kind.formats().contains(format) {
                assert_eq!(ExportRequest::parse(body.as_bytes()).unwrap().format, *format);
            } else {
                let problem = ExportRequest::parse(body.as_bytes()).unwrap_err();
                assert_eq!((problem.code, problem.status), (Code::UnsupportedFormat, 422));
                assert_eq!(problem.errors[0].pointer, "/format");
                assert_eq!(problem.allowed_formats.len(), kind.formats().len());
            }
        }
    }
    let excel = r#"{"type":"scan_summary","format":"excel","scope":{"scan_ids":["a"]}}"#;
    assert_eq!(ExportRequest::parse(excel.as_bytes()).unwrap().format, Format::Xlsx);
}

#[test]
fn an_audit_log_is_of_a_range_and_nothing_else() {
    for (scope, expected) in [
        (r#""scan_ids":["a"]"#, vec!["/scope/scan_ids", "/scope/date_range"]),
        (r#""image_refs":["a"],"date_range":{"start":"-7d"}"#, vec!["/scope/image_refs"]),
        (r#""policy_sets":["a"],"date_range":{"start":"-7d"}"#, vec!["/scope/policy_sets"]),
        ("", vec!["/scope"]),
    ] {
        let body = format!(r#"{{"type":"audit_log","format":"csv","scope":{{{scope}}}}}"#);
        assert_eq!(pointers(&body), expected, "{body}");
    }
}

#[test]
fn every_error_is_told_at_its_place_in_one_go() {
    let body = r#"{"typ":"scan_report","format":"docx","scope":{"scan_ids":["a/b",7],"extra":1},
        "options":{"pdf_max_rows":0,"csv":{"delimiter":"x"},"custom_fields":{"a":1},"template":"../x"},
        "delivery":{"method":"fax","config":[]}}"#;
    let mut found = pointers(body);
    found.sort();
    let expected = [
        "/delivery/config",
        "/delivery/method",
        "/format",
        "/options/csv/delimiter",
        "/options/custom_fields/a",
        "/options/pdf_max_rows",
        "/options/template",
        "/scope/extra",
        "/scope/scan_ids/0",
        "/scope/scan_ids/1",
        "/typ",
        "/type",
    ];
    assert_eq!(found, expected);
}

#[test]
fn wrong_shapes_are_told_at_their_place() {
    let with = |member: &str| format!(r#"{{"type":"scan_report","format":"json",{member}}}"#);
    for (member, pointer) in [
        (r#""scope":{}"#, "/scope"),
        (r#""scope":null"#, "/scope"),
        (r#""scope":[]"#, "/scope"),
        (r#""scope":{"scan_ids":[]}"#, "/scope"),
        (r#""scope":{"scan_ids":"a"}"#, "/scope/scan_ids"),
        (r#""scope":{"scan_ids":["../../etc"]}"#, "/scope/scan_ids/0"),
        (r#""scope":{"image_refs":["a\u0000b"]}"#, "/scope/image_refs/0"),
        (r#""scope":{"date_range":{}}"#, "/scope/date_range/start"),
        (r#""scope":{"date_range":{"start":"soon"}}"#, "/scope/date_range/start"),
        (r#""scope":{"date_range":{"start":"-1d","end":"-2d"}}"#, "/scope/date_range/start"),
        (r#""scope":{"scan_ids":["a"]},"options":[]"#, "/options"),
        (r#""scope":{"scan_ids":["a"]},"options":{"include_sbom":"yes"}"#, "/options/include_sbom"),
        (r#""scope":{"scan_ids":["a"]},"options":{"retention_days":1.5}"#, "/options/retention_days"),
        (
            r#""scope":{"scan_ids":["a"]},"options":{"retention_days":9007199254740993}"#,
            "/options/retention_days",
        ),
    ] {
        assert_eq!(pointers(&with(member)), [pointer], "{member}");
    }
    assert_eq!(pointers("[]"), ["", "/type", "/format", "/scope"]);
}

#[test]
fn what_is_no_json_is_refused_before_anything_else() {
    assert_eq!(refusal("{").0, Code::InvalidJson);
    let (code, errors) = refusal(r#"{"format":"pdf","format":"csv"}"#);
    assert_eq!(code, Code::DuplicateMember);
    assert_eq!(errors[0].0, "/format");
}
