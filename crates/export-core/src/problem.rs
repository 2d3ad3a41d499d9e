//! Problem documents: what a user gets instead of an answer (RFC 9457).

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::code::Code;

/// One thing that is wrong in a request's body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// Where, as a JSON pointer (RFC 6901); empty for the whole document.
    pub pointer: String,
    /// What is wrong there, and what would be right.
    pub detail: String,
}

impl FieldError {
    /// `detail` at `pointer`.
    pub fn new(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), detail: detail.into() }
    }
}

/// `application/problem+json`, with the members that the contract adds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Problem {
    /// Identifies the kind of problem; a fragment of the published table of codes.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in words, always the same.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened this time, and what to do.
    pub detail: String,
    /// The kind for machines.
    pub code: Code,
    /// Each wrong place of a body.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// What a scope names and no source has: `{"missing": {"scan_ids": [...]}}`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<Value>,
    /// The formats that the type does have.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub allowed_formats: Vec<String>,
}

impl Problem {
    /// The media type of RFC 9457, 6.1.
    pub const MEDIA_TYPE: &'static str = "application/problem+json";

    /// A problem with the title and status of its code.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self {
            kind: format!("urn:export-center:problem:{code}"),
            title: code.title().to_owned(),
            status: code.status(),
            detail: detail.into(),
            code,
            errors: Vec::new(),
            scope: None,
            allowed_formats: Vec::new(),
        }
    }

    /// The same problem with the places of a body.
    #[must_use]
    pub fn with_errors(self, errors: Vec<FieldError>) -> Self {
        Self { errors, ..self }
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} ({})", self.detail, self.code)?;
        self.errors.iter().try_for_each(|error| {
            let pointer = if error.pointer.is_empty() { "(document)" } else { &error.pointer };
            write!(f, "\n  {pointer}: {}", error.detail)
        })
    }
}

impl std::error::Error for Problem {}
