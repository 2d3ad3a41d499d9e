//! How Dependency-Track's findings become ours.

use export_core::error::ErrorKind;
use export_core::finding::Severity;

use crate::common::{Library, findings_of, ids};

const JACKSON: &str = r#"{"component":{"uuid":"c","group":"com.fasterxml.jackson.core","name":"jackson-databind","version":"2.13.3",
    "purl":"pkg:maven/com.fasterxml.jackson.core/jackson-databind@2.13.3?type=jar","project":"p"},
    "attribution":{"analyzerIdentity":"OSSINDEX_ANALYZER","attributedOn":"2026-02-07 21:51:37.814","referenceUrl":"https://example.org/x"},
    "vulnerability":{"uuid":"v","source":"GITHUB","vulnId":"GHSA-rgv9-q543-rqg4","title":"Resource exhaustion","severity":"HIGH",
    "severityRank":1,"cvssV3BaseScore":7.5,"epssScore":0.00187,"epssPercentile":0.4,"cweId":400,
    "cwes":[{"cweId":400,"name":"n"},{"cweId":502,"name":"n"}],"description":"d",
    "aliases":[{"cveId":"CVE-2022-42004","ghsaId":"GHSA-rgv9-q543-rqg4","osvId":"DSA-5283-1"}]},
    "analysis":{"isSuppressed":false},"matrix":"p:c:v"}"#;

fn document(findings: &str) -> String {
    format!(
        r#"{{"version":"1.2","meta":{{"application":"Dependency-Track","version":"4.11.0","timestamp":"2026-11-20T13:43:13Z"}},
        "findings":{findings},"project":{{"uuid":"p","name":"shop","version":"1.4","purl":"pkg:maven/a/shop@1.4"}}}}"#
    )
}

#[tokio::test]
async fn a_finding_keeps_everything_that_the_model_has() {
    let text = document(&format!("[{JACKSON}]"));
    let read = findings_of(&text).await.unwrap();
    let finding = &read.items[0];
    let vulnerability = finding.vulnerability().unwrap();
    assert_eq!(
        (&*vulnerability.id, vulnerability.aliases.as_slice()),
        ("GHSA-rgv9-q543-rqg4", &["CVE-2022-42004".into()][..])
    );
    assert_eq!(vulnerability.cwes, ["CWE-400", "CWE-502"]);
    assert_eq!(vulnerability.epss.unwrap().probability.steps(), 187);
    assert_eq!(vulnerability.highest_score().unwrap().to_string(), "7.5");
    assert_eq!((finding.severity, finding.severity_source.as_deref()), (Severity::High, Some("GITHUB")));
    let component = finding.component.as_ref().unwrap();
    assert_eq!(
        (&*component.name, &*component.ecosystem),
        ("com.fasterxml.jackson.core:jackson-databind", "maven")
    );
    assert_eq!(
        (&*finding.image, finding.primary_url.as_deref()),
        ("shop:1.4", Some("https://example.org/x"))
    );
    assert!(finding.suppression.is_none() && read.warnings.is_empty());
    let next = text.replace("\"1.4\"", "\"1.5\"");
    assert_eq!(findings_of(next).await.unwrap().items[0].id, finding.id);
    let scan = Library::with(&[("s/f", text)]).resolve(&ids(&["s"])).await.unwrap().scans.remove(0);
    assert_eq!((&*scan.image, &*scan.tool), ("shop:1.4", "Dependency-Track 4.11.0"));
    assert_eq!(scan.created_at.unwrap().to_string(), "2026-11-20T13:43:13Z");
}

#[tokio::test]
async fn what_was_decided_suppresses() {
    for (analysis, status) in [
        (r#"{"isSuppressed":true}"#, Some("suppressed")),
        (r#"{"state":"NOT_AFFECTED","isSuppressed":false}"#, Some("not_affected")),
        (r#"{"state":"FALSE_POSITIVE","isSuppressed":true}"#, Some("false_positive")),
        (r#"{"state":"EXPLOITABLE","isSuppressed":false}"#, None),
        (r#"{"state":"IN_TRIAGE"}"#, None),
        ("null", None),
    ] {
        let entry = JACKSON.replace(r#"{"isSuppressed":false}"#, analysis);
        let read = findings_of(document(&format!("[{entry}]"))).await.unwrap();
        assert_eq!(read.items[0].suppression.as_ref().map(|it| &*it.status), status, "{analysis}");
    }
    for (word, severity) in
        [("UNASSIGNED", Severity::Unknown), ("INFO", Severity::None), ("CRITICAL", Severity::Critical)]
    {
        let entry = JACKSON.replace("\"HIGH\"", &format!("\"{word}\""));
        assert_eq!(findings_of(document(&format!("[{entry}]"))).await.unwrap().items[0].severity, severity);
    }
    assert_eq!(findings_of(document("[]")).await.unwrap().items.len(), 0);
}

#[tokio::test]
async fn wrong_types_and_cut_off_files_are_refused_with_the_place() {
    let whole = document(&format!("[{JACKSON}]"));
    for (from, to, place) in [
        ("\"vulnId\":\"", "\"vulnId\":7,\"x\":\"", "#/findings/0/vulnerability/vulnId"),
        ("\"vulnId\":\"", "\"x\":\"", "#/findings/0/vulnerability/vulnId"),
        ("\"isSuppressed\":false", "\"isSuppressed\":\"no\"", "#/findings/0/analysis/isSuppressed"),
        ("\"epssScore\":0.00187", "\"epssScore\":1.5", "#/findings/0/vulnerability/epssScore"),
        ("\"name\":\"shop\"", "\"name\":[]", "#/project/name"),
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
