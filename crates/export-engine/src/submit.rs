//! Step 1: from a request's body to a queued job.

mod available;
mod fitting;

use std::time::Duration;

use export_core::catalogue::ExportType;
use export_core::code::Code;
use export_core::digest::Digest;
use export_core::error::{ErrorKind, PortError};
use export_core::id::{ExportId, TenantId};
use export_core::job::{Job, NewJob};
use export_core::ports::{Insert, Inserted, Missing, Resolution};
use export_core::problem::{FieldError, Problem};
use export_core::request::ExportRequest;
use export_core::template::is_custom;
use tracing::Instrument as _;

use crate::baseline::{Lacking, settle};
use crate::scope::{is_history, resolve};
use crate::{Engine, Traceparent, metrics, trace};

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
        self.parts.writers.check_available(&request)?;
        let trace = caller.traceparent.unwrap_or_else(|| Traceparent::fresh(&*self.parts.entropy));
        let span = tracing::info_span!(
            "export-request", trace_id = %trace.trace_id(), tenant = %caller.tenant, r#type = %request.kind,
            format = %request.format, export_id = tracing::field::Empty
        );
        trace::within(Some(trace), self.accept(caller, request, trace)).instrument(span).await
    }

    async fn accept(
        &self,
        caller: Caller,
        request: ExportRequest,
        trace: Traceparent,
    ) -> Result<Submitted, Box<Problem>> {
        let (kind, format) = (request.kind, request.format);
        let (job, replayed) = match self.recall_or_queue(caller, request, trace).await? {
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

    /// A key that was here before is answered first: what was accepted once stays accepted, whatever has become of its
    /// scope since.
    async fn recall_or_queue(
        &self,
        caller: Caller,
        request: ExportRequest,
        trace: Traceparent,
    ) -> Result<Inserted, Box<Problem>> {
        let digest = Digest::of(&serde_json::to_vec(&request).map_err(|_| internal())?);
        let Caller { tenant, subject, idempotency_key, .. } = caller;
        let unstored = |error| Box::new(store_problem(&error));
        if let Some(key) = &idempotency_key
            && let Some(known) = self.parts.reader.recall(&tenant, key, &digest).await.map_err(unstored)?
        {
            return Ok(known);
        }
        let now = self.parts.clock.now();
        let request = request.resolve(now.wall);
        self.check_template(&tenant, &request).await?;
        // A trail is there whatever scans are.
        let request = match request.kind {
            ExportType::AuditLog => request,
            _ => self.settle_scope(&tenant, request).await?,
        };
        let mut random = [0; 10];
        self.parts.entropy.fill(&mut random);
        let id = ExportId::new(now.wall, &random);
        let traceparent = Some(trace.to_string());
        let job = NewJob { id, tenant, request, created_by: subject, traceparent };
        let insert = Insert { job, idempotency: idempotency_key.map(|key| (key, digest)) };
        self.parts.jobs.insert(insert, now).await.map_err(unstored)
    }

    /// The tenant has the template of its own that the request names.
    async fn check_template(&self, tenant: &TenantId, request: &ExportRequest) -> Result<(), Box<Problem>> {
        let named = request.options.template.as_deref().filter(|name| is_custom(name));
        let Some(name) = named else { return Ok(()) };
        let found = self.parts.templates.get(tenant, name, None).await;
        if found.map_err(|error| Box::new(store_problem(&error)))?.is_some() {
            return Ok(());
        }
        let detail = format!("There is no template {name}; GET /api/v1/templates lists those that there are");
        let error = FieldError::new("/options/template", "is none of this tenant's templates");
        Err(Box::new(Problem::new(Code::UnsupportedOption, detail).with_errors(vec![error])))
    }

    /// The request, once everything that it names is there, with the scans that its baseline stands for.
    async fn settle_scope(
        &self,
        tenant: &TenantId,
        mut request: ExportRequest,
    ) -> Result<ExportRequest, Box<Problem>> {
        let unresolved = |error| Box::new(source_problem(&error));
        let sources = &self.parts.sources;
        let on_error = request.options.on_source_error;
        let resolved = resolve(sources, tenant, &request.scope, is_history(request.kind), on_error).await;
        let Resolution { scans: scope, missing, warnings } = resolved.map_err(unresolved)?;
        if let (true, Some(refused)) = (scope.is_empty(), warnings.first()) {
            let detail = format!("Nothing of the scope can be read: {refused}");
            return Err(Box::new(Problem::new(Code::SourceInvalid, detail)));
        }
        let mut lacking = Lacking::default();
        if let Some(baseline) = &mut request.options.baseline {
            let settled = settle(&*sources.scans, tenant, baseline, &scope, on_error).await;
            match settled.map_err(unresolved)? {
                Ok(settled) => *baseline = settled,
                // A scope that is not there has nothing before it either.
                Err(found) if missing.is_empty() || found.baseline.is_empty() => lacking = found,
                Err(_) => {}
            }
        }
        if missing.is_empty() && lacking == Lacking::default() {
            return Ok(request);
        }
        Err(Box::new(not_found(&missing, &lacking)))
    }
}

fn not_found(missing: &Missing, lacking: &Lacking) -> Problem {
    /// `scope.missing`: names by kind.
    #[derive(serde::Serialize)]
    struct All<'a> {
        #[serde(flatten)]
        scope: &'a Missing,
        #[serde(flatten)]
        baseline: &'a Lacking,
    }
    let names: Vec<&str> = missing
        .scan_ids
        .iter()
        .map(export_core::id::ScanId::as_str)
        .chain(missing.image_refs.iter().map(String::as_str))
        .chain(missing.policy_sets.iter().map(String::as_str))
        .chain(lacking.baseline_scan_id.iter().map(export_core::id::ScanId::as_str))
        .take(5)
        .collect();
    let of_scope = missing.scan_ids.len() + missing.image_refs.len() + missing.policy_sets.len();
    let count = of_scope + lacking.baseline_scan_id.len();
    let detail = if missing.is_empty() {
        lacking.to_string()
    } else {
        format!("No source has {} (of {count} missing; see scope.missing)", names.join(", "))
    };
    let problem = Problem::new(Code::DataNotFound, detail);
    let all = All { scope: missing, baseline: lacking };
    Problem { scope: Some(serde_json::json!({ "missing": all })), ..problem }
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
