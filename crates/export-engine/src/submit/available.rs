//! Whether this installation can do all that a valid request asks for. What it cannot do is refused, never ignored.

use export_core::catalogue::{ExportType, Format};
use export_core::code::Code;
use export_core::ports::Renderer;
use export_core::problem::{FieldError, Problem};
use export_core::request::{DeliveryMethod, ExportRequest, Options};
use export_core::template::is_custom;

use super::fitting::misplaced;
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
        errors.extend(unsealable(request, self));
        errors.extend(misplaced(request));
        errors.extend(unknown_names(request, self.renderer(request.kind, request.format).as_deref()));
        let shows_sbom = request.options.include_sbom && request.kind != ExportType::AuditLog;
        if shows_sbom && !self.can_write(ExportType::Sbom, Format::Cyclonedx) {
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
    let absent = [(options.redaction.is_some(), "/options/redaction")];
    let asked = absent.into_iter().filter(|(asked, _)| *asked);
    asked.map(|(_, pointer)| FieldError::new(pointer, "is not offered by this version")).collect()
}

/// Evidence that cannot be sealed here.
fn unsealable(request: &ExportRequest, writers: &Writers) -> Option<FieldError> {
    let is_bundle = request.kind == ExportType::EvidenceBundle;
    let why = if !is_bundle && !request.options.include_evidence {
        return None;
    } else if writers.sealing().is_none() {
        "needs a sealing key, and this installation has none (sealing.keys)"
    } else if !is_bundle && writers.packager(Format::Zip).is_none() {
        "needs ZIP, which this installation cannot write"
    } else {
        return None;
    };
    Some(FieldError::new(if is_bundle { "/type" } else { "/options/include_evidence" }, why))
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
    let own = |name: &str| is_custom(name) && renderer.is_some_and(Renderer::takes_own_templates);
    let refused = |(pointer, asked, known, none): (&str, &Option<String>, &[&str], &str)| {
        // Whether the tenant has that template is asked when the scope is.
        let asked = asked.as_deref().filter(|asked| !known.contains(asked) && !own(asked))?;
        let why = if known.is_empty() {
            format!("{asked} cannot be chosen: {} {none}", request.format)
        } else {
            format!("must be one of {}", known.join(", "))
        };
        Some(FieldError::new(pointer, why))
    };
    choices.into_iter().filter_map(refused).collect()
}
