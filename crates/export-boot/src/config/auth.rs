//! Who may ask.

use serde::{Deserialize, Serialize};

/// Who may ask.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthConfig {
    /// How tokens are checked.
    pub mode: AuthMode,
}

/// How tokens are checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AuthMode {
    /// Tokens that this installation signs itself.
    Development,
}
