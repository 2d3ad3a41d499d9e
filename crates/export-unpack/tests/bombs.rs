//! Archives that ask for more than they are worth.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

mod suite;

use std::fs;
use std::io::{self, Read as _};
use std::path::Path;
use std::process::Command;
use std::sync::OnceLock;

use export_core::ports::Packager;
use export_pack::{TarGzPackager, ZipPackager};
use export_unpack::{Code, Limits};

use crate::suite::zip::{archive, deflated, stored};
use crate::suite::{File, MANIFEST, pack, read, read_at, read_within, refused, tar};

const PACKAGERS: [&dyn Packager; 2] = [&ZipPackager, &TarGzPackager];

/// Zeros, packed by ours: a thousand times smaller.
fn zeros(packager: &dyn Packager, mebibytes: u64) -> Vec<u8> {
    let mut out = Vec::new();
    let mut archive = packager.start(&mut out).unwrap();
    archive.entry("zeros", mebibytes << 20, &mut io::repeat(0).take(mebibytes << 20)).unwrap();
    archive.finish().unwrap();
    out
}

fn bombs() -> &'static [Vec<u8>; 2] {
    static BOMBS: OnceLock<[Vec<u8>; 2]> = OnceLock::new();
    BOMBS.get_or_init(|| PACKAGERS.map(|packager| zeros(packager, 512)))
}

#[test]
fn a_ratio_that_no_bundle_has() {
    for bomb in bombs() {
        refused(bomb, Code::Unsafe, "an archive of this size may");
        let wide = Limits { ratio: 2_000, ..Limits::default() };
        assert_eq!(read_within(bomb, &wide).unwrap().bytes, 512 << 20);
    }
}

#[test]
#[cfg_attr(debug_assertions, ignore = "gigabytes: cargo nextest run --release -p export-unpack")]
fn a_file_of_more_than_4_gib_is_whole() {
    let wide = Limits { ratio: 2_000, ..Limits::default() };
    for packager in PACKAGERS {
        assert_eq!(read_within(&zeros(packager, 4_097), &wide).unwrap().bytes, 4_097 << 20);
    }
}

#[test]
fn headers_that_hide_it() {
    // The first refusal is by the declared size, the second by what comes out.
    let lies = deflated("a", &vec![0; 100 << 20]).with(|it| it.size = [10; 2]);
    refused(&archive(&[lies]), Code::Corrupt, "more bytes");
    let behind = vec![0; 300 << 20];
    let hidden = tar::gzip(&[tar::entry(b'0', "a", b"x"), vec![0; 1024], behind].concat());
    refused(&hidden, Code::Ambiguous, "behind the archive's end");
}

#[test]
fn each_limit_holds() {
    let files: Vec<File> = (0..10).map(|number| (format!("n/{number}"), vec![b'x'; 100])).collect();
    let all = Limits { files: 10, paths: 30, unpacked: 1_000, ratio: 0, free: 20_000 };
    for packager in PACKAGERS {
        let archive = pack(packager, &files);
        assert!(read_within(&archive, &all).is_ok());
        for (limits, words) in [
            (Limits { files: 9, ..all.clone() }, "more than 9 files"),
            (Limits { paths: 29, ..all.clone() }, "the paths come to more"),
            (Limits { unpacked: 999, ..all.clone() }, "all files may have"),
            (Limits { free: 999, ..all.clone() }, "of this size may"),
        ] {
            let refusal = read_within(&archive, &limits).unwrap_err();
            assert!(refusal.code == Code::Unsafe && refusal.reason.contains(words), "{refusal}");
        }
        let kept = |size| pack(packager, &[(MANIFEST.path.to_owned(), vec![b'x'; size])]);
        let most = usize::try_from(MANIFEST.most).unwrap();
        assert!(read_within(&kept(most), &Limits::default()).is_ok());
        let refusal = read_within(&kept(most + 1), &Limits::default()).unwrap_err();
        assert!(refusal.reason.contains("this file may have"), "{refusal}");
    }
}

#[test]
fn folders_have_limits_too() {
    let folder = tempfile::tempdir().unwrap();
    for number in 0..10 {
        fs::write(folder.path().join(number.to_string()), [0; 100]).unwrap();
    }
    let read = |limits: &Limits| {
        export_unpack::observe(folder.path(), &[], limits, &|_| std::ops::ControlFlow::Continue(()))
    };
    assert!(read(&Limits { files: 10, unpacked: 1_000, ratio: 0, free: 0, ..Limits::default() }).is_ok());
    assert_eq!(read(&Limits { files: 9, ..Limits::default() }).unwrap_err().code, Code::Unsafe);
    assert_eq!(read(&Limits { unpacked: 999, ..Limits::default() }).unwrap_err().code, Code::Unsafe);
}

#[test]
fn folders_count_as_files() {
    let folders: Vec<_> = (0..20).map(|number| tar::entry(b'5', &format!("d{number}"), b"")).collect();
    let refusal =
        read_within(&tar::archive(&folders), &Limits { files: 19, ..Limits::default() }).unwrap_err();
    assert_eq!(refusal.code, Code::Unsafe);
    let folders: Vec<_> = (0..20).map(|number| stored(&format!("d{number}/"), b"")).collect();
    let refusal = read_within(&archive(&folders), &Limits { files: 19, ..Limits::default() }).unwrap_err();
    assert_eq!(refusal.code, Code::Unsafe);
}

/// A process of its own reads the file that the environment names: its peak memory in KiB.
fn peak(path: &Path) -> u64 {
    let test = ["--ignored", "--exact", "--nocapture", "tell_peak_memory"];
    let output =
        Command::new(std::env::current_exe().unwrap()).args(test).env("UNPACK", path).output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    let line = told.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

#[test]
#[ignore = "run by memory_is_bounded, in a process of its own"]
fn tell_peak_memory() {
    let path = std::env::var_os("UNPACK").unwrap();
    let _ = read_at(Path::new(&path));
    let status = fs::read_to_string("/proc/self/status").unwrap();
    println!("{}", status.lines().find(|line| line.starts_with("VmHWM:")).unwrap());
}

#[test]
fn memory_is_bounded() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("archive");
    // Paths of many parts, a bomb of either kind, and zeros that are allowed.
    let deep = |number: u32| format!("{number}/{}f", "d/".repeat(2_000));
    let parts: Vec<_> = (0..2_000).map(|number| stored(&deep(number), b"")).collect();
    let long = |number| [tar::pax("path", &deep(number)), tar::entry(b'0', "f", b"")].concat();
    let mut archives = vec![archive(&parts), tar::archive(&(0..2_000).map(long).collect::<Vec<_>>())];
    archives.extend(PACKAGERS.iter().map(|packager| zeros(*packager, 60)));
    archives.extend(bombs().iter().cloned());
    for (at, archive) in archives.iter().enumerate() {
        fs::write(&path, archive).unwrap();
        let peak = peak(&path);
        println!("archive {at}: {peak} KiB");
        assert!(peak < 100 << 10, "archive {at}: {peak} KiB");
    }
    assert!(archives[..4].iter().all(|archive| read(archive).is_ok()));
}
