//! What is taken: our own archives, those of other tools, and folders.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

mod suite;

use std::fs;
use std::ops::ControlFlow;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::Mutex;

use export_core::ports::Packager;
use export_pack::{TarGzPackager, ZipPackager};
use export_unpack::{Code, Container, Limits, observe};

use crate::suite::{File, assert_holds, files, pack, read, read_at, run, tar, write_folder};

const PACKAGERS: [&dyn Packager; 2] = [&ZipPackager, &TarGzPackager];

#[test]
fn our_own_archives_are_read_back() {
    for packager in PACKAGERS {
        let observed = read(&pack(packager, &files())).unwrap();
        assert_eq!(observed.container, Container::Right);
        assert!(observed.files.iter().map(|it| &it.path).eq(files().iter().map(|(path, _)| path)));
        assert_holds(&observed, &files());
        assert_holds(&read(&pack(packager, &[])).unwrap(), &[]);
    }
}

#[test]
fn large_and_many_files_are_read_back() {
    let mut files: Vec<File> = (0..70_000).map(|number| (format!("n/{number}"), vec![b'x'; 3])).collect();
    let noise = |seed: u32| (0..3_000_000_u32).map(move |at| (at.wrapping_mul(seed) >> 13) as u8).collect();
    files.push(("noise".to_owned(), noise(2_654_435_761)));
    files.push(("large".to_owned(), b"0123456789abcdef".repeat(1 << 20)));
    for packager in PACKAGERS {
        assert_holds(&read(&pack(packager, &files)).unwrap(), &files);
    }
}

#[test]
fn without_its_digest_an_archive_is_as_good() {
    let zip = pack(&ZipPackager, &files());
    let mut zip = zip[..zip.len() - 71].to_vec();
    let length = zip.len() - 2;
    zip[length..].fill(0);
    let tar = pack(&TarGzPackager, &files());
    for archive in [zip.as_slice(), &tar[..tar.len() - 92]] {
        let observed = read(archive).unwrap();
        assert_eq!(observed.container, Container::Absent);
        assert_holds(&observed, &files());
    }
}

/// What other tools make of the files; `$1` is the archive.
#[track_caller]
fn foreign(program: &str, arguments: &[&str], archive: &str) {
    let folder = tempfile::tempdir().unwrap();
    let inside = folder.path().join("bundle");
    write_folder(&inside, &files());
    run(&inside, program, arguments);
    let observed = read_at(&folder.path().join(archive)).unwrap();
    assert_eq!(observed.container, Container::Absent);
    assert_holds(&observed, &files());
}

#[test]
fn info_zip() {
    foreign("zip", &["-qr", "../a.zip", "."], "a.zip");
    foreign("zip", &["-qrD0", "../a.zip", "."], "a.zip");
    foreign("sh", &["-c", "zip -qr - . | cat > ../a.zip"], "a.zip");
}

#[test]
fn seven_zip() {
    foreign("7zz", &["a", "-bso0", "-tzip", "../a.zip", "."], "a.zip");
}

#[test]
fn python_zipfile() {
    foreign(
        "python3",
        &["-m", "zipfile", "-c", "../a.zip", "README.txt", "empty", "manifest.json", "scans", "vex"],
        "a.zip",
    );
    foreign("python3", &["-c", "import shutil; shutil.make_archive('../a', 'zip', '.')"], "a.zip");
    let streamed = "
import os, sys, zipfile
class Pipe:
    def __init__(self, file): self.file = file
    def write(self, data): return self.file.write(data)
    def flush(self): self.file.flush()
with open('../a.zip', 'wb') as out, zipfile.ZipFile(Pipe(out), 'w', zipfile.ZIP_DEFLATED) as archive:
    for folder, _, names in os.walk('.'):
        for name in names:
            path = os.path.relpath(os.path.join(folder, name), '.')
            with open(path, 'rb') as data, archive.open(path, 'w', force_zip64=len(name) % 2 == 0) as entry:
                entry.write(data.read())
";
    foreign("python3", &["-c", streamed], "a.zip");
    foreign("python3", &["-c", &streamed.replace("Pipe(out)", "out")], "a.zip");
}

#[test]
fn gnu_tar() {
    for format in ["gnu", "posix"] {
        let format = format!("--format={format}");
        let arguments = ["-czf", "../a.tar.gz", &format, "."];
        foreign("tar", &arguments, "a.tar.gz");
        foreign("sh", &["-c", &format!("tar -czf ../a.tar.gz {format} *")], "a.tar.gz");
    }
    foreign("sh", &["-c", "tar -cf ../a.tar . && gzip ../a.tar"], "a.tar.gz");
}

