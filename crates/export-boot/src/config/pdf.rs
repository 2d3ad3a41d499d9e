//! How PDF reports are printed.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// How PDF reports are printed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PdfConfig {
    /// The browser; looked for in the usual places if absent.
    pub chromium: Option<PathBuf>,
    /// Print even where the browser cannot be shut into a sandbox.
    #[serde(default)]
    pub allow_unsandboxed: bool,
    /// Rows of records that the designed report holds; reports of more are set by the engine without a browser.
    pub max_rows_chromium: u32,
    /// How long the browser may take for one report; what takes longer is set without it.
    #[serde(with = "humantime_serde")]
    pub print_timeout: Duration,
}

impl Default for PdfConfig {
    fn default() -> Self {
        Self {
            chromium: None,
            allow_unsandboxed: false,
            max_rows_chromium: 5_000,
            print_timeout: Duration::from_secs(120),
        }
    }
}
