//! Findings as vulnerabilities: grouped, analysed, and tied to components.

use export_contract::{MemorySnapshot, corpus};
use export_core::finding::{
    CvssVersion, Finding, Rating, Score, Severity, Subject, Suppression, VexAssertion, VexStatus,
    Vulnerability,
};
use export_core::record::{FindingRecord, FindingStatus};
use export_core::sbom::SbomFamily;
use export_core::warning::WarningCode;
use serde_json::{Value, json};

use crate::common::{Done, render};
use crate::documents::library;

/// A finding of `CVE-2024-1` in a package, different from others in nothing else.
fn record(number: u32, purl: &'static str) -> FindingRecord<'static> {
    let pattern = corpus::finding(&corpus::scan(0), 1);
    let vulnerability = Vulnerability {
        id: "CVE-2024-1".into(),
        aliases: vec!["GHSA-aaaa".into()],
        cwes: vec!["CWE-502".into(), "CWE-noinfo".into()],
        ratings: vec![Rating {
            source: "nvd".into(),
            version: CvssVersion::V4,
            score: Score::new(9.3),
            vector: Some("CVSS:4.0/AV:N".into()),
            severity: Some(Severity::Critical),
        }],
        ..Vulnerability::default()
    };
    let mut finding = Finding {
        id: format!("fnd-{number:026}").into(),
        severity: Severity::High,
        subject: Subject::Vulnerability(vulnerability),
        suppression: None,
        ..pattern
    };
    let component = finding.component.get_or_insert_default();
    (component.name, component.version) = ("a".into(), "1".into());
    component.purl = Some(purl.into());
    FindingRecord::join(finding, None, vec![], corpus::AT)
}

fn rendered(records: Vec<FindingRecord<'static>>, version: &str) -> Done {
    let sbom = json!({"components": [library("a", "1"), library("b", "1")]});
    render(&MemorySnapshot::new(records).with_sbom(SbomFamily::Cyclonedx, "1.6", &sbom), version)
}

fn analysis(record: FindingRecord<'static>) -> Value {
    rendered(vec![record], "1.6").document["vulnerabilities"][0]["analysis"].clone()
}

#[test]
fn what_findings_share_is_told_once_with_everything_affected() {
    let records = vec![
        record(1, "pkg:npm/a@1"),
        record(2, "pkg:npm/b@1"),
        record(3, "pkg:npm/a@1"),
        record(4, "pkg:npm/new@1"),
    ];
    let done = rendered(records, "1.6");
    let [one] = &done.document["vulnerabilities"].as_array().unwrap()[..] else { panic!("{}", done.text) };
    let affected: Vec<_> =
        one["affects"].as_array().unwrap().iter().map(|it| it["ref"].as_str().unwrap()).collect();
    assert_eq!(affected, ["pkg:npm/a@1", "pkg:npm/b@1", "export-center:found:pkg:npm/new@1"]);
    let ids =
        one["properties"].as_array().unwrap().iter().filter(|it| it["name"] == "export-center:finding_id");
    assert_eq!(ids.count(), 4);
    assert_eq!(one["source"], json!({"name": "NVD", "url": "https://nvd.nist.gov/vuln/detail/CVE-2024-1"}));
    assert_eq!(one["references"][0]["id"], "GHSA-aaaa");
    assert_eq!(one["cwes"], json!([502]));
    assert_eq!((&one["ratings"][1]["method"], &one["ratings"][1]["score"]), (&json!("CVSSv4"), &json!(9.3)));
    assert_eq!(done.lost("dropped"), [("findings[].cwes[]", 4)]);
    let components = done.document["components"].as_array().unwrap();
    assert_eq!(components.last().unwrap()["purl"], "pkg:npm/new@1", "what no document lists is added");
    assert_eq!(components.len(), 2 + 1);
}

#[test]
fn an_older_version_says_what_it_has_no_word_for() {
    let done = rendered(vec![record(1, "pkg:npm/a@1")], "1.4");
    assert_eq!(done.document["vulnerabilities"][0]["ratings"][1]["method"], "other");
    assert!(done.lost("changed").contains(&("findings[].ratings[].method", 1)), "{}", done.report);
}

#[test]
fn groups_have_an_end() {
    let done = rendered((0..2_500).map(|number| record(number, "pkg:npm/a@1")).collect(), "1.6");
    assert_eq!(done.document["vulnerabilities"].as_array().unwrap().len(), 3);
    assert_eq!(done.rendered.rows, Some(2_500));
}

#[test]
fn findings_that_are_no_vulnerabilities_are_counted_and_told() {
    let records = corpus::records(123);
    let vulnerabilities = records.iter().filter(|it| it.finding.vulnerability().is_some()).count() as u64;
    let done = render(&MemorySnapshot::new(records), "1.6");
    assert_eq!(done.rendered.rows, Some(vulnerabilities));
    assert!(done.rendered.warnings.iter().any(|it| it.code == WarningCode::FieldsLost));
    let told: u64 = done.lost("dropped").iter().map(|(_, count)| count).sum();
    assert_eq!(told, 123 - vulnerabilities);
}

#[test]
fn vex_statements_are_the_analysis() {
    for (status, justification, state, expected) in [
        (
            VexStatus::NotAffected,
            Some("vulnerable_code_not_in_execute_path"),
            "not_affected",
            "code_not_reachable",
        ),
        (
            VexStatus::NotAffected,
            Some("inline_mitigations_already_exist"),
            "not_affected",
            "protected_by_mitigating_control",
        ),
        (VexStatus::Affected, None, "exploitable", ""),
        (VexStatus::Fixed, None, "resolved", ""),
        (VexStatus::UnderInvestigation, None, "in_triage", ""),
    ] {
        let vex = VexAssertion {
            status,
            justification: justification.map(Into::into),
            impact: Some("never called".into()),
            action: None,
            author: "ann".into(),
            timestamp: Some(corpus::AT),
            document: "d".into(),
        };
        let FindingRecord { finding, .. } = record(1, "pkg:npm/a@1");
        let analysis = analysis(FindingRecord::join(finding, Some(vex), vec![], corpus::AT));
        assert_eq!(analysis["state"], state);
        assert_eq!(analysis["justification"].as_str().unwrap_or_default(), expected);
        assert_eq!(analysis["detail"], "never called\n\nStated by ann.");
        assert_eq!(analysis["lastUpdated"], "2026-11-23T14:05:00Z");
    }
}

#[test]
fn suppressions_and_waivers_are_the_analysis() {
    assert_eq!(analysis(record(1, "pkg:npm/a@1")), Value::Null, "nobody decided anything");
    let mut suppressed = record(1, "pkg:npm/a@1");
    suppressed.finding.suppression = Some(Suppression {
        status: "ignored".into(),
        reason: "not used".into(),
        source: ".trivyignore".into(),
    });
    let expected = json!({"response": ["will_not_fix"], "detail": "not used\n\nSuppressed by .trivyignore."});
    assert_eq!(analysis(suppressed), expected);
    let waived = (0..500).map(corpus::record).find(|it| {
        it.status == FindingStatus::Waived && it.finding.vulnerability().is_some() && it.vex.is_none()
    });
    let analysis = analysis(waived.unwrap());
    assert_eq!(
        (&analysis["state"], &analysis["response"]),
        (&json!("exploitable"), &json!(["will_not_fix"]))
    );
    assert!(analysis["detail"].as_str().unwrap().starts_with("Accepted by ann@example.org"), "{analysis}");
}

#[test]
fn vulnerabilities_of_the_document_are_kept() {
    let sbom = json!({"components": [library("a", "1")], "vulnerabilities": [{"id": "CVE-1", "affects": [{"ref": "pkg:npm/a@1"}]}]});
    let snapshot =
        MemorySnapshot::new(vec![record(1, "pkg:npm/a@1")]).with_sbom(SbomFamily::Cyclonedx, "1.6", &sbom);
    let done = render(&snapshot, "1.6");
    let ids: Vec<_> =
        done.document["vulnerabilities"].as_array().unwrap().iter().map(|it| &it["id"]).collect();
    assert_eq!((ids, done.rendered.rows), (vec![&json!("CVE-1"), &json!("CVE-2024-1")], Some(1)));
}

#[test]
fn a_finding_that_the_document_tells_is_written_once() {
    let told = |reference: &str| json!([{"id": "CVE-2024-1", "detail": "only here", "affects": [{"ref": reference}]}]);
    let again = {
        let mut again = library("a", "1");
        again["bom-ref"] = "again".into();
        again
    };
    let link = "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#pkg:npm/a@1";
    for reference in ["pkg:npm/a@1", "again", link] {
        let sbom =
            json!({"components": [library("a", "1"), again.clone()], "vulnerabilities": told(reference)});
        let of = |record| {
            let snapshot = MemorySnapshot::new(vec![record]).with_sbom(SbomFamily::Cyclonedx, "1.6", &sbom);
            let done = render(&snapshot, "1.6");
            (done.document["vulnerabilities"].as_array().unwrap().len(), done.rendered.rows)
        };
        assert_eq!(of(record(1, "pkg:npm/a@1")), (1, Some(1)), "{reference}");
        assert_eq!(of(record(1, "pkg:npm/b@1")), (2, Some(1)), "another component");
        let mut stated = record(1, "pkg:npm/a@1");
        stated.vex = Some(VexAssertion {
            status: VexStatus::Fixed,
            justification: None,
            impact: None,
            action: None,
            author: "us".into(),
            timestamp: None,
            document: "https://vex.example/1".into(),
        });
        assert_eq!(of(stated), (2, Some(1)), "somebody else says something new");
    }
}
