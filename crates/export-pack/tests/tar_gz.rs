//! TAR.GZ: the suite, and GNU tar.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

mod suite;

use std::fs;
use std::process::Command;

use export_core::catalogue::Format;
use export_core::digest::Digest;
use export_pack::TarGzPackager;
use serde_json::json;

use crate::suite::{File, files, pack, read, run};

packagers_suite!(TarGzPackager);

#[test]
fn nothing_of_the_machine_is_in_the_bytes() {
    let archive = pack(&TarGzPackager, &files());
    // RFC 1952, 2.3: magic, deflate, no flags (no name, no comment), time 0, no hint, unknown system.
    assert_eq!(archive[..10], [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]);
    for entry in read(Format::TarGz, &archive).unwrap() {
        let mut about = entry.about;
        let pax = about.as_object_mut().unwrap().remove("pax").unwrap();
        assert!(pax == json!([]) || pax == json!(["path"]), "{pax}");
        assert_eq!(about, json!({"time": 0, "mode": "644", "owner": [0, 0, "", ""], "kind": "0"}));
    }
}

#[test]
fn a_second_member_says_the_digest_of_the_first() {
    for files in [files(), vec![]] {
        let archive = pack(&TarGzPackager, &files);
        let (first, second) = archive.split_at(archive.len() - 92);
        let comment = format!("sha256:{}\0", Digest::of(first));
        // RFC 1952, 2.3: only a comment; then an empty block of Deflate, CRC-32 0 and length 0.
        let expected = [b"\x1f\x8b\x08\x10\0\0\0\0\0\xff", comment.as_bytes(), b"\x03\0", &[0; 8]].concat();
        assert_eq!(second, expected);
    }
}

#[test]
fn gzip_finds_no_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("archive.tar.gz");
    fs::write(&path, pack(&TarGzPackager, &files())).unwrap();
    assert_eq!(run(Command::new("gzip").arg("-tv").arg(&path)).unwrap(), "", "gzip warns");
    let told = run(Command::new("python3").args(["-m", "tarfile", "-l"]).arg(&path).env("PYTHONUTF8", "1"));
    assert_eq!(told.unwrap().lines().count(), files().len());
}

#[test]
fn gnu_tar_lists_and_unpacks_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("archive.tar.gz");
    fs::write(&path, pack(&TarGzPackager, &files())).unwrap();

    let listed =
        run(Command::new("tar").arg("-tvzf").arg(&path).env("TZ", "UTC").env("LC_ALL", "C.UTF-8")).unwrap();
    assert_eq!(listed.lines().count(), files().len(), "{listed}");
    for (line, (name, bytes)) in listed.lines().zip(files()) {
        let words: Vec<&str> = line.split_whitespace().take(5).collect();
        assert_eq!(words, ["-rw-r--r--", "0/0", &bytes.len().to_string(), "1970-01-01", "00:00"], "{line}");
        assert!(line.ends_with(&format!(" {name}")), "{line}");
    }

    let unpacked = folder.path().join("unpacked");
    fs::create_dir(&unpacked).unwrap();
    run(Command::new("tar").arg("-xzf").arg(&path).arg("-C").arg(&unpacked)).unwrap();
    for (name, bytes) in files() {
        assert!(fs::read(unpacked.join(&name)).unwrap() == bytes, "{name}");
    }
}

#[test]
fn a_hundred_thousand_entries_are_listed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("archive.tar.gz");
    let files: Vec<File> = (0..100_000).map(|number| (format!("n/{number}"), vec![])).collect();
    fs::write(&path, pack(&TarGzPackager, &files)).unwrap();
    let listed = run(Command::new("tar").arg("-tzf").arg(&path)).unwrap();
    assert!(listed.lines().eq(files.iter().map(|(name, _)| name)));
}
