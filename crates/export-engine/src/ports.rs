//! What an engine is put together from.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use export_core::catalogue::{ExportType, Format};
use export_core::ports::{
    ArtifactStore, AttestationSource, AuditLog, AuditSource, IntelligenceSource, JobReader, JobStore,
    Packager, Renderer, SbomSource, ScanSource, TemplateStore, VerdictSource, VexSource,
};
use export_core::time::Clock;

use crate::{Sealing, bundle};

/// The engine: ports and limits. Cheap to share behind an `Arc`.
pub struct Engine {
    pub(crate) parts: Parts,
    pub(crate) limits: Limits,
}

impl Engine {
    /// An engine of these parts.
    #[must_use]
    pub const fn new(parts: Parts, limits: Limits) -> Self {
        Self { parts, limits }
    }

    /// Where it keeps what it works with for a while.
    #[must_use]
    pub fn scratch(&self) -> &Path {
        &self.limits.scratch
    }

    /// The ports it was put together from.
    #[must_use]
    pub const fn parts(&self) -> &Parts {
        &self.parts
    }
}

/// The ports of an engine.
pub struct Parts {
    /// Keeps jobs.
    pub jobs: Arc<dyn JobStore>,
    /// Reads jobs and events.
    pub reader: Arc<dyn JobReader>,
    /// Keeps artifacts.
    pub artifacts: Arc<dyn ArtifactStore>,
    /// Keeps the audit trail, for what the stores do not note themselves.
    pub audit: Arc<dyn AuditLog>,
    /// Keeps tenants' templates.
    pub templates: Arc<dyn TemplateStore>,
    /// Where data comes from.
    pub sources: Sources,
    /// What can be written.
    pub writers: Writers,
    /// The present.
    pub clock: Arc<dyn Clock>,
    /// Randomness for ids.
    pub entropy: Arc<dyn Entropy>,
}

/// Where data comes from.
#[derive(Clone)]
pub struct Sources {
    /// Scans and their findings.
    pub scans: Arc<dyn ScanSource>,
    /// Policy verdicts.
    pub verdicts: Arc<dyn VerdictSource>,
    /// VEX statements.
    pub vex: Arc<dyn VexSource>,
    /// Bills of materials.
    pub sboms: Arc<dyn SbomSource>,
    /// Attestations.
    pub attestations: Arc<dyn AttestationSource>,
    /// EPSS and known exploited vulnerabilities.
    pub intelligence: Arc<dyn IntelligenceSource>,
    /// What was done here: the audit trail. [`NoTrail`](crate::NoTrail) where there is none.
    pub audit: Arc<dyn AuditSource>,
}

/// Fresh random bytes, asked of whoever may draw them.
pub trait Entropy: Send + Sync {
    /// Fills `bytes` with randomness that nobody can predict.
    fn fill(&self, bytes: &mut [u8]);
}

/// The renderers and packagers of this installation, and what it seals with.
#[derive(Clone, Default)]
pub struct Writers {
    renderers: Vec<Arc<dyn Renderer>>,
    packagers: Vec<Arc<dyn Packager>>,
    sealing: Option<Sealing>,
}

impl Writers {
    /// These renderers and packagers. Of two for the same, the first is used.
    #[must_use]
    pub const fn new(renderers: Vec<Arc<dyn Renderer>>, packagers: Vec<Arc<dyn Packager>>) -> Self {
        Self { renderers, packagers, sealing: None }
    }

    /// The same, sealing with `sealing`.
    #[must_use]
    pub fn sealing_with(self, sealing: Sealing) -> Self {
        Self { sealing: Some(sealing), ..self }
    }

    /// What evidence is sealed with, if anything.
    #[must_use]
    pub const fn sealing(&self) -> Option<&Sealing> {
        self.sealing.as_ref()
    }

    /// The renderer for a pair, if there is one.
    #[must_use]
    pub fn renderer(&self, kind: ExportType, format: Format) -> Option<Arc<dyn Renderer>> {
        let fits = |it: &&Arc<dyn Renderer>| it.format() == format && it.types().contains(&kind);
        self.renderers.iter().find(fits).cloned()
    }

    /// The packager for an archive's format, if there is one.
    #[must_use]
    pub fn packager(&self, format: Format) -> Option<Arc<dyn Packager>> {
        self.packagers.iter().find(|it| it.format() == format).cloned()
    }

    /// The templates that come with the program, each with its format; of one format the default comes first.
    #[must_use]
    pub fn templates(&self) -> Vec<(&'static str, Format)> {
        let of = |it: &Arc<dyn Renderer>| {
            it.templates().iter().map(|name| (*name, it.format())).collect::<Vec<_>>()
        };
        self.renderers.iter().flat_map(of).collect()
    }

    /// Whether a pair can be written here.
    #[must_use]
    pub fn can_write(&self, kind: ExportType, format: Format) -> bool {
        match kind {
            ExportType::EvidenceBundle => {
                let has = |(kind, format): &(ExportType, Format)| self.renderer(*kind, *format).is_some();
                self.packager(format).is_some() && bundle::PARTS.iter().all(has)
            }
            ExportType::ScanReport
            | ExportType::ScanSummary
            | ExportType::Sbom
            | ExportType::VulnerabilityReport
            | ExportType::PolicyCompliance
            | ExportType::AiCodeGuardReport
            | ExportType::AuditLog => self.renderer(kind, format).is_some(),
        }
    }

    /// The formats of a type that can be written here, in the contract's order.
    #[must_use]
    pub fn formats(&self, kind: ExportType) -> Vec<Format> {
        kind.formats().iter().copied().filter(|format| self.can_write(kind, *format)).collect()
    }
}

/// What an engine may use up.
#[derive(Debug, Clone)]
pub struct Limits {
    /// Where snapshots and spools are kept while an attempt runs.
    pub scratch: PathBuf,
    /// Bytes of scratch that one export may take.
    pub snapshot_bytes: u64,
    /// How long one artifact may be rendered.
    pub render: Duration,
    /// Days until artifacts are deleted, unless the request says otherwise.
    pub retention_days: u32,
}
