//! The suite of [`Packager`]: one case for each sentence of its documentation, read back by Python's modules.

#![expect(clippy::print_stdout, reason = "one process tells the other what it made")]

mod files;
mod foreign;
mod witness;

use export_core::error::{ErrorKind, PortError};
use export_core::ports::Packager;

pub(crate) use self::files::{File, Noise, files};
pub(crate) use self::foreign::{Entry, read, run};
use self::witness::Room;

/// Makes one test of each case for `packager`.
#[macro_export]
macro_rules! packagers_suite {
    ($packager:expr) => {
        $crate::packagers_suite! { $packager =>
            every_file_comes_out_as_it_went_in
            an_archive_of_nothing_is_one
            the_same_entries_give_the_same_bytes
            the_bytes_are_the_same_on_any_machine
            other_paths_are_invalid_and_change_nothing
            fewer_or_more_bytes_are_invalid_and_end_it
            an_error_of_from_ends_it
            an_error_of_out_ends_it
            what_is_not_finished_is_no_archive
            memory_does_not_grow_with_a_file
        }

        #[test]
        #[ignore = "run by the_bytes_are_the_same_on_any_machine, in a process of its own"]
        fn tell_the_archive() {
            $crate::suite::tell_the_archive(&$packager);
        }

        #[test]
        #[ignore = "run by memory_does_not_grow_with_a_file, in a process of its own"]
        fn pack_a_little() {
            $crate::suite::tell_peak_memory_of(&$packager, 1);
        }

        #[test]
        #[ignore = "run by memory_does_not_grow_with_a_file, in a process of its own"]
        fn pack_a_lot() {
            $crate::suite::tell_peak_memory_of(&$packager, 64);
        }
    };
    ($packager:expr => $($case:ident)*) => {$(
        #[test]
        fn $case() {
            $crate::suite::$case(&$packager);
        }
    )*};
}

/// An archive of `files`.
pub(crate) fn pack(packager: &dyn Packager, files: &[File]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut archive = packager.start(&mut out).unwrap();
    for (path, bytes) in files {
        archive.entry(path, bytes.len() as u64, &mut bytes.as_slice()).unwrap();
    }
    archive.finish().unwrap();
    out
}

pub(crate) fn every_file_comes_out_as_it_went_in(packager: &dyn Packager) {
    let files = files();
    let read = read(packager.format(), &pack(packager, &files)).unwrap();
    let expected: Vec<Entry> = files.iter().map(Entry::of).collect();
    assert_eq!(read, expected);
}

pub(crate) fn an_archive_of_nothing_is_one(packager: &dyn Packager) {
    assert_eq!(read(packager.format(), &pack(packager, &[])).unwrap(), []);
}

pub(crate) fn the_same_entries_give_the_same_bytes(packager: &dyn Packager) {
    assert!(pack(packager, &files()) == pack(packager, &files()));
}

/// Another time zone, locale, user name and time: a process is this test again.
pub(crate) fn the_bytes_are_the_same_on_any_machine(packager: &dyn Packager) {
    let expected = hex(&pack(packager, &files()));
    for (zone, locale, user) in [("UTC", "C", "root"), ("Asia/Kathmandu", "tr_TR.UTF-8", "somebody")] {
        let environment =
            [("TZ", zone), ("LANG", locale), ("LC_ALL", locale), ("USER", user), ("LOGNAME", user)];
        let told = foreign::this_again("tell_the_archive", &environment, "archive: ");
        assert!(told == expected, "another archive in {zone}, {locale}");
    }
}

pub(crate) fn tell_the_archive(packager: &dyn Packager) {
    println!("archive: {}", hex(&pack(packager, &files())));
}

pub(crate) fn other_paths_are_invalid_and_change_nothing(packager: &dyn Packager) {
    let mut out = Vec::new();
    let mut archive = packager.start(&mut out).unwrap();
    archive.entry("a/b", 1, &mut &b"x"[..]).unwrap();
    for path in
        ["", "/a", "a/", "a//c", ".", "..", "../c", "a/../c", "./c", r"a\c", "a\0c", "a/b", "a", "a/b/c"]
    {
        let refused = archive.entry(path, 1, &mut &b"x"[..]).unwrap_err();
        assert_eq!(refused.kind, ErrorKind::Invalid, "{path:?}");
    }
    archive.finish().unwrap();
    assert!(out == pack(packager, &[("a/b".to_owned(), b"x".to_vec())]));
}

