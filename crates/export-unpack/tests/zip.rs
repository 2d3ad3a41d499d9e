//! What is refused of the entries of a ZIP archive.

mod suite;

use export_unpack::Code;

use crate::suite::zip::{Part, archive, deflate, deflated, extra, stored};
use crate::suite::{assert_holds, read, refused};

fn ambiguous(part: Part, words: &str) {
    let named = refused(&archive(&[stored("before", b"1"), part]), Code::Ambiguous, words);
    assert!(named.is_some(), "{words}: the entry is not named");
}

#[test]
fn archives_built_here_are_right_unless_something_is_changed() {
    let parts = [
        stored("a", b"1"),
        deflated("b/c", &[7; 100_000]),
        stored("b/", b"").with(|it| it.attributes = 0x41ed_0010),
        stored("empty", b"").with(|it| it.attributes = 0x81a4_0000),
        deflated("d", b"").streamed(true, false),
        deflated("e", b"xyz").streamed(false, false),
        deflated("f", b"xyz").streamed(true, true),
        deflated("g", b"xyz").streamed(false, true),
        stored("h", b"").streamed(true, false),
    ];
    let observed = read(&archive(&parts)).unwrap();
    let paths: Vec<_> = observed.files.iter().map(|it| it.path.as_str()).collect();
    assert_eq!(paths, ["a", "b/c", "empty", "d", "e", "f", "g", "h"]);
    assert_eq!(observed.bytes, 100_010);
}

#[test]
fn unsafe_paths() {
    let long = "x".repeat(5_000);
    for path in [
        "/etc/passwd",
        "../../x",
        "a/../b",
        "..",
        "./a",
        "a//b",
        "C:/x",
        r"a\b",
        "a\nb",
        "\u{7f}",
        "",
        "/",
        "a/./",
        &long,
    ] {
        for part in [stored(path, b"x"), deflated(path, b"x")] {
            refused(&archive(&[stored("before", b"1"), part]), Code::Unsafe, "the path");
        }
    }
}

#[test]
fn links_and_devices() {
    const KINDS: [u32; 5] = [0o120_777, 0o010_644, 0o020_644, 0o060_644, 0o140_644];
    for attributes in KINDS.map(|mode| mode << 16).into_iter().chain([0x400, 0x08, 0x40]) {
        let part = stored("link", b"target").with(|it| it.attributes = attributes);
        let through = stored("link/through", b"x");
        let named = refused(&archive(&[part, through]), Code::Unsafe, "a link or a device");
        assert_eq!(named.as_deref(), Some("link"));
    }
}

#[test]
fn files_twice_and_files_that_are_folders() {
    let twice = |a: &str, b: &str| archive(&[stored(a, b"1"), stored("between", b"2"), stored(b, b"3")]);
    refused(&twice("a", "a"), Code::Ambiguous, "twice");
    refused(&twice("a", "a/b"), Code::Ambiguous, "path of a folder");
    refused(&twice("a/b", "a"), Code::Ambiguous, "path of a folder");
    let folder = |name: &str| stored(name, b"").with(|it| it.attributes = 0x10);
    refused(&archive(&[folder("a/"), folder("a/"), stored("a/b", b"")]), Code::Ambiguous, "twice");
    refused(&archive(&[stored("a", b""), folder("a/")]), Code::Ambiguous, "twice");
    let with_a_folder = archive(&[folder("a/"), stored("b", b"")]);
    assert_eq!(read(&with_a_folder).unwrap().files.len(), 1, "a folder says nothing");
}

#[test]
fn files_that_are_folders_to_some() {
    ambiguous(stored("a", b"").with(|it| it.attributes = 0x10), "folder to others");
    ambiguous(stored("a", b"").with(|it| it.attributes = 0o040_755 << 16), "folder to others");
    ambiguous(stored("a/", b"").with(|it| it.attributes = 0o100_644 << 16), "folder to others");
    ambiguous(stored("a/", b"x"), "folder has bytes");
}

