//! Results to standard output, everything else to standard error.

use std::process::ExitCode;

use serde::Serialize;
use serde_json::json;

use crate::failure::Failure;

/// How results are printed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Output {
    /// As JSON.
    pub(crate) json: bool,
    /// Without progress.
    pub(crate) quiet: bool,
}

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "this is the one place that prints")]
impl Output {
    /// Prints a result: `value` for machines, `text` for people.
    pub(crate) fn result(self, value: &impl Serialize, text: impl FnOnce() -> String) {
        if self.json {
            let json = serde_json::to_string_pretty(value).expect("results are plain data");
            println!("{json}");
        } else {
            println!("{}", text().trim_end());
        }
    }

    /// Tells something on the way.
    pub(crate) fn note(self, text: impl AsRef<str>) {
        if !self.quiet {
            eprintln!("{}", text.as_ref());
        }
    }

    /// Tells of a failure, and gives the exit code for it.
    pub(crate) fn failed(self, failure: &Failure) -> ExitCode {
        if failure.message.is_empty() {
            return failure.exit_code();
        }
        if self.json {
            let error = json!({ "error": { "code": failure.code, "message": failure.message } });
            println!("{error:#}");
        }
        match failure.code {
            Some(code) => eprintln!("exportctl: {} [{code}]", failure.message),
            None => eprintln!("exportctl: {}", failure.message),
        }
        failure.exit_code()
    }
}
