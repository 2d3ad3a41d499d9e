//! A case that is written and not listed in its suite would never run.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect()
}

/// The names of cases: functions of a suite that take what the suite is given.
fn cases(text: &str) -> BTreeSet<String> {
    let subjects = ["(jobs: Store)", "(store: Store)", "(subject:", "(build:", "(\n    subject: Annotations"];
    text.split("\npub ")
        .filter_map(|item| item.strip_prefix("async fn ").or_else(|| item.strip_prefix("fn ")))
        .filter(|item| subjects.iter().any(|subject| item[..item.find('{').unwrap()].contains(subject)))
        .map(|item| item.split(['(', '<']).next().unwrap().to_owned())
        .collect()
}

#[test]
fn every_case_is_listed_once() {
    let texts: Vec<String> = sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"))
        .iter()
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    let listed: Vec<&str> = texts
        .iter()
        .flat_map(|text| text.lines())
        .map(str::trim)
        .filter(|line| {
            line.contains('_') && line.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_')
        })
        .collect();
    let written: BTreeSet<String> = texts.iter().flat_map(|text| cases(text)).collect();
    assert!(written.len() > 110, "only {} cases were found", written.len());
    for case in &written {
        assert_eq!(listed.iter().filter(|name| *name == case).count(), 1, "{case}");
    }
}
