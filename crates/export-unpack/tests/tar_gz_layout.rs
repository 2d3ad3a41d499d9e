//! How a TAR.GZ archive is put together, and what is refused of that.

mod suite;

use export_pack::TarGzPackager;
use export_unpack::{Code, Container};

use crate::suite::tar::{archive, entry, gzip};
use crate::suite::{files, pack, read, refused};

fn ambiguous(entries: &[Vec<u8>], words: &str) {
    refused(&archive(entries), Code::Ambiguous, words);
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
        refused(&behind(tail), Code::Ambiguous, words);
    }
    let mut other = second.to_vec();
    other[20] = if other[20] == b'0' { b'1' } else { b'0' };
    refused(&behind(&other), Code::Corrupt, "not the digest of the first");
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
