//! How SARIF logs become findings.

use export_core::error::ErrorKind;
use export_core::finding::{Finding, FindingKind, Severity, Subject};

use crate::common::{Library, findings_of, ids};

/// A log with one run of a tool.
fn log(tool: &str, results: &str) -> String {
    format!(r#"{{"version":"2.1.0","runs":[{{"tool":{{"driver":{tool}}},"results":{results}}}]}}"#)
}

fn at(rule: &str, line: u32, more: &str) -> String {
    format!(
        r#"{{"ruleId":"{rule}","message":{{"text":"m"}},"locations":[{{"physicalLocation":{{"artifactLocation":
        {{"uri":"src/a%20b.c"}},"region":{{"startLine":{line},"endLine":{line}}}}}}}]{more}}}"#
    )
}

async fn one(tool: &str, result: &str) -> Finding<'static> {
    findings_of(log(tool, &format!("[{result}]"))).await.unwrap().items.remove(0)
}

#[tokio::test]
async fn a_result_takes_from_its_rule_even_if_that_comes_behind() {
    let results = r#"[{"ruleId":"js/xss","ruleIndex":0,"rule":{"id":"js/xss","index":0,"toolComponent":{"index":0}},
        "message":{"id":"default","arguments":["q"]},"locations":[{"physicalLocation":{"artifactLocation":{"index":0},
        "region":{"startLine":3}}}],"partialFingerprints":{"primaryLocationLineHash":"abc:1"}}]"#;
    let text = format!(
        r#"{{"runs":[{{"results":{results},"artifacts":[{{"location":{{"uri":"web/x.js"}}}}],
        "invocations":[{{"endTimeUtc":"2026-11-23T12:07:59Z","executionSuccessful":true}}],
        "versionControlProvenance":[{{"repositoryUri":"https://u:p@git.example/shop.git","revisionId":"aa"}}],
        "tool":{{"driver":{{"name":"CodeQL","semanticVersion":"2.20.1"}},"extensions":[{{"name":"js","rules":[{{"id":"js/xss",
        "shortDescription":{{"text":"Cross-site scripting"}},"fullDescription":{{"text":"d"}},"helpUri":"https://h",
        "messageStrings":{{"default":{{"text":"Value of {{0}} is written."}}}},
        "properties":{{"tags":["security","external/cwe/cwe-079"],"security-severity":"7.8","problem.severity":"error"}}}}]}}]}}}}],
        "version":"2.1.0"}}"#
    );
    let read = findings_of(&text).await.unwrap();
    let finding = &read.items[0];
    let Subject::Code(code) = &finding.subject else { panic!() };
    assert_eq!(
        (&*code.rule_id, &*code.message, &*code.cwes[0]),
        ("js/xss", "Value of q is written.", "CWE-79")
    );
    assert_eq!((finding.severity, &*finding.title), (Severity::High, "Cross-site scripting"));
    assert_eq!((&*finding.target, &*finding.image), ("web/x.js", "https://git.example/shop.git"));
    assert_eq!(finding.primary_url.as_deref(), Some("https://h"));
    assert!(read.warnings.is_empty());
    let moved = text.replace("\"startLine\":3", "\"startLine\":30");
    assert_eq!(findings_of(moved).await.unwrap().items[0].id, finding.id, "it has a fingerprint");
    let scan = Library::with(&[("s/f", text)]).resolve(&ids(&["s"])).await.unwrap().scans.remove(0);
    assert_eq!((&*scan.tool, &*scan.image), ("CodeQL 2.20.1", "https://git.example/shop.git"));
    assert_eq!(scan.created_at.unwrap().to_string(), "2026-11-23T12:07:59Z");
}

