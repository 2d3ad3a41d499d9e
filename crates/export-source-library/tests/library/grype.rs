//! How Grype's reports become findings.

use export_core::error::ErrorKind;
use export_core::finding::{FindingKind, FixState, Severity};

use crate::common::{Library, findings_of, ids};

/// A match as Grype 0.94 writes it.
const LOG4J: &str = r#"{
    "vulnerability":{"id":"GHSA-jfh8-c2jp-5v3q","dataSource":"https://github.com/advisories/GHSA-jfh8-c2jp-5v3q",
      "namespace":"github:language:java","severity":"Critical","urls":["https://logging.apache.org/"],
      "description":"JNDI lookups","cvss":[{"source":"github","type":"Secondary","version":"3.1",
      "vector":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H","metrics":{"baseScore":10,"exploitabilityScore":3.9}}],
      "epss":[{"cve":"CVE-2021-44228","epss":0.94358,"percentile":0.99957,"date":"2026-11-20"}],
      "knownExploited":[{"cve":"CVE-2021-44228","dateAdded":"2021-12-10","dueDate":"2021-12-24","knownRansomwareCampaignUse":"known"}],
      "cwes":[{"cve":"CVE-2021-44228","cwe":"CWE-502","source":"nvd@nist.gov","type":"Secondary"}],
      "fix":{"versions":["2.15.0","2.12.2"],"state":"fixed"},"advisories":[{"id":"a","link":"https://example.org/a"}],"risk":94.3},
    "relatedVulnerabilities":[{"id":"CVE-2021-44228","dataSource":"https://nvd.nist.gov/vuln/detail/CVE-2021-44228",
      "namespace":"nvd:cpe","severity":"Critical","urls":["https://logging.apache.org/"],"description":"x",
      "cvss":[{"source":"nvd@nist.gov","version":"2.0","vector":"AV:N/AC:M/Au:N/C:C/I:C/A:C","metrics":{"baseScore":9.3}}]}],
    "matchDetails":[],"artifact":{"id":"1","name":"log4j-core","version":"2.14.1","type":"java-archive","purl":
      "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1","locations":[{"path":"/app/copy.jar"},
      {"path":"/app/log4j.jar","layerID":"sha256:aa","annotations":{"evidence":"primary"}}]}}"#;

const IMAGE: &str = r#""source":{"type":"image","target":{"userInput":"app:1","imageID":"sha256:id","manifestDigest":"sha256:m",
    "tags":["app:1"],"repoDigests":["registry/app@sha256:pushed"],"layers":[{"digest":"sha256:aa"}]}},
    "distro":{"name":"debian","version":"12"},
    "descriptor":{"name":"grype","version":"0.94.0","timestamp":"2026-11-20T11:43:35.523947199Z"}"#;

