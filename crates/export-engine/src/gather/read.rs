//! The readers' end: every source, one after the other, into the feed of the writer.

use export_core::error::{ErrorKind, PortError};
use export_core::finding::Verdict;
use export_core::id::TenantId;
use export_core::ports::{AuditRange, Flow, Flows};
use export_core::request::OnSourceError;
use export_core::scan::ScanRef;
use export_core::warning::{Warning, WarningCode};
use futures::{FutureExt as _, StreamExt as _};
use tokio::sync::mpsc;
use tracing::Instrument as _;

use super::Wanted;
use super::write::{Batch, Entry};
use crate::{AttemptPulse, Sources};

/// Items that travel together: one wake-up for many.
const BATCH: usize = 256;

/// Why reading ended before its end.
pub(super) enum ReadError {
    Source(PortError),
    WriterGone,
}

impl From<PortError> for ReadError {
    fn from(error: PortError) -> Self {
        Self::Source(error)
    }
}

/// Reads everything that is wanted of `scans`. Statements, verdicts and intelligence come before findings: the writer then
/// knows which findings can match at all.
pub(super) async fn read_sources(
    sources: &Sources,
    tenant: &TenantId,
    wanted: Wanted<'_>,
    scans: &[ScanRef],
    mut feeder: Feeder<'_>,
) -> Result<(), ReadError> {
    let on_error = wanted.on_error;
    for scan in scans {
        feeder.push(Entry::Scan(scan.clone())).await?;
    }
    let known = sources.intelligence.intelligence(tenant, on_error);
    feeder.drain(known, |it| Some(Entry::Intelligence(Box::new(it)))).await?;
    for scan in scans {
        read_annotations(sources, tenant, wanted, scan, &mut feeder).await?;
    }
    for scan in scans {
        let span = tracing::info_span!("scanner-query", scan_id = %scan.id);
        let findings = sources.scans.findings(tenant, scan, on_error);
        let to_entry = |it| wanted.findings.keeps(&it).then(|| Entry::Finding(Box::new(it)));
        feeder.drain(findings, to_entry).instrument(span).await?;
    }
    for scan in scans.iter().filter(|_| wanted.sboms) {
        let span = tracing::info_span!("sbom-query", scan_id = %scan.id);
        let sboms = sources.sboms.sboms(tenant, scan, on_error);
        let to_entry = |it| Some(Entry::Sbom(scan.id.clone(), Box::new(it)));
        feeder.drain(sboms, to_entry).instrument(span).await?;
    }
    feeder.end().await
}

/// What others say about one scan.
async fn read_annotations(
    sources: &Sources,
    tenant: &TenantId,
    wanted: Wanted<'_>,
    scan: &ScanRef,
    feeder: &mut Feeder<'_>,
) -> Result<(), ReadError> {
    let (id, on_error) = (&scan.id, wanted.on_error);
    let span = tracing::info_span!("vexlens-query", scan_id = %id);
    let statements = sources.vex.statements(tenant, scan, on_error);
    let to_entry = |it| Some(Entry::Statement(id.clone(), Box::new(it)));
    feeder.drain(statements, to_entry).instrument(span).await?;
    let span = tracing::info_span!("policy-query", scan_id = %id);
    let verdicts = sources.verdicts.verdicts(tenant, scan, on_error);
    let sets = wanted.policy_sets;
    let is_wanted =
        |verdict: &Verdict<'_>| sets.is_empty() || sets.iter().any(|set| verdict.policy_set == set.as_str());
    let to_entry = |it: Verdict<'static>| {
        let wanted = is_wanted(&it);
        wanted.then(|| Entry::Verdict(id.clone(), Box::new(it)))
    };
    feeder.drain(verdicts, to_entry).instrument(span).await?;
    if wanted.attestations {
        let span = tracing::info_span!("attestation-query", scan_id = %id);
        let attestations = sources.attestations.attestations(tenant, scan, on_error);
        let to_entry = |it| Some(Entry::Attestation(id.clone(), Box::new(it)));
        feeder.drain(attestations, to_entry).instrument(span).await?;
    }
    Ok(())
}

