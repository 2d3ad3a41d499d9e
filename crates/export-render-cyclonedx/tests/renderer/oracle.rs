//! The reference library of CycloneDX (`cyclonedx-python-lib`) on our files.

use std::path::{Path, PathBuf};
use std::process::Command;

use export_contract::{MemorySnapshot, corpus};
use export_core::sbom::SbomFamily;
use serde_json::json;

use crate::common::{VERSIONS, render};
use crate::documents::{application, library};

/// Where `scripts/setup.sh test` puts Python's packages.
fn python() -> PathBuf {
    let prepared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.venv/bin/python3");
    if prepared.exists() { prepared } else { PathBuf::from("python3") }
}

#[test]
fn the_reference_library_finds_no_fault() {
    let folder = tempfile::tempdir().unwrap();
    let one =
        || json!({"metadata": {"component": application("app", "1")}, "components": [library("a", "1")]});
    let snapshots = [
        ("empty", MemorySnapshot::new(vec![])),
        ("findings", MemorySnapshot::new(corpus::records(12))),
        // Its check of links is slow, and hostile texts are the same in each version.
        ("hostile", MemorySnapshot::new(corpus::hostile_records().into_iter().step_by(2).collect())),
        (
            "merged",
            MemorySnapshot::new(corpus::records(6))
                .with_sbom(SbomFamily::Cyclonedx, "1.6", &one())
                .with_sbom(SbomFamily::Spdx, "SPDX-2.3", &one()),
        ),
    ];
    for version in VERSIONS {
        let files: Vec<PathBuf> = snapshots
            .iter()
            .filter(|(name, _)| *name != "hostile" || version == "1.6")
            .map(|(name, snapshot)| {
                let path = folder.path().join(format!("{name}-{version}.cdx.json"));
                std::fs::write(&path, render(snapshot, version).text).unwrap();
                path
            })
            .collect();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/renderer/validate.py");
        let output = Command::new(python()).arg(script).arg(version).args(&files).output();
        let output = output.expect("python3 is needed: run `scripts/setup.sh test`");
        let told = String::from_utf8_lossy(&output.stdout);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(!errors.contains("ModuleNotFoundError"), "run `scripts/setup.sh test`: {errors}");
        assert!(output.status.success(), "{version}: {told}{errors}");
    }
}
