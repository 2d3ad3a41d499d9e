//! J18: many entries, in memory that does not grow with their bytes.

use std::fs;

use crate::bundle::{PACKAGERS, packed, report, sealed};
use export_seal::verify::Verdict;

#[test]
fn twenty_thousand_entries() {
    let files = (0..20_000)
        .map(|it| (format!("scans/{:03}/{it:06}.json", it / 1_000), format!("{{\"n\":{it}}}").into_bytes()));
    let bundle = sealed(&files.collect(), 1);
    let folder = tempfile::tempdir().unwrap();
    for (name, packager) in PACKAGERS {
        let path = folder.path().join(name);
        fs::write(&path, packed(&bundle, packager)).unwrap();
        let report = report(&path, 1);
        assert_eq!((report.verdict, report.seal.unwrap().entries), (Verdict::Whole, 20_000), "{name}");
    }
}
