//! Programs that are not ours.

use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use export_core::catalogue::Format;
use export_core::digest::Digest;
use serde::Deserialize;
use serde_json::Value;

use super::files::File;

const READ: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/suite/read_archive.py");

/// An entry as Python sees it.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Entry {
    path: String,
    size: u64,
    sha256: String,
    /// What only the format has: times, owners, modes.
    pub(crate) about: Value,
}

impl Entry {
    /// The entry that a file must become.
    pub(crate) fn of((path, bytes): &File) -> Self {
        let sha256 = Digest::of(bytes).to_string().trim_start_matches("sha256:").to_owned();
        Self { path: path.clone(), size: bytes.len() as u64, sha256, about: Value::Null }
    }
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        (&self.path, self.size, &self.sha256) == (&other.path, other.size, &other.sha256)
    }
}

/// Reads a whole archive with Python; what Python says if it is none.
pub(crate) fn read(format: Format, archive: &[u8]) -> Result<Vec<Entry>, String> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(archive).unwrap();
    read_file(format, file.path())
}

/// Reads a whole archive with Python; what Python says if it is none.
pub(crate) fn read_file(format: Format, archive: &Path) -> Result<Vec<Entry>, String> {
    run(Command::new("python3").args([READ, format.as_str()]).arg(archive))
        .map(|told| serde_json::from_str(&told).unwrap())
}

/// What a program prints, or what it says if it fails.
pub(crate) fn run(program: &mut Command) -> Result<String, String> {
    let output =
        program.output().unwrap_or_else(|error| panic!("{program:?}: {error}: run scripts/setup.sh test"));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() {
        Ok(text(&output.stdout))
    } else {
        Err(text(&output.stderr) + &text(&output.stdout))
    }
}

/// Runs an ignored test of this program in a process of its own: the rest of the line that begins with `line`.
pub(super) fn this_again(test: &str, environment: &[(&str, &str)], line: &str) -> String {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child.args(["--ignored", "--exact", "--nocapture", test]).envs(environment.iter().copied());
    let told = run(&mut child).unwrap();
    told.lines().find_map(|told| told.strip_prefix(line)).unwrap().trim().to_owned()
}
