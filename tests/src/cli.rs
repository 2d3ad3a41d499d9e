//! Runs of `exportctl`.

use std::ffi::OsStr;
use std::process::Command;

use serde_json::Value;

use crate::binary;

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

/// Runs `exportctl` to its end, with more variables in its environment.
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
        .envs(variables.iter().copied());
    let output = command.output().expect("exportctl starts");
    Run {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}
