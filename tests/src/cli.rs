//! Runs of `exportctl`.

use std::ffi::OsStr;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

use crate::binary;

thread_local! {
    /// The data folder of runs that name none, removed with the thread of the test; a static would stay behind.
    static DATA: TempDir = tempfile::tempdir().expect("a folder can be made");
}

/// What a run of a program gave.
#[derive(Debug)]
pub struct Run {
    /// The exit code.
    pub code: i32,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Run {
    /// Standard output as JSON.
    ///
    /// # Panics
    /// If it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// Runs `exportctl` to its end.
pub fn exportctl<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Run {
    exportctl_with(&[], arguments)
}

/// Runs `exportctl` to its end, with more variables in its environment. A test that names no data folder has one of its own.
///
/// # Panics
/// If it cannot be started.
pub fn exportctl_with<S: AsRef<OsStr>>(
    variables: &[(&str, &str)],
    arguments: impl IntoIterator<Item = S>,
) -> Run {
    let mut command = Command::new(binary("exportctl"));
    command
        .args(arguments)
        .env_remove("EXPORT_URL")
        .env_remove("EXPORT_TOKEN")
        .env("EXPORT_DATA_DIR", DATA.with(|data| data.path().to_owned()))
        .envs(variables.iter().copied());
    let output = command.output().expect("exportctl starts");
    Run {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}
