//! What an engine is put together from.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use export_core::catalogue::{ExportType, Format};
use export_core::ports::{
    ArtifactStore, IntelligenceSource, JobReader, JobStore, Renderer, ScanSource, VerdictSource, VexSource,
};
use export_core::time::Clock;

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
    /// Where data comes from.
    pub sources: Sources,
    /// What can be written.
    pub renderers: Renderers,
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
    /// EPSS and known exploited vulnerabilities.
    pub intelligence: Arc<dyn IntelligenceSource>,
}

/// Fresh random bytes, asked of whoever may draw them.
pub trait Entropy: Send + Sync {
    /// Fills `bytes` with randomness that nobody can predict.
    fn fill(&self, bytes: &mut [u8]);
}

/// The renderers of this installation.
#[derive(Clone, Default)]
pub struct Renderers(Vec<Arc<dyn Renderer>>);

impl Renderers {
    /// These renderers. Of two for the same pair, the first is used.
    #[must_use]
    pub const fn new(renderers: Vec<Arc<dyn Renderer>>) -> Self {
        Self(renderers)
    }

    /// The renderer for a pair, if there is one.
    #[must_use]
    pub fn find(&self, kind: ExportType, format: Format) -> Option<Arc<dyn Renderer>> {
        let fits = |it: &&Arc<dyn Renderer>| it.format() == format && it.types().contains(&kind);
        self.0.iter().find(fits).cloned()
    }

    /// The formats of a type that can be written here, in the contract's order.
    #[must_use]
    pub fn formats(&self, kind: ExportType) -> Vec<Format> {
        kind.formats().iter().copied().filter(|format| self.find(kind, *format).is_some()).collect()
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
