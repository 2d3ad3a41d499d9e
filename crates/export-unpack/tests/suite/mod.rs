//! What the tests share: archives built byte by byte, and programs that are not ours.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]
#![allow(dead_code, reason = "each test program uses some of it")]
#![allow(clippy::allow_attributes, reason = "whether all is used depends on the program")]

pub(crate) mod tar;
pub(crate) mod zip;

use std::fs;
use std::ops::ControlFlow;
use std::path::Path;
use std::process::Command;

use export_core::ports::Packager;
use export_unpack::{Code, Keep, Limits, Observed, Refusal, observe};

/// What the tests keep.
pub(crate) const MANIFEST: Keep<'_> = Keep { path: "manifest.json", most: 1_000 };

/// A path and its bytes.
pub(crate) type File = (String, Vec<u8>);

/// The files of a small bundle.
pub(crate) fn files() -> Vec<File> {
    let file = |path: &str, bytes: &[u8]| (path.to_owned(), bytes.to_vec());
    vec![
        file("README.txt", b"what this is\n"),
        file("empty", b""),
        file("manifest.json", br#"{"entries":[]}"#),
        file("scans/payments-api.json", &br#"{"finding":"CVE-2025-0001"},"#.repeat(40)),
        file("scans/\u{dc}ber/\u{6574}.json", b"{}"),
        file(&format!("vex/{}/{}.json", "long".repeat(40), "n".repeat(120)), b"a long path"),
    ]
}

pub(crate) fn pack(packager: &dyn Packager, files: &[File]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut archive = packager.start(&mut out).unwrap();
    for (path, bytes) in files {
        archive.entry(path, bytes.len() as u64, &mut bytes.as_slice()).unwrap();
    }
    archive.finish().unwrap();
    out
}

/// Reads an archive in memory.
pub(crate) fn read(archive: &[u8]) -> Result<Observed, Refusal> {
    read_within(archive, &Limits::default())
}

pub(crate) fn read_within(archive: &[u8], limits: &Limits) -> Result<Observed, Refusal> {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), archive).unwrap();
    observe(file.path(), &[MANIFEST], limits, &|_| ControlFlow::Continue(()))
}

pub(crate) fn read_at(path: &Path) -> Result<Observed, Refusal> {
    observe(path, &[MANIFEST], &Limits::default(), &|_| ControlFlow::Continue(()))
}

/// Asserts that an archive is refused with a code and these words; gives the entry that is named.
#[track_caller]
pub(crate) fn refused(archive: &[u8], code: Code, words: &str) -> Option<String> {
    let refusal = read(archive).unwrap_err();
    assert!(refusal.code == code && refusal.reason.contains(words), "{refusal:?}");
    refusal.path
}

/// Paths and contents, sorted by path, for comparing.
#[track_caller]
pub(crate) fn assert_holds(observed: &Observed, files: &[File]) {
    let digest = export_core::digest::Digest::of;
    let mut seen: Vec<_> = observed.files.iter().map(|it| (it.path.clone(), it.size, it.sha256)).collect();
    let mut expected: Vec<_> =
        files.iter().map(|(path, bytes)| (path.clone(), bytes.len() as u64, digest(bytes))).collect();
    seen.sort();
    expected.sort();
    assert_eq!(seen, expected);
    assert_eq!(observed.bytes, files.iter().map(|(_, bytes)| bytes.len() as u64).sum::<u64>());
    for (path, bytes) in files.iter().filter(|(path, _)| path == "manifest.json") {
        assert_eq!(observed.kept.get(path), Some(bytes));
    }
}

pub(crate) fn write_folder(root: &Path, files: &[File]) {
    for (path, bytes) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

/// Runs a program in a folder, with a script that is no business of a shell of the user.
#[track_caller]
pub(crate) fn run(folder: &Path, program: &str, arguments: &[&str]) {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(folder)
        .env("LC_ALL", "C.UTF-8")
        .env("PYTHONUTF8", "1")
        .output()
        .unwrap_or_else(|error| panic!("{program}: {error}: run scripts/setup.sh test"));
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
}
