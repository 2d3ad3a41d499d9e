//! Step 2: every source is read once, as streams, into the snapshot.
//!
//! The writer has a thread of its own, fed in batches, so that parsing and spooling overlap. Statements, verdicts
//! and intelligence come before findings: the writer then knows which findings can match at all.

use std::sync::Arc;

use export_core::catalogue::ExportType;
use export_core::error::{ErrorKind, PortError};
use export_core::export::Stage;
use export_core::finding::{Finding, Intelligence, Verdict, VexStatement};
use export_core::id::{ScanId, TenantId};
use export_core::ports::{Flow, Flows};
use export_core::request::{ExportRequest, Scope};
use export_core::sbom::SbomPart;
use export_core::scan::{ScanRef, SourceDigest};
use export_core::time::Timestamp;
use export_core::warning::Warning;
use export_snapshot::{SnapshotLimits, SnapshotWriter, SpooledSnapshot};
use futures::{FutureExt as _, StreamExt as _};
use tokio::sync::mpsc;
use tracing::Instrument as _;

use crate::findings::Findings;
use crate::{AttemptPulse, Fault, Limits, Sources};

/// Items that travel together: one wake-up for many.
const BATCH: usize = 256;

enum Entry {
    Scan(ScanRef),
    Finding(Box<Finding<'static>>),
    Verdict(ScanId, Box<Verdict<'static>>),
    Statement(ScanId, Box<VexStatement<'static>>),
    Intelligence(Box<Intelligence<'static>>),
    Sbom(ScanId, Box<SbomPart<'static>>),
    Source(SourceDigest),
    Warning(Warning),
}

/// What an export needs of the sources.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'r> {
    /// The scans.
    pub scope: &'r Scope,
    /// Whether their SBOM documents are needed as well.
    pub sboms: bool,
    /// Whether verdicts and statements are needed as they were read, besides the findings that they are about.
    pub annotations: bool,
    /// The findings.
    pub findings: Findings,
}

impl<'r> Wanted<'r> {
    /// The findings of one scan, and what is said about them.
    pub(crate) const fn scan(scope: &'r Scope, findings: Findings) -> Self {
        Self { scope, sboms: false, annotations: false, findings }
    }

    /// What all of `requests`, which have one scope, need together.
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
        let lists_verdicts = |request: &ExportRequest| {
            matches!(request.kind, ExportType::EvidenceBundle | ExportType::PolicyCompliance)
        };
        let is_guarded = |request: &ExportRequest| Findings::by(request.kind) == Findings::Guarded;
        let findings = if requests.iter().all(is_guarded) { Findings::Guarded } else { Findings::All };
        let sboms = requests.iter().any(shows_sbom);
        Self { scope, sboms, annotations: requests.iter().any(lists_verdicts), findings }
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
    let resolving = pulse.until_stopped(sources.scans.resolve(tenant, wanted.scope));
    let resolution = resolving.await.map_err(Fault::of_source)?;
    if !resolution.missing.is_empty() {
        let gone = serde_json::to_string(&resolution.missing).unwrap_or_default();
        return Err(Fault::new(
            export_core::code::Code::DataNotFound,
            format!("no source has {gone} any more"),
        ));
    }
    let (feed, entries) = mpsc::channel(4);
    let writing = spawn_writer(entries, limits, (taken_at, wanted.annotations), Arc::clone(pulse));
    let feeder = Feeder { feed, batch: Vec::with_capacity(BATCH), pulse };
    let fed = read_sources(sources, tenant, wanted, &resolution.scans, feeder).await;
    // The writer's own failure explains a feed that broke off; a source's failure is told before a snapshot cut short.
    let written = writing.await.map_err(Fault::of_task)?;
    match (fed, written) {
        (Err(ReadError::Source(error)), _) => Err(Fault::of_source(error)),
        (_, Err(error)) => Err(Fault::of_storage(error)),
        (Err(ReadError::WriterGone), Ok(_)) => {
            Err(Fault::new(export_core::code::Code::Internal, "the snapshot's writer ended too early"))
        }
        (Ok(()), Ok(None)) => {
            Err(Fault::new(export_core::code::Code::Internal, "the snapshot was never finished"))
        }
        (Ok(()), Ok(Some(snapshot))) => Ok(snapshot),
    }
}

enum ReadError {
    Source(PortError),
    WriterGone,
}

impl From<PortError> for ReadError {
    fn from(error: PortError) -> Self {
        Self::Source(error)
    }
}

/// What travels to the writer: entries, and at the very end the word that there are no more.
enum Batch {
    Entries(Vec<Entry>),
    End,
}

async fn read_sources(
    sources: &Sources,
    tenant: &TenantId,
    wanted: Wanted<'_>,
    scans: &[ScanRef],
    mut feeder: Feeder<'_>,
) -> Result<(), ReadError> {
    for scan in scans {
        feeder.push(Entry::Scan(scan.clone())).await?;
    }
    let known = sources.intelligence.intelligence(tenant);
    feeder.drain(known, |it| Some(Entry::Intelligence(Box::new(it)))).await?;
    for scan in scans {
        let id = &scan.id;
        let span = tracing::info_span!("vexlens-query", scan_id = %id);
        let statements = sources.vex.statements(tenant, scan);
        feeder
            .drain(statements, |it| Some(Entry::Statement(id.clone(), Box::new(it))))
            .instrument(span)
            .await?;
        let span = tracing::info_span!("policy-query", scan_id = %id);
        let verdicts = sources.verdicts.verdicts(tenant, scan);
        let sets = &wanted.scope.policy_sets;
        let is_wanted = |verdict: &Verdict<'_>| {
            sets.is_empty() || sets.iter().any(|set| verdict.policy_set == set.as_str())
        };
        feeder
            .drain(verdicts, |it| is_wanted(&it).then(|| Entry::Verdict(id.clone(), Box::new(it))))
            .instrument(span)
            .await?;
    }
    for scan in scans {
        let span = tracing::info_span!("scanner-query", scan_id = %scan.id);
        let findings = sources.scans.findings(tenant, scan);
        let to_entry = |it| wanted.findings.keeps(&it).then(|| Entry::Finding(Box::new(it)));
        feeder.drain(findings, to_entry).instrument(span).await?;
    }
    for scan in scans.iter().filter(|_| wanted.sboms) {
        let span = tracing::info_span!("sbom-query", scan_id = %scan.id);
        let sboms = sources.sboms.sboms(tenant, scan);
        let to_entry = |it| Some(Entry::Sbom(scan.id.clone(), Box::new(it)));
        feeder.drain(sboms, to_entry).instrument(span).await?;
    }
    feeder.end().await
}

struct Feeder<'p> {
    feed: mpsc::Sender<Batch>,
    batch: Vec<Entry>,
    pulse: &'p AttemptPulse,
}

impl Feeder<'_> {
    async fn push(&mut self, entry: Entry) -> Result<(), ReadError> {
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

    /// Opens a stream and passes all of it on; one that stops without its end was cut off.
    async fn drain<T>(
        &mut self,
        opening: impl Future<Output = Result<Flows<T>, PortError>>,
        to_entry: impl Fn(T) -> Option<Entry>,
    ) -> Result<(), ReadError> {
        let mut flows = self.pulse.until_stopped(opening).await?;
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

type Written = Result<Option<SpooledSnapshot>, PortError>;

fn spawn_writer(
    mut entries: mpsc::Receiver<Batch>,
    limits: &Limits,
    (taken_at, annotations): (Timestamp, bool),
    pulse: Arc<AttemptPulse>,
) -> tokio::task::JoinHandle<Written> {
    let scratch = limits.scratch.clone();
    let limits = SnapshotLimits::with_quota(limits.snapshot_bytes);
    tokio::task::spawn_blocking(move || {
        let mut writer = SnapshotWriter::create(&scratch, limits)?;
        if annotations {
            writer = writer.keeping_annotations()?;
        }
        let mut findings = 0;
        while let Some(batch) = entries.blocking_recv() {
            match batch {
                Batch::Entries(batch) => {
                    let before = findings;
                    for entry in batch {
                        findings += u64::from(matches!(entry, Entry::Finding(_)));
                        write(&mut writer, entry)?;
                    }
                    pulse.add(findings - before);
                }
                Batch::End => {
                    pulse.enter(Stage::Sort, Some(findings));
                    return writer.finish(taken_at, &*pulse).map(Some);
                }
            }
        }
        Ok(None)
    })
}

fn write(writer: &mut SnapshotWriter, entry: Entry) -> Result<(), PortError> {
    match entry {
        Entry::Scan(scan) => writer.scan(scan),
        Entry::Finding(finding) => writer.finding(&finding),
        Entry::Verdict(scan, verdict) => writer.verdict(&scan, &verdict),
        Entry::Statement(scan, statement) => writer.statement(&scan, &statement),
        Entry::Intelligence(known) => writer.intelligence(&known),
        Entry::Sbom(scan, part) => writer.sbom(&scan, &part),
        Entry::Source(document) => {
            writer.source(document);
            Ok(())
        }
        Entry::Warning(warning) => {
            writer.warning(warning);
            Ok(())
        }
    }
}
