//! How an export is made.

use std::num::NonZeroU32;

use serde::{Deserialize, Serialize};

use super::{Baseline, CustomFields};

/// The options of a request; each has a default.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Options {
    /// Add the SBOM as one more artifact.
    #[serde(skip_serializing_if = "is_false")]
    pub include_sbom: bool,
    /// Seal what the export made.
    #[serde(skip_serializing_if = "is_false")]
    pub include_evidence: bool,
    /// Say for each finding how it ends.
    #[serde(skip_serializing_if = "is_false")]
    pub include_remediation: bool,
    /// The report's template; the type's default if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<String>,
    /// Texts that the report shows.
    #[serde(skip_serializing_if = "CustomFields::is_empty")]
    pub custom_fields: CustomFields,
    /// What a source that cannot be read does to the export.
    #[serde(skip_serializing_if = "is_default")]
    pub on_source_error: OnSourceError,
    /// What to compare with.
    #[serde(rename = "baseline_scan_id", skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Baseline>,
    /// The version of CycloneDX or SPDX to write.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spec_version: Option<String>,
    /// How CSV is written.
    #[serde(skip_serializing_if = "is_default")]
    pub csv: CsvOptions,
    /// One JSON document a line instead of one document.
    #[serde(skip_serializing_if = "is_false")]
    pub json_lines: bool,
    /// Which reader SARIF is cut for.
    #[serde(skip_serializing_if = "is_default")]
    pub sarif_profile: SarifProfile,
    /// Which kind of PDF.
    #[serde(skip_serializing_if = "is_default")]
    pub pdf_profile: PdfProfile,
    /// The most rows of detail that a PDF lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pdf_max_rows: Option<NonZeroU32>,
    /// What is left out or masked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redaction: Option<String>,
    /// Days after which the artifacts are deleted, 1 to 3,650; the installation's default if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retention_days: Option<NonZeroU32>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_false(value: &bool) -> bool {
    !value
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}

/// What a source that cannot be read does to the export.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnSourceError {
    /// The export fails.
    #[default]
    Fail,
    /// The rest is exported, with a warning.
    Warn,
}

/// How CSV is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CsvOptions {
    /// Between fields: `,` `;` tab or `|`.
    pub delimiter: char,
    /// Start with a byte order mark, so that spreadsheets take the file for UTF-8.
    pub bom: bool,
    /// Whether texts that a spreadsheet would calculate are escaped.
    pub formula_escape: FormulaEscape,
}

impl Default for CsvOptions {
    fn default() -> Self {
        Self { delimiter: ',', bom: false, formula_escape: FormulaEscape::On }
    }
}

/// Whether texts that a spreadsheet would calculate are escaped.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FormulaEscape {
    /// An apostrophe is put before them; see the CSV documentation.
    #[default]
    On,
    /// Texts are written as they are: for programs, not for spreadsheets.
    Off,
}

/// Which reader SARIF is cut for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SarifProfile {
    /// Everything in one run.
    #[default]
    Full,
    /// Within the limits of GitHub code scanning.
    Github,
}

/// Which kind of PDF.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PdfProfile {
    /// The designed report.
    #[default]
    Standard,
    /// PDF/A with PDF/UA, for archives.
    Archival,
}

/// How an export is sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DeliveryMethod {
    /// Not sent: it waits to be downloaded.
    #[default]
    Download,
    /// By e-mail.
    Email,
    /// To a webhook.
    Webhook,
    /// Into a bucket.
    S3,
}