#[test]
fn what_ustar_can_hold() {
    let short = "tar -czf ../a.tar.gz --format=ustar --exclude=vex . && rm -r vex";
    let folder = tempfile::tempdir().unwrap();
    let inside = folder.path().join("bundle");
    write_folder(&inside, &files());
    run(&inside, "sh", &["-c", short]);
    let expected: Vec<File> = files().into_iter().filter(|(path, _)| !path.starts_with("vex")).collect();
    assert_holds(&read_at(&folder.path().join("a.tar.gz")).unwrap(), &expected);
}

#[test]
fn python_tarfile() {
    foreign("python3", &["-c", "import shutil; shutil.make_archive('../a', 'gztar', '.')"], "a.tar.gz");
    for format in ["GNU", "PAX"] {
        let script = format!(
            "import tarfile\nwith tarfile.open('../a.tar.gz', 'w:gz', format=tarfile.{format}_FORMAT) as it: it.add('.')"
        );
        foreign("python3", &["-c", &script], "a.tar.gz");
    }
}

#[test]
fn an_unpacked_bundle() {
    let folder = tempfile::tempdir().unwrap();
    write_folder(folder.path(), &files());
    let observed = read_at(folder.path()).unwrap();
    assert!(observed.files.is_sorted_by_key(|it| it.path.clone()));
    assert_eq!(observed.container, Container::Absent);
    assert_holds(&observed, &files());
}

#[test]
fn a_folder_has_files_and_folders_alone() {
    let odd = |make: &dyn Fn(&Path)| {
        let folder = tempfile::tempdir().unwrap();
        write_folder(folder.path(), &files());
        make(folder.path());
        let refusal = read_at(folder.path()).unwrap_err();
        (refusal.code, refusal.path.unwrap())
    };
    let link = |root: &Path| symlink("README.txt", root.join("scans/link")).unwrap();
    assert_eq!(odd(&link), (Code::Unsafe, "scans/link".to_owned()));
    let folder = |root: &Path| symlink("scans", root.join("link")).unwrap();
    assert_eq!(odd(&folder), (Code::Unsafe, "link".to_owned()));
    let pipe = |root: &Path| run(root, "mkfifo", &["scans/pipe"]);
    assert_eq!(odd(&pipe), (Code::Unsafe, "scans/pipe".to_owned()));
    let name = |root: &Path| fs::write(root.join("a\nb"), "").unwrap();
    assert_eq!(odd(&name), (Code::Unsafe, "a\nb".to_owned()));
}

#[test]
fn deep_folders_are_no_recursion() {
    let folder = tempfile::tempdir().unwrap();
    write_folder(folder.path(), &[(format!("{}end", "d/".repeat(1_500)), vec![1])]);
    assert_eq!(read_at(folder.path()).unwrap().files.len(), 1);
}

#[test]
fn what_is_no_archive_is_told() {
    for bytes in [b"".as_slice(), b"P", b"%PDF-1.7", &[0; 1024], &[0x1f], b"PK"] {
        assert_eq!(read(bytes).unwrap_err().code, Code::NotAnArchive);
    }
    assert_eq!(read_at(Path::new("/nowhere/at all")).unwrap_err().code, Code::Io);
    assert_eq!(read_at(Path::new("/dev/null")).unwrap_err().code, Code::NotAnArchive);
}

#[test]
fn progress_is_told_and_may_end_it() {
    let folder = tempfile::tempdir().unwrap();
    write_folder(&folder.path().join("bundle"), &files());
    fs::write(folder.path().join("zip"), pack(&ZipPackager, &files())).unwrap();
    fs::write(folder.path().join("tar"), tar::archive(&[tar::entry(b'0', "a", &[1; 100_000])])).unwrap();
    for name in ["bundle", "zip", "tar"] {
        let path = folder.path().join(name);
        let told = Mutex::new(Vec::new());
        let go_on = |bytes| {
            told.lock().unwrap().push(bytes);
            ControlFlow::Continue(())
        };
        observe(&path, &[], &Limits::default(), &go_on).unwrap();
        let most = told.into_inner().unwrap().into_iter().max().unwrap();
        let size = fs::metadata(&path).unwrap().len();
        assert!(name == "bundle" || (most <= size && most + 100 > size), "{name}: {most} of {size}");
        let refusal = observe(&path, &[], &Limits::default(), &|_| ControlFlow::Break(())).unwrap_err();
        assert_eq!(refusal.code, Code::Interrupted, "{name}");
    }
}
