//! Whether this installation can do all that a valid request asks for. What it cannot do is refused, never ignored.

use export_core::catalogue::{ExportType, Format};
use export_core::code::Code;
use export_core::ports::Renderer;
use export_core::problem::{FieldError, Problem};
use export_core::request::{DeliveryMethod, ExportRequest, OnSourceError, Options, PdfProfile};

use crate::Writers;

impl Writers {
    /// Whether this installation can do all that a valid request asks for.
    ///
    /// # Errors
    /// `unsupported_format` or `unsupported_option`, each with the place in the request.
    pub fn check_available(&self, request: &ExportRequest) -> Result<(), Box<Problem>> {
        if !self.can_write(request.kind, request.format) {
            return Err(Box::new(cannot_write(request, &self.formats(request.kind))));
        }
        let mut errors = not_offered(&request.options);
        errors.extend(misplaced(request));
        errors.extend(unknown_names(request, self.renderer(request.kind, request.format).as_deref()));
        if request.options.include_sbom && !self.can_write(ExportType::Sbom, Format::Cyclonedx) {
            errors.push(FieldError::new("/options/include_sbom", "this installation writes no SBOM"));
        }
        if request.delivery.method != DeliveryMethod::Download {
            errors.push(FieldError::new("/delivery/method", "this version offers download only"));
        } else if !request.delivery.config.is_empty() {
            errors.push(FieldError::new("/delivery/config", "a download has nothing to configure"));
        }
        if errors.is_empty() {
            return Ok(());
        }
        let detail = "The request uses options that this version does not offer; see errors";
        Err(Box::new(Problem::new(Code::UnsupportedOption, detail).with_errors(errors)))
    }
}

fn cannot_write(request: &ExportRequest, allowed: &[Format]) -> Problem {
    let names: Vec<String> = allowed.iter().map(ToString::to_string).collect();
    let instead = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    let detail = format!(
        "This version cannot write {} as {}; formats that it can write for it: {instead}",
        request.kind, request.format
    );
    let error = FieldError::new("/format", format!("available for {}: {instead}", request.kind));
    let problem = Problem::new(Code::UnsupportedFormat, detail).with_errors(vec![error]);
    Problem { allowed_formats: names, ..problem }
}

/// Options that the contract knows and this version does not.
fn not_offered(options: &Options) -> Vec<FieldError> {
    let absent: [(bool, &str); 4] = [
        (options.include_evidence, "/options/include_evidence"),
        (options.on_source_error != OnSourceError::Fail, "/options/on_source_error"),
        (options.pdf_profile != PdfProfile::Standard, "/options/pdf_profile"),
        (options.redaction.is_some(), "/options/redaction"),
    ];
    let asked = absent.into_iter().filter(|(asked, _)| *asked);
    asked.map(|(_, pointer)| FieldError::new(pointer, "is not offered by this version")).collect()
}

/// Options that mean nothing for the type or format.
fn misplaced(request: &ExportRequest) -> Vec<FieldError> {
    let (options, default) = (&request.options, Options::default());
    let is = |format| request.format == format;
    let shows_fields = is(Format::Pdf) || request.kind == ExportType::EvidenceBundle;
    let holds_sbom = matches!(request.kind, ExportType::Sbom | ExportType::EvidenceBundle);
    let misplaced = [
        (!is(Format::Pdf) && options.pdf_max_rows.is_some(), "/options/pdf_max_rows", "only pdf has it"),
        (!shows_fields && !options.custom_fields.is_empty(), "/options/custom_fields", "only pdf shows them"),
        (!is(Format::Csv) && options.csv != default.csv, "/options/csv", "only csv has them"),
        (
            !tells_changes(request) && options.baseline_scan_id.is_some(),
            "/options/baseline_scan_id",
            "only json, sarif, and the pdf of findings tell what changed",
        ),
        (!is(Format::Json) && options.json_lines, "/options/json_lines", "only json has lines"),
        (
            !is(Format::Sarif) && options.sarif_profile != default.sarif_profile,
            "/options/sarif_profile",
            "only sarif has profiles",
        ),
        (holds_sbom && options.include_sbom, "/options/include_sbom", "the export holds the SBOM already"),
    ];
    let asked = misplaced.into_iter().filter(|(asked, ..)| *asked);
    let refused = |(_, pointer, why)| {
        FieldError::new(pointer, format!("does not fit {} as {}: {why}", request.kind, request.format))
    };
    asked.map(refused).collect()
}

/// Whether the format of the type says what is new, changed or gone.
fn tells_changes(request: &ExportRequest) -> bool {
    match request.format {
        Format::Json | Format::Sarif => true,
        Format::Pdf => matches!(request.kind, ExportType::ScanReport | ExportType::VulnerabilityReport),
        _ => false,
    }
}

/// Templates and versions that the renderer does not have.
fn unknown_names(request: &ExportRequest, renderer: Option<&dyn Renderer>) -> Vec<FieldError> {
    let known = |pick: fn(&dyn Renderer) -> &[&'static str]| renderer.map_or(&[][..], pick);
    let choices = [
        ("/options/template", &request.options.template, known(|it| it.templates()), "has no templates"),
        (
            "/options/spec_version",
            &request.options.spec_version,
            known(|it| it.spec_versions()),
            "has one version",
        ),
    ];
    let refused = |(pointer, asked, known, none): (&str, &Option<String>, &[&str], &str)| {
        let asked = asked.as_deref().filter(|asked| !known.contains(asked))?;
        let why = if known.is_empty() {
            format!("{asked} cannot be chosen: {} {none}", request.format)
        } else {
            format!("must be one of {}", known.join(", "))
        };
        Some(FieldError::new(pointer, why))
    };
    choices.into_iter().filter_map(refused).collect()
}
