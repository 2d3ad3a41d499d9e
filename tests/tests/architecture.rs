//! The directions of the arrows, and the size of files: checked, not trusted.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand, Package};

/// What each kind of crate may use of the workspace. `*` stands for the rest of a name.
const DIRECTIONS: [(&str, &[&str]); 30] = [
    ("export-core", &[]),
    ("export-snapshot", &["export-core"]),
    // Pure, and the format of seals: whoever makes, keeps or checks a part of one has it from here.
    ("export-seal", &["export-core"]),
    ("export-timestamp", &["export-core"]),
    ("export-verify", &["export-core", "export-seal", "export-timestamp", "export-unpack"]),
    ("export-keys", &["export-core", "export-seal", "export-timestamp"]),
    ("export-engine", &["export-core", "export-seal", "export-snapshot"]),
    ("export-render-kit", &["export-core"]),
    ("export-confine", &[]),
    ("export-templates", &["export-confine", "export-core", "export-render-kit"]),
    ("export-typeset", &["export-render-kit"]),
    (
        "export-render-pdf",
        &["export-confine", "export-core", "export-render-kit", "export-templates", "export-typeset"],
    ),
    ("export-render-cyclonedx", &["export-core", "export-render-kit", "export-sbom"]),
    ("export-render-spdx", &["export-core", "export-render-kit", "export-sbom"]),
    ("export-render-*", &["export-core", "export-render-kit"]),
    ("export-sbom", &["export-core"]),
    ("export-pack", &["export-core"]),
    ("export-unpack", &["export-core"]),
    ("export-source-*", &["export-core", "export-sbom"]),
    ("export-jobs-*", &["export-core", "export-seal"]),
    ("export-artifacts", &["export-core"]),
    ("export-client", &["export-core"]),
    ("export-http", &["export-core", "export-engine", "export-seal", "export-verify"]),
    ("export-contract", &["export-core", "export-seal"]),
    (
        "export-boot",
        &[
            "export-core",
            "export-engine",
            "export-artifacts",
            "export-jobs-*",
            "export-keys",
            "export-seal",
            "export-timestamp",
            "export-source-*",
            "export-pack",
            "export-render-*",
            "export-templates",
            "export-timestamp",
            "export-verify",
        ],
    ),
    ("export-server", &["export-boot", "export-core", "export-engine", "export-http"]),
    ("export-worker", &["export-boot", "export-core", "export-engine", "export-http"]),
    (
        "exportctl",
        &["export-boot", "export-client", "export-core", "export-engine", "export-seal", "export-verify"],
    ),
    (
        "export-bench",
        &[
            "export-core",
            "export-engine",
            "export-pack",
            "export-render-*",
            "export-seal",
            "export-source-library",
            "export-unpack",
            "export-verify",
        ],
    ),
    ("export-tests", &["export-client", "export-core"]),
];

/// Crates that only some may name, because each is the business of one part.
const RESERVED: [(&str, &[&str]); 5] = [
    ("sqlx", &["export-jobs-*"]),
    // The contract has a stub of the services, for tests alone.
    ("axum", &["export-http", "export-contract"]),
    // Whoever speaks HTTP has rules of its own: no redirects, no token in an error. Artifacts and library speak none themselves;
    // they switch on the TLS of their object store.
    (
        "reqwest",
        &[
            "export-client",
            "export-keys",
            "export-source-services",
            "export-artifacts",
            "export-source-library",
            "export-tests",
        ],
    ),
    ("object_store", &["export-artifacts", "export-source-library", "export-example-*"]),
    ("minijinja", &["export-templates"]),
];

/// Core is pure: no runtime, no logging, no I/O, no clock.
const NOT_IN_CORE: [&str; 6] = ["tokio", "tracing", "reqwest", "getrandom", "tempfile", "rustix"];

/// Files that may pass 400 lines, each with the reason.
const LONG_FILES: [(&str, &str); 0] = [];
const MAX_LINES: usize = 400;

fn matches(pattern: &str, name: &str) -> bool {
    pattern.strip_suffix('*').map_or(pattern == name, |prefix| name.starts_with(prefix))
}

