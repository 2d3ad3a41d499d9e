//! What adapters do. The documentation of each port is what the suites of `export-contract` test.

mod artifact;
mod audit;
mod auth;
mod job;
mod ledger;
mod pack;
mod render;
mod seal;
mod snapshot;
mod source;
mod template;

pub use self::artifact::{
    ArtifactHead, ArtifactMeta, ArtifactReader, ArtifactStore, ArtifactWriter, ByteRange, DownloadGrant,
    DownloadLinks, LinkRefused, Stored,
};
pub use self::audit::{AuditFilter, AuditLog, AuditPage, AuditRange, AuditSource};
pub use self::auth::{Authenticator, Identity, TokenRefused};
pub use self::job::{
    CancelOutcome, Claim, Claimed, EventFilter, Insert, Inserted, JobFilter, JobPage, JobReader, JobStore,
    QueueDepth, Recorded, Renewal, RetryOutcome,
};
pub use self::ledger::{AuditLedger, Checkpoint, NodeId, Unsigned};
pub use self::pack::{Packager, Packing};
pub use self::render::{
    Brief, Interrupt, OneFile, Outlet, Pulse, RenderError, Rendered, Renderer, SealBrief,
};
pub use self::seal::{Signer, Timestamper};
pub use self::snapshot::{
    Annotation, AnnotationCursor, AuditCursor, BaselineFacts, FindingCursor, RecordKind, Said, SbomCursor,
    ScanTotals, Snapshot, SnapshotFacts, VulnerabilityCursor,
};
pub use self::source::{
    AttestationSource, FetchedDocument, Flow, Flows, IntelligenceSource, Missing, Resolution, SbomReader,
    SbomSource, ScanSource, VerdictSource, VexSource,
};
pub use self::template::{TemplateFault, TemplatePage, TemplateStore, TemplateTrial};