#[test]
fn headers_that_disagree() {
    let one = || deflated("a", b"some bytes, some bytes");
    for at in [0, 1] {
        ambiguous(one().with(|it| it.name[at] = b"b".to_vec()), "path");
        ambiguous(one().with(|it| it.name[at] = b"aa".to_vec()), "path");
        ambiguous(one().with(|it| it.flags[at] = 1 << 11), "flags");
        ambiguous(one().with(|it| it.flags[at] = 2), "flags");
        ambiguous(one().with(|it| it.size[at] += 1), "sizes");
        ambiguous(one().with(|it| it.crc[at] += 1), "CRC-32");
    }
    ambiguous(one().with(|it| it.method[0] = 0), "method");
    ambiguous(one().with(|it| it.packed[0] += 1), "sizes");
    ambiguous(one().with(|it| it.packed[1] -= 1), "sizes");
    let cut = one().with(|it| it.packed = [it.packed[0] - 1; 2]);
    refused(&archive(&[cut]), Code::Corrupt, "too early");
    ambiguous(one().with(|it| it.packed = [0xffff_0000; 2]), "does not fit");
}

#[test]
fn descriptors_that_disagree() {
    for (signed, long) in [(true, false), (false, false), (true, true), (false, true)] {
        let one = deflated("a", b"some bytes, some bytes").streamed(signed, long);
        for at in 0..one.behind.len() {
            ambiguous(one.clone().with(|it| it.behind[at] ^= 1), "disagree");
        }
        ambiguous(one.clone().with(|it| it.behind.push(0)), "behind its data");
        ambiguous(one.clone().with(|it| it.behind.clear()), "behind its data");
        ambiguous(one.clone().with(|it| it.size[0] = 7), "sizes");
        ambiguous(one.with(|it| it.crc[0] = 7), "CRC-32");
    }
    ambiguous(stored("a", b"data").streamed(true, false), "nothing before its data");
}

#[test]
fn data_that_are_not_what_the_headers_tell() {
    let wrong = |part: Part, code, words: &str| {
        assert_eq!(refused(&archive(&[part]), code, words).as_deref(), Some("a"));
    };
    let one = || deflated("a", &[1; 1_000]);
    wrong(one().with(|it| it.crc = [1; 2]), Code::Corrupt, "CRC-32");
    wrong(one().with(|it| it.size = [999; 2]), Code::Corrupt, "more bytes");
    wrong(one().with(|it| it.size = [0; 2]), Code::Corrupt, "more bytes");
    wrong(one().with(|it| it.size = [1_001; 2]), Code::Corrupt, "fewer bytes");
    wrong(stored("a", b"xyz").with(|it| it.data[1] = b'Y'), Code::Corrupt, "CRC-32");
    // A whole stream with something behind it, that the sizes count.
    let hidden = one().with(|it| {
        it.data.extend_from_slice(b"hidden");
        it.packed = [it.packed[0] + 6; 2];
    });
    wrong(hidden, Code::Ambiguous, "behind its compressed data");
    let cut = one().with(|it| {
        it.data.pop();
        it.packed = [it.packed[0] - 1; 2];
    });
    wrong(cut, Code::Corrupt, "too early");
    let garbage = one().with(|it| it.data[0] = 0xff);
    wrong(garbage, Code::Corrupt, "damaged");
    wrong(stored("a", b"xyz").with(|it| it.size = [4; 2]), Code::Ambiguous, "two sizes");
}

#[test]
fn what_not_all_can_read() {
    for method in [1, 9, 12, 14, 93, 95, 99] {
        ambiguous(stored("a", b"x").with(|it| it.method = [method; 2]), "compression method");
    }
    for flag in [0, 4, 5, 6, 13, 15] {
        ambiguous(stored("a", b"x").with(|it| it.flags = [1 << flag; 2]), "encrypted");
    }
    ambiguous(stored("a", b"x").with(|it| it.comment = b"c".to_vec()), "comment");
    ambiguous(stored("a", b"x").with(|it| it.disk = 1), "another part");
}

