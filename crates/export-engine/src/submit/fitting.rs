//! Which option fits which type and format (`docs/reports.md`, "Options by type"). One that would do nothing is refused with the
//! reason, never ignored.

use export_core::catalogue::{ExportType, Format};
use export_core::problem::FieldError;
use export_core::request::{ExportRequest, Options, PdfProfile};

/// Options that mean nothing for the type or format.
pub(super) fn misplaced(request: &ExportRequest) -> Vec<FieldError> {
    let (options, default) = (&request.options, Options::default());
    let (kind, format) = (request.kind, request.format);
    let only = |fits: Format, why| (format != fits).then_some(why);
    let asked = [
        (options.include_sbom, "include_sbom", without_sbom(kind)),
        (options.include_remediation, "include_remediation", without_remedies(kind, format)),
        (!options.custom_fields.is_empty(), "custom_fields", without_fields(kind, format)),
        (options.baseline.is_some(), "baseline_scan_id", without_comparison(kind, format)),
        (options.pdf_max_rows.is_some(), "pdf_max_rows", only(Format::Pdf, "only pdf has it")),
        (
            options.pdf_profile != PdfProfile::Standard,
            "pdf_profile",
            only(Format::Pdf, "only pdf has profiles"),
        ),
        (options.csv != default.csv, "csv", only(Format::Csv, "only csv has them")),
        (options.json_lines, "json_lines", only(Format::Json, "only json has lines")),
        (
            options.sarif_profile != default.sarif_profile,
            "sarif_profile",
            only(Format::Sarif, "only sarif has profiles"),
        ),
    ];
    let refused = |(asked, name, why): (bool, &str, Option<&str>)| {
        let why = why.filter(|_| asked)?;
        let message = format!("does not fit {kind} as {format}: {why}");
        Some(FieldError::new(format!("/options/{name}"), message))
    };
    asked.into_iter().filter_map(refused).collect()
}

/// Why a type brings no SBOM along.
const fn without_sbom(kind: ExportType) -> Option<&'static str> {
    match kind {
        ExportType::Sbom | ExportType::EvidenceBundle => Some("the export holds the SBOM already"),
        ExportType::AiCodeGuardReport => Some("its findings are in code, not in components: ask for an sbom"),
        ExportType::AuditLog => Some("it is about no scan"),
        ExportType::ScanReport
        | ExportType::ScanSummary
        | ExportType::VulnerabilityReport
        | ExportType::PolicyCompliance => None,
    }
}

/// Why a type tells of no remedies.
const fn without_remedies(kind: ExportType, format: Format) -> Option<&'static str> {
    match kind {
        ExportType::ScanSummary if matches!(format, Format::Pdf) => None,
        ExportType::ScanSummary => {
            Some("it counts findings and lists none: ask for pdf, a vulnerability_report or a scan_report")
        }
        ExportType::Sbom => {
            Some("an SBOM lists components with the versions that fix them: ask for a vulnerability_report")
        }
        ExportType::PolicyCompliance => {
            Some("it lists verdicts, not findings: ask for a scan_report, which tells the verdicts too")
        }
        ExportType::AuditLog => Some("it is about no finding"),
        ExportType::ScanReport
        | ExportType::VulnerabilityReport
        | ExportType::AiCodeGuardReport
        | ExportType::EvidenceBundle => None,
    }
}

/// Why a file shows no fields of the user's.
const fn without_fields(kind: ExportType, format: Format) -> Option<&'static str> {
    match (kind, format) {
        (ExportType::EvidenceBundle, _) | (_, Format::Pdf | Format::Xlsx | Format::Json) => None,
        (_, Format::Csv) => Some("csv has rows only: pdf, xlsx and json show them"),
        (_, Format::Sarif) => Some("no viewer of sarif shows them: pdf, xlsx and json do"),
        (_, Format::Cyclonedx | Format::Spdx | Format::Zip | Format::TarGz) => {
            Some("the standard has no place for them: pdf, xlsx and json show them")
        }
    }
}

/// Why a file does not compare with an earlier scan.
const fn without_comparison(kind: ExportType, format: Format) -> Option<&'static str> {
    match (kind, format) {
        (
            ExportType::ScanReport | ExportType::AiCodeGuardReport | ExportType::VulnerabilityReport,
            Format::Json | Format::Sarif | Format::Pdf | Format::Xlsx | Format::Csv,
        ) => None,
        (ExportType::ScanSummary, _) => {
            Some("it tells the change since the scan before of every scan by itself")
        }
        (ExportType::Sbom, _) => Some("an SBOM lists components as they are: ask for a scan_report"),
        (ExportType::EvidenceBundle, _) => {
            Some("a bundle proves how things stand, each scan on its own: ask for a scan_report")
        }
        (ExportType::PolicyCompliance | ExportType::AuditLog, _) => {
            Some("findings are compared, and it lists none")
        }
        _ => Some("only json, sarif, pdf, xlsx and csv tell what changed"),
    }
}
