//! How OSV-Scanner's reports become findings.

use export_core::error::ErrorKind;
use export_core::finding::{FindingKind, FixState, Severity};

use crate::common::{Library, findings_of, ids};

const LODASH: &str = r#"{"id":"GHSA-35jh-r3h4-6jhm","aliases":["CVE-2021-23337"],"summary":"Command Injection in lodash",
    "details":"`lodash` versions prior to 4.17.21","modified":"2026-01-01T00:00:00Z","published":"2021-05-06T16:05:51Z",
    "severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:H/UI:N/S:U/C:H/I:H/A:H"}],
    "affected":[{"package":{"ecosystem":"npm","name":"lodash"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"4.17.21"}]}]},
      {"package":{"ecosystem":"npm","name":"lodash-es"},"ranges":[{"type":"SEMVER","events":[{"fixed":"9"}]}]}],
    "references":[{"type":"WEB","url":"https://example.org/a"}],"database_specific":{"cwe_ids":["CWE-77","CWE-94"],"severity":"HIGH"}}"#;

fn report(vulnerabilities: &str, groups: &str) -> String {
    format!(
        r#"{{"results":[{{"source":{{"path":"/src/package-lock.json","type":"lockfile"}},"packages":[{{
        "package":{{"name":"lodash","version":"4.17.20","ecosystem":"npm"}},"vulnerabilities":{vulnerabilities},
        "groups":{groups},"license_violations":["GPL-3.0-only"]}}]}}],"experimental_config":{{}}}}"#
    )
}

#[tokio::test]
async fn a_group_is_one_finding_with_all_its_names() {
    let other = r#"{"id":"CVE-2021-23337","modified":"2026-02-01T00:00:00Z","affected":[]}"#;
    let groups = r#"[{"ids":["GHSA-35jh-r3h4-6jhm","CVE-2021-23337"],"aliases":["CVE-2021-23337","GHSA-35jh-r3h4-6jhm"],"max_severity":"7.2"}]"#;
    let read = findings_of(report(&format!("[{LODASH},{other}]"), groups)).await.unwrap();
    assert_eq!(read.items.len(), 2, "and the licence");
    let finding = &read.items[0];
    let vulnerability = finding.vulnerability().unwrap();
    assert_eq!((&*vulnerability.id, vulnerability.aliases.len()), ("GHSA-35jh-r3h4-6jhm", 1));
    assert_eq!((vulnerability.cwes.len(), vulnerability.ratings.len()), (2, 1));
    assert_eq!(vulnerability.highest_score().unwrap().to_string(), "7.2", "of the vector");
    assert_eq!(finding.severity, Severity::High);
    assert_eq!((&*finding.target, &*finding.title), ("src/package-lock.json", "Command Injection in lodash"));
    assert_eq!((finding.fix.state, &*finding.fix.versions), (FixState::Fixed, "4.17.21"));
    assert_eq!(finding.modified.unwrap().to_string(), "2026-02-01T00:00:00Z");
    let licence = &read.items[1];
    assert_eq!((licence.kind(), licence.rule()), (FindingKind::Licence, "GPL-3.0-only"));
    assert_eq!(licence.component.as_ref().unwrap().name, "lodash");
    let scan =
        Library::with(&[("s/f", report("[]", "[]"))]).resolve(&ids(&["s"])).await.unwrap().scans.remove(0);
    assert_eq!((&*scan.image, &*scan.tool), ("s", "osv-scanner"));
}

#[tokio::test]
async fn severities_come_from_scores_then_words() {
    let none =
        LODASH.replace(r#"{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:H/UI:N/S:U/C:H/I:H/A:H"}"#, "");
    for (text, max, severity, warnings) in [
        (LODASH.to_owned(), "9.8", Severity::Critical, 0),
        (LODASH.to_owned(), "", Severity::High, 0),
        (none.clone(), "", Severity::High, 0),
        (none.replace("\"HIGH\"", "\"MODERATE\""), "", Severity::Medium, 0),
        (none.replace("\"HIGH\"", "null"), "", Severity::Unknown, 0),
        (LODASH.replace("CVSS:3.1/AV:N/AC:L/PR:H/UI:N/S:U/C:H/I:H/A:H", "1"), "", Severity::High, 1),
    ] {
        let groups = format!(r#"[{{"ids":["GHSA-35jh-r3h4-6jhm"],"max_severity":"{max}"}}]"#);
        let read = findings_of(report(&format!("[{text}]"), &groups)).await.unwrap();
        assert_eq!((read.items[0].severity, read.warnings.len()), (severity, warnings), "{text}");
    }
}

#[tokio::test]
async fn groups_may_be_missing_and_the_withdrawn_is_left_out() {
    let withdrawn = LODASH
        .replacen('{', r#"{"withdrawn":"2026-01-01T00:00:00Z","#, 1)
        .replace("GHSA-35jh-r3h4-6jhm", "GHSA-x");
    let read = findings_of(report(&format!("[{LODASH},{withdrawn}]"), "null")).await.unwrap();
    assert_eq!(read.items.len(), 2, "one vulnerability and the licence");
    assert_eq!(
        read.warnings[0].place.as_deref(),
        Some("s/report.json#/results/0/packages/0/vulnerabilities/1")
    );
    let read =
        findings_of(report("[]", r#"[{"ids":["CVE-2021-23337"],"max_severity":"7.2"}]"#)).await.unwrap();
    assert_eq!((read.items[0].rule(), read.items[0].severity), ("CVE-2021-23337", Severity::High));
    assert_eq!(read.warnings.len(), 1);
    let debian = r#"[{"id":"DEBIAN-CVE-2024-1","upstream":["CVE-2024-1","CVE-2024-2"]}]"#;
    let read = findings_of(report(debian, "[]")).await.unwrap();
    assert_eq!(read.items[0].vulnerability().unwrap().aliases, ["CVE-2024-1"]);
    let empty = r#"{"results":[],"experimental_config":{"licenses":{"summary":false,"allowlist":null}}}"#;
    assert_eq!(findings_of(empty).await.unwrap().items.len(), 0);
}

#[tokio::test]
async fn an_advisory_is_no_scan() {
    let advisory = LODASH.replacen('{', r#"{"schema_version":"1.7.0","#, 1);
    let error = findings_of(advisory).await.unwrap_err();
    assert!(error.message.contains("OSV advisory"), "{error}");
}

#[tokio::test]
async fn wrong_types_and_cut_off_files_are_refused_with_the_place() {
    let whole = report(&format!("[{LODASH}]"), "[]");
    let package = "s/report.json#/results/0/packages/0";
    for (from, to, place) in [
        ("\"id\":\"GHSA-35jh-r3h4-6jhm\"", "\"id\":1", "/vulnerabilities/0/id"),
        ("\"id\":\"GHSA-35jh-r3h4-6jhm\",", "", "/vulnerabilities/0/id"),
        ("\"published\":\"2021", "\"published\":\"x", "/vulnerabilities/0/published"),
        ("\"events\":[", "\"events\":[1,", "/vulnerabilities/0/affected/0/ranges/0/events/0"),
        ("\"groups\":[]", "\"groups\":[[]]", "/groups/0"),
    ] {
        let error = findings_of(whole.replacen(from, to, 1)).await.unwrap_err();
        assert_eq!(
            (error.kind, error.place.as_deref()),
            (ErrorKind::Invalid, Some(&*format!("{package}{place}"))),
            "{error}"
        );
    }
    for cut in (1..whole.len() - 1).step_by(61) {
        assert_eq!(findings_of(&whole[..cut]).await.unwrap_err().kind, ErrorKind::Invalid);
    }
}
