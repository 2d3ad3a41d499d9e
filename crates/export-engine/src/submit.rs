//! Step 1: from a request's body to a queued job.

use std::time::Duration;

use export_core::catalogue::Format;
use export_core::code::Code;
use export_core::digest::Digest;
use export_core::error::{ErrorKind, PortError};
use export_core::id::{ExportId, TenantId};
use export_core::job::{Job, NewJob};
use export_core::ports::{Insert, Inserted, Missing};
use export_core::problem::{FieldError, Problem};
use export_core::request::{DeliveryMethod, ExportRequest, OnSourceError, Options, PdfProfile};
use tracing::Instrument as _;

use crate::{Engine, Traceparent, metrics};

/// Who asks for an export.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The tenant that the export belongs to.
    pub tenant: TenantId,
    /// The user or program, as the token names it.
    pub subject: String,
    /// The caller's trace, if it sent one.
    pub traceparent: Option<Traceparent>,
    /// The caller's key for this request, if it sent one: 1 to 255 visible ASCII characters.
    pub idempotency_key: Option<String>,
}

/// An export that was accepted.
#[derive(Debug, Clone)]
pub struct Submitted {
    /// Its job.
    pub job: Job,
    /// Whether the same request was accepted before, under the same key.
    pub replayed: bool,
    /// How long exports like it took lately.
    pub estimate: Option<Duration>,
}

impl Engine {
    /// Accepts a request, or says what is wrong with it. When this returns, the job is durable.
    ///
    /// # Errors
    /// The problem for the caller: a request that is not valid, a scope that does not exist, a full queue, a store or
    /// source that does not answer.
    pub async fn submit(&self, caller: Caller, body: &[u8]) -> Result<Submitted, Box<Problem>> {
        let request = ExportRequest::parse(body)?;
        self.check_available(&request)?;
        let trace = caller.traceparent.unwrap_or_else(|| Traceparent::fresh(&*self.parts.entropy));
        let span = tracing::info_span!(
            "export-request", trace_id = %trace.trace_id(), tenant = %caller.tenant, r#type = %request.kind,
            format = %request.format, export_id = tracing::field::Empty
        );
        self.accept(caller, request, trace).instrument(span).await
    }

    /// Whether this installation can do all that a valid request asks for.
    ///
    /// # Errors
    /// `unsupported_format` or `unsupported_option`, each with the place in the request.
    pub fn check_available(&self, request: &ExportRequest) -> Result<(), Box<Problem>> {
        let Some(renderer) = self.parts.renderers.find(request.kind, request.format) else {
            return Err(Box::new(no_renderer(request, &self.parts.renderers.formats(request.kind))));
        };
        let mut errors = unavailable_options(request);
        errors.extend(unknown_template(request, renderer.templates()));
        if errors.is_empty() {
            return Ok(());
        }
        let detail = "The request uses options that this version does not offer; see errors";
        Err(Box::new(Problem::new(Code::UnsupportedOption, detail).with_errors(errors)))
    }

    async fn accept(
        &self,
        caller: Caller,
        request: ExportRequest,
        trace: Traceparent,
    ) -> Result<Submitted, Box<Problem>> {
        let digest = Digest::of(&serde_json::to_vec(&request).map_err(|_| internal())?);
        let now = self.parts.clock.now();
        let request = request.resolve(now.wall);
        let resolved = self.parts.sources.scans.resolve(&caller.tenant, &request.scope).await;
        let resolved = resolved.map_err(|error| Box::new(source_problem(&error)))?;
        if !resolved.missing.is_empty() {
            return Err(Box::new(missing(&resolved.missing)));
        }
        let mut random = [0; 10];
        self.parts.entropy.fill(&mut random);
        let id = ExportId::new(now.wall, &random);
        let (kind, format) = (request.kind, request.format);
        let job = NewJob {
            id,
            tenant: caller.tenant,
            request,
            created_by: caller.subject,
            traceparent: Some(trace.to_string()),
        };
        let insert = Insert { job, idempotency: caller.idempotency_key.map(|key| (key, digest)) };
        let inserted =
            self.parts.jobs.insert(insert, now).await.map_err(|error| Box::new(store_problem(&error)))?;
        let (job, replayed) = match inserted {
            Inserted::New(job) => (job, false),
            Inserted::Duplicate(job) => (job, true),
            Inserted::KeyReused => {
                let detail = "The Idempotency-Key was used for another request; use a new key";
                return Err(Box::new(Problem::new(Code::IdempotencyKeyReused, detail)));
            }
            Inserted::QueueFull => {
                let detail =
                    "The tenant has as many exports queued as it may; try again when some have ended";
                return Err(Box::new(Problem::new(Code::QueueFull, detail)));
            }
        };
        tracing::Span::current().record("export_id", tracing::field::display(job.id));
        if !replayed {
            metrics::requested(kind, format);
            tracing::info!("export accepted");
        }
        let estimate = self.parts.reader.typical_duration(kind, format).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "no estimate");
            None
        });
        Ok(Submitted { job, replayed, estimate })
    }
}

