//! The SPDX project's own Python tools read SPDX 2.3 files, and find nothing wrong with them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use export_contract::{MemorySnapshot, corpus};
use export_core::sbom::SbomFamily;

use crate::support::{documents, render, shared, snapshot, with_records, with_scan};

/// A licence on the list, deprecated, which the tools take for an exception because its name has `with` in it.
const MISREAD: &str = "for token: \"GPL-2.0-with-classpath-exception\"";

/// The interpreter that `scripts/setup.sh test` prepares.
fn python() -> PathBuf {
    let prepared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.venv/bin/python3");
    if prepared.exists() { prepared } else { "python3".into() }
}

/// What the tools find wrong, by file.
fn messages(files: &[PathBuf]) -> BTreeMap<PathBuf, BTreeSet<String>> {
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/spdx/validate_spdx2.py");
    let output = Command::new(python()).arg(script).args(files).output();
    let output = output.expect("python3 runs; `scripts/setup.sh test` installs it");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "spdx-tools cannot run; `scripts/setup.sh test` installs it:\n{told}");
    let mut messages: BTreeMap<PathBuf, BTreeSet<String>> = BTreeMap::new();
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let (file, message) = line.split_once(": ").unwrap();
        messages.entry(file.into()).or_default().insert(message.to_owned());
    }
    messages
}

/// A folder of files.
struct Folder(tempfile::TempDir);

impl Folder {
    fn add(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let file = self.0.path().join(name);
        std::fs::write(&file, bytes).unwrap();
        file
    }
}

#[test]
fn spdx_tools_finds_nothing_wrong() {
    let folder = Folder(tempfile::tempdir().unwrap());
    let render = |name: &str, snapshot: MemorySnapshot| folder.add(name, &render(&snapshot, "2.3").bytes);
    let mut files = Vec::new();
    for (number, (path, read)) in
        documents().filter(|(_, read)| read.family == SbomFamily::Cyclonedx).enumerate()
    {
        files.push(render(&format!("{number}.spdx.json"), snapshot(&read)));
        assert!(shared(path).is_some());
        if number == 0 {
            files.push(render("findings.spdx.json", with_records(&read, corpus::records(200))));
            let twice = snapshot(&read).with_sbom(read.family, &read.spec_version, &read.document);
            files.push(render("twice.spdx.json", twice));
        }
    }
    files.push(render("alone.spdx.json", with_scan(MemorySnapshot::new(corpus::records(200)))));
    files.push(render("hostile.spdx.json", with_scan(MemorySnapshot::new(corpus::hostile_records()))));
    let mut wrong = messages(&files);
    wrong.values_mut().for_each(|messages| messages.retain(|message| !message.contains(MISREAD)));
    wrong.retain(|_, messages| !messages.is_empty());
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Real documents break SPDX's rules, and what they say is kept: no more is wrong with the file than with what it is made of.
#[test]
fn spdx_tools_finds_nothing_wrong_that_was_right() {
    let folder = Folder(tempfile::tempdir().unwrap());
    for (path, read) in documents().filter(|(_, read)| read.spec_version.starts_with("SPDX-2")) {
        let before = folder.add("before.spdx.json", &shared(path).unwrap());
        let after = folder.add("after.spdx.json", &render(&snapshot(&read), "2.3").bytes);
        let wrong = messages(&[before.clone(), after.clone()]);
        let before = wrong.get(&before).cloned().unwrap_or_default();
        let new: Vec<&String> =
            wrong.get(&after).into_iter().flatten().filter(|it| !before.contains(*it)).collect();
        assert!(new.is_empty(), "{path}: {new:#?}");
    }
}