pub(crate) fn fewer_or_more_bytes_are_invalid_and_end_it(packager: &dyn Packager) {
    for (told, given) in
        [(1, 0), (0, 1), (10, 9), (9, 10), (200_000, 100_000), (100_000, 200_000), (512, 1_024)]
    {
        let bytes = vec![7; given];
        let failed = |error: &PortError| error.kind == ErrorKind::Invalid && error.message.contains("\"c\"");
        assert_given_up(packager, failed, |archive| archive.entry("c", told, &mut bytes.as_slice()));
    }
}

pub(crate) fn an_error_of_from_ends_it(packager: &dyn Packager) {
    let failed = |error: &PortError| error.kind == ErrorKind::Denied && error.place.as_deref() == Some("c");
    assert_given_up(packager, failed, |archive| archive.entry("c", 100, &mut witness::Denied));
}

/// Asserts that an entry fails, that the archive is then closed for good, and that it is none.
fn assert_given_up(
    packager: &dyn Packager,
    failed: impl Fn(&PortError) -> bool,
    entry: impl FnOnce(&mut dyn export_core::ports::Packing) -> Result<(), PortError>,
) {
    let mut out = Vec::new();
    let mut archive = packager.start(&mut out).unwrap();
    archive.entry("a", 1, &mut &b"x"[..]).unwrap();
    let error = entry(&mut *archive).unwrap_err();
    assert!(failed(&error), "{error:?}");
    assert!(archive.entry("b", 1, &mut &b"x"[..]).is_err(), "it takes another file");
    assert!(archive.finish().is_err(), "it can be finished");
    assert!(read(packager.format(), &out).is_err(), "it looks whole");
}

pub(crate) fn an_error_of_out_ends_it(packager: &dyn Packager) {
    let files = files();
    let whole = pack(packager, &files);
    for room in (0..whole.len()).step_by(whole.len() / 40).chain([whole.len() - 1]) {
        let mut out = Room::for_bytes(room);
        let mut archive = packager.start(&mut out).unwrap();
        let mut add = |(path, bytes): &File| archive.entry(path, bytes.len() as u64, &mut bytes.as_slice());
        let ended = files.iter().try_for_each(&mut add).and_then(|()| archive.finish());
        assert_eq!(ended.map_err(|error| error.kind), Err(ErrorKind::Full), "room for {room} bytes");
        assert!(out.taken == whole[..room], "room for {room} bytes: not what was written before the error");
        assert!(!out.asked_again, "room for {room} bytes: written to behind its error");
    }
}

pub(crate) fn what_is_not_finished_is_no_archive(packager: &dyn Packager) {
    let mut out = Vec::new();
    let mut archive = packager.start(&mut out).unwrap();
    for (path, bytes) in files() {
        archive.entry(&path, bytes.len() as u64, &mut bytes.as_slice()).unwrap();
    }
    drop(archive);
    assert!(read(packager.format(), &out).is_err(), "it looks whole");
}

pub(crate) fn memory_does_not_grow_with_a_file(packager: &dyn Packager) {
    let _ = packager;
    let peak =
        |test| foreign::this_again(test, &[], "VmHWM:").trim_end_matches(" kB").parse::<u64>().unwrap();
    let (little, lot) = (peak("pack_a_little"), peak("pack_a_lot"));
    println!("peak memory: 1 MiB {little} KiB, 64 MiB {lot} KiB");
    assert!(lot * 10 <= little * 12, "{lot} KiB is more than 1.2 times {little} KiB");
}

/// Packs a file that hardly compresses, and tells the peak memory (proc(5), `VmHWM`).
pub(crate) fn tell_peak_memory_of(packager: &dyn Packager, mebibytes: u64) {
    let mut out = std::io::sink();
    let mut archive = packager.start(&mut out).unwrap();
    archive.entry("noise", mebibytes << 20, &mut Noise::of_bytes(mebibytes << 20)).unwrap();
    archive.finish().unwrap();
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    println!("{}", status.lines().find(|line| line.starts_with("VmHWM:")).unwrap());
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