/// Reads the audit trail.
pub(super) async fn read_trail(
    sources: &Sources,
    tenant: &TenantId,
    range: AuditRange,
    mut feeder: Feeder<'_>,
) -> Result<(), ReadError> {
    let span = tracing::info_span!("audit-query");
    let events = sources.audit.events(tenant, range);
    feeder.drain(events, |it| Some(Entry::Audit(Box::new(it)))).instrument(span).await?;
    feeder.end().await
}

/// The feed of the writer.
pub(super) struct Feeder<'p> {
    feed: mpsc::Sender<Batch>,
    batch: Vec<Entry>,
    pulse: &'p AttemptPulse,
    on_error: OnSourceError,
}

impl<'p> Feeder<'p> {
    pub(super) fn new(feed: mpsc::Sender<Batch>, pulse: &'p AttemptPulse, on_error: OnSourceError) -> Self {
        Self { feed, batch: Vec::with_capacity(BATCH), pulse, on_error }
    }

    pub(super) async fn push(&mut self, entry: Entry) -> Result<(), ReadError> {
        self.batch.push(entry);
        if self.batch.len() < BATCH {
            return Ok(());
        }
        self.flush().await
    }

    async fn flush(&mut self) -> Result<(), ReadError> {
        let batch = std::mem::replace(&mut self.batch, Vec::with_capacity(BATCH));
        self.feed.send(Batch::Entries(batch)).await.map_err(|_| ReadError::WriterGone)
    }

    async fn end(mut self) -> Result<(), ReadError> {
        self.flush().await?;
        self.feed.send(Batch::End).await.map_err(|_| ReadError::WriterGone)
    }

    /// Opens a stream and passes all of it on; one that stops without its end was cut off. Where the request lets sources be
    /// left out, one that cannot even be opened is.
    async fn drain<T>(
        &mut self,
        opening: impl Future<Output = Result<Flows<T>, PortError>>,
        to_entry: impl Fn(T) -> Option<Entry>,
    ) -> Result<(), ReadError> {
        let mut flows = match self.pulse.until_stopped(opening).await {
            Ok(flows) => flows,
            Err(error) if self.on_error == OnSourceError::Warn && may_be_left_out(error.kind) => {
                tracing::warn!(%error, "a source was left out, as the request says");
                let warning = Warning::new(
                    WarningCode::SourceRefused,
                    format!("A source was left out, because it cannot be read: {error}."),
                );
                return self.push(Entry::Warning(warning)).await;
            }
            Err(error) => return Err(error.into()),
        };
        let mut items = 0_u64;
        loop {
            match self.pulse.until_stopped(flows.next().map(Option::transpose)).await? {
                Some(Flow::Item(item)) => {
                    items += 1;
                    if let Some(entry) = to_entry(item) {
                        self.push(entry).await?;
                    }
                }
                Some(Flow::Warning(warning)) => self.push(Entry::Warning(warning)).await?,
                Some(Flow::Document(document)) => self.push(Entry::Source(document)).await?,
                Some(Flow::End { items: told }) if told == items => return Ok(()),
                Some(Flow::End { items: told }) => {
                    let message = format!("the source told of {told} records and sent {items}");
                    return Err(PortError::new(ErrorKind::Unavailable, "gather", message).into());
                }
                None => {
                    let message = format!("the source was cut off after {items} records");
                    return Err(PortError::new(ErrorKind::Unavailable, "gather", message).into());
                }
            }
        }
    }
}

/// Whether an export can do without a source that fails so. What stops the attempt stops it in any case.
const fn may_be_left_out(kind: ErrorKind) -> bool {
    match kind {
        ErrorKind::NotFound
        | ErrorKind::Invalid
        | ErrorKind::Limit
        | ErrorKind::Denied
        | ErrorKind::Timeout
        | ErrorKind::Unavailable => true,
        ErrorKind::AlreadyExists
        | ErrorKind::Corrupt
        | ErrorKind::Full
        | ErrorKind::Cancelled
        | ErrorKind::Internal => false,
    }
}
