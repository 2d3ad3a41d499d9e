//! What guards of AI-written code know of a finding, and what a report of theirs comes to.

mod count;
mod names;
mod summary;

use export_core::finding::{Attribution, CodeGuard, Probability};
use serde::Serialize;

pub(crate) use self::summary::{Summary, SummaryJson};
use crate::subject::maybe_probability;

/// A [`CodeGuard`] as JSON.
#[derive(Serialize)]
pub(crate) struct GuardJson<'r> {
    #[serde(skip_serializing_if = "str::is_empty")]
    id: &'r str,
    #[serde(skip_serializing_if = "str::is_empty")]
    repository: &'r str,
    #[serde(skip_serializing_if = "str::is_empty")]
    category: &'r str,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "maybe_probability")]
    confidence: Option<Probability>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_column: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    snippet_sha256: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    attribution: Option<AttributionJson<'r>>,
    #[serde(skip_serializing_if = "str::is_empty")]
    resolution: &'r str,
}

impl<'r> GuardJson<'r> {
    pub(crate) fn of(it: &'r CodeGuard<'r>) -> Self {
        Self {
            id: &it.id,
            repository: &it.repository,
            category: &it.category,
            confidence: it.confidence,
            start_column: it.start_column,
            snippet_sha256: it.snippet_sha256.as_deref(),
            attribution: it.attribution.as_ref().map(AttributionJson::of),
            resolution: &it.resolution,
        }
    }
}

#[derive(Serialize)]
struct AttributionJson<'r> {
    #[serde(skip_serializing_if = "str::is_empty")]
    model: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "maybe_probability")]
    share: Option<Probability>,
}

impl<'r> AttributionJson<'r> {
    fn of(it: &'r Attribution<'r>) -> Self {
        Self { model: &it.model, session: it.session.as_deref(), share: it.share }
    }
}
