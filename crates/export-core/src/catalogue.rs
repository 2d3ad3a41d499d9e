//! What can be exported as what: the table of types and formats.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$variant_doc])* #[serde(rename = $text)] $variant,)* }

        impl $name {
            /// Every value, in the order of the contract.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The value as the API writes it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

words! {
    /// What an export tells.
    ExportType {
        /// The findings of one or a few scans, in full.
        ScanReport = "scan_report",
        /// Many scans in figures.
        ScanSummary = "scan_summary",
        /// The components of an artifact.
        Sbom = "sbom",
        /// Vulnerabilities over all that the scope names.
        VulnerabilityReport = "vulnerability_report",
        /// Policy sets, rules and their verdicts.
        PolicyCompliance = "policy_compliance",
        /// Findings in code that an AI wrote.
        AiCodeGuardReport = "ai_code_guard_report",
        /// A sealed package that an auditor can verify offline.
        EvidenceBundle = "evidence_bundle",
        /// The tenant's audit trail.
        AuditLog = "audit_log",
    }
}

words! {
    /// What an export's main artifact is written as.
    Format {
        /// Portable Document Format, A4.
        Pdf = "pdf",
        /// Office Open XML workbook. `excel` is accepted as another name.
        Xlsx = "xlsx",
        /// RFC 4180 text.
        Csv = "csv",
        /// JSON with a published schema.
        Json = "json",
        /// SARIF 2.1.0.
        Sarif = "sarif",
        /// CycloneDX JSON.
        Cyclonedx = "cyclonedx",
        /// SPDX JSON.
        Spdx = "spdx",
        /// ZIP archive.
        Zip = "zip",
        /// Gzipped tar archive.
        TarGz = "tar.gz",
    }
}

impl ExportType {
    /// The formats that the contract gives this type.
    #[must_use]
    pub const fn formats(self) -> &'static [Format] {
        use Format::{Csv, Cyclonedx, Json, Pdf, Sarif, Spdx, TarGz, Xlsx, Zip};
        match self {
            Self::ScanReport => &[Pdf, Json, Sarif],
            Self::ScanSummary | Self::VulnerabilityReport => &[Pdf, Xlsx, Csv],
            Self::Sbom => &[Cyclonedx, Spdx],
            Self::PolicyCompliance => &[Pdf, Json],
            Self::AiCodeGuardReport => &[Json, Sarif],
            Self::EvidenceBundle => &[Zip, TarGz],
            Self::AuditLog => &[Json, Csv],
        }
    }

    /// The type in words, as a report's title.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::ScanReport => "Scan report",
            Self::ScanSummary => "Scan summary",
            Self::Sbom => "Software bill of materials",
            Self::VulnerabilityReport => "Vulnerability report",
            Self::PolicyCompliance => "Policy compliance",
            Self::AiCodeGuardReport => "AI code guard report",
            Self::EvidenceBundle => "Evidence bundle",
            Self::AuditLog => "Audit log",
        }
    }

    /// The name of the main artifact in `format`.
    #[must_use]
    pub fn artifact_name(self, format: Format) -> String {
        let stem = match self {
            Self::ScanReport
            | Self::ScanSummary
            | Self::VulnerabilityReport
            | Self::PolicyCompliance
            | Self::AiCodeGuardReport => "report",
            Self::Sbom => "sbom",
            Self::EvidenceBundle => "evidence",
            Self::AuditLog => "audit-log",
        };
        format!("{stem}{}", format.ending())
    }
}

impl Format {
    /// The file ending, with its dot.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Pdf => ".pdf",
            Self::Xlsx => ".xlsx",
            Self::Csv => ".csv",
            Self::Json => ".json",
            Self::Sarif => ".sarif",
            Self::Cyclonedx => ".cdx.json",
            Self::Spdx => ".spdx.json",
            Self::Zip => ".zip",
            Self::TarGz => ".tar.gz",
        }
    }

    /// The media type under which an artifact is stored and served.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Json => "application/json",
            Self::Sarif => "application/sarif+json",
            Self::Cyclonedx => "application/vnd.cyclonedx+json",
            Self::Spdx => "application/spdx+json",
            Self::Zip => "application/zip",
            Self::TarGz => "application/gzip",
        }
    }
}

/// The text names no value; the message lists those there are.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("must be one of {0}")]
pub struct UnknownWord(String);

fn find<T: Copy + fmt::Display>(all: &[T], text: &str) -> Result<T, UnknownWord> {
    let known = |value: &&T| value.to_string() == text;
    all.iter()
        .find(known)
        .copied()
        .ok_or_else(|| UnknownWord(all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")))
}

impl FromStr for ExportType {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        find(Self::ALL, text)
    }
}

impl FromStr for Format {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        find(Self::ALL, if text == "excel" { "xlsx" } else { text })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_has_nineteen_pairs() {
        assert_eq!(ExportType::ALL.iter().map(|kind| kind.formats().len()).sum::<usize>(), 19);
    }

    #[test]
    fn words_round_trip_and_excel_is_xlsx() {
        for kind in ExportType::ALL {
            assert_eq!(kind.as_str().parse(), Ok(*kind));
        }
        for format in Format::ALL {
            assert_eq!(format.as_str().parse(), Ok(*format));
        }
        assert_eq!("excel".parse(), Ok(Format::Xlsx));
        let message = "docx".parse::<Format>().unwrap_err().to_string();
        assert!(message.contains("pdf") && message.contains("tar.gz"), "{message}");
    }

    #[test]
    fn artifact_names_follow_the_contract() {
        assert_eq!(ExportType::ScanReport.artifact_name(Format::Pdf), "report.pdf");
        assert_eq!(ExportType::Sbom.artifact_name(Format::Cyclonedx), "sbom.cdx.json");
    }
}
