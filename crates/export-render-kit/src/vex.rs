//! What a VEX document says about a finding, as JSON formats of our own show it.

use export_core::finding::{VexAssertion, VexStatus};
use export_core::time::Timestamp;
use serde::Serialize;

/// A [`VexAssertion`] as JSON. What is unknown or empty is left out.
#[derive(Debug, Serialize)]
pub struct VexJson<'r> {
    status: VexStatus,
    #[serde(skip_serializing_if = "Option::is_none")]
    justification: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    impact: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    action: Option<&'r str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    author: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    timestamp: Option<Timestamp>,
    #[serde(skip_serializing_if = "str::is_empty")]
    document: &'r str,
}

impl<'r> VexJson<'r> {
    /// Borrows from the assertion.
    #[must_use]
    pub fn of(it: &'r VexAssertion<'r>) -> Self {
        Self {
            status: it.status,
            justification: it.justification.as_deref(),
            impact: it.impact.as_deref(),
            action: it.action.as_deref(),
            author: &it.author,
            timestamp: it.timestamp,
            document: &it.document,
        }
    }
}
