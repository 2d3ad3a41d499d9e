//! Real files, read where they lie: each gives as many findings as are in it, counted without our reader; and one scan gives
//! the same findings in the format of its tool as in SARIF. Skipped, visibly, where the files are absent.

use std::collections::BTreeMap;
use std::fs;

use export_core::finding::Finding;
use serde_json::Value;

use crate::common::{findings_of, shared};

/// A document as a tree, and its findings.
async fn read(path: &str) -> Option<(Value, Vec<Finding<'static>>)> {
    let content = fs::read(shared(path)?).unwrap();
    let findings = findings_of(&content).await.unwrap_or_else(|error| panic!("{path}: {error}")).items;
    let text = String::from_utf8(content).unwrap();
    Some((serde_json::from_str(text.trim_start_matches('\u{feff}')).unwrap(), findings))
}

fn length(value: &Value) -> usize {
    value.as_array().map_or(0, Vec::len)
}

/// Results of a SARIF log, none of which passed.
fn of_sarif(log: &Value) -> usize {
    log["runs"].as_array().unwrap().iter().map(|run| length(&run["results"])).sum()
}

fn of_trivy(report: &Value) -> usize {
    let lists = ["Vulnerabilities", "Secrets", "Licenses", "ExperimentalModifiedFindings"];
    let results = report["Results"].as_array().unwrap().iter();
    let failed = |result: &Value| {
        let checks = result["Misconfigurations"].as_array().into_iter().flatten();
        checks.filter(|check| check["Status"] != "PASS" && check["Status"] != "EXCEPTION").count()
    };
    results.map(|result| lists.iter().map(|list| length(&result[list])).sum::<usize>() + failed(result)).sum()
}

/// How a document's findings are counted without our reader.
type Count = fn(&Value) -> usize;

#[tokio::test]
async fn every_real_file_gives_as_many_findings_as_are_in_it() {
    let grype: Count = |it| length(&it["matches"]) + length(&it["ignoredMatches"]);
    let osv: Count = |it| {
        let packages =
            it["results"].as_array().unwrap().iter().flat_map(|it| it["packages"].as_array().unwrap());
        packages.map(|it| length(&it["groups"])).sum()
    };
    let checkov: Count =
        |it| length(&it["results"]["failed_checks"]) + length(&it["results"]["skipped_checks"]);
    let osv_pair =
        "reference/pairs/osv-scanner/WithVulnerabilities/two-sources-with-the-same-vulnerable-package";
    for (path, count, expected) in [
        ("reference/pairs/grype-presenters/image.grype.json", grype, 2),
        ("reference/pairs/grype-presenters/dir.grype.json", grype, 2),
        ("reference/pairs/grype-presenters/empty.grype.json", grype, 0),
        ("reference/scanners/defectdojo/anchore_grype/many_vulns_with_epss_values.json", grype, 15),
        (&format!("{osv_pair}/out.osv.json"), osv, 2),
        (&format!("{osv_pair}/out.sarif"), of_sarif, 2),
        ("reference/policy/checkov-heimdall/sample_input_report/checkov_with_skips.json", checkov, 14),
        ("reference/dependency-track/fpf/many_findings_with_alias.json", |it| length(&it["findings"]), 12),
        ("reference/pairs/grype-presenters/image.grype.sarif", of_sarif, 2),
        ("reference/pairs/grype-presenters/dir.grype.sarif", of_sarif, 2),
        ("reference/pairs/trivy-alpine-310/alpine-310.sarif.golden", of_sarif, 4),
        ("reference/pairs/trivy-convert-0.59.1/npm/report.sarif", of_sarif, 1),
        ("reference/sarif/sdk-unit/Baseline/SuppressionTestCurrent.sarif", of_sarif, 4),
        ("own/ai/generated/ai-code-guard.sarif", of_sarif, 10),
        ("own/ai/generated/ai-bom.sarif", of_sarif, 12),
        ("own/pairs/hadolint-2.15/hadolint.sarif", of_sarif, 12),
        ("own/pairs/semgrep-1.182/semgrep.sarif", of_sarif, 30),
        ("own/pairs/bandit/bandit-sub.sarif", of_sarif, 191),
        ("own/pairs/hadolint-2.15/hadolint.json", length, 12),
        ("own/pairs/semgrep-1.182/semgrep.json", |it| length(&it["results"]), 29),
        ("own/trivy/generated/fs-license-node.json", of_trivy, 408),
        ("reference/scanners/defectdojo/trivy/misconfigurations_and_secrets.json", of_trivy, 5),
        ("reference/scanners/defectdojo/trivy/license_scheme.json", of_trivy, 19),
        ("reference/pairs/trivy-convert-0.59.1/npm/input.trivy.json", of_trivy, 1),
        ("reference/pairs/trivy-convert/npm-with-suppressed.json.golden", of_trivy, 2),
        ("reference/pairs/trivy-alpine-310/alpine-310.json.golden", of_trivy, 4),
        ("reference/trivy/alpine-310.json.golden", of_trivy, 4),
        ("reference/trivy/dockerfile.json.golden", of_trivy, 1),
    ] as [(&str, Count, usize); 28]
    {
        let Some((document, findings)) = read(path).await else { continue };
        assert_eq!((count(&document), findings.len()), (expected, expected), "{path}");
    }
}

