//! Real files of public projects, read where they lie. Skipped, visibly, where they are absent.

use std::fs;
use std::path::PathBuf;

use export_core::error::ErrorKind;
use export_core::finding::{FindingKind, FixState, Score, VexStatus};

use crate::common::{Library, Read, findings_of, ids, shared};

async fn findings(path: &str) -> Option<Read<export_core::finding::Finding<'static>>> {
    let content = fs::read(shared(path)?).unwrap();
    Some(findings_of(content).await.unwrap())
}

#[tokio::test]
async fn an_alpine_image() {
    let Some(read) = findings("reference/pairs/trivy-alpine-310/alpine-310.json.golden").await else {
        return;
    };
    assert_eq!(read.items.len(), 4);
    let first = &read.items[0];
    assert_eq!(first.rule(), "CVE-2019-1549");
    assert_eq!(first.image, "testdata/fixtures/images/alpine-310.tar.gz");
    assert!(
        first.component.as_ref().unwrap().purl.as_ref().unwrap().starts_with("pkg:apk/alpine/libcrypto1.1@")
    );
    assert_eq!(first.fix.state, FixState::Fixed);
    let vulnerability = first.vulnerability().unwrap();
    assert_eq!(vulnerability.ratings.len(), 7, "six sources, one of them with two versions");
    assert_eq!(vulnerability.highest_score().map(Score::tenths), Some(53));
}

#[tokio::test]
async fn a_dockerfile() {
    let Some(read) = findings("reference/trivy/dockerfile.json.golden").await else { return };
    assert_eq!(read.items.len(), 1);
    assert_eq!((read.items[0].rule(), read.items[0].kind()), ("DS-0002", FindingKind::Misconfiguration));
}

#[tokio::test]
async fn packages_of_npm_with_and_without_suppression() {
    let Some(read) = findings("reference/pairs/trivy-convert-0.59.1/npm/input.trivy.json").await else {
        return;
    };
    assert!(!read.items.is_empty() && read.items.iter().all(|finding| finding.suppression.is_none()));
    let Some(read) = findings("reference/pairs/trivy-convert/npm-with-suppressed.json.golden").await else {
        return;
    };
    assert_eq!(read.items.len(), 2);
    let suppression = read.items.iter().find_map(|finding| finding.suppression.as_ref()).unwrap();
    assert_eq!((&*suppression.status, &*suppression.source), ("not_affected", "./vex.json"));
}

#[tokio::test]
async fn secrets_and_licences() {
    let Some(read) = findings("reference/scanners/defectdojo/trivy/misconfigurations_and_secrets.json").await
    else {
        return;
    };
    let count = |kind| read.items.iter().filter(|finding| finding.kind() == kind).count();
    assert_eq!(
        (count(FindingKind::Vulnerability), count(FindingKind::Misconfiguration), count(FindingKind::Secret)),
        (2, 1, 2)
    );
    let Some(read) = findings("reference/scanners/defectdojo/trivy/license_scheme.json").await else {
        return;
    };
    assert_eq!(read.items.len(), 19);
    let Some(read) = findings("own/trivy/generated/fs-license-node.json").await else { return };
    assert_eq!(read.items.len(), 408);
}

#[tokio::test]
async fn an_openvex_document() {
    let Some(path) = shared("reference/vex/openvex-go-vex/pkg/vex/testdata/v0.2.0.json") else { return };
    let read = Library::with(&[("s/vex", fs::read(path).unwrap())]).statements("s").await.unwrap();
    assert_eq!(read.items.len(), 5);
    assert_eq!(read.items.iter().filter(|it| it.assertion.status == VexStatus::Fixed).count(), 3);
    assert!(read.items.iter().all(|it| it.products[0].subcomponents.len() == 2));
}

#[tokio::test]
async fn a_catalogue_of_known_exploited_vulnerabilities() {
    let Some(path) = shared("reference/vulndb/epss-kev/kev/test-fixtures/valid-catalog-1.json") else {
        return;
    };
    let read = Library::with(&[("_intelligence/kev", fs::read(path).unwrap())]).intelligence().await.unwrap();
    assert_eq!((read.items.len(), read.warnings.len()), (3, 1), "the excerpt says 1273");
}

#[tokio::test]
async fn files_of_other_tools_are_refused_with_what_they_are() {
    for (path, what) in [
        ("reference/pairs/trivy-alpine-310/alpine-310.html.golden", "HTML"),
        ("reference/vex/csaf-oasis-2.0/csaf_vex/2022-evd-uc-03-ms-001.json", "VEX statements"),
        ("reference/ai/chainloop/ai-coding-session-with-attribution.json", "AI coding session"),
        (
            "reference/audit/cloudtrail-trailscraper/111111111111_CloudTrail_eu-central-1_20171211T1505Z_A6kvhMoVeCsc7v8U.json",
            "CloudTrail",
        ),
        ("reference/audit/github/github-audit-panther.jsonl", "GitHub"),
        ("reference/audit/k8s-falco/create_cluster_role_pod_exec.json", "Kubernetes"),
        ("reference/vulndb/nvd/single-entry.json", "NVD"),
        ("own/ai/generated/modelscan.json", "modelscan"),
        ("own/ai/generated/agentscanner.json", "agentscanner"),
        ("own/ai/generated/ai-bom.csv", "no JSON"),
        ("own/ai/generated/ai-bom.html", "HTML"),
        ("own/ai/generated/ai-bom.junit", "XML"),
        ("own/ai/generated/picklescan.txt", "no JSON"),
        ("own/pairs/semgrep-1.182/semgrep.gitlab-sast.json", "GitLab"),
        ("own/pairs/hadolint-2.15/hadolint.gitlab_codeclimate", "Code Climate"),
        ("reference/vulndb/osv-schema/ghsa/testdata/withdrawn.osv.json", "OSV advisory"),
        ("own/pairs/bandit/bandit-sub.csv", "no JSON"),
    ] {
        let Some(path): Option<PathBuf> = shared(path) else { continue };
        let library = Library::with(&[("s/f", fs::read(&path).unwrap())]);
        let error = library.resolve(&ids(&["s"])).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Invalid);
        assert!(error.message.contains(what), "{}: {error}", path.display());
    }
}
