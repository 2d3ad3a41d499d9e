//! What adapters do. The documentation of each port is what the suites of `export-contract` test.

mod artifact;
mod auth;
mod job;
mod pack;
mod render;
mod snapshot;
mod source;

pub use self::artifact::{
    ArtifactHead, ArtifactMeta, ArtifactReader, ArtifactStore, ArtifactWriter, ByteRange, DownloadGrant,
    DownloadLinks, LinkRefused, Stored,
};
pub use self::auth::{Authenticator, Identity, TokenRefused};
pub use self::job::{
    CancelOutcome, Claim, Claimed, EventFilter, Insert, Inserted, JobFilter, JobPage, JobReader, JobStore,
    QueueDepth, Recorded, Renewal, RetryOutcome,
};
pub use self::pack::{Packager, Packing};
pub use self::render::{Brief, Interrupt, OneFile, Outlet, Pulse, RenderError, Rendered, Renderer};
pub use self::snapshot::{
    Annotation, AnnotationCursor, BaselineFacts, FindingCursor, Said, SbomCursor, ScanTotals, Snapshot,
    SnapshotFacts,
};
pub use self::source::{
    Flow, Flows, IntelligenceSource, Missing, Resolution, SbomSource, ScanSource, VerdictSource, VexSource,
};
