//! ZIP: the suite, unzip, and what only ZIP64 holds.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

mod suite;

use std::fs;
use std::io::{self, Read as _};
use std::path::Path;
use std::process::Command;

use export_core::catalogue::Format;
use export_core::digest::Digest;
use export_core::ports::Packager as _;
use export_pack::ZipPackager;
use serde_json::json;

use crate::suite::{File, files, pack, read, run};

packagers_suite!(ZipPackager);

#[test]
fn nothing_of_the_machine_is_in_the_bytes() {
    const UNIX: u8 = 3; // APPNOTE 4.4.2.2: so that the mode is read as one
    for entry in read(Format::Zip, &pack(&ZipPackager, &files())).unwrap() {
        let earliest = [1980, 1, 1, 0, 0, 0];
        let expected =
            json!({"time": earliest, "mode": "100644", "system": UNIX, "comment": "", "fields": []});
        assert_eq!(entry.about, expected);
    }
}

#[test]
fn the_comment_is_the_digest_of_what_is_before_it() {
    for files in [files(), vec![]] {
        let archive = pack(&ZipPackager, &files);
        let (before, comment) = archive.split_at(archive.len() - 71);
        let (before, length) = before.split_at(before.len() - 2);
        assert_eq!(length, 71_u16.to_le_bytes());
        assert_eq!(comment, format!("sha256:{}", Digest::of(before)).as_bytes());
        assert_eq!(before[before.len() - 20..][..4], *b"PK\x05\x06");
    }
}

#[test]
fn unzip_tests_and_unpacks_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("archive.zip");
    fs::write(&path, pack(&ZipPackager, &files())).unwrap();
    assert_unzip_finds_no_error(&path);

    let unpacked = folder.path().join("unpacked");
    run(Command::new("unzip").arg("-q").arg(&path).arg("-d").arg(&unpacked).env("LC_ALL", "C.UTF-8"))
        .unwrap();
    for (name, bytes) in files() {
        assert!(fs::read(unpacked.join(&name)).unwrap() == bytes, "{name}");
    }
}

#[test]
fn seventy_thousand_entries_are_all_there() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("archive.zip");
    let files: Vec<File> =
        (0..70_000_u32).map(|number| (format!("n/{number}"), number.to_be_bytes().to_vec())).collect();
    fs::write(&path, pack(&ZipPackager, &files)).unwrap();
    assert_unzip_finds_no_error(&path);
    let listed = run(Command::new("unzip").arg("-Z1").arg(&path)).unwrap();
    assert!(listed.lines().eq(files.iter().map(|(name, _)| name)));
}

#[test]
#[cfg_attr(debug_assertions, ignore = "gigabytes: cargo nextest run --release -p export-pack")]
fn an_entry_of_more_than_4_gib_is_whole() {
    const SIZE: u64 = (4 << 30) + 1;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("archive.zip");
    let mut out = fs::File::create(&path).unwrap();
    let mut archive = ZipPackager.start(&mut out).unwrap();
    archive.entry("zeroes", SIZE, &mut io::repeat(0).take(SIZE)).unwrap();
    archive.entry("behind", 1, &mut &b"x"[..]).unwrap();
    archive.finish().unwrap();
    assert_unzip_finds_no_error(&path);
    let listed = run(Command::new("unzip").arg("-l").arg(&path)).unwrap();
    assert!(listed.contains(&SIZE.to_string()), "{listed}");
}

fn assert_unzip_finds_no_error(archive: &Path) {
    let told = run(Command::new("unzip").arg("-tqq").arg(archive).env("LC_ALL", "C.UTF-8")).unwrap();
    assert_eq!(told, "", "unzip warns");
}
