//! How PDF reports are printed.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// How PDF reports are printed.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PdfConfig {
    /// The browser; looked for in the usual places if absent.
    pub chromium: Option<PathBuf>,
    /// Print even where the browser cannot be shut into a sandbox.
    #[serde(default)]
    pub allow_unsandboxed: bool,
}
