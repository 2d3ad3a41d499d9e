//! How Trivy reports become findings.

use std::collections::HashSet;

use crate::common::{Library, findings_of, report, vulnerabilities};
use export_core::error::ErrorKind;
use export_core::finding::{CvssVersion, Finding, FindingKind, FixState, Location, Score, Severity, Subject};

const FULL: &str = r#"[{
    "VulnerabilityID":"CVE-2021-44228","VendorIDs":["DSA-5020-1","GHSA-jfh8-c2jp-5v3q","CVE-2021-44228"],
    "PkgID":"log4j-core@2.14.1","PkgName":"org.apache.logging.log4j:log4j-core","PkgPath":"app/lib/log4j-core.jar",
    "PkgIdentifier":{"PURL":"pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1","UID":"1"},
    "InstalledVersion":"2.14.1","FixedVersion":"2.15.0, 2.12.2","Status":"fixed",
    "Layer":{"Digest":"sha256:aa","DiffID":"sha256:bb"},"SeveritySource":"ghsa",
    "PrimaryURL":"https://avd.aquasec.com/nvd/cve-2021-44228","DataSource":{"ID":"ghsa"},
    "Title":"log4j-core: remote code execution","Description":"JNDI \u001b[31mlookups\u001b[0m","Severity":"CRITICAL",
    "CweIDs":["CWE-20","CWE-502"],"VendorSeverity":{"ghsa":4,"nvd":4,"redhat":3,"ubuntu":2},
    "CVSS":{
        "redhat":{"V3Vector":"CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H","V3Score":9.8},
        "nvd":{"V2Vector":"AV:N/AC:M/Au:N/C:C/I:C/A:C","V3Vector":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H",
               "V2Score":9.3,"V3Score":10},
        "ghsa":{"V40Vector":"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H","V40Score":10}},
    "References":["https://logging.apache.org/","https://example.org/a?b=1&c=2"],
    "PublishedDate":"2021-12-10T10:15:09.143Z","LastModifiedDate":"0001-01-01T00:00:00Z"}]"#;

#[tokio::test]
async fn a_vulnerability_keeps_everything_that_the_model_has() {
    let read = findings_of(vulnerabilities(FULL)).await.unwrap();
    let finding = &read.items[0];
    assert_eq!(finding.scan_id, "s");
    assert_eq!(finding.image, "app:1");
    assert_eq!(finding.target, "app:1 (debian 12.7)");
    assert_eq!(finding.severity, Severity::Critical);
    assert_eq!(finding.severity_source.as_ref().unwrap(), &"ghsa");
    assert_eq!(finding.title, "log4j-core: remote code execution");
    assert_eq!(finding.description, "JNDI \u{1b}[31mlookups\u{1b}[0m");
    let component = finding.component.as_ref().unwrap();
    assert_eq!(component.name, "org.apache.logging.log4j:log4j-core");
    assert_eq!(component.version, "2.14.1");
    assert_eq!(component.purl.as_ref().unwrap(), &"pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1");
    assert_eq!(component.ecosystem, "debian");
    let place = Location {
        path: "app/lib/log4j-core.jar".into(),
        layer: Some("sha256:aa".into()),
        ..Location::default()
    };
    assert_eq!(finding.locations, [place]);
    assert_eq!((finding.fix.state, &*finding.fix.versions), (FixState::Fixed, "2.15.0, 2.12.2"));
    assert_eq!(finding.primary_url.as_ref().unwrap(), &"https://avd.aquasec.com/nvd/cve-2021-44228");
    assert_eq!(finding.references.len(), 2);
    assert_eq!(finding.published.unwrap().to_string(), "2021-12-10T10:15:09.143Z");
    assert_eq!(finding.modified, None, "Go's zero time is no time");
    assert_eq!(finding.suppression, None);
    let vulnerability = finding.vulnerability().unwrap();
    assert_eq!(vulnerability.id, "CVE-2021-44228");
    assert_eq!(vulnerability.aliases, ["GHSA-jfh8-c2jp-5v3q"], "advisories are no aliases");
    assert_eq!(vulnerability.cwes.len(), 2);
}

