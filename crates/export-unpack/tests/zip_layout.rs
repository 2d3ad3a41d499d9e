//! How a ZIP archive is put together, and what is refused of that.

mod suite;

use export_pack::ZipPackager;
use export_unpack::Code;

use crate::suite::zip::{Part, archive, body, deflated, end, stored};
use crate::suite::{files, pack, read, refused};

fn ambiguous(part: Part, words: &str) {
    let named = refused(&archive(&[stored("before", b"1"), part]), Code::Ambiguous, words);
    assert!(named.is_some(), "{words}: the entry is not named");
}

#[test]
fn data_before_between_and_behind() {
    for archive in [archive(&[stored("a", b"x"), deflated("b", b"y")]), pack(&ZipPackager, &files())] {
        refused(&[b"#!/bin/sh\n".as_slice(), &archive].concat(), Code::Ambiguous, "");
        refused(&[b"PK\x03\x04".as_slice(), &archive].concat(), Code::Ambiguous, "");
        for behind in [b"x".as_slice(), b"sha256:", &[0; 71], &[0; 1_000]] {
            refused(&[&archive, behind].concat(), Code::Ambiguous, "behind the archive's end");
        }
        refused(&archive.repeat(2), Code::Ambiguous, "");
    }
    // Offsets that know of what was put before.
    let part = |start| stored("a", b"x").with(|it| it.start = Some(start));
    let (out, directory) = body(&[part(10)]);
    let end = end(1, directory.len() as u32, 10 + out.len() as u32);
    refused(&[&[b'#'; 10], out.as_slice(), &directory, &end].concat(), Code::Ambiguous, "does not begin");
    // Between entries, between the last and the directory, and behind the directory.
    ambiguous(stored("a", b"x").with(|it| it.behind = vec![0]), "behind its data");
    let (out, directory) = body(&[stored("a", b"x")]);
    for (gap, behind) in [(1, 0), (0, 1)] {
        let end = suite::zip::end(1, directory.len() as u32, out.len() as u32 + gap);
        let gap = vec![0; gap as usize];
        let archive = [out.as_slice(), &gap, &directory, &vec![0; behind], &end].concat();
        refused(&archive, Code::Ambiguous, "");
    }
}

#[test]
fn entries_that_share_bytes() {
    let shared = archive(&[stored("a", b"x"), stored("a", b"x").with(|it| it.start = Some(0))]);
    refused(&shared, Code::Ambiguous, "upon another entry");
    let inside = archive(&[stored("a", &[b'x'; 100]), stored("b", b"x").with(|it| it.start = Some(50))]);
    refused(&inside, Code::Ambiguous, "");
    let outside = archive(&[stored("a", b"x"), stored("b", b"x").with(|it| it.start = Some(1 << 20))]);
    refused(&outside, Code::Ambiguous, "outside of the archive");
    // An entry that the directory does not have.
    let (out, directory) = body(&[stored("a", b"x"), stored("hidden", b"y"), stored("c", b"z")]);
    let entry = |at: usize| &directory[at..];
    let [first, hidden] = [47, 47 + 52];
    let directory = [&directory[..first], entry(hidden)].concat();
    let end = end(2, directory.len() as u32, out.len() as u32);
    refused(&[out, directory, end].concat(), Code::Ambiguous, "behind its data");
}

#[test]
fn the_directory_may_have_another_order() {
    let (out, directory) = body(&[stored("a", b"x"), stored("b", b"y")]);
    let (first, second) = directory.split_at(47);
    let end = end(2, directory.len() as u32, out.len() as u32);
    let observed = read(&[&out, second, first, &end].concat()).unwrap();
    assert!(observed.files.iter().map(|it| it.path.as_str()).eq(["a", "b"]));
}

#[test]
fn ends_that_lie() {
    let (out, directory) = body(&[stored("a", b"x")]);
    let with = |end: Vec<u8>| [out.as_slice(), &directory, &end].concat();
    let (size, start) = (directory.len() as u32, out.len() as u32);
    assert!(read(&with(end(1, size, start))).is_ok());
    for wrong in [end(2, size, start), end(0, size, start), end(1, size - 1, start), end(1, size, start - 1)]
    {
        refused(&with(wrong), Code::Ambiguous, "");
    }
    for at in 4..10 {
        let mut end = end(1, size, start);
        end[at] ^= 1;
        refused(&with(end), Code::Ambiguous, "");
    }
    let comment = |comment: &[u8]| {
        let mut end = end(1, size, start);
        end.splice(20.., (comment.len() as u16).to_le_bytes());
        with([&end, comment].concat())
    };
    let words = "something else than its digest";
    refused(&comment(b"hello"), Code::Ambiguous, words);
    refused(&comment(&[b'0'; 71]), Code::Ambiguous, "not its digest");
    let zeros = format!("sha256:{}", "0".repeat(64));
    refused(&comment(zeros.as_bytes()), Code::Corrupt, "not the digest of the archive");
}

/// The end of ZIP64, of which the fields are given.
fn large_end(entries: u64, size: u64, start: u64, at: u64) -> Vec<u8> {
    let numbers = [entries, entries, size, start].map(u64::to_le_bytes).concat();
    let record =
        [b"PK\x06\x06".as_slice(), &44_u64.to_le_bytes(), &[45, 3, 45, 0], &[0; 8], &numbers].concat();
    [record.as_slice(), b"PK\x06\x07\0\0\0\0", &at.to_le_bytes(), &[1, 0, 0, 0]].concat()
}

#[test]
fn long_ends() {
    let (out, directory) = body(&[stored("a", b"x")]);
    let (size, start) = (directory.len() as u64, out.len() as u64);
    let with = |large: Vec<u8>, end: Vec<u8>| [out.as_slice(), &directory, &large, &end].concat();
    let right = || large_end(1, size, start, start + size);
    let ones = || end(u16::MAX, u32::MAX, u32::MAX);
    assert!(read(&with(right(), ones())).is_ok());
    assert!(read(&with(right(), end(1, size as u32, start as u32))).is_ok());
    refused(
        &with(right(), end(2, size as u32, start as u32)),
        Code::Ambiguous,
        "ends of the archive disagree",
    );
    for at in 0..right().len() {
        let mut large = right();
        large[at] ^= 1;
        let version = (12..16).contains(&at);
        assert_eq!(read(&with(large, ones())).is_ok(), version, "byte {at}");
    }
}

#[test]
fn an_archive_that_is_cut_anywhere_is_refused() {
    let small = archive(&[stored("a", b"x"), deflated("b", &[b'y'; 300])]);
    for archive in [small, pack(&ZipPackager, &files())] {
        assert!(read(&archive).is_ok());
        for length in 0..archive.len() {
            assert!(read(&archive[..length]).is_err(), "{length} bytes");
        }
    }
}

#[test]
fn the_first_refusal_is_told_every_time() {
    let parts: Vec<Part> = (0..200)
        .map(|number| deflated(&format!("n/{number:03}"), &vec![number as u8; 50_000]))
        .map(|part| if part.data[0] % 2 == 1 { part } else { part.with(|it| it.crc = [0; 2]) })
        .enumerate()
        .map(|(at, part)| if at == 17 || at > 30 { part.with(|it| it.crc = [1; 2]) } else { part })
        .collect();
    let first = parts.iter().position(|part| part.crc[0] < 2).unwrap();
    let archive = archive(&parts);
    for _ in 0..20 {
        assert_eq!(refused(&archive, Code::Corrupt, "CRC-32"), Some(format!("n/{first:03}")));
    }
}