/// Each finding by what both formats tell: rule, package, severity, first line; with how often.
fn told(findings: &[Finding<'_>], shows_line: bool) -> BTreeMap<String, usize> {
    let mut told = BTreeMap::new();
    for finding in findings.iter().filter(|finding| finding.suppression.is_none()) {
        let package = finding.component.as_ref().map(|it| format!("{}@{}", it.name, it.version));
        let line = finding.locations.first().and_then(|it| it.start_line).filter(|_| shows_line);
        let key = format!("{} {package:?} {} {line:?}", finding.rule(), finding.severity);
        *told.entry(key).or_default() += 1;
    }
    told
}

#[tokio::test]
async fn a_scan_is_the_same_in_its_tools_format_and_in_sarif() {
    for (native, sarif, shows_line) in [
        (
            "reference/pairs/trivy-alpine-310/alpine-310.json.golden",
            "reference/pairs/trivy-alpine-310/alpine-310.sarif.golden",
            false,
        ),
        (
            "reference/pairs/trivy-convert-0.59.1/npm/input.trivy.json",
            "reference/pairs/trivy-convert-0.59.1/npm/report.sarif",
            false,
        ),
        (
            "reference/pairs/grype-presenters/image.grype.json",
            "reference/pairs/grype-presenters/image.grype.sarif",
            false,
        ),
        (
            "reference/pairs/grype-presenters/dir.grype.json",
            "reference/pairs/grype-presenters/dir.grype.sarif",
            false,
        ),
        ("own/pairs/semgrep-1.182/semgrep.json", "own/pairs/semgrep-1.182/semgrep.sarif", true),
        ("own/pairs/hadolint-2.15/hadolint.json", "own/pairs/hadolint-2.15/hadolint.sarif", true),
    ] {
        let (Some((_, native)), Some((_, sarif))) = (read(native).await, read(sarif).await) else { continue };
        assert_eq!(told(&native, shows_line), told(&sarif, shows_line));
        if shows_line {
            let open = |list: &[Finding<'_>]| {
                let open = list.iter().filter(|it| it.suppression.is_none());
                open.map(|it| it.id.to_string()).collect::<std::collections::BTreeSet<_>>()
            };
            assert_eq!(open(&native), open(&sarif), "analysers give the same ids in both");
        }
    }
}

#[tokio::test]
async fn osv_scanner_tells_no_severity_in_sarif() {
    let folder =
        "reference/pairs/osv-scanner/WithVulnerabilities/two-sources-with-the-same-vulnerable-package";
    let native = read(&format!("{folder}/out.osv.json")).await;
    let (Some((_, native)), Some((_, sarif))) = (native, read(&format!("{folder}/out.sarif")).await) else {
        return;
    };
    for (native, sarif) in native.iter().zip(&sarif) {
        assert_eq!((native.rule(), &native.target, &native.id), (sarif.rule(), &sarif.target, &sarif.id));
        let (here, there) = (native.component.as_ref().unwrap(), sarif.component.as_ref().unwrap());
        assert_eq!((&here.name, &here.version), (&there.name, &there.version));
        assert_eq!((native.severity.as_str(), sarif.severity.as_str()), ("unknown", "medium"));
    }
}

/// Bandit's report as YAML has one line for each member.
#[tokio::test]
async fn bandits_sarif_tells_what_its_report_tells() {
    let Some(yaml) = shared("own/pairs/bandit/bandit-sub.yaml") else { return };
    let Some((_, sarif)) = read("own/pairs/bandit/bandit-sub.sarif").await else { return };
    let yaml = fs::read_to_string(yaml).unwrap();
    let count = |member: &str| {
        let mut counts = BTreeMap::<String, usize>::new();
        for value in yaml.lines().filter_map(|line| line.strip_prefix(member)) {
            *counts.entry(value.to_lowercase()).or_default() += 1;
        }
        counts
    };
    let mut severities = BTreeMap::<String, usize>::new();
    let mut rules = BTreeMap::<String, usize>::new();
    for finding in &sarif {
        *severities.entry(finding.severity.to_string()).or_default() += 1;
        *rules.entry(finding.rule().to_lowercase()).or_default() += 1;
    }
    assert_eq!((severities, rules), (count("  issue_severity: "), count("  test_id: ")));
}
