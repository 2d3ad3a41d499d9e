//! Random edits of a large bundle. 100,000 take minutes: `cargo test --release -p export-verify -- --ignored`.

use std::thread;

use export_core::digest::Digest;

use crate::bundle::{Files, PACKAGERS, is_whole, packed, sealed};

/// Numbers that are the same in every run.
struct Draw(u64);

impl Draw {
    /// The next one, below `limit`.
    fn below(&mut self, limit: usize) -> usize {
        // SplitMix64 (Steele, Lea, Flood 2014).
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % limit as u64).unwrap()
    }
}

/// Three hundred files: lines that compress well, and a few that do not.
fn large() -> Files {
    let line = |file: usize, line: usize| {
        let digest = Digest::of(format!("{file}/{line}").as_bytes()).to_string();
        format!("{{\"id\":\"{digest}\",\"severity\":\"high\",\"package\":\"pkg:npm/lodash@4.17.{line}\"}}\n")
    };
    let file = |number: usize| {
        let text: String = (0..number % 40 + 1).map(|it| line(number, it)).collect();
        (format!("scans/{:02}/service-{number:03}.json", number / 50), text.into_bytes())
    };
    sealed(&(0..300).map(file).collect(), 1)
}

/// One edit of any kind; what it was.
fn edit(archive: &mut Vec<u8>, draw: &mut Draw) -> String {
    let size = archive.len();
    let at = draw.below(size);
    let length = draw.below(64.min(size - at)) + 1;
    let kind = draw.below(9);
    match kind {
        0 => archive[at] ^= 1 << draw.below(8),
        1 => archive[at] = archive[at].wrapping_add(u8::try_from(draw.below(255)).unwrap() + 1),
        2 => drop(archive.drain(at..at + length)),
        3 => archive.insert(at, u8::try_from(draw.below(256)).unwrap()),
        4 => archive.truncate(at),
        5 => archive.push(u8::try_from(draw.below(256)).unwrap()),
        6 => archive[at..at + length].iter_mut().for_each(|byte| *byte = !*byte),
        7 => {
            let copy = archive[at..at + length].to_vec();
            let to = draw.below(size);
            archive.splice(to..to, copy);
        }
        _ => {
            let zeros = vec![0; length];
            archive.splice(at..at + length, zeros);
        }
    }
    format!("edit {kind} of {length} at {at} of {size}")
}

fn all_are_found(edits: u64) {
    let files = large();
    thread::scope(|scope| {
        for (seed, (name, packager)) in (1..).zip(PACKAGERS) {
            let files = &files;
            scope.spawn(move || {
                let good = packed(files, packager);
                let folder = tempfile::tempdir().unwrap();
                let path = folder.path().join(name);
                assert!(is_whole(&good, &path));
                let mut draw = Draw(seed);
                for number in 0..edits {
                    let mut bad = good.clone();
                    let what = edit(&mut bad, &mut draw);
                    if bad == good {
                        continue; // zeros over zeros
                    }
                    // Without the member that says the container's digest it is another archive of the same files.
                    let only_digest_gone =
                        name == "tar.gz" && bad.len() + 92 == good.len() && good.starts_with(&bad);
                    assert!(only_digest_gone || !is_whole(&bad, &path), "{name}, number {number}: {what}");
                }
            });
        }
    });
}

#[test]
fn two_thousand_random_edits() {
    all_are_found(1_000);
}

#[test]
#[ignore = "minutes, in release: the full number"]
fn a_hundred_thousand_random_edits() {
    all_are_found(50_000);
}
