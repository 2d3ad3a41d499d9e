//! Libraries of loose files.

use std::fs;

use export_core::error::ErrorKind;
use export_core::ports::{IntelligenceSource as _, ScanSource as _};
use export_core::request::OnSourceError;
use export_source_library::LibrarySource;

use crate::common::{collect, scan, tenant, vulnerabilities};

#[tokio::test]
async fn loose_files_are_one_scan_whatever_they_are_called() {
    let folder = tempfile::tempdir().unwrap();
    let mut files = Vec::new();
    for (index, path) in ["a/trivy.json", "b/trivy.json", ".hidden.json", "_kept.json"].iter().enumerate() {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, vulnerabilities(&format!(r#"[{{"VulnerabilityID":"CVE-{index}"}}]"#))).unwrap();
        files.push(path);
    }
    let library = LibrarySource::of_files(&[("loose".parse().unwrap(), files)]).unwrap();
    let read = collect(library.findings(&tenant(), &scan("loose"), OnSourceError::Fail).await.unwrap())
        .await
        .unwrap();
    assert_eq!((read.items.len(), read.documents.len()), (4, 4));

    let missing = vec![folder.path().join("none")];
    let missing = LibrarySource::of_files(&[("loose".parse().unwrap(), missing)]);
    assert_eq!(missing.unwrap_err().kind, ErrorKind::NotFound);
}

#[tokio::test]
async fn loose_files_may_be_several_scans_and_what_is_known_holds_for_all() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let one = file("one.json", &vulnerabilities(r#"[{"VulnerabilityID":"CVE-1"}]"#));
    let two =
        file("two.json", &vulnerabilities(r#"[{"VulnerabilityID":"CVE-2"},{"VulnerabilityID":"CVE-3"}]"#));
    let epss = file("scores.csv", "cve,epss,percentile\nCVE-1,0.5,0.9\n");
    let scans = [("a".parse().unwrap(), vec![one, epss]), ("b".parse().unwrap(), vec![two])];
    let library = LibrarySource::of_files(&scans).unwrap();
    for (id, findings) in [("a", 1), ("b", 2)] {
        let read = library.findings(&tenant(), &scan(id), OnSourceError::Fail).await.unwrap();
        let read = collect(read).await.unwrap();
        assert_eq!((read.items.len(), read.warnings.len()), (findings, 0));
    }
    let known = library.intelligence(&tenant(), OnSourceError::Fail).await.unwrap();
    assert_eq!(collect(known).await.unwrap().items.len(), 1);
}
