//! A small client for headless Chromium: give it HTML, get a PDF.
//!
//! Synchronous, with one document at a time per [`Browser`]; [`BrowserPool`] shares browsers between threads.
//! The document is untrusted: it runs no script, reaches no network and no file, and cannot turn into another
//! document. Only `data:` URLs load. Add a `Content-Security-Policy` to the HTML as one more layer.

mod dates;
mod error;
mod frames;
mod launch;
mod page;
mod pipe;
mod pool;
mod process;
mod watch;

use std::io::Write;
use std::path::PathBuf;
use std::time::Duration;

use serde_json::json;

pub use dates::PdfDates;
pub use error::ChromiumError;
pub use page::{Margins, PrintJob, Printed};
pub use pool::{BrowserPool, Place, PoolConfig};
pub use watch::Watch;

use page::Page;
use pipe::Pipe;
use process::Process;

/// How long a browser may take until it answers. A cold start on a slow disk takes seconds.
const START_LIMIT: Duration = Duration::from_secs(20);

/// Where the browser is, and what it may do.
#[derive(Debug, Clone)]
pub struct BrowserConfig {
    /// The browser's executable; `None` looks where distributions install it.
    pub executable: Option<PathBuf>,
    /// `unshare` of util-linux, which takes the network away.
    pub unshare: PathBuf,
    /// An existing folder for the browser's profile and temporary files: a PDF being printed is spooled here.
    /// When we run as root, the user `nobody` must be able to enter every folder above.
    pub scratch: PathBuf,
    /// Whether to print even where the browser cannot sandbox itself. Only for documents of our own.
    pub allow_unsandboxed: bool,
}

impl BrowserConfig {
    /// The safe defaults with the given scratch folder.
    pub fn new(scratch: impl Into<PathBuf>) -> Self {
        Self {
            executable: None,
            unshare: PathBuf::from(export_confine::UNSHARE),
            scratch: scratch.into(),
            allow_unsandboxed: false,
        }
    }
}

/// How well a browser is locked in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Isolation {
    /// Chromium's sandbox, inside a network namespace with no interface that is up.
    SandboxWithoutNetwork,
    /// Chromium's sandbox; only flags and interception keep it from the network.
    Sandbox,
    /// Only flags and interception.
    None,
}

/// One running browser. Dropping it kills its process group and removes its files.
#[derive(Debug)]
pub struct Browser {
    pipe: Pipe,
    process: Process,
    isolation: Isolation,
    version: String,
    healthy: bool,
}

impl Browser {
    /// Starts a browser, as safely as this machine allows and the configuration demands.
    pub fn launch(config: &BrowserConfig, watch: &Watch<'_>) -> Result<Self, ChromiumError> {
        let executable = launch::find(config.executable.as_deref())?;
        let mut refused = None;
        for isolation in launch::levels(config) {
            match Self::start(launch::start(&executable, config, isolation)?, isolation, watch) {
                Err(error @ ChromiumError::SandboxUnavailable { .. }) => refused = Some(error),
                other => return other,
            }
        }
        Err(refused.expect("there is always a level that has a sandbox"))
    }

    /// Prints one document to `out`, which may have received a part of it when this fails.
    /// After any error the browser is not healthy: it cannot be used again.
    pub fn print(&mut self, job: &PrintJob<'_>, out: &mut dyn Write) -> Result<Printed, ChromiumError> {
        if !self.is_healthy() {
            let detail = "it ended before this document".to_owned();
            return Err(self.autopsy(ChromiumError::Crashed { during: "waiting for a document", detail }));
        }
        let printed = page::print(&mut self.pipe, job, out);
        self.healthy = printed.is_ok();
        printed.map_err(|error| self.autopsy(error))
    }

    /// Whether another document can be printed.
    pub fn is_healthy(&mut self) -> bool {
        self.healthy &= self.pipe.drain();
        self.healthy
    }

    /// The browser's version, such as `156.0.8078.79`.
    pub fn version(&self) -> &str {
        &self.version
    }

    /// How well it is locked in.
    pub fn isolation(&self) -> Isolation {
        self.isolation
    }

    /// The id of the browser's process, which is its process group's as well.
    pub fn process_id(&self) -> u32 {
        self.process.id()
    }

    fn start(
        started: launch::Started,
        isolation: Isolation,
        watch: &Watch<'_>,
    ) -> Result<Self, ChromiumError> {
        let pipe = Pipe::new(started.to_browser, started.from_browser);
        let mut browser =
            Self { pipe, process: started.process, isolation, version: String::new(), healthy: true };
        let answer =
            Page::new(&mut browser.pipe, watch.at_most(START_LIMIT)).call("Browser.getVersion", json!({}));
        match answer {
            Ok(answer) => {
                let product = answer["product"].as_str().unwrap_or_default();
                product.rsplit('/').next().unwrap_or_default().clone_into(&mut browser.version);
                Ok(browser)
            }
            Err(ChromiumError::Crashed { .. }) => {
                let detail = browser.process.kill();
                Err(if detail.contains("No usable sandbox") {
                    ChromiumError::SandboxUnavailable { detail }
                } else {
                    ChromiumError::Launch { detail }
                })
            }
            Err(other) => Err(other),
        }
    }

    /// Adds the browser's last words to the news of its death.
    fn autopsy(&mut self, error: ChromiumError) -> ChromiumError {
        match error {
            ChromiumError::Crashed { during, detail } => {
                ChromiumError::Crashed { during, detail: format!("{detail}\n{}", self.process.kill()) }
            }
            other => other,
        }
    }
}
