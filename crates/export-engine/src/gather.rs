//! Step 2: every source is read once, as streams, into the snapshot.
//!
//! The writer has a thread of its own, fed in batches, so that parsing and spooling overlap.

mod read;
mod write;

use std::sync::Arc;

use export_core::catalogue::ExportType;
use export_core::code::Code;
use export_core::export::Stage;
use export_core::id::TenantId;
use export_core::ports::Resolution;
use export_core::request::{ExportRequest, OnSourceError, Scope};
use export_core::time::Timestamp;
use export_snapshot::SpooledSnapshot;
use tokio::sync::mpsc;

use self::read::{Feeder, ReadError, read_sources, read_trail};
use self::write::{Entry, Kept, spawn_writer};
use crate::findings::Findings;
use crate::scope::{self, is_history};
use crate::trail::range;
use crate::{AttemptPulse, Fault, Limits, Sources};

/// What an export needs of the sources.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'r> {
    /// The scans.
    pub scope: &'r Scope,
    /// The policy sets whose verdicts count; all of them if none is named.
    pub policy_sets: &'r [String],
    /// Whether their SBOM documents are needed as well.
    pub sboms: bool,
    /// Whether verdicts and statements are needed as they were read, besides the findings that they are about.
    pub annotations: bool,
    /// The findings.
    pub findings: Findings,
    /// Whether vulnerabilities are needed one by one, besides the findings that are of them.
    pub vulnerabilities: bool,
    /// Whether an image stands for all its scans in the range, and not for the newest alone.
    pub history: bool,
    /// Whether the audit trail in the scope's range is needed, and nothing else.
    pub trail: bool,
    /// Whether attestations about the scans are needed.
    pub attestations: bool,
    /// What a source that cannot be read does.
    pub on_error: OnSourceError,
}

impl<'r> Wanted<'r> {
    /// The same findings of other scans, and what the same policies say about them.
    pub(crate) const fn of_scans(self, scope: &'r Scope) -> Self {
        Self {
            scope,
            policy_sets: self.policy_sets,
            sboms: false,
            annotations: false,
            findings: self.findings,
            vulnerabilities: false,
            history: false,
            trail: false,
            attestations: false,
            on_error: self.on_error,
        }
    }

    /// What all of `requests`, which have one scope and one word about sources that fail, need together.
    pub fn by(scope: &'r Scope, requests: &[ExportRequest]) -> Self {
        let shows_sbom = |request: &ExportRequest| match request.kind {
            ExportType::Sbom | ExportType::EvidenceBundle => true,
            ExportType::ScanReport
            | ExportType::ScanSummary
            | ExportType::VulnerabilityReport
            | ExportType::PolicyCompliance
            | ExportType::AiCodeGuardReport
            | ExportType::AuditLog => request.options.include_sbom,
        };
        let any = |is: fn(ExportType) -> bool| requests.iter().any(|request| is(request.kind));
        let is_guarded = |request: &ExportRequest| Findings::by(request.kind) == Findings::Guarded;
        Self {
            scope,
            policy_sets: &scope.policy_sets,
            sboms: requests.iter().any(shows_sbom),
            annotations: any(|it| matches!(it, ExportType::EvidenceBundle | ExportType::PolicyCompliance)),
            findings: if requests.iter().all(is_guarded) { Findings::Guarded } else { Findings::All },
            vulnerabilities: any(|it| it == ExportType::VulnerabilityReport),
            history: any(is_history),
            trail: any(|it| it == ExportType::AuditLog),
            attestations: any(|it| it == ExportType::EvidenceBundle),
            on_error: requests.first().map_or_else(OnSourceError::default, |it| it.options.on_source_error),
        }
    }
}

impl Wanted<'_> {
    const fn kept(&self) -> Kept {
        Kept { annotations: self.annotations, vulnerabilities: self.vulnerabilities, trail: self.trail }
    }
}

/// Reads all that is wanted into a snapshot.
///
/// # Errors
/// The first failure of a source or of the scratch disk; a source that stops without saying that it has ended; a scope
/// that no longer exists. There is no partial snapshot.
pub async fn gather(
    sources: &Sources,
    tenant: &TenantId,
    wanted: Wanted<'_>,
    limits: &Limits,
    taken_at: Timestamp,
    pulse: &Arc<AttemptPulse>,
) -> Result<SpooledSnapshot, Fault> {
    pulse.enter(Stage::Gather, None);
    let resolution =
        if wanted.trail { Resolution::default() } else { resolve(sources, tenant, wanted, pulse).await? };
    let (feed, entries) = mpsc::channel(4);
    let writing = spawn_writer(entries, limits, (taken_at, wanted.kept()), Arc::clone(pulse));
    let mut feeder = Feeder::new(feed, pulse, wanted.on_error);
    let fed = async {
        for warning in resolution.warnings {
            feeder.push(Entry::Warning(warning)).await?;
        }
        if wanted.trail {
            read_trail(sources, tenant, range(wanted.scope, taken_at), feeder).await
        } else {
            read_sources(sources, tenant, wanted, &resolution.scans, feeder).await
        }
    };
    let fed = fed.await;
    // The writer's own failure explains a feed that broke off; a source's failure is told before a snapshot cut short.
    let written = writing.await.map_err(Fault::of_task)?;
    match (fed, written) {
        (Err(ReadError::Source(error)), _) => Err(Fault::of_source(error)),
        (_, Err(error)) => Err(Fault::of_storage(error)),
        (Err(ReadError::WriterGone), Ok(_)) => {
            Err(Fault::new(Code::Internal, "the snapshot's writer ended too early"))
        }
        (Ok(()), Ok(None)) => Err(Fault::new(Code::Internal, "the snapshot was never finished")),
        (Ok(()), Ok(Some(snapshot))) => Ok(snapshot),
    }
}

/// The scans of a scope all of which is still there.
async fn resolve(
    sources: &Sources,
    tenant: &TenantId,
    wanted: Wanted<'_>,
    pulse: &AttemptPulse,
) -> Result<Resolution, Fault> {
    let resolving = scope::resolve(sources, tenant, wanted.scope, wanted.history, wanted.on_error);
    let resolution = pulse.until_stopped(resolving).await.map_err(Fault::of_source)?;
    if !resolution.missing.is_empty() {
        let gone = serde_json::to_string(&resolution.missing).unwrap_or_default();
        return Err(Fault::new(Code::DataNotFound, format!("no source has {gone} any more")));
    }
    match resolution.warnings.first() {
        Some(refused) if resolution.scans.is_empty() => {
            Err(Fault::new(Code::SourceInvalid, format!("nothing of the scope can be read: {refused}")))
        }
        _ => Ok(resolution),
    }
}
