//! Every bit of a small bundle, as an archive and as a folder.

use std::fs;
use std::thread;

use crate::bundle::{Files, PACKAGERS, is_whole, packed, report, sealed};
use export_seal::verify::Verdict;

fn small() -> Files {
    let files = [("report.json", "{}"), ("scans/a.json", r#"{"findings":[]}"#)];
    sealed(&files.map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec())).into(), 1)
}

#[test]
fn every_bit_of_an_archive() {
    let files = small();
    for (name, packager) in PACKAGERS {
        let archive = packed(&files, packager);
        let folder = tempfile::tempdir().unwrap();
        assert!(is_whole(&archive, &folder.path().join("good")), "{name}");
        let halves = [0..archive.len() / 2, archive.len() / 2..archive.len()];
        thread::scope(|scope| {
            for (half, bytes) in halves.into_iter().enumerate() {
                let (path, archive) = (folder.path().join(half.to_string()), &archive);
                scope.spawn(move || {
                    for at in bytes {
                        for bit in 0..8 {
                            let mut bad = archive.clone();
                            bad[at] ^= 1 << bit;
                            assert!(!is_whole(&bad, &path), "{name}: byte {at}, bit {bit}");
                        }
                    }
                });
            }
        });
        // What J01 asks for: about 20,000 flips.
        assert!(archive.len() * 8 > 10_000, "{name}: {} bits", archive.len() * 8);
    }
}

#[test]
fn every_bit_of_a_folder() {
    let files = small();
    let folder = tempfile::tempdir().unwrap();
    for (path, bytes) in &files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    assert_eq!(report(folder.path(), 1).verdict, Verdict::Whole);
    for (name, bytes) in &files {
        let path = folder.path().join(name);
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut bad = bytes.clone();
                bad[at] ^= 1 << bit;
                fs::write(&path, &bad).unwrap();
                assert_ne!(report(folder.path(), 1).verdict, Verdict::Whole, "{name}: byte {at}, bit {bit}");
            }
        }
        fs::write(&path, bytes).unwrap();
    }
    assert_eq!(report(folder.path(), 1).verdict, Verdict::Whole);
}