fn report(matches: &str, ignored: &str) -> String {
    format!(r#"{{"matches":{matches},"ignoredMatches":{ignored},{IMAGE}}}"#)
}

#[tokio::test]
async fn a_match_keeps_everything_that_the_model_has() {
    let read = findings_of(report(&format!("[{LOG4J}]"), "null")).await.unwrap();
    let finding = &read.items[0];
    let vulnerability = finding.vulnerability().unwrap();
    assert_eq!((&*vulnerability.id, &*vulnerability.aliases[0]), ("GHSA-jfh8-c2jp-5v3q", "CVE-2021-44228"));
    assert_eq!(vulnerability.cwes, ["CWE-502"]);
    assert_eq!(vulnerability.ratings.len(), 3, "github, NVD, and NVD's word");
    assert_eq!(vulnerability.epss.unwrap().probability.steps(), 94_358);
    let exploited = vulnerability.known_exploited.as_ref().unwrap();
    assert_eq!((&*exploited.added, exploited.ransomware), ("2021-12-10", true));
    assert_eq!((&*finding.image, &*finding.target), ("app:1", "app/log4j.jar"));
    assert_eq!(
        (finding.severity, finding.severity_source.as_deref()),
        (Severity::Critical, Some("github:language:java"))
    );
    let component = finding.component.as_ref().unwrap();
    assert_eq!(
        (&*component.name, &*component.version, &*component.ecosystem),
        ("log4j-core", "2.14.1", "java-archive")
    );
    assert_eq!(finding.locations.len(), 2);
    assert_eq!(finding.locations[1].layer.as_deref(), Some("sha256:aa"));
    assert_eq!((finding.fix.state, &*finding.fix.versions), (FixState::Fixed, "2.15.0, 2.12.2"));
    let pages = [
        "https://nvd.nist.gov/vuln/detail/CVE-2021-44228",
        "https://logging.apache.org/",
        "https://example.org/a",
    ];
    assert_eq!(finding.references, pages);
    assert!(finding.suppression.is_none() && read.warnings.is_empty());
}

#[tokio::test]
async fn the_head_behind_the_matches_is_the_scans() {
    let library = Library::with(&[("s/grype.json", report("[]", "[]"))]);
    let scan = library.resolve(&ids(&["s"])).await.unwrap().scans.remove(0);
    assert_eq!(
        (&*scan.image, scan.image_digest.as_deref(), &*scan.tool),
        ("app:1", Some("sha256:pushed"), "grype 0.94.0")
    );
    assert_eq!(scan.created_at.unwrap().to_string(), "2026-11-20T11:43:35.523Z");
    let folder = r#"{"matches":null,"source":{"type":"directory","target":"/src/app"},"descriptor":{"name":"grype","version":"[not provided]","timestamp":""}}"#;
    let library = Library::with(&[("s/grype.json", folder)]);
    let scan = library.resolve(&ids(&["s"])).await.unwrap().scans.remove(0);
    assert_eq!((&*scan.image, &*scan.tool, scan.created_at), ("/src/app", "grype", None));
}

#[tokio::test]
async fn ignored_matches_are_suppressed_by_their_rules() {
    let rule = |rule: &str| LOG4J.replacen('{', &format!(r#"{{"appliedIgnoreRules":[{rule}],"#), 1);
    let ignored = format!(
        "[{},{}]",
        rule(r#"{"vulnerability":"CVE-2021-44228","reason":"no JNDI here","package":{"name":"log4j-core"}}"#),
        rule(
            r#"{"namespace":"vex","vex-status":"not_affected","vex-justification":"vulnerable_code_not_present"}"#
        )
    );
    let read = findings_of(report("[]", &ignored)).await.unwrap();
    let told: Vec<_> = read.items.iter().map(|it| it.suppression.as_ref().unwrap()).collect();
    assert_eq!((&*told[0].status, &*told[0].reason), ("ignored", "no JNDI here"));
    assert_eq!(told[0].source, "vulnerability CVE-2021-44228, package log4j-core");
    assert_eq!((&*told[1].status, &*told[1].reason), ("not_affected", "vulnerable_code_not_present"));
    assert_ne!(read.items[0].id, read.items[1].id, "no two findings share an id");
}

#[tokio::test]
async fn ids_hold_for_the_next_tag_and_the_other_name() {
    let of = |text: String| async move { findings_of(text).await.unwrap().items.remove(0).id };
    let id = of(report(&format!("[{LOG4J}]"), "[]")).await;
    let next = report(&format!("[{LOG4J}]"), "[]").replace("app:1", "app:2").replace("Critical", "High");
    assert_eq!(of(next).await, id);
    let by_cve = LOG4J
        .replace("\"id\":\"CVE-2021-44228\"", "\"id\":\"x\"")
        .replace("\"id\":\"GHSA-jfh8-c2jp-5v3q\"", "\"id\":\"CVE-2021-44228\"");
    assert_eq!(of(report(&format!("[{by_cve}]"), "[]")).await, id, "the CVE is the name that counts");
    assert_ne!(of(report(&format!("[{LOG4J}]"), "[]").replace("log4j.jar", "other.jar")).await, id);
}

#[tokio::test]
async fn states_severities_and_doubts() {
    for (state, versions, expected) in [
        ("not-fixed", "[]", FixState::Affected),
        ("wont-fix", "null", FixState::WillNotFix),
        ("unknown", "[]", FixState::Unknown),
        ("", r#"["1"]"#, FixState::Fixed),
    ] {
        let entry = LOG4J.replace(
            r#"{"versions":["2.15.0","2.12.2"],"state":"fixed"}"#,
            &format!(r#"{{"versions":{versions},"state":"{state}"}}"#),
        );
        let read = findings_of(report(&format!("[{entry}]"), "[]")).await.unwrap();
        assert_eq!(read.items[0].fix.state, expected, "{state}");
    }
    let old = LOG4J
        .replace(r#""fix":{"versions":["2.15.0","2.12.2"],"state":"fixed"}"#, r#""fixedInVersion":"2.15.0""#);
    let read = findings_of(report(&format!("[{old}]"), "[]")).await.unwrap();
    assert_eq!((read.items[0].fix.state, &*read.items[0].fix.versions), (FixState::Fixed, "2.15.0"));
    let entry =
        LOG4J.replace("\"Critical\"", "\"Negligible\"").replace("\"baseScore\":10", "\"baseScore\":9");
    let read = findings_of(report(&format!("[{entry}]"), "[]")).await.unwrap();
    assert_eq!((read.items[0].severity, read.items[0].kind()), (Severity::None, FindingKind::Vulnerability));
    assert_eq!(read.warnings.len(), 1, "a score that is not its vector's");
    assert_eq!(read.warnings[0].place.as_deref(), Some("s/report.json#/matches/0"));
}

#[tokio::test]
async fn wrong_types_and_cut_off_files_are_refused_with_the_place() {
    let whole = report(&format!("[{LOG4J}]"), "[]");
    for (from, to, place) in [
        ("\"id\":\"GHSA-jfh8-c2jp-5v3q\"", "\"id\":1", "#/matches/0/vulnerability/id"),
        ("\"id\":\"GHSA-jfh8-c2jp-5v3q\",", "", "#/matches/0/vulnerability/id"),
        ("\"baseScore\":10", "\"baseScore\":11", "#/matches/0/vulnerability/cvss/0/metrics/baseScore"),
        ("\"epss\":0.94358", "\"epss\":94", "#/matches/0/vulnerability/epss/0/epss"),
        ("\"timestamp\":\"2026", "\"timestamp\":\"x", "#/descriptor/timestamp"),
        ("\"ignoredMatches\":[]", "\"ignoredMatches\":{}", "#/ignoredMatches"),
    ] {
        let error = findings_of(whole.replacen(from, to, 1)).await.unwrap_err();
        assert_eq!(
            (error.kind, error.place.as_deref()),
            (ErrorKind::Invalid, Some(&*format!("s/report.json{place}")))
        );
    }
    for cut in (1..whole.len() - 1).step_by(97) {
        let error = findings_of(&whole[..cut]).await.expect_err("a cut-off report must not be read");
        assert_eq!(error.kind, ErrorKind::Invalid, "{error}");
    }
}