#[test]
fn extra_fields() {
    let unicode = extra(0x7075, b"\x01\0\0\0\0other");
    for bytes in
        [unicode, extra(0x9901, b"1234567"), extra(0x6375, b"c"), extra(0xcafe, b""), extra(0x5455, &[0; 40])]
    {
        for at in [0, 1] {
            ambiguous(
                stored("a", b"x").with(|it| it.extra[at].clone_from(&bytes)),
                "could change what a reader sees",
            );
        }
    }
    let twice = extra(0x5455, b"\0").repeat(2);
    ambiguous(stored("a", b"x").with(|it| it.extra[1] = twice), "twice");
    let harmless = [extra(0x5455, &[3; 9]), extra(0x7875, &[1; 11]), extra(0x000a, &[0; 32])].concat();
    let one = stored("a", b"x").with(|it| it.extra = [harmless.clone(), harmless]);
    assert!(read(&archive(&[one])).is_ok());
    for cut in [&b"UT"[..], b"UT\x05", b"UT\x05\0x"] {
        let part = stored("a", b"x").with(|it| it.extra[1] = cut.to_vec());
        refused(&archive(&[part]), Code::Corrupt, "");
    }
}

#[test]
fn long_sizes() {
    let both = |size: u64| extra(1, &[size.to_le_bytes(), size.to_le_bytes()].concat());
    let long = || stored("a", b"x").with(|it| (it.packed, it.size) = ([u32::MAX; 2], [u32::MAX; 2]));
    let right = long().with(|it| it.extra = [both(1), both(1)]);
    assert_eq!(read(&archive(&[right])).unwrap().bytes, 1);
    // In the local header alone, as those do who do not know in advance.
    let local = stored("a", b"x").with(|it| {
        (it.packed[0], it.size[0]) = (u32::MAX, u32::MAX);
        it.extra[0] = both(1);
    });
    assert!(read(&archive(std::slice::from_ref(&local))).is_ok());
    ambiguous(local.with(|it| it.extra[0] = both(2)), "sizes");
    ambiguous(long().with(|it| it.extra = [both(2), both(1)]), "sizes");
    ambiguous(stored("a", b"x").with(|it| it.extra = [both(2), vec![]]), "sizes");
    ambiguous(stored("a", b"x").with(|it| it.extra = [both(1), both(1)]), "more than is needed");
    let cut = long().with(|it| it.extra = [extra(1, &[0; 12]), extra(1, &[0; 12])]);
    refused(&archive(&[cut]), Code::Corrupt, "too short");
}

#[test]
fn names_of_an_alphabet() {
    let name = || stored("\u{fc}", b"x");
    // Made on Unix, or told to be UTF-8.
    assert!(read(&archive(&[name()])).is_ok());
    let told = name().with(|it| it.flags = [1 << 11; 2]);
    assert_eq!(read(&archive(&[told])).unwrap().files[0].path, "\u{fc}");
    let mut dos = archive(&[name()]);
    let made_by = dos.windows(4).position(|it| it == b"PK\x01\x02").unwrap() + 5;
    dos[made_by] = 0;
    refused(&dos, Code::Ambiguous, "alphabet");
    let latin = || b"\xfc".to_vec();
    let part = stored("x", b"x").with(|it| it.name = [latin(), latin()]);
    refused(&archive(&[part]), Code::Ambiguous, "UTF-8");
}

#[test]
fn deflate_without_bytes_is_a_file() {
    let part = stored("a", b"").with(|it| {
        it.data = deflate(b"");
        it.method = [8; 2];
        it.packed = [it.data.len() as u32; 2];
    });
    assert_holds(&read(&archive(&[part])).unwrap(), &[("a".to_owned(), vec![])]);
}
