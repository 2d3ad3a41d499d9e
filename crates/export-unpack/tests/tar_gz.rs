//! What is refused of a TAR.GZ archive.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

mod suite;

use export_core::digest::Digest;
use export_pack::TarGzPackager;
use export_unpack::{Code, Container};

use crate::suite::tar::{archive, changed, entry, gzip, pax};
use crate::suite::{files, pack, read, refused};

fn ambiguous(entries: &[Vec<u8>], words: &str) {
    refused(&archive(entries), Code::Ambiguous, words);
}

/// Changes a field of a header.
fn field(at: usize, bytes: &[u8]) -> Vec<u8> {
    changed(b'0', "a", b"xyz", |header| header[at..at + bytes.len()].copy_from_slice(bytes))
}

fn paths(archive: &[u8]) -> Vec<String> {
    read(archive).unwrap().files.into_iter().map(|it| it.path).collect()
}

#[test]
fn archives_built_here_are_right_unless_something_is_changed() {
    let entries = [
        entry(b'5', "./", b""),
        entry(b'5', "./b", b""),
        entry(0, "./a", b"x"),
        entry(b'0', "b/c", &[1; 512]),
        [pax("path", "b/long"), entry(b'0', "short", b"y")].concat(),
        [pax("mtime", "1700000000.5"), entry(b'0', "timed", b"")].concat(),
        [entry(b'L', "././@LongLink", b"./b/gnu\0"), entry(b'0', "short", b"z")].concat(),
        changed(b'0', "d", b"1", |header| header[345..351].copy_from_slice(b"prefix")),
    ];
    assert_eq!(paths(&archive(&entries)), ["a", "b/c", "b/long", "timed", "b/gnu", "prefix/d"]);
}

#[test]
fn unsafe_paths() {
    let long = "x/".repeat(3_000);
    for path in [
        "/etc/passwd",
        "../../x",
        "a/../b",
        "..",
        "././a",
        "a//b",
        "C:/x",
        r"a\b",
        "a\nb",
        "",
        "./",
        "a/",
        ".",
    ] {
        refused(&archive(&[entry(b'0', path, b"x")]), Code::Unsafe, "the path");
        refused(&archive(&[pax("path", path), entry(b'0', "a", b"x")]), Code::Unsafe, "the path");
    }
    refused(&archive(&[pax("path", &long), entry(b'0', "a", b"x")]), Code::Unsafe, "too long");
    refused(&archive(&[entry(b'5', "../a", b""), entry(b'0', "../a/b", b"")]), Code::Unsafe, "the path");
    let huge = "x".repeat(70_000);
    refused(&archive(&[pax("path", &huge), entry(b'0', "a", b"x")]), Code::Unsafe, "a header has");
}

#[test]
fn links_and_devices() {
    for kind in [b'1', b'2', b'3', b'4', b'6'] {
        let link = changed(kind, "link", b"", |header| {
            if kind < b'3' {
                header[157..163].copy_from_slice(b"/etc/x");
            }
        });
        let named =
            refused(&archive(&[link, entry(b'0', "link/through", b"x")]), Code::Unsafe, "a link or a device");
        assert_eq!(named.as_deref(), Some("link"));
    }
    let long = [pax("path", "a/link"), changed(b'2', "x", b"", |_| ())];
    assert_eq!(refused(&archive(&long), Code::Unsafe, "a link").as_deref(), Some("a/link"));
}

#[test]
fn files_twice_and_files_that_are_folders() {
    let twice = |a: &str, b: &str| [entry(b'0', a, b"1"), entry(b'0', "between", b""), entry(b'0', b, b"1")];
    for (a, b) in [("a", "a"), ("./a", "a"), ("a", "./a")] {
        ambiguous(&twice(a, b), "twice");
    }
    ambiguous(&twice("a", "a/b"), "path of a folder");
    ambiguous(&twice("a/b", "./a"), "path of a folder");
    ambiguous(&[entry(b'0', "a", b""), entry(b'5', "a/", b"")], "twice");
    ambiguous(&[entry(b'5', "a", b""), entry(b'5', "a/", b""), entry(b'0', "a/b", b"")], "twice");
    ambiguous(&[entry(b'5', "a", b""), entry(b'0', "b", b"")], "no files");
    ambiguous(&[entry(b'5', "a", b"x"), entry(b'0', "a/b", b"")], "folder has bytes");
}

