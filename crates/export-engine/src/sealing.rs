//! What sealing needs: keys, and what is there of a time-stamp authority and a log.

use std::sync::Arc;

use export_core::ports::{AuditLedger, AuditLog, AuditSource, Signer, Timestamper};

/// What an installation seals with.
#[derive(Clone)]
pub struct Sealing {
    /// Holds the keys.
    pub signer: Arc<dyn Signer>,
    /// Says when a signature existed; none if no authority is asked.
    pub timestamps: Option<Timestamps>,
    /// The log that each bundle is added to; none for conversions of files.
    pub log: Option<SealLog>,
}

/// A time-stamp authority.
#[derive(Clone)]
pub struct Timestamps {
    /// The authority.
    pub authority: Arc<dyn Timestamper>,
    /// Whether nothing is sealed without its token; else a warning tells that it is missing.
    pub required: bool,
}

/// Where sealed bundles are noted, and what proves it.
#[derive(Clone)]
pub struct SealLog {
    /// Takes the entry.
    pub audit: Arc<dyn AuditLog>,
    /// Gives the events that are about the export.
    pub trail: Arc<dyn AuditSource>,
    /// Proves the entry.
    pub ledger: Arc<dyn AuditLedger>,
}