#[tokio::test]
async fn severities_come_from_scores_words_and_levels_in_this_order() {
    let tool = |rule: &str| format!(r#"{{"name":"T","rules":[{{"id":"r"{rule}}}]}}"#);
    for (rule, result, severity) in [
        (r#","properties":{"security-severity":"9.1"}"#, r#","level":"note""#, Severity::Critical),
        (
            r#","properties":{"security-severity":"9.1"}"#,
            r#","properties":{"security-severity":4}"#,
            Severity::Medium,
        ),
        (r#","properties":{"security-severity":"x"}"#, r#","level":"note""#, Severity::Low),
        (r#","properties":{"severity":"CRITICAL"}"#, r#","level":"error""#, Severity::Critical),
        (r#","properties":{"problem.severity":"recommendation"}"#, "", Severity::Low),
        ("", r#","properties":{"issue_severity":"LOW"},"level":"error""#, Severity::Low),
        (r#","defaultConfiguration":{"level":"error"}"#, "", Severity::High),
        ("", "", Severity::Medium),
        ("", r#","level":"none""#, Severity::None),
        ("", r#","kind":"review""#, Severity::None),
        ("", r#","level":"loud""#, Severity::Unknown),
    ] {
        let finding = one(&tool(rule), &at("r", 1, result)).await;
        assert_eq!(finding.severity, severity, "{rule} {result}");
    }
}

#[tokio::test]
async fn what_passed_or_is_over_is_no_finding() {
    let results: Vec<_> = [
        r#","kind":"pass""#,
        r#","kind":"notApplicable""#,
        r#","kind":"informational""#,
        r#","baselineState":"absent""#,
        r#","kind":"open""#,
        r#","kind":"odd""#,
        r#","baselineState":"new""#,
    ]
    .iter()
    .map(|more| at("r", 1, more))
    .collect();
    let read = findings_of(log(r#"{"name":"T"}"#, &format!("[{}]", results.join(",")))).await.unwrap();
    assert_eq!((read.items.len(), read.warnings.len()), (3, 1));
    assert_ne!(read.items[0].id, read.items[1].id, "the same place twice is numbered");
}

#[tokio::test]
async fn suppressions_count_unless_they_wait_or_were_rejected() {
    for (list, reason) in [
        (r#"[{"kind":"inSource"}]"#, Some("")),
        (r#"[{"kind":"external","status":"accepted","justification":"a test"}]"#, Some("a test")),
        (r#"[{"kind":"external","status":"underReview"}]"#, None),
        (r#"[{"kind":"inSource"},{"kind":"external","status":"rejected"}]"#, None),
        ("[]", None),
        ("null", None),
    ] {
        let finding = one(r#"{"name":"T"}"#, &at("r", 1, &format!(r#","suppressions":{list}"#))).await;
        assert_eq!(finding.suppression.as_ref().map(|it| &*it.reason), reason, "{list}");
    }
}

#[tokio::test]
async fn tools_tell_of_packages_in_ways_of_their_own() {
    let trivy = r#"{"name":"Trivy","version":"0.59.1","rules":[{"id":"CVE-2019-11358","properties":{"tags":["vulnerability","security"],"security-severity":"6.1"}}]}"#;
    let osv = r#"{"name":"osv-scanner"}"#;
    let grype = r#"{"name":"grype","rules":[{"id":"GHSA-x-log4j-core","help":{"text":"Vulnerability GHSA-x\nSeverity: high\nPackage: log4j-core\nVersion: 2.14.1\nFix Version: 2.15.0,2.12.2\nType: java-archive"},"properties":{"purls":["pkg:maven/a/log4j-core@2.14.1"],"security-severity":"10.0"}}]}"#;
    let other = r#"{"name":"T"}"#;
    let of = |rule: &str, text: &str, more: &str| {
        format!(r#"{{"ruleId":"{rule}","message":{{"text":"{text}"}}{more}}}"#)
    };
    for (tool, result, id, package, fixed, severity) in [
        (
            trivy,
            of(
                "CVE-2019-11358",
                r"Package: jquery\nInstalled Version: 3.3.9\nVulnerability CVE-2019-11358\nSeverity: LOW\nFixed Version: 3.4.0\nLink: x",
                "",
            ),
            "CVE-2019-11358",
            "jquery@3.3.9",
            "3.4.0",
            Severity::Low,
        ),
        (
            osv,
            of(
                "CVE-2021-23337",
                "Package '@a/lodash@4.17.20' is vulnerable to 'CVE-2021-23337' (also known as 'GHSA-35jh-r3h4-6jhm').",
                "",
            ),
            "CVE-2021-23337",
            "@a/lodash@4.17.20",
            "",
            Severity::Medium,
        ),
        (
            grype,
            of(
                "GHSA-x-log4j-core",
                "A high vulnerability in java-archive package: log4j-core, version 2.14.1 was found in image app at: /x.jar",
                "",
            ),
            "GHSA-x",
            "log4j-core@2.14.1",
            "2.15.0, 2.12.2",
            Severity::High,
        ),
        (
            other,
            of("CVE-2024-1", "m", r#","properties":{"purl":"pkg:npm/%40a/b@1.2"}"#),
            "CVE-2024-1",
            "@a/b@1.2",
            "",
            Severity::Medium,
        ),
    ] {
        let finding = one(tool, &result).await;
        let component = finding.component.as_ref().unwrap();
        assert_eq!(finding.rule(), id);
        assert_eq!(format!("{}@{}", component.name, component.version), package);
        assert_eq!((&*finding.fix.versions, finding.severity), (fixed, severity), "{package}");
    }
    let finding =
        one(osv, &of("CVE-1", "Package 'a@1' is vulnerable to 'CVE-1' (also known as 'GHSA-1').", "")).await;
    assert_eq!(finding.vulnerability().unwrap().aliases, ["GHSA-1"]);
}

#[tokio::test]
async fn kinds_come_from_tags_ids_and_tools_and_secrets_are_never_kept() {
    for (tool, rules, rule, kind) in [
        (
            "Trivy",
            r#"[{"id":"AVD-DS-0002","properties":{"tags":["misconfiguration"]}}]"#,
            "AVD-DS-0002",
            FindingKind::Misconfiguration,
        ),
        ("Trivy", r#"[{"id":"aws","properties":{"tags":["secret"]}}]"#, "aws", FindingKind::Secret),
        ("gitleaks", "[]", "aws-access-token", FindingKind::Secret),
        ("Checkov", "[]", "CKV_AWS_20", FindingKind::Misconfiguration),
        ("Checkov", "[]", "CKV_SECRET_2", FindingKind::Secret),
        ("Hadolint", "null", "DL3006", FindingKind::Misconfiguration),
        ("Snyk Open Source", "[]", "SNYK-JS-LODASH-567746", FindingKind::Vulnerability),
        ("ESLint", "[]", "no-eval", FindingKind::Code),
    ] {
        let tool = format!(r#"{{"name":"{tool}","rules":{rules}}}"#);
        let result =
            at(rule, 1, r#","fingerprints":{"x":"hunter2"}"#).replace("\"m\"", "\"found AKIAhunter2\"");
        let finding = one(&tool, &result).await;
        assert_eq!(finding.kind(), kind, "{tool}");
        assert!(kind != FindingKind::Secret || !format!("{finding:?}").contains("hunter2"), "{finding:?}");
    }
}

#[tokio::test]
async fn what_real_tools_get_wrong_is_read_with_a_warning() {
    let bom = format!("\u{feff}{}", log(r#"{"name":"T"}"#, "[]"));
    let broken = r#"{"ruleId":null,"message":null,"partialFingerprints":{"a":{"b":1}},"suppressions":null}"#;
    for (text, items, warnings) in [
        (bom, 0, 0),
        (log(r#"{"name":"T"}"#, &format!("[{broken}]")), 1, 3),
        (log(r#"{"name":"T"}"#, "null"), 0, 1),
        (r#"{"version":"2.1.0","runs":[]}"#.into(), 0, 1),
        (r#"{"version":"2.1.0","runs":[{"tool":null,"results":[],"invocations":[{"executionSuccessful":false}]}]}"#.into(), 0, 1),
    ] {
        let read = findings_of(&text).await.unwrap();
        assert_eq!((read.items.len(), read.warnings.len()), (items, warnings), "{text}: {:?}", read.warnings);
        assert!(items == 0 || read.items[0].rule() == "T");
    }
    let (first, second) = (log(r#"{"name":"A"}"#, &format!("[{}]", at("r", 1, ""))), at("s", 2, ""));
    let several = first.replace(
        "}]}]}",
        &format!("}}]}},{{\"tool\":{{\"driver\":{{\"name\":\"B\"}}}},\"results\":[{second}]}}]}}"),
    );
    assert_eq!(findings_of(several).await.unwrap().items.len(), 2, "a log may have several runs");
}

#[tokio::test]
async fn wrong_types_other_versions_and_cut_off_files_are_refused_with_the_place() {
    let whole = log(r#"{"name":"T","rules":[{"id":"r"}]}"#, &format!("[{}]", at("r", 1, "")));
    for (from, to, place) in [
        ("\"ruleId\":\"r\"", "\"ruleId\":1", "#/runs/0/results/0/ruleId"),
        ("\"message\":{", "\"message\":[],\"x\":{", "#/runs/0/results/0/message"),
        (
            "\"startLine\":1",
            "\"startLine\":\"1\"",
            "#/runs/0/results/0/locations/0/physicalLocation/region/startLine",
        ),
        ("{\"id\":\"r\"}", "{\"id\":[]}", "#/runs/0/tool/driver/rules/0/id"),
        ("\"name\":\"T\"", "\"name\":1", "#/runs/0/tool/driver/name"),
        ("\"results\":[", "\"results\":[7,", "#/runs/0/results/0"),
        ("2.1.0", "1.0.0", "#/version"),
    ] {
        let error = findings_of(whole.replacen(from, to, 1)).await.unwrap_err();
        assert_eq!(
            (error.kind, error.place.as_deref()),
            (ErrorKind::Invalid, Some(&*format!("s/report.json{place}"))),
            "{error}"
        );
    }
    let error =
        findings_of(r#"{"$schema":"https://json.schemastore.org/sarif-2.1.0.json"}"#).await.unwrap_err();
    assert!(error.message.contains("no `runs`"), "{error}");
    for cut in (1..whole.len() - 1).step_by(37) {
        assert_eq!(findings_of(&whole[..cut]).await.unwrap_err().kind, ErrorKind::Invalid);
    }
}