#[tokio::test]
async fn ratings_come_by_source_and_version_with_the_sources_words() {
    let read = findings_of(vulnerabilities(FULL)).await.unwrap();
    let ratings = &read.items[0].vulnerability().unwrap().ratings;
    let told: Vec<_> = ratings
        .iter()
        .map(|it| {
            (
                it.source.as_str(),
                it.version,
                it.score.map(Score::tenths),
                it.vector.is_some(),
                it.severity.unwrap(),
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            ("ghsa", CvssVersion::V4, Some(100), true, Severity::Critical),
            ("nvd", CvssVersion::V2, Some(93), true, Severity::Critical),
            ("nvd", CvssVersion::V31, Some(100), true, Severity::Critical),
            ("redhat", CvssVersion::V3, Some(98), true, Severity::High),
            ("ubuntu", CvssVersion::Unscored, None, false, Severity::Medium),
        ]
    );
}

#[tokio::test]
async fn what_is_absent_stays_absent() {
    let read =
        findings_of(vulnerabilities(r#"[{"VulnerabilityID":"CVE-1","PkgName":"x","CVSS":null,"Layer":{}}]"#));
    let finding = &read.await.unwrap().items[0];
    assert_eq!(finding.severity, Severity::Unknown);
    assert_eq!(finding.fix.state, FixState::Unknown);
    assert_eq!(finding.component.as_ref().unwrap().purl, None);
    assert!(finding.locations.is_empty() && finding.references.is_empty() && finding.published.is_none());
    assert!(finding.primary_url.is_none() && finding.severity_source.is_none());
}

#[tokio::test]
async fn every_status_has_its_state() {
    for (status, fixed, state) in [
        (r#""fixed""#, "1.1", FixState::Fixed),
        (r#""affected""#, "", FixState::Affected),
        (r#""under_investigation""#, "", FixState::UnderInvestigation),
        (r#""will_not_fix""#, "", FixState::WillNotFix),
        (r#""fix_deferred""#, "", FixState::Deferred),
        (r#""end_of_life""#, "", FixState::EndOfLife),
        (r#""not_affected""#, "", FixState::NotAffected),
        (r#""unknown""#, "", FixState::Unknown),
        ("null", "1.1", FixState::Fixed),
        ("null", "", FixState::Unknown),
    ] {
        let entry = format!(r#"[{{"VulnerabilityID":"CVE-1","Status":{status},"FixedVersion":"{fixed}"}}]"#);
        let read = findings_of(vulnerabilities(&entry)).await.unwrap();
        assert_eq!(read.items[0].fix.state, state, "{status} {fixed}");
    }
}

const OTHERS: &str = r#"[
  {"Target":"Dockerfile","Class":"config","Type":"dockerfile","MisconfSummary":{"Successes":1,"Failures":1},
   "Misconfigurations":[
    {"Type":"Dockerfile Security Check","ID":"DS-0002","AVDID":"AVD-DS-0002","Title":"Image user should not be 'root'",
     "Description":"d","Message":"Specify a USER","Namespace":"n","Query":"q","Resolution":"Add USER","Severity":"HIGH",
     "PrimaryURL":"https://avd.aquasec.com/misconfig/ds-0002","References":["https://r"],"Status":"FAIL","Layer":{},
     "CauseMetadata":{"Provider":"Dockerfile","StartLine":3,"EndLine":4,"Code":{"Lines":null},
        "Occurrences":[{"Resource":"r","Filename":"main.tf","Location":{"StartLine":7,"EndLine":9}}]}},
    {"ID":"DS-0001","Status":"PASS","Severity":"LOW"},{"ID":"DS-0003","Status":"EXCEPTION","Severity":"LOW"}]},
  {"Target":"/app/.env","Class":"secret","Secrets":[
    {"RuleID":"aws-access-key-id","Category":"AWS","Severity":"CRITICAL","Title":"AWS Access Key ID","StartLine":2,
     "EndLine":2,"Code":{"Lines":[]},"Match":"KEY=********************","Offset":4,"Layer":{"DiffID":"sha256:cc"}},
    {"RuleID":"aws-access-key-id","Severity":"CRITICAL","StartLine":9,"EndLine":9,"Match":"KEY=AKIAIOSFODNN7EXAMPLE"}]},
  {"Target":"Node.js","Class":"license","Licenses":[
    {"Severity":"HIGH","Category":"restricted","PkgName":"readline","FilePath":"usr/lib/x","Name":"GPL-3.0","Text":"",
     "Confidence":0.9,"Link":"https://spdx.org/licenses/GPL-3.0.html"},
    {"Severity":"LOW","Category":"notice","PkgName":"ajv","FilePath":"","Name":"MIT","Confidence":1,"Link":""},
    {"Severity":"LOW","Category":"notice","PkgName":"ajv","FilePath":"","Name":"MIT","Confidence":1,"Link":""}]}]"#;

#[tokio::test]
async fn misconfigurations_secrets_and_licences_are_findings_of_their_kind() {
    let read = findings_of(report("app:1", "2026-11-20T10:00:00Z", OTHERS)).await.unwrap();
    let kinds: Vec<_> = read.items.iter().map(Finding::kind).collect();
    use FindingKind::{Licence, Misconfiguration, Secret};
    assert_eq!(kinds, [Misconfiguration, Secret, Secret, Licence, Licence, Licence], "PASS is no finding");

    let Subject::Misconfiguration(check) = &read.items[0].subject else { panic!() };
    assert_eq!(
        (&*check.rule_id, &*check.message, &*check.resolution),
        ("DS-0002", "Specify a USER", "Add USER")
    );
    assert_eq!(check.aliases, ["AVD-DS-0002"]);
    let places: Vec<_> =
        read.items[0].locations.iter().map(|it| (&*it.path, it.start_line, it.end_line)).collect();
    assert_eq!(places, [("Dockerfile", Some(3), Some(4)), ("main.tf", Some(7), Some(9))]);

    let Subject::Secret(secret) = &read.items[1].subject else { panic!() };
    assert_eq!(
        (&*secret.rule_id, &*secret.category, &*secret.masked),
        ("aws-access-key-id", "AWS", "KEY=********************")
    );
    assert_eq!(read.items[1].locations[0].layer.as_ref().unwrap(), &"sha256:cc");
    let text = format!("{:?}", read.items[2]);
    assert!(!text.contains("AKIA"), "a line without the mask is not kept: {text}");

    let Subject::Licence(licence) = &read.items[3].subject else { panic!() };
    assert_eq!((&*licence.name, &*licence.category), ("GPL-3.0", "restricted"));
    assert_eq!(licence.confidence.unwrap().as_f64().to_string(), "0.9");
    assert_eq!(read.items[3].component.as_ref().unwrap().name, "readline");
    assert_eq!(read.items[3].locations[0].path, "usr/lib/x");

    let ids: HashSet<_> = read.items.iter().map(|finding| finding.id.as_str()).collect();
    assert_eq!(ids.len(), read.items.len(), "entries without a difference have ids of their own");
}

#[tokio::test]
async fn suppressed_findings_of_every_kind_say_why() {
    let modified = |kind: &str, finding: &str| {
        format!(
            r#"{{"Type":"{kind}","Status":"ignored","Statement":"accepted","Source":".trivyignore","Finding":{finding}}}"#
        )
    };
    let list = [
        modified("vulnerability", r#"{"VulnerabilityID":"CVE-1","PkgName":"x"}"#),
        modified("misconfiguration", r#"{"ID":"DS-1","Status":"FAIL"}"#),
        modified("secret", r#"{"RuleID":"r"}"#),
        modified("license", r#"{"Name":"MIT"}"#),
    ];
    let results =
        format!(r#"[{{"Target":"t","Type":"npm","ExperimentalModifiedFindings":[{}]}}]"#, list.join(","));
    let read = findings_of(report("app:1", "2026-11-20T10:00:00Z", &results)).await.unwrap();
    assert_eq!(read.items.len(), 4);
    for finding in &read.items {
        let suppression = finding.suppression.as_ref().unwrap();
        assert_eq!(
            (&*suppression.status, &*suppression.reason, &*suppression.source),
            ("ignored", "accepted", ".trivyignore")
        );
    }

    let results = results.replace("\"license\"", "\"weather\"");
    let error = findings_of(report("app:1", "2026-11-20T10:00:00Z", &results)).await.unwrap_err();
    assert_eq!(error.place.as_deref(), Some("s/report.json#/Results/0/ExperimentalModifiedFindings/3"));
}

#[tokio::test]
async fn the_next_scan_of_the_same_image_keeps_ids() {
    let at = |artifact: &str, system: &str| {
        let entry = r#"[{"VulnerabilityID":"CVE-1","PkgName":"x","InstalledVersion":"1"}]"#;
        let results = format!(
            r#"[{{"Target":"{artifact} ({system})","Class":"os-pkgs","Type":"debian","Vulnerabilities":{entry}}}]"#
        );
        report(artifact, "2026-11-20T10:00:00Z", &results)
    };
    let library = Library::with(&[
        ("a/r.json", at("r.example:443/app:1.0", "debian 12.6")),
        ("b/r.json", at("r.example:443/app:1.1@sha256:00", "debian 12.7")),
        ("c/r.json", at("r.example:443/other:1.1", "debian 12.7")),
    ]);
    let mut ids = Vec::new();
    for scan in ["a", "b", "c"] {
        ids.push(library.findings(scan).await.unwrap().items[0].id.clone());
    }
    assert_eq!(ids[0], ids[1]);
    assert_ne!(ids[0], ids[2], "another image has other findings");
}

#[tokio::test]
async fn findings_that_differ_in_path_or_version_have_ids_of_their_own() {
    let read = findings_of(vulnerabilities(
        r#"[{"VulnerabilityID":"CVE-1","PkgName":"x","PkgPath":"a","InstalledVersion":"1"},
            {"VulnerabilityID":"CVE-1","PkgName":"x","PkgPath":"b","InstalledVersion":"1"},
            {"VulnerabilityID":"CVE-1","PkgName":"x","PkgPath":"a","InstalledVersion":"2"},
            {"VulnerabilityID":"CVE-2","PkgName":"x","PkgPath":"a","InstalledVersion":"1"}]"#,
    ));
    let read = read.await.unwrap();
    let ids: HashSet<_> = read.items.iter().map(|finding| finding.id.as_str()).collect();
    assert_eq!(ids.len(), 4);
}

#[tokio::test]
async fn members_may_come_in_any_order() {
    let shuffled = r#"{"Results":[
        {"Vulnerabilities":[{"VulnerabilityID":"CVE-1"}],"Type":"npm","Target":"a"},
        {"Target":"b","Vulnerabilities":[{"VulnerabilityID":"CVE-2"}],"Type":"jar"},
        {"Class":"x","Type":"gem","Target":"c","Vulnerabilities":[{"VulnerabilityID":"CVE-3"}]}],
        "ArtifactName":"app:1","Metadata":null,"CreatedAt":"2026-11-20T10:00:00Z","SchemaVersion":2}"#;
    let library = Library::with(&[("s/r.json", shuffled)]);
    let read = library.findings("s").await.unwrap();
    let told: Vec<_> = read
        .items
        .iter()
        .map(|it| (&*it.target, it.component.as_ref().unwrap().ecosystem.as_str()))
        .collect();
    assert_eq!(told, [("a", "npm"), ("b", "jar"), ("c", "gem")]);
    let scans = library.resolve(&crate::common::ids(&["s"])).await.unwrap().scans;
    assert_eq!((scans[0].image.as_str(), scans[0].created_at.is_some()), ("app:1", true));
}

#[tokio::test]
async fn unknown_and_repeated_members_are_fine() {
    let entry = r#"[{"VulnerabilityID":"CVE-0","VulnerabilityID":"CVE-1","New":{"a":[1,{"b":null}]},"Severity":"LOW"}]"#;
    let text = vulnerabilities(entry).replacen('{', r#"{"Extra":[[1],{"x":"]}"}],"#, 1);
    let read = findings_of(text).await.unwrap();
    assert_eq!(read.items[0].rule(), "CVE-1");
}

#[tokio::test]
async fn a_report_without_results_has_no_findings() {
    for results in ["null", "[]", r#"[{"Target":"x","Vulnerabilities":null}]"#] {
        let read = findings_of(report("app:1", "2026-11-20T10:00:00Z", results)).await.unwrap();
        assert_eq!((read.items.len(), read.documents.len()), (0, 1));
    }
    assert!(findings_of(r#"{"SchemaVersion":2,"ArtifactName":"x"}"#).await.unwrap().items.is_empty());
}

#[tokio::test]
async fn wrong_types_and_values_are_refused_with_their_place() {
    let entry = "s/report.json#/Results/0/Vulnerabilities/0";
    for (member, place) in [
        (r#""Title":1"#, "/Title"),
        (r#""CVSS":{"nvd":{"V3Score":"high"}}"#, "/CVSS/nvd/V3Score"),
        (r#""CVSS":{"nvd":{"V3Score":10.1}}"#, "/CVSS/nvd/V3Score"),
        (r#""References":[null]"#, "/References/0"),
        (r#""References":"x""#, "/References"),
        (r#""PublishedDate":"yesterday""#, "/PublishedDate"),
        (r#""Title":"\ud83d""#, "/Title"),
        (r#""Layer":7"#, "/Layer"),
    ] {
        let text = vulnerabilities(&format!("[{{\"VulnerabilityID\":\"CVE-1\",\n{member}}}]"));
        let error = findings_of(text).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Invalid, "{member}");
        assert_eq!(error.place.as_deref(), Some(format!("{entry}{place}").as_str()), "{member}: {error}");
        assert!(error.message.contains("at line 3, column"), "{member}: {error}");
    }
    let error = findings_of(vulnerabilities(r#"[{"PkgName":"x"}]"#)).await.unwrap_err();
    assert_eq!(error.place.as_deref(), Some(entry));
    assert!(error.message.contains("VulnerabilityID is missing"), "{error}");
}

#[tokio::test]
async fn broken_json_is_refused_with_its_place() {
    for (text, place) in [
        (vulnerabilities("[{\"VulnerabilityID\":\"CVE-1\"},]"), "s/report.json#/Results/0/Vulnerabilities"),
        (vulnerabilities("[{\"VulnerabilityID\":\"CVE-1\"} {}]"), "s/report.json#/Results/0/Vulnerabilities"),
        (vulnerabilities("{}"), "s/report.json#/Results/0/Vulnerabilities"),
        (vulnerabilities("[{]}]"), "s/report.json#/Results/0/Vulnerabilities/0"),
        (vulnerabilities("[1]"), "s/report.json#/Results/0/Vulnerabilities/0"),
        (vulnerabilities("[]") + "x", "s/report.json"),
        (vulnerabilities("[]") + "{}", "s/report.json"),
        (vulnerabilities("[]").replace("\"Class\":", "\"Class\""), "s/report.json#/Results/0"),
    ] {
        let error = findings_of(&text).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Invalid);
        assert_eq!(error.place.as_deref(), Some(place), "{error}\n{text}");
    }
}

#[tokio::test]
async fn a_cut_off_report_is_never_a_shorter_one() {
    let text = report("app:1", "2026-11-20T10:00:00Z", OTHERS.trim_end());
    let both = text.replacen(
        "\"Results\":[",
        &format!("\"Results\":[{{\"Target\":\"t\",\"Type\":\"x\",\"Vulnerabilities\":{FULL}}},"),
        1,
    );
    assert!(findings_of(&both).await.is_ok());
    for step in 0..200 {
        let cut = step * (both.len() - 1) / 199;
        let cut = (0..=cut).rev().find(|at| both.is_char_boundary(*at)).unwrap();
        let library = Library::with(&[("s/report.json", &both.as_bytes()[..cut])]);
        let error = library.findings("s").await.expect_err("a cut-off report must not be read");
        assert_eq!(error.kind, ErrorKind::Invalid, "cut at {cut}: {error}");
        assert!(error.place.as_deref().is_some_and(|place| place.starts_with("s/report.json")), "{error}");
    }
}
