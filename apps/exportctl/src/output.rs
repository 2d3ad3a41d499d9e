//! Results to standard output, everything else to standard error.

use std::io::{ErrorKind, Write as _};
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::Serialize;
use serde_json::json;

use crate::failure::Failure;

/// Whether a result could not be written, and somebody still waits for it.
static LOST: AtomicBool = AtomicBool::new(false);

/// How results are printed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Output {
    /// As JSON.
    pub(crate) json: bool,
    /// Without progress.
    pub(crate) quiet: bool,
}

impl Output {
    /// Prints a result: `value` for machines, `text` for people.
    pub(crate) fn result(self, value: &impl Serialize, text: impl FnOnce() -> String) {
        if self.json {
            print(&serde_json::to_string_pretty(value).expect("results are plain data"));
        } else {
            print(text().trim_end());
        }
    }

    /// Tells something on the way.
    pub(crate) fn note(self, text: impl AsRef<str>) {
        if !self.quiet {
            tell(text.as_ref());
        }
    }

    /// The exit code of a command that did what it was asked to.
    pub(crate) fn succeeded(self) -> ExitCode {
        if LOST.load(Ordering::Relaxed) { ExitCode::FAILURE } else { ExitCode::SUCCESS }
    }

    /// Tells of a failure, and gives the exit code for it.
    pub(crate) fn failed(self, failure: &Failure) -> ExitCode {
        if failure.message.is_empty() {
            return failure.exit_code();
        }
        if self.json {
            let error = json!({ "error": { "code": failure.code, "message": failure.message } });
            print(&format!("{error:#}"));
        }
        match failure.code {
            Some(code) => tell(&format!("exportctl: {} [{code}]", failure.message)),
            None => tell(&format!("exportctl: {}", failure.message)),
        }
        failure.exit_code()
    }
}

/// Writes to standard output. Whoever closed it, as `head` does, wants no more; that is no error.
fn print(text: &str) {
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            LOST.store(true, Ordering::Relaxed);
            tell(&format!("exportctl: standard output cannot be written: {error}"));
        }
        _ => {}
    }
}

/// Writes to standard error. If nobody listens there, there is nobody to tell.
fn tell(text: &str) {
    let _nobody_listens = writeln!(std::io::stderr().lock(), "{text}");
}
