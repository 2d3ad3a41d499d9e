//! What a user may ask for. [`ExportRequest::parse`] is the only door, and what comes through it is valid.

mod baseline;
pub(crate) mod fields;
mod options;
mod parse;
mod trail;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use self::baseline::Baseline;
pub use self::options::{
    CsvOptions, DeliveryMethod, FormulaEscape, OnSourceError, Options, PdfProfile, SarifProfile,
};
use crate::catalogue::{ExportType, Format};
use crate::id::ScanId;
use crate::time::{DateBound, Timestamp};

/// A valid request for one export.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ExportRequest {
    /// What the export tells.
    #[serde(rename = "type")]
    pub kind: ExportType,
    /// What its main artifact is written as; always one of the type's formats.
    pub format: Format,
    /// Which data it covers.
    pub scope: Scope,
    /// How it is made.
    #[serde(default)]
    pub options: Options,
    /// Where it goes.
    #[serde(default)]
    pub delivery: Delivery,
}

impl ExportRequest {
    /// The same request with every relative date made absolute. Done once, when the export is created.
    #[must_use]
    pub fn resolve(mut self, now: Timestamp) -> Self {
        if let Some(range) = &mut self.scope.date_range {
            range.start = DateBound::At(range.start.resolve(now));
            range.end = DateBound::At(range.end.resolve(now));
        }
        self
    }

    /// The name of the artifact that a download gives when none is named.
    #[must_use]
    pub fn main_artifact(&self) -> String {
        let name = self.kind.artifact_name(self.format);
        match name.strip_suffix(Format::Json.ending()) {
            Some(stem) if self.is_lines() => format!("{stem}.ndjson"),
            Some(_) | None => name,
        }
    }

    /// The media type of that artifact.
    #[must_use]
    pub fn main_media_type(&self) -> &'static str {
        if self.is_lines() { "application/x-ndjson" } else { self.format.media_type() }
    }

    fn is_lines(&self) -> bool {
        self.format == Format::Json && self.options.json_lines
    }
}

/// Which data an export covers. At least one member is set.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// Scans by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scan_ids: Vec<ScanId>,
    /// Images by tag or digest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub image_refs: Vec<String>,
    /// Verdicts of these policy sets only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub policy_sets: Vec<String>,
    /// Scans that were made in this range; of an audit log, what was done in it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date_range: Option<DateRange>,
}

/// From `start` to `end`, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct DateRange {
    /// The earliest time.
    pub start: DateBound,
    /// The latest time; `now` if the request leaves it out.
    pub end: DateBound,
}

/// Where an export goes once it is complete.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Delivery {
    /// How it is sent.
    pub method: DeliveryMethod,
    /// What the method needs to know.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub config: Map<String, Value>,
}

/// Texts of the user that a report shows: 1 to 64 characters to at most 1,000, at most 32 of them.
pub type CustomFields = BTreeMap<String, String>;
