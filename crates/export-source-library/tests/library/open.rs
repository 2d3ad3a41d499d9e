//! Libraries of loose files.

use std::fs;

use export_core::error::ErrorKind;
use export_core::ports::ScanSource as _;
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
    let library = LibrarySource::of_files(&"loose".parse().unwrap(), &files).unwrap();
    let read = collect(library.findings(&tenant(), &scan("loose"), OnSourceError::Fail).await.unwrap())
        .await
        .unwrap();
    assert_eq!((read.items.len(), read.documents.len()), (4, 4));

    let missing = LibrarySource::of_files(&"loose".parse().unwrap(), &[folder.path().join("none")]);
    assert_eq!(missing.unwrap_err().kind, ErrorKind::NotFound);
}
