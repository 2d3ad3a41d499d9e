//! What is said of bundles that are not what they should be, and that nothing is written.

use std::fs;
use std::path::Path;
use std::process::Command;

use export_seal::canonical;
use export_seal::jwks::Jwk;
use export_seal::verify::{Report, Verdict};
use export_verify::{Trusted, Verifier};

use crate::bundle::{Files, PACKAGERS, key, packed, report, sealed};

fn files() -> Files {
    ["report.pdf", "scans/a.json", "scans/b.json"]
        .map(|path| (path.to_owned(), path.as_bytes().to_vec()))
        .into()
}

fn code(report: &Report) -> &'static str {
    report.failure.as_ref().map_or("whole", |failure| failure.code.as_str())
}

/// The report on `files`, packed both ways, which must be the same.
fn of(files: &Files) -> Report {
    let folder = tempfile::tempdir().unwrap();
    let [zip, tar_gz] = PACKAGERS.map(|(name, packager)| {
        let path = folder.path().join(name);
        fs::write(&path, packed(files, packager)).unwrap();
        report(&path, 1)
    });
    assert_eq!(zip, tar_gz);
    zip
}

#[test]
fn both_archives_and_the_folder_say_the_same() {
    let bundle = sealed(&files(), 1);
    let packed = of(&bundle);
    assert_eq!((packed.verdict, packed.files), (Verdict::Whole, 5));
    let folder = tempfile::tempdir().unwrap();
    for (path, bytes) in &bundle {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    assert_eq!(report(folder.path(), 1), packed);
}

#[test]
fn j03_added_removed_renamed() {
    let mut added = sealed(&files(), 1);
    added.insert("scans/c.json".to_owned(), Vec::new());
    assert_eq!(code(&of(&added)), "extra_file");
    let mut removed = sealed(&files(), 1);
    removed.remove("scans/b.json");
    assert_eq!(code(&of(&removed)), "missing_file");
}

#[test]
fn j05_the_key_of_a_bundle_counts_only_by_its_fingerprint() {
    let (_, attacker) = key(66);
    let mut files = files();
    files.insert("public-key.jwk.json".to_owned(), canonical::to_vec(&Jwk::bare(&attacker)));
    let bundle = sealed(&files, 66);
    let report = of(&bundle);
    assert_eq!((code(&report), report.verdict.exit_code()), ("unknown_key", 3));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bundle");
    fs::write(&path, packed(&bundle, PACKAGERS[0].1)).unwrap();
    let by = |id| {
        let trusted = Trusted::Fingerprint(id);
        Verifier::default().verify(&path, &trusted, &|_| std::ops::ControlFlow::Continue(())).unwrap()
    };
    assert_eq!(by(attacker.id()).verdict, Verdict::Whole);
    assert_eq!(code(&by(key(1).1.id())), "unknown_key");
}

/// H11 and H12: made with Python, for our own packers refuse to.
#[test]
fn unsafe_archives_are_refused_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let inside = folder.path().join("inside");
    fs::create_dir(&inside).unwrap();
    let make = "
import io, tarfile, zipfile
def tar(name, *members):
    with tarfile.open(name, 'w:gz', format=tarfile.USTAR_FORMAT) as archive:
        for path, kind, target in members:
            info = tarfile.TarInfo(path); info.type = kind; info.linkname = target; info.size = 0
            archive.addfile(info, io.BytesIO())
for name, path in (('slip', '../../escaped'), ('absolute', '/tmp/escaped'), ('drive', 'c:/escaped'), ('back', 'a\\\\..\\\\escaped')):
    with zipfile.ZipFile(name + '.zip', 'w') as archive: archive.writestr(path, 'x')
    tar(name + '.tar.gz', (path, tarfile.REGTYPE, ''))
with zipfile.ZipFile('link.zip', 'w') as archive:
    info = zipfile.ZipInfo('link'); info.create_system = 3; info.external_attr = 0o120777 << 16
    archive.writestr(info, '/etc/passwd')
tar('link.tar.gz', ('link', tarfile.SYMTYPE, '/etc/passwd'), ('link/x', tarfile.REGTYPE, ''))
tar('hard.tar.gz', ('hard', tarfile.LNKTYPE, '/etc/passwd'))
tar('device.tar.gz', ('device', tarfile.CHRTYPE, ''))
tar('fifo.tar.gz', ('fifo', tarfile.FIFOTYPE, ''))
with zipfile.ZipFile('bomb.zip', 'w', zipfile.ZIP_DEFLATED) as archive:
    archive.writestr('zeros', bytes(300 << 20))
";
    assert!(Command::new("python3").args(["-c", make]).current_dir(&inside).status().unwrap().success());
    let before = listing(folder.path());
    for name in before.iter().filter(|name| name.contains('.')) {
        let report = report(&inside.join(name), 1);
        assert_eq!((code(&report), report.verdict.exit_code()), ("archive_unsafe", 4), "{name}");
        assert!(report.seal.is_none());
    }
    assert!(before.len() > 13);
    assert_eq!(listing(folder.path()), before);
    assert!(!Path::new("/tmp/escaped").exists());
}

fn listing(folder: &Path) -> Vec<String> {
    let names = |folder: &Path| {
        fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect::<Vec<_>>()
    };
    let mut all = names(folder);
    all.extend(names(&folder.join("inside")));
    all.sort();
    all
}

#[test]
fn what_is_no_archive() {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in
        [("empty", &b""[..]), ("text", b"hello"), ("zip", b"PK\x05\x06"), ("gzip", b"\x1f\x8b\x08")]
    {
        let path = folder.path().join(name);
        fs::write(&path, bytes).unwrap();
        let report = report(&path, 1);
        assert_eq!(report.verdict.exit_code(), 1, "{name}");
    }
}
