//! How vulnerabilities in CycloneDX documents become findings and statements.

use std::fs;

use export_core::error::PortError;
use export_core::finding::{Finding, FixState, Severity, VexStatement, VexStatus};
use export_core::ports::SbomSource as _;
use export_core::request::OnSourceError;
use export_core::warning::WarningCode;
use serde_json::{Value, json};

use crate::common::{Library, Read, collect, ids, scan, shared, tenant, vulnerabilities};

fn document(vulnerabilities: &Value) -> Value {
    json!({"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "serialNumber": "urn:uuid:3e671687-395b-41f5-a30f-a58921a69b79",
        "vulnerabilities": vulnerabilities,
        "metadata": {"timestamp": "2026-03-01T00:00:00Z", "authors": [{"name": "us"}],
            "component": {"type": "container", "bom-ref": "root", "name": "r.example/app", "version": "2.0"}},
        "components": [
            {"type": "library", "bom-ref": "c-1", "name": "jquery", "version": "3.3.9", "purl": "pkg:npm/jquery@3.3.9",
                "components": [{"type": "library", "bom-ref": "c-2", "group": "g", "name": "inner", "version": "1"}]},
            {"type": "library", "bom-ref": "c-3", "name": "log4j-core", "group": "org.apache.logging.log4j", "version": "2.14.1",
                "purl": "pkg:maven/org.apache.logging.log4j/log4j-core@2.14.1"}]})
}

async fn read(value: &Value) -> Result<(Read<Finding<'static>>, Read<VexStatement<'static>>), PortError> {
    let library = Library::with(&[("s/bom.json", value.to_string())]);
    Ok((library.findings("s").await?, library.statements("s").await?))
}

#[tokio::test]
async fn a_vulnerability_is_a_finding_in_each_component() {
    let (findings, statements) = read(&document(&json!([{
        "id": "CVE-2020-11022", "source": {"name": "NVD", "url": "https://nvd.nist.gov/vuln/detail/CVE-2020-11022"},
        "references": [{"id": "GHSA-gxr4-xjj5-5px2", "source": {"url": "https://github.com/advisories/GHSA-gxr4-xjj5-5px2"}}],
        "ratings": [
            {"source": {"name": "nvd"}, "score": 4.3, "severity": "medium", "method": "CVSSv2", "vector": "AV:N/AC:M/Au:N/C:N/I:P/A:N"},
            {"source": {"name": "ghsa"}, "score": 6.9, "severity": "medium", "method": "CVSSv31", "vector": "AV:N/AC:H/PR:N/UI:R/S:C/C:H/I:L/A:N"},
            {"source": {"name": "redhat"}, "severity": "critical"},
            {"source": {"name": "us"}, "score": 40, "severity": "low", "method": "OWASP"}],
        "cwes": [79], "description": "XSS", "detail": "more", "recommendation": "Upgrade jquery to version 3.5.0",
        "advisories": [{"url": "https://jquery.com/upgrade-guide/3.5/"}],
        "published": "2020-04-29T22:15:11Z", "updated": "2022-07-25T18:15:25Z",
        "affects": [{"ref": "c-1", "versions": [{"version": "3.3.9", "status": "affected"}]},
            {"ref": "urn:cdx:3e671687-395b-41f5-a30f-a58921a69b79/1#c-2"}, {"ref": "pkg:npm/%40x/y@1"}],
    }])))
    .await
    .unwrap();
    assert_eq!((findings.items.len(), statements.items.len()), (3, 0));
    assert!(findings.warnings.is_empty(), "{:?}", findings.warnings);
    let finding = &findings.items[0];
    assert_eq!((finding.rule(), &*finding.image), ("CVE-2020-11022", "r.example/app:2.0"));
    assert_eq!(
        (finding.severity, finding.severity_source.as_deref()),
        (Severity::Medium, Some("ghsa")),
        "the newest CVSS counts"
    );
    let component = finding.component.as_ref().unwrap();
    assert_eq!(
        (&*component.name, &*component.version, component.purl.as_deref(), &*component.ecosystem),
        ("jquery", "3.3.9", Some("pkg:npm/jquery@3.3.9"), "npm")
    );
    assert_eq!(
        (finding.fix.state, &*finding.fix.versions, &*finding.description),
        (FixState::Fixed, "3.5.0", "XSS\n\nmore")
    );
    let vulnerability = finding.vulnerability().unwrap();
    assert_eq!(
        (vulnerability.ratings.len(), &vulnerability.cwes[..], &vulnerability.aliases[..]),
        (4, &["CWE-79".into()][..], &["GHSA-gxr4-xjj5-5px2".into()][..])
    );
    assert_eq!(
        vulnerability.ratings[1].vector.as_deref(),
        Some("CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:C/C:H/I:L/A:N")
    );
    assert_eq!(
        (vulnerability.ratings[3].score, vulnerability.ratings[3].severity),
        (None, Some(Severity::Low))
    );
    assert_eq!(
        finding.references,
        ["https://jquery.com/upgrade-guide/3.5/", "https://github.com/advisories/GHSA-gxr4-xjj5-5px2"]
    );
    assert!(finding.published.is_some() && finding.modified.is_some() && finding.primary_url.is_some());
    assert_eq!(&*findings.items[1].component.as_ref().unwrap().name, "g/inner");
    assert_eq!(&*findings.items[2].component.as_ref().unwrap().name, "@x/y");
}

