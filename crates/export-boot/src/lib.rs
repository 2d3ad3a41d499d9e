//! Configuration, telemetry, clock, keys, start and stop, adapters by URL.
//!
//! The one crate that reads the environment, asks for the time and draws randomness. Programs are put together here
//! from a [`Config`]; everything below gets what it needs as arguments.

mod assembly;
mod branding;
mod child;
mod clock;
pub mod config;
mod demo;
mod entropy;
mod keys;
mod logs;
mod sealing;
mod signals;
mod sources;
mod tokens;
mod writers;

use std::fmt;

pub use self::assembly::{Assembly, assemble, scratch_folder};
pub use self::branding::branding;
pub use self::child::{serve_as_child, template_sandbox};
pub use self::clock::SystemClock;
pub use self::config::{Config, LogFormat, find_config_file};
pub use self::entropy::SystemEntropy;
pub use self::logs::{Recorder, start_logs, start_metrics};
pub use self::sealing::{sealing, signer, timestamp_anchors, timestamper};
pub use self::signals::stop_signal;
pub use self::sources::{library_of_files, open_library_at, open_sources};
pub use self::tokens::DevelopmentTokens;
pub use self::writers::writers;
pub use export_jobs_sqlite::{TrailReport, verify_audit};
pub use export_keys::{FileKeyRing, RingError, public_pem};
pub use export_source_library::{Inspection, inspect};

/// Why a program cannot start: words that name the setting and say what to do.
#[derive(Debug)]
pub struct BootError(String);

impl BootError {
    /// An error in plain words.
    pub fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }
}

impl fmt::Display for BootError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BootError {}

/// Chooses the one TLS provider of the process. Called first in `main`.
pub fn install_tls() {
    // A second call finds one installed already, which is as good.
    let _installed_before = rustls::crypto::ring::default_provider().install_default();
}
