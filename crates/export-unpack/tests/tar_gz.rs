//! What is refused of a TAR.GZ archive.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

mod suite;

use export_unpack::Code;

use crate::suite::tar::{archive, changed, entry, pax};
use crate::suite::{read, refused};

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
        entry(b'5', ".", b""),
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
    for root in ["", "/", ".//", "././", "./."] {
        refused(&archive(&[entry(b'5', root, b"")]), Code::Unsafe, "the path");
    }
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
    let with_a_folder = archive(&[entry(b'5', "a", b""), entry(b'0', "b", b"")]);
    assert_eq!(read(&with_a_folder).unwrap().files.len(), 1, "a folder says nothing");
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
