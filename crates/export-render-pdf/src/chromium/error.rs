//! What can go wrong between us and the browser.

use std::io;

/// Why a document was not printed. Each kind is something that a caller handles differently.
#[derive(Debug, thiserror::Error)]
pub enum ChromiumError {
    /// No browser is installed where we look.
    #[error(
        "no Chromium found ({searched}); install the package `chromium-headless-shell`, or configure the browser's path"
    )]
    Missing {
        /// The paths that were tried.
        searched: String,
    },
    /// The browser cannot sandbox itself here, and running without was not allowed.
    #[error(
        "Chromium cannot use its sandbox here; allow unprivileged user namespaces, or explicitly allow printing without a sandbox: {detail}"
    )]
    SandboxUnavailable {
        /// What the browser said.
        detail: String,
    },
    /// The browser did not start.
    #[error("Chromium did not start: {detail}")]
    Launch {
        /// What the system or the browser said.
        detail: String,
    },
    /// The deadline passed.
    #[error("the deadline passed while {during}")]
    Timeout {
        /// What was being waited for.
        during: &'static str,
    },
    /// The browser or its page died.
    #[error("Chromium died while {during}: {detail}")]
    Crashed {
        /// What was being waited for.
        during: &'static str,
        /// The last lines the browser wrote.
        detail: String,
    },
    /// The browser refused a command, or answered in a shape we do not know.
    #[error("Chromium refused {method}: {detail}")]
    Protocol {
        /// The command of the DevTools protocol.
        method: &'static str,
        /// What the browser answered.
        detail: String,
    },
    /// The document tried to become another one: what would be printed is not what was given.
    #[error("the document navigated to {url}")]
    UnexpectedNavigation {
        /// Where to.
        url: String,
    },
    /// The caller asked to stop.
    #[error("cancelled")]
    Cancelled,
    /// The scratch folder or the output failed.
    #[error("{operation}: {source}")]
    Io {
        /// What was attempted.
        operation: &'static str,
        /// The system's error.
        source: io::Error,
    },
}

impl ChromiumError {
    /// For `map_err`: an I/O error with the operation that met it.
    pub(super) fn io(operation: &'static str) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { operation, source }
    }
}
