//! Whatever is changed, nothing passes unnoticed, and nothing panics.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

mod suite;

use std::fs::{self, File, OpenOptions};
use std::io::{Seek as _, SeekFrom, Write as _};
use std::ops::ControlFlow;
use std::path::Path;

use export_core::ports::Packager;
use export_pack::{TarGzPackager, ZipPackager};
use export_unpack::{Limits, Observed, Refusal, observe};
use proptest::prelude::*;

use crate::suite::{MANIFEST, files, pack, read, tar, zip};

fn read_at(path: &Path) -> Result<Observed, Refusal> {
    observe(path, &[MANIFEST], &Limits::default(), &|_| ControlFlow::Continue(()))
}

fn put(file: &mut File, at: usize, byte: u8) {
    file.seek(SeekFrom::Start(at as u64)).unwrap();
    file.write_all(&[byte]).unwrap();
}

fn every_bit_counts(packager: &dyn Packager) {
    let archive = pack(packager, &files());
    let whole = read(&archive).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("archive");
    fs::write(&path, &archive).unwrap();
    let mut file = OpenOptions::new().write(true).open(&path).unwrap();
    for (at, byte) in archive.iter().enumerate() {
        for bit in 0..8 {
            put(&mut file, at, byte ^ 1 << bit);
            if let Ok(observed) = read_at(&path) {
                assert_ne!(observed.files, whole.files, "bit {bit} of byte {at} does not count");
            }
        }
        put(&mut file, at, *byte);
    }
    assert_eq!(read_at(&path), Ok(whole));
}

#[test]
fn every_bit_of_a_zip_counts() {
    every_bit_counts(&ZipPackager);
}

#[test]
fn every_bit_of_a_tar_gz_counts() {
    every_bit_counts(&TarGzPackager);
}

/// A change of an archive, at a place that is a part of its length.
#[derive(Debug, Clone)]
enum Change {
    Set(u8),
    Remove(usize),
    Insert(Vec<u8>),
    Repeat(usize),
    Cut,
}

fn change() -> impl Strategy<Value = (usize, Change)> {
    let change = prop_oneof![
        6 => any::<u8>().prop_map(Change::Set),
        4 => prop::sample::select(vec![0_u8, 1, 0xff, 0x80, b'P', b'/']).prop_map(Change::Set),
        1 => (1..40_usize).prop_map(Change::Remove),
        1 => prop::collection::vec(any::<u8>(), 1..40).prop_map(Change::Insert),
        1 => (1..200_usize).prop_map(Change::Repeat),
        1 => Just(Change::Cut),
    ];
    (0..100_000_usize, change)
}

fn apply(archive: &mut Vec<u8>, (at, change): (usize, Change)) {
    if archive.is_empty() {
        return;
    }
    let at = at % archive.len();
    let end = |length: usize| (at + length).min(archive.len());
    match change {
        Change::Set(byte) => archive[at] = byte,
        Change::Remove(length) => drop(archive.drain(at..end(length))),
        Change::Insert(bytes) => drop(archive.splice(at..at, bytes)),
        Change::Repeat(length) => {
            let bytes = archive[at..end(length)].to_vec();
            drop(archive.splice(at..at, bytes));
        }
        Change::Cut => archive.truncate(at),
    }
}

/// Good archives; the content of a tar, which is packed after it was changed.
fn good() -> Vec<(Vec<u8>, bool)> {
    let parts = [
        zip::stored("a", b"x"),
        zip::deflated("b/c", &[7; 1_000]).streamed(true, true),
        zip::deflated("b/d", b"some bytes").streamed(false, false),
    ];
    let entries = [
        [tar::pax("path", "b/long"), tar::entry(b'0', "short", b"y")].concat(),
        [tar::entry(b'L', "././@LongLink", b"b/gnu\0"), tar::entry(b'0', "short", b"z")].concat(),
        tar::entry(b'5', "c/", b""),
        tar::entry(b'0', "c/d", &[1; 700]),
        vec![0; 1_024],
    ];
    vec![
        (pack(&ZipPackager, &files()), false),
        (pack(&TarGzPackager, &files()), false),
        (zip::archive(&parts), false),
        (entries.concat(), true),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn nothing_panics(which in 0..4_usize, changes in prop::collection::vec(change(), 1..6)) {
        let (mut archive, packed_after) = good().swap_remove(which);
        for change in changes {
            apply(&mut archive, change);
        }
        let archive = if packed_after { tar::gzip(&archive) } else { archive };
        if let Err(refusal) = read(&archive) {
            prop_assert!(!refusal.to_string().is_empty());
        }
    }

    #[test]
    fn nothing_panics_on_bytes_alone(magic in 0..4_usize, bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let magic = [b"".as_slice(), b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b\x08\0\0\0\0\0\0\xff"][magic];
        prop_assert!(read(&[magic, &bytes].concat()).is_err());
    }
}
