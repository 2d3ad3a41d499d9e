//! Trivy's other shapes: schema version 1, and reports about clusters.

use export_core::error::ErrorKind;
use export_core::finding::FindingKind;

use crate::common::{Library, findings_of, ids, vulnerabilities};

const LIST: &str = r#"[{"VulnerabilityID":"CVE-2019-1549","PkgName":"libssl1.1","InstalledVersion":"1.1.1c-r0","Severity":"MEDIUM"}]"#;

fn cluster(member: &str) -> String {
    format!(
        r#"{{"ClusterName":"prod","{member}":[
        {{"Namespace":"shop","Kind":"Deployment","Name":"web","Metadata":[{{"ImageID":"sha256:aa"}}],
          "Results":[{{"Target":"nginx:1.25 (debian 12.7)","Class":"os-pkgs","Type":"debian","Vulnerabilities":{LIST}}},
            {{"Target":"Deployment/web","Class":"config","Type":"kubernetes","MisconfSummary":{{"Successes":1,"Failures":1}},
             "Misconfigurations":[{{"ID":"KSV001","Severity":"MEDIUM","Status":"FAIL","Message":"m"}},{{"ID":"KSV002","Status":"PASS"}}]}}]}},
        {{"Kind":"Node","Name":"n1","Error":"no access"}}]}}"#
    )
}

#[tokio::test]
async fn findings_of_a_cluster_name_their_resource() {
    for member in ["Resources", "Findings", "Vulnerabilities"] {
        let read = findings_of(cluster(member)).await.unwrap();
        let targets: Vec<_> = read.items.iter().map(|it| (it.kind(), &*it.target)).collect();
        let expected = [
            (FindingKind::Vulnerability, "shop/Deployment/web: nginx:1.25 (debian 12.7)"),
            (FindingKind::Misconfiguration, "shop/Deployment/web"),
        ];
        assert_eq!(targets, expected, "{member}");
        assert_eq!((&*read.items[0].image, read.warnings.len()), ("prod", 1), "one resource has an error");
        let next =
            findings_of(cluster(member).replace("nginx:1.25 (debian 12.7)", "nginx:1.26 (debian 12.8)"));
        assert_eq!(next.await.unwrap().items[0].id, read.items[0].id);
    }
    let scan =
        Library::with(&[("s/f", cluster("Resources"))]).resolve(&ids(&["s"])).await.unwrap().scans.remove(0);
    assert_eq!((&*scan.image, &*scan.tool), ("prod", "trivy"));
    assert_eq!(findings_of(r#"{"ClusterName":"prod"}"#).await.unwrap().items.len(), 0);
}

#[tokio::test]
async fn a_summary_of_counts_is_refused() {
    let text = cluster("Resources").replace("\"Misconfigurations\":[", "\"X\":[");
    let error = findings_of(text).await.unwrap_err();
    assert!(error.message.contains("--report all"), "{error}");
    assert_eq!(error.place.as_deref(), Some("s/report.json#/Resources/0/Results/1"));
}

#[tokio::test]
async fn a_list_of_results_is_schema_version_1() {
    let text = format!(
        r#"[{{"Target":"alpine:3.10 (alpine 3.10.2)","Type":"alpine","Vulnerabilities":{LIST}}},{{"Target":"app/package-lock.json","Vulnerabilities":null}}]"#
    );
    let read = findings_of(&text).await.unwrap();
    assert_eq!(
        (read.items.len(), read.items[0].rule(), &*read.items[0].image),
        (1, "CVE-2019-1549", "alpine:3.10")
    );
    let scan = Library::with(&[("s/f", &text)]).resolve(&ids(&["s"])).await.unwrap().scans.remove(0);
    assert_eq!(scan.image, "alpine:3.10");
    let now = vulnerabilities(LIST).replace("app:1", "alpine:3.10");
    assert_eq!(
        findings_of(now).await.unwrap().items[0].id,
        read.items[0].id,
        "as the same scan of today has it"
    );
}

#[tokio::test]
async fn wrong_types_and_cut_off_files_are_refused_with_the_place() {
    let whole = cluster("Resources");
    for (from, to, place) in [
        (
            "\"VulnerabilityID\":\"",
            "\"VulnerabilityID\":1,\"x\":\"",
            "#/Resources/0/Results/0/Vulnerabilities/0/VulnerabilityID",
        ),
        ("\"Name\":\"web\"", "\"Name\":1", "#/Resources/0/Name"),
        ("\"Name\":\"web\"", "\"x\":1", "#/Resources/0/Results"),
        ("\"ClusterName\":\"prod\"", "\"ClusterName\":1", "#/ClusterName"),
    ] {
        let error = findings_of(whole.replacen(from, to, 1)).await.unwrap_err();
        assert_eq!(
            (error.kind, error.place.as_deref()),
            (ErrorKind::Invalid, Some(&*format!("s/report.json{place}"))),
            "{error}"
        );
    }
    for cut in (1..whole.len() - 1).step_by(41) {
        assert_eq!(findings_of(&whole[..cut]).await.unwrap_err().kind, ErrorKind::Invalid);
    }
}
