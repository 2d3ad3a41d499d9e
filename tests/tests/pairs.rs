//! The same scan rendered by its own tool and by us: SARIF, CycloneDX and SPDX agree in ids, packages and severities. What
//! differs is listed here and in `docs/formats/peers.md`, with the reason. Skipped, visibly, where the pairs are absent.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking, and tells what it skips"
)]

use std::path::{Path, PathBuf};
use std::process::Command;

use export_tests::exportctl;
use serde_json::{Value, json};

/// A scan in its tool's own format, and what its tool makes of it.
struct Pair {
    native: &'static str,
    sarif: Option<&'static str>,
    cyclonedx: Option<&'static str>,
    spdx: Option<&'static str>,
    /// Packages that only the peer lists: files that it calls packages, and roots.
    not_packages: &'static [&'static str],
    /// Whether only the ids of vulnerabilities agree in CycloneDX, for the peer names no package.
    names_no_package: bool,
}

const PAIR: Pair =
    Pair { native: "", sarif: None, cyclonedx: None, spdx: None, not_packages: &[], names_no_package: false };
const OSV: &str = "osv-scanner/WithVulnerabilities/two-sources-with-the-same-vulnerable-package";

const PAIRS: &[Pair] = &[
    Pair {
        native: "trivy-alpine-310/alpine-310.json.golden",
        sarif: Some("trivy-alpine-310/alpine-310.sarif.golden"),
        ..PAIR
    },
    Pair {
        native: "trivy-convert-0.59.1/npm/input.trivy.json",
        sarif: Some("trivy-convert-0.59.1/npm/report.sarif"),
        cyclonedx: Some("trivy-convert-0.59.1/npm/report.cdx.json"),
        spdx: Some("trivy-convert-0.59.1/npm/report.spdx.json"),
        not_packages: &["package-lock.json", "testdata/fixtures/repo/npm"],
        ..PAIR
    },
    Pair {
        native: "grype-presenters/image.grype.json",
        sarif: Some("grype-presenters/image.grype.sarif"),
        cyclonedx: Some("grype-presenters/image.grype.cdx"),
        ..PAIR
    },
    Pair {
        native: "grype-presenters/dir.grype.json",
        sarif: Some("grype-presenters/dir.grype.sarif"),
        cyclonedx: Some("grype-presenters/dir.grype.cdx"),
        ..PAIR
    },
    Pair {
        native: "OSV/out.osv.json",
        sarif: Some("OSV/out.sarif"),
        cyclonedx: Some("OSV/out.cdx16.json"),
        spdx: Some("OSV/out.spdx.json"),
        not_packages: &["main@0", "out.osv"],
        names_no_package: true,
    },
];

fn shared() -> Option<PathBuf> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let data = std::env::var_os("EXPORT_SHARED_DATA")
        .map_or_else(|| workspace.join("../shared/data"), PathBuf::from);
    let pairs = data.join("reference/pairs");
    if pairs.is_dir() {
        return Some(pairs);
    }
    println!("SKIPPED: {} is absent", pairs.display());
    None
}

fn told(files: &[&Path]) -> Vec<Value> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("readers/pairs.py");
    let output = Command::new("python3").arg(script).args(files).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

fn ids(found: &Value) -> Vec<&str> {
    let mut ids: Vec<&str> = found.as_array().unwrap().iter().map(|it| it[0].as_str().unwrap()).collect();
    ids.dedup();
    ids
}

/// Where the peer states no severity, ours is not compared.
fn agree(ours: &Value, peers: &Value) -> bool {
    let (ours, peers) = (ours.as_array().unwrap(), peers.as_array().unwrap());
    let fits = |(one, other): (&Value, &Value)| {
        one[0] == other[0] && one[1] == other[1] && (other[2] == json!("") || one[2] == other[2])
    };
    ours.len() == peers.len() && ours.iter().zip(peers).all(fits)
}

fn without(packages: &Value, left_out: &[&str]) -> Vec<String> {
    let names = packages.as_array().unwrap().iter().map(|it| it.as_str().unwrap().to_owned());
    names.filter(|name| !left_out.contains(&name.as_str())).collect()
}

#[test]
fn our_rendering_agrees_with_the_tools_own() {
    let Some(root) = shared() else { return };
    for pair in PAIRS {
        let at = |path: &str| root.join(path.replace("OSV/", &format!("{OSV}/")));
        let out = tempfile::tempdir().unwrap();
        let mut arguments = vec!["convert".into(), at(pair.native).into_os_string()];
        arguments.extend(["--format", "sarif,cyclonedx,spdx", "--out"].map(Into::into));
        arguments.push(out.path().as_os_str().to_owned());
        let run = exportctl(arguments);
        assert_eq!(run.code, 0, "{}: {run:?}", pair.native);
        if let Some(peer) = pair.sarif {
            let [ours, peers] = &told(&[&out.path().join("report.sarif"), &at(peer)])[..] else { panic!() };
            assert!(agree(&ours["found"], &peers["found"]), "{peer}:\n{ours:#}\n{peers:#}");
        }
        if let Some(peer) = pair.cyclonedx {
            let [ours, peers] = &told(&[&out.path().join("sbom.cdx.json"), &at(peer)])[..] else { panic!() };
            if pair.names_no_package {
                assert_eq!(ids(&ours["found"]), ids(&peers["found"]), "{peer}");
            } else {
                assert!(agree(&ours["found"], &peers["found"]), "{peer}:\n{ours:#}\n{peers:#}");
            }
            let packages = [&ours["packages"], &peers["packages"]].map(|it| without(it, pair.not_packages));
            assert_eq!(packages[0], packages[1], "{peer}");
        }
        if let Some(peer) = pair.spdx {
            let [ours, peers] = &told(&[&out.path().join("sbom.spdx.json"), &at(peer)])[..] else { panic!() };
            let packages = [&ours["packages"], &peers["packages"]].map(|it| without(it, pair.not_packages));
            assert_eq!(packages[0], packages[1], "{peer}");
        }
    }
}
