//! Readers of our files that are not ours.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// What foreign readers find in artifacts, each given with its format: `readers/read.py` says what.
///
/// # Panics
/// If one is refused, or a reader is not installed.
#[must_use]
pub fn read_back(files: &[(&str, &Path)]) -> Vec<Value> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("readers/read.py");
    let mut python = Command::new(python());
    python.arg(script);
    for (format, file) in files {
        python.arg(format).arg(file);
    }
    let run = python.output().expect("python3 starts");
    let complaint = String::from_utf8_lossy(&run.stderr);
    assert!(run.status.success(), "{files:?}: {complaint}(readers are installed by scripts/setup.sh test)");
    serde_json::from_slice(&run.stdout).expect("the reader prints JSON")
}

/// The interpreter that `scripts/setup.sh test` gave the readers to.
fn python() -> PathBuf {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.venv/bin/python3");
    if own.exists() { own } else { PathBuf::from("python3") }
}