#[tokio::test]
async fn words_decide_where_nobody_scored_and_scores_where_nobody_has_a_word() {
    for (ratings, severity) in [
        (json!([{"severity": "low"}, {"severity": "high"}]), Severity::High),
        (
            json!([{"score": 9.8, "method": "CVSSv31"}, {"severity": "low", "method": "other"}]),
            Severity::Critical,
        ),
        (json!([{"score": 9.8, "method": "CVSSv31"}, {"score": 5.1, "method": "CVSSv4"}]), Severity::Medium),
        (json!([{"score": 7.5, "method": "CVSSv2"}]), Severity::High),
        (json!([]), Severity::Unknown),
    ] {
        let entry = json!([{"id": "CVE-1", "ratings": ratings, "affects": [{"ref": "c-1"}]}]);
        let (findings, _) = read(&document(&entry)).await.unwrap();
        assert_eq!(findings.items[0].severity, severity, "{entry}");
    }
}

#[tokio::test]
async fn an_analysis_is_a_statement() {
    for (state, justification, status, reason, impact) in [
        (
            "not_affected",
            "code_not_reachable",
            VexStatus::NotAffected,
            Some("vulnerable_code_not_in_execute_path"),
            Some("d"),
        ),
        (
            "not_affected",
            "protected_at_perimeter",
            VexStatus::NotAffected,
            Some("inline_mitigations_already_exist"),
            Some("protected_at_perimeter\nd"),
        ),
        (
            "false_positive",
            "code_not_present",
            VexStatus::NotAffected,
            Some("vulnerable_code_not_present"),
            Some("false_positive\nd"),
        ),
        ("exploitable", "", VexStatus::Affected, None, None),
        ("resolved", "", VexStatus::Fixed, None, Some("d")),
        ("resolved_with_pedigree", "", VexStatus::Fixed, None, Some("resolved_with_pedigree\nd")),
        ("in_triage", "", VexStatus::UnderInvestigation, None, Some("d")),
    ] {
        let mut analysis = json!({"state": state, "detail": "d", "response": ["update", "rollback"], "firstIssued": "2026-01-01T00:00:00Z"});
        if !justification.is_empty() {
            analysis["justification"] = justification.into();
        }
        let entry = json!([{"id": "CVE-1", "analysis": analysis, "affects": [{"ref": "c-1"}, {"ref": "c-2"}, {"ref": "root"}]}]);
        let (findings, statements) = read(&document(&entry)).await.unwrap();
        assert_eq!((findings.items.len(), statements.items.len()), (3, 1));
        let says = &statements.items[0].assertion;
        assert_eq!(
            (says.status, says.justification.as_deref(), says.impact.as_deref()),
            (status, reason, impact),
            "{state}"
        );
        let action = if status == VexStatus::Affected { "update, rollback\nd" } else { "update, rollback" };
        assert_eq!((says.action.as_deref(), &*says.author), (Some(action), "us"));
        assert_eq!(says.timestamp.unwrap().to_string(), "2026-01-01T00:00:00Z");
        let products: Vec<_> = statements.items[0].products.iter().map(|it| it.id.as_str()).collect();
        assert_eq!(products, ["pkg:npm/jquery@3.3.9", "g/inner@1", "r.example/app:2.0"]);
    }
}

