//! The one JSON shape of an event towards the outside.

use std::collections::BTreeMap;
use std::io::Write;

use serde::Serialize;

use super::{AuditAction, AuditEvent};
use crate::digest::{Digest, DigestWriter};
use crate::text::Text;
use crate::time::Timestamp;

/// An event as the API, the exports and the digest of a trail write it: one flat object, its members in this order.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct FlatEvent<'e> {
    /// Its place in the tenant's trail.
    pub seq: u64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: &'e str,
    /// What was done.
    pub action: AuditAction,
    /// With what.
    pub target: &'e str,
    /// What else is worth knowing, sorted by name.
    pub detail: &'e BTreeMap<Text<'e>, Text<'e>>,
    /// Its hash in the tenant's chain.
    pub hash: Digest,
}

impl<'e> From<&'e AuditEvent<'e>> for FlatEvent<'e> {
    fn from(event: &'e AuditEvent<'e>) -> Self {
        let entry = &event.entry;
        Self {
            seq: event.seq,
            at: event.at,
            actor: &entry.actor,
            action: entry.action,
            target: &entry.target,
            detail: &entry.detail,
            hash: event.hash,
        }
    }
}

/// SHA-256 over events, each one line of JSON in the shape of [`FlatEvent`] with a line feed behind it.
pub struct TrailDigest(DigestWriter<std::io::Sink>);

impl Default for TrailDigest {
    fn default() -> Self {
        Self(DigestWriter::new(std::io::sink()))
    }
}

impl TrailDigest {
    /// Takes the next event.
    pub fn add(&mut self, event: &AuditEvent<'_>) {
        let mut line =
            serde_json::to_vec(&FlatEvent::from(event)).expect("an event holds only text and numbers");
        line.push(b'\n');
        self.0.write_all(&line).expect("a sink takes everything");
    }

    /// The digest of all that were taken.
    #[must_use]
    pub fn finish(self) -> Digest {
        self.0.finish().expect("a sink takes everything").2
    }
}