fn workspace() -> Metadata {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.toml");
    MetadataCommand::new().manifest_path(manifest).no_deps().exec().expect("cargo metadata runs")
}

fn used(package: &Package) -> impl Iterator<Item = &str> {
    let normal = |kind| kind == DependencyKind::Normal || kind == DependencyKind::Build;
    package.dependencies.iter().filter(move |it| normal(it.kind)).map(|it| it.name.as_str())
}

#[test]
fn crates_import_only_along_the_arrows() {
    let workspace = workspace();
    let ours: BTreeSet<&str> = workspace.packages.iter().map(|it| it.name.as_str()).collect();
    let mut wrong = Vec::new();
    for package in &workspace.packages {
        let name = package.name.as_str();
        if name.starts_with("export-example-") {
            continue; // examples stand outside and may use everything
        }
        let Some((_, allowed)) = DIRECTIONS.iter().find(|(pattern, _)| matches(pattern, name)) else {
            wrong.push(format!("{name} has no line in DIRECTIONS"));
            continue;
        };
        for used in used(package).filter(|used| ours.contains(used)) {
            if !allowed.iter().any(|pattern| matches(pattern, used)) {
                wrong.push(format!("{name} must not use {used}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn some_crates_are_the_business_of_one_part() {
    let mut wrong = Vec::new();
    for package in &workspace().packages {
        for used in used(package) {
            let name = package.name.as_str();
            let owners = RESERVED.iter().find(|(reserved, _)| *reserved == used);
            if owners.is_some_and(|(_, owners)| !owners.iter().any(|owner| matches(owner, name))) {
                wrong.push(format!("{name} must not use {used}"));
            }
            if name == "export-core" && NOT_IN_CORE.contains(&used) {
                wrong.push(format!("export-core must stay pure, without {used}"));
            }
            if used == "export-contract" {
                wrong.push(format!("{name} uses export-contract outside of its tests"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_crate_is_named_after_its_folder() {
    for package in &workspace().packages {
        let folder =
            package.manifest_path.parent().and_then(|it| it.file_name()).expect("a crate has a folder");
        if package.manifest_path.as_str().contains("/crates/") {
            assert_eq!(package.name.as_str(), folder);
        }
    }
}

#[test]
fn files_stay_small() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut lines = BTreeMap::new();
    for folder in ["apps", "benches", "crates", "examples", "tests"] {
        count_lines(&root.join(folder), &root, &mut lines);
    }
    assert!(lines.len() > 50, "the walk found too little: {}", lines.len());
    let listed = |path: &str| LONG_FILES.iter().any(|(listed, _)| *listed == path);
    let long: Vec<_> = lines.iter().filter(|(path, count)| **count > MAX_LINES && !listed(path)).collect();
    assert!(long.is_empty(), "split these, or list them with a reason: {long:#?}");
    let stale: Vec<_> = LONG_FILES
        .iter()
        .filter(|(path, _)| lines.get(*path).is_none_or(|count| *count <= MAX_LINES))
        .collect();
    assert!(stale.is_empty(), "these are listed without need: {stale:#?}");
}

fn count_lines(folder: &Path, root: &Path, lines: &mut BTreeMap<String, usize>) {
    for entry in fs::read_dir(folder).expect("a folder of the workspace can be read") {
        let path: PathBuf = entry.expect("an entry can be read").path();
        if path.is_dir() && path.file_name().is_some_and(|name| name != "target") {
            count_lines(&path, root, lines);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let count = fs::read_to_string(&path).expect("a source file is text").lines().count();
            let relative = path.strip_prefix(root).expect("below the root").display().to_string();
            lines.insert(relative, count);
        }
    }
}

#[test]
fn the_docs_list_every_error_code() {
    let docs = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/api.md"))
        .expect("docs/api.md");
    for code in export_core::code::Code::ALL {
        let row = format!("| `{code}` | {} |", code.status());
        assert!(docs.contains(&row), "docs/api.md has no row `{row}`");
    }
}