#[tokio::test]
async fn what_is_unclear_is_told_and_what_is_wrong_is_refused() {
    let twice = json!([
        {"id": "CVE-1", "affects": [{"ref": "c-1"}]}, {"id": "CVE-1", "affects": [{"ref": "c-1"}]},
        {"id": "CVE-2"}, {"id": "CVE-3", "affects": [{"ref": "gone"}]},
        {"id": "CVE-4", "rejected": "2026-01-01T00:00:00Z", "affects": [{"ref": "c-3", "versions": [{"version": "2.14.1", "status": "unaffected"}]}]}]);
    let (findings, _) = read(&document(&twice)).await.unwrap();
    assert_eq!((findings.items.len(), findings.warnings.len()), (3, 3), "{:?}", findings.warnings);
    assert!(findings.warnings[0].to_string().contains("twice"));
    let last = &findings.items[2];
    assert_eq!(
        (&*last.suppression.as_ref().unwrap().status, last.fix.state),
        ("rejected", FixState::NotAffected)
    );
    for (entry, pointer) in [
        (json!({"id": 1, "affects": [{"ref": "c-1"}]}), "/id"),
        (json!({"id": "CVE-1", "affects": {"ref": "c-1"}}), "/affects"),
        (
            json!({"id": "CVE-1", "ratings": [{"score": 11, "method": "CVSSv31"}], "affects": [{"ref": "c-1"}]}),
            "/ratings/0/score",
        ),
        (json!({"affects": [{"ref": "c-1"}]}), ""),
    ] {
        let error = read(&document(&json!([entry]))).await.unwrap_err();
        assert_eq!(error.place, Some(format!("s/bom.json#/vulnerabilities/0{pointer}")), "{error}");
    }
    let state = json!([{"id": "CVE-1", "analysis": {"state": "perhaps"}, "affects": [{"ref": "c-1"}]}]);
    let error = read(&document(&state)).await.unwrap_err();
    assert_eq!(error.place.as_deref(), Some("s/bom.json#/vulnerabilities/0/analysis/state"));
}

#[tokio::test]
async fn a_scanner_counts_and_a_bill_of_materials_beside_it_does_not() {
    let bom = document(&json!([{"id": "CVE-1", "affects": [{"ref": "c-1"}]}])).to_string();
    let library = Library::with(&[("s/bom.json", bom.as_str()), ("s/trivy.json", &vulnerabilities("[]"))]);
    let read = library.findings("s").await.unwrap();
    assert_eq!((read.items.len(), read.documents.len(), read.warnings.len()), (0, 1, 1));
    assert_eq!(read.warnings[0].code, WarningCode::SourceIgnored);
    let sboms = library.source.sboms(&tenant(), &scan("s"), OnSourceError::Fail).await.unwrap();
    let sboms = collect(sboms).await.unwrap();
    assert!(sboms.items.iter().any(|part| format!("{part:?}").contains("CVE-1")));
}

#[tokio::test]
async fn vex_alone_is_no_scan_and_no_bill_of_materials() {
    let Some(path) = shared("reference/cyclonedx/bom-examples/VEX/vex.json") else { return };
    let vex = fs::read_to_string(path).unwrap();
    let alone = Library::with(&[("s/vex.json", vex.as_str())]);
    assert!(alone.resolve(&ids(&["s"])).await.is_err());
    let library = Library::with(&[("s/vex.json", vex.as_str()), ("s/trivy.json", &vulnerabilities("[]"))]);
    let read = library.statements("s").await.unwrap();
    assert_eq!((read.items.len(), read.items[0].assertion.status), (1, VexStatus::NotAffected));
    assert_eq!(
        read.items[0].products[0].id,
        "pkg:maven/com.fasterxml.jackson.core/jackson-databind@2.10.0?type=jar"
    );
    assert_eq!(
        (read.items[0].assertion.action.as_deref(), &*read.items[0].aliases[0]),
        (Some("will_not_fix, update"), "SNYK-JAVA-COMFASTERXMLJACKSONCORE-1048302")
    );
    let sboms = library.source.sboms(&tenant(), &scan("s"), OnSourceError::Fail).await.unwrap();
    assert_eq!(collect(sboms).await.unwrap().items.len(), 0);
}

#[tokio::test]
async fn real_documents_agree_with_a_count() {
    for path in [
        "own/trivy/generated/fs-repo.cdx.json",
        "reference/conformance/cyclonedx/1.4/valid-vulnerability-1.4.json",
        "reference/conformance/cyclonedx/1.5/valid-compositions-1.5.json",
        "reference/conformance/cyclonedx/1.6/valid-vulnerability-1.6.json",
        "reference/conformance/cyclonedx/1.7/valid-vulnerability-1.7.json",
        "reference/pairs/grype-presenters/dir.grype.cdx",
        "reference/pairs/grype-presenters/image.grype.cdx",
        "reference/pairs/osv-scanner/WithVulnerabilities/two-sources-with-the-same-vulnerable-package/out.cdx17.json",
        "reference/pairs/trivy-convert-0.59.1/npm/report.cdx.json",
    ] {
        let Some(file) = shared(path) else { continue };
        let value: Value = serde_json::from_slice(&fs::read(file).unwrap()).unwrap();
        let all = value["vulnerabilities"].as_array().cloned().unwrap_or_default();
        let affected: usize = all.iter().map(|it| it["affects"].as_array().map_or(0, Vec::len)).sum();
        let analysed = all.iter().filter(|it| it["analysis"]["state"].is_string()).count();
        let (findings, statements) = read(&value).await.unwrap();
        assert_eq!((findings.items.len(), statements.items.len()), (affected, analysed), "{path}");
    }
}