fn no_renderer(request: &ExportRequest, allowed: &[Format]) -> Problem {
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

/// Options that the contract knows and this version does not. An option that would be ignored is refused instead.
fn unavailable_options(request: &ExportRequest) -> Vec<FieldError> {
    let options = &request.options;
    let default = Options::default();
    let absent: [(bool, &str); 9] = [
        (options.include_sbom, "/options/include_sbom"),
        (options.include_evidence, "/options/include_evidence"),
        (options.on_source_error != OnSourceError::Fail, "/options/on_source_error"),
        (options.baseline_scan_id.is_some(), "/options/baseline_scan_id"),
        (options.spec_version.is_some(), "/options/spec_version"),
        (options.json_lines, "/options/json_lines"),
        (options.sarif_profile != default.sarif_profile, "/options/sarif_profile"),
        (options.pdf_profile != PdfProfile::Standard, "/options/pdf_profile"),
        (options.redaction.is_some(), "/options/redaction"),
    ];
    let pdf = request.format == Format::Pdf;
    let misplaced = [
        (!pdf && options.template.is_some(), "/options/template", "only pdf has templates"),
        (!pdf && options.pdf_max_rows.is_some(), "/options/pdf_max_rows", "only pdf has it"),
        (!pdf && !options.custom_fields.is_empty(), "/options/custom_fields", "only pdf shows them"),
        (request.format != Format::Csv && options.csv != default.csv, "/options/csv", "only csv has them"),
    ];
    let mut errors: Vec<FieldError> = absent
        .into_iter()
        .filter(|(asked, _)| *asked)
        .map(|(_, pointer)| FieldError::new(pointer, "is not offered by this version"))
        .collect();
    errors.extend(misplaced.into_iter().filter(|(asked, ..)| *asked).map(|(_, pointer, why)| {
        FieldError::new(pointer, format!("does not fit the format {}: {why}", request.format))
    }));
    if request.delivery.method != DeliveryMethod::Download {
        errors.push(FieldError::new("/delivery/method", "this version offers download only"));
    } else if !request.delivery.config.is_empty() {
        errors.push(FieldError::new("/delivery/config", "a download has nothing to configure"));
    }
    errors
}

/// A template that the renderer does not have. Formats without templates refuse the option as a whole.
fn unknown_template(request: &ExportRequest, known: &[&str]) -> Option<FieldError> {
    let name = request.options.template.as_deref()?;
    let unknown = !known.is_empty() && !known.contains(&name);
    unknown.then(|| FieldError::new("/options/template", format!("must be one of {}", known.join(", "))))
}

fn missing(missing: &Missing) -> Problem {
    let names: Vec<&str> = missing
        .scan_ids
        .iter()
        .map(export_core::id::ScanId::as_str)
        .chain(missing.image_refs.iter().map(String::as_str))
        .take(5)
        .collect();
    let count = missing.scan_ids.len() + missing.image_refs.len();
    let detail = format!("No source has {} (of {count} missing; see scope.missing)", names.join(", "));
    let problem = Problem::new(Code::DataNotFound, detail);
    Problem { scope: Some(serde_json::json!({ "missing": missing })), ..problem }
}

fn source_problem(error: &PortError) -> Problem {
    tracing::warn!(%error, "the scope could not be resolved");
    let detail = match error.kind {
        ErrorKind::Invalid | ErrorKind::NotFound | ErrorKind::Limit => error.to_string(),
        _ => "A source does not answer; try again later".to_owned(),
    };
    Problem::new(Code::of_source(error.kind), detail)
}

fn store_problem(error: &PortError) -> Problem {
    tracing::error!(%error, "the job could not be stored");
    Problem::new(Code::Unavailable, "The request could not be stored and was not accepted; try again later")
}

fn internal() -> Box<Problem> {
    Box::new(Problem::new(Code::Internal, "The request could not be written down"))
}
