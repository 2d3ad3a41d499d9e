//! Where data comes from.

use serde::{Deserialize, Serialize};

use super::services::ServicesConfig;

/// Where data comes from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourcesConfig {
    /// A folder or bucket of what tools wrote.
    #[serde(default)]
    pub library: LibraryConfig,
    /// The platform's own services.
    #[serde(default)]
    pub services: ServicesConfig,
}

/// A folder or bucket of what tools wrote.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LibraryConfig {
    /// `file:///PATH` or `s3://BUCKET/PREFIX`, with `{tenant}` where tenants have folders of their own; the demo library
    /// if absent.
    pub url: Option<String>,
}
