//! The body of `POST /exports`.

use std::collections::BTreeMap;

use serde::Deserialize;
use utoipa::ToSchema;

use super::{DateBound, ExportType, Format, ScanId};

/// What is asked for. Unknown members are refused, `null` counts as absent
#[derive(ToSchema, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExportRequest {
    r#type: ExportType,
    /// One of the type's formats; `excel` is accepted for `xlsx`
    format: Format,
    scope: Scope,
    options: Option<Options>,
    delivery: Option<Delivery>,
}

/// Which data an export covers; at least one member is needed
#[derive(ToSchema, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Scope {
    #[schema(max_items = 10_000)]
    scan_ids: Option<Vec<ScanId>>,
    /// Images by tag or digest
    #[schema(max_items = 10_000)]
    image_refs: Option<Vec<String>>,
    /// Verdicts of these policy sets only
    #[schema(max_items = 10_000)]
    policy_sets: Option<Vec<String>>,
    date_range: Option<DateRange>,
}

/// From `start` to `end`, both included
#[derive(ToSchema, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DateRange {
    start: DateBound,
    /// `now` if absent
    end: Option<DateBound>,
}

/// How an export is made
#[derive(ToSchema, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Options {
    include_sbom: Option<bool>,
    include_evidence: Option<bool>,
    include_remediation: Option<bool>,
    /// The report's template
    #[schema(pattern = "^[a-z][a-z0-9-]{0,63}$")]
    template: Option<String>,
    /// Texts that the report shows
    custom_fields: Option<BTreeMap<String, String>>,
    on_source_error: Option<OnSourceError>,
    /// The scan to compare with, or `previous`: of each scan of the scope, the one before it of the same image by the same tool
    baseline_scan_id: Option<ScanId>,
    /// The version of CycloneDX or SPDX
    spec_version: Option<String>,
    csv: Option<CsvOptions>,
    json_lines: Option<bool>,
    sarif_profile: Option<SarifProfile>,
    pdf_profile: Option<PdfProfile>,
    /// The most rows of detail that a PDF lists
    #[schema(minimum = 1, maximum = 1_000_000)]
    pdf_max_rows: Option<i64>,
    redaction: Option<String>,
    #[schema(minimum = 1, maximum = 3_650)]
    retention_days: Option<i64>,
}

/// What a source that cannot be read does to the export
#[derive(ToSchema, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum OnSourceError {
    Fail,
    Warn,
}

/// How CSV is written
#[derive(ToSchema, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CsvOptions {
    /// One of `,` `;` `|` or a tab, also written `tab`
    delimiter: Option<String>,
    bom: Option<bool>,
    formula_escape: Option<FormulaEscape>,
}

/// Whether texts that a spreadsheet would calculate are escaped
#[derive(ToSchema, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum FormulaEscape {
    On,
    Off,
}

/// Which reader SARIF is cut for
#[derive(ToSchema, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum SarifProfile {
    Full,
    Github,
}

/// Which kind of PDF
#[derive(ToSchema, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum PdfProfile {
    Standard,
    Archival,
}

/// Where an export goes once it is complete
#[derive(ToSchema, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Delivery {
    method: Option<DeliveryMethod>,
    #[schema(value_type = Option<Object>)]
    config: Option<serde_json::Value>,
}

/// How an export is sent
#[derive(ToSchema, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum DeliveryMethod {
    Download,
    Email,
    Webhook,
    S3,
}

/// A template to be stored
#[derive(ToSchema, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewTemplate {
    /// `custom-{tenant}`, or `custom-{tenant}-` and 1 to 64 of `a-z 0-9 -`
    name: String,
    /// What it is for
    #[schema(max_length = 1000)]
    description: Option<String>,
    /// Minijinja over a report's view; it may extend and include the built-in templates
    #[schema(min_length = 1, max_length = 262144)]
    text: String,
}

/// A template's text
#[derive(ToSchema, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct TemplateText {
    /// What it is for
    #[schema(max_length = 1000)]
    description: Option<String>,
    /// Minijinja over a report's view; it may extend and include the built-in templates
    #[schema(min_length = 1, max_length = 262144)]
    text: String,
}