#[test]
fn kinds_that_not_all_read_alike() {
    for kind in *b"7SgKMDNVXAZ9 " {
        ambiguous(&[entry(kind, "a", b"x")], "of type");
    }
    ambiguous(
        &[entry(b'g', "pax_global_header", b"52 comment=0123456789012345678901234567890123456789\n")],
        "of type",
    );
}

#[test]
fn headers_before_an_entry() {
    let file = || entry(b'0', "a", b"xyz");
    for (key, value) in [
        ("size", "0"),
        ("size", "2"),
        ("size", "3"),
        ("linkpath", "b"),
        ("GNU.sparse.major", "1"),
        ("GNU.sparse.name", "b"),
        ("hdrcharset", "BINARY"),
        ("SCHILY.xattr.user.x", "y"),
        ("charset", "x"),
        ("", ""),
    ] {
        ambiguous(&[pax(key, value), file()], "not all readers know");
    }
    let long = || entry(b'L', "././@LongLink", b"b\0");
    ambiguous(&[pax("path", "b"), pax("path", "c"), file()], "two headers");
    ambiguous(&[pax("path", "b"), long(), file()], "two headers");
    ambiguous(&[long(), pax("mtime", "0"), file()], "two headers");
    ambiguous(&[long(), long(), file()], "two headers");
    ambiguous(&[pax("path", "b")], "is not there");
    ambiguous(&[long()], "is not there");
    ambiguous(&[entry(b'L', "x", b"b"), file()], "no end");
    refused(&archive(&[entry(b'L', "x", b"b\0\0"), file()]), Code::Unsafe, "control character");
    ambiguous(&[entry(b'x', "x", b"10 path=b\n10 path=c\n"), file()], "twice");
    ambiguous(&[entry(b'x', "x", b"11 path=b\n"), file()], "not well formed");
    ambiguous(&[entry(b'x', "x", b"10 path=\xff\n"), file()], "UTF-8");
}

#[test]
fn headers_that_leave_something_to_the_reader() {
    ambiguous(&[field(257, b"\0\0\0\0\0\0\0\0")], "neither POSIX's nor GNU's");
    ambiguous(&[field(257, b"ustar\x0001")], "neither POSIX's nor GNU's");
    ambiguous(&[field(3, b"x")], "goes on behind its end");
    ambiguous(&[field(157, b"target")], "target of a link");
    ambiguous(&[field(500, b"x")], "not all readers know");
    let dump = |header: &mut [u8; 512]| {
        header[257..265].copy_from_slice(b"ustar  \0");
        header[345] = b'1';
    };
    ambiguous(&[changed(b'0', "a", b"", dump)], "not all readers know");
    for at in [100, 108, 116, 329, 337] {
        ambiguous(&[field(at, b"0000009\0")], "number");
    }
    for size in [b"00000000003x", b" 0000000003\0", b"-0000000003\0", b"000000000030", b"0x000000003\0"] {
        ambiguous(&[field(124, size)], "number");
    }
    ambiguous(&[field(124, b"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff")], "number");
    assert_eq!(paths(&archive(&[field(124, b"\x80\0\0\0\0\0\0\0\0\0\0\x03")])), ["a"]);
    refused(&archive(&[field(124, b"\x80\0\0\0\xff\xff\xff\xff\xff\xff\xff\xff")]), Code::Unsafe, "bytes");
    let latin = changed(b'0', "a", b"", |header| header[0] = 0xfc);
    ambiguous(&[latin], "UTF-8");
}

#[test]
fn sums_are_checked() {
    let mut file = entry(b'0', "a", b"xyz");
    file[148] ^= 1;
    refused(&archive(&[file]), Code::Corrupt, "checksum");
    let mut file = entry(b'0', "a", b"xyz");
    file[0] = b'b';
    refused(&archive(&[file]), Code::Corrupt, "checksum");
}

#[test]
fn data_behind_data_and_behind_the_end() {
    let mut file = entry(b'0', "a", b"xyz");
    file[1_000] = 1;
    ambiguous(&[file], "behind its data");
    let file = || entry(b'0', "a", b"xyz");
    let stream = |tail: &[u8]| gzip(&[&file(), tail].concat());
    assert!(read(&stream(&[0; 1_024])).is_ok());
    assert!(read(&stream(&[0; 10_240])).is_ok());
    refused(&stream(&[0; 512]), Code::Corrupt, "half of the archive's end");
    refused(&stream(&[]), Code::Corrupt, "end is missing");
    refused(&stream(&[0; 700]), Code::Corrupt, "too early");
    refused(&stream(&[0; 1_025]), Code::Corrupt, "too early");
    refused(&stream(&vec![0; 2 << 20]), Code::Ambiguous, "behind the archive's end");
    refused(
        &stream(&[&[0; 512], file().as_slice(), &[0; 1_024]].concat()),
        Code::Ambiguous,
        "behind the archive's end",
    );
    refused(
        &stream(&[&[0; 1_024], file().as_slice(), &[0; 1_024]].concat()),
        Code::Ambiguous,
        "behind the archive's end",
    );
}

#[test]
fn one_member_and_its_digest() {
    let ours = pack(&TarGzPackager, &files());
    let (first, second) = ours.split_at(ours.len() - 92);
    let behind = |tail: &[u8]| [first, tail].concat();
    assert_eq!(read(&behind(second)).unwrap().container, Container::Right);
    assert_eq!(read(first).unwrap().container, Container::Absent);
    let words = "something else than its digest is behind";
    for tail in [
        b"x".as_slice(),
        &[0; 92],
        &second[..91],
        &gzip(b""),
        first,
        &second.repeat(2),
        &[second, &[0]].concat(),
    ] {
        refused(&behind(tail), Code::Ambiguous, if tail == second.repeat(2) { "" } else { words });
    }
    let other =
        String::from_utf8_lossy(second).replace(&Digest::of(first).to_string(), &Digest::of(b"").to_string());
    assert_eq!(other.matches("sha256:").count(), 1);
    let mut other = second.to_vec();
    other[20] = if other[20] == b'0' { b'1' } else { b'0' };
    refused(&behind(&other), Code::Ambiguous, "not the digest of the first");
    // The tar in two members, which some readers join.
    let tar = [entry(b'0', "a", b"xyz"), vec![0; 1_024]].concat();
    refused(&[gzip(&tar[..1_024]), gzip(&tar[1_024..])].concat(), Code::Ambiguous, words);
}

#[test]
fn gzip_headers() {
    let plain = archive(&[entry(b'0', "a", b"xyz")]);
    let with = |flags: u8, more: &[u8]| [&plain[..3], &[flags], &plain[4..10], more, &plain[10..]].concat();
    assert!(read(&with(1, b"")).is_ok());
    assert!(read(&with(8, b"name.tar\0")).is_ok());
    refused(&with(4, b"\x02\0ab"), Code::Ambiguous, "outside of files");
    refused(&with(16, b"comment\0"), Code::Ambiguous, "outside of files");
    refused(&with(32, b""), Code::Corrupt, "header is unknown");
    refused(&with(8, &[b'x'; 5_000]), Code::Ambiguous, "name in the archive's gzip header");
    refused(&with(2, b"\0\0"), Code::Corrupt, "CRC-16");
    let mut sum = flate2::Crc::new();
    sum.update(&with(2, b"")[..10]);
    assert!(read(&with(2, &(sum.sum() as u16).to_le_bytes())).is_ok());
    for at in plain.len() - 8..plain.len() {
        let mut wrong = plain.clone();
        wrong[at] ^= 1;
        refused(&wrong, Code::Corrupt, "CRC-32 or size");
    }
}

#[test]
fn an_archive_that_is_cut_anywhere_is_refused() {
    let ours = pack(&TarGzPackager, &files());
    for length in 2..ours.len() {
        // Without its digest it is whole.
        let whole = length == ours.len() - 92;
        assert_eq!(read(&ours[..length]).is_ok(), whole, "{length} bytes");
    }
}
