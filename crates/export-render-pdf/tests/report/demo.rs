//! The demo library as a snapshot, read by the real source and joined by the real writer.

use std::path::Path;
use std::sync::Arc;

use export_core::id::TenantId;
use export_core::ports::{
    Flow, Flows, IntelligenceSource, Interrupt, Pulse, ScanSource, VerdictSource, VexSource,
};
use export_core::request::OnSourceError;
use export_core::request::Scope;
use export_core::time::Timestamp;
use export_snapshot::{SnapshotLimits, SnapshotWriter, SpooledSnapshot};
use export_source_library::LibrarySource;
use futures::StreamExt as _;
use object_store::local::LocalFileSystem;

/// A quota that the demo library does not reach.
const QUOTA: u64 = 1 << 30;

/// Goes on for ever.
pub(crate) struct Calm;

impl Pulse for Calm {
    fn beat(&self, _: u64) -> Result<(), Interrupt> {
        Ok(())
    }
}

/// The scans of the demo library that `scope` names.
pub(crate) fn demo(scope: &Scope, at: Timestamp, scratch: &Path) -> SpooledSnapshot {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/library");
    library(&folder, scope, at, scratch)
}

/// The scans of the library in `folder` that `scope` names.
pub(crate) fn library(folder: &Path, scope: &Scope, at: Timestamp, scratch: &Path) -> SpooledSnapshot {
    let store = Arc::new(LocalFileSystem::new_with_prefix(folder).expect("a folder with scans"));
    let library = LibrarySource::new(store, object_store::path::Path::default(), "demo library");
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().expect("a runtime");
    runtime.block_on(read(&library, scope, at, scratch))
}

async fn read(library: &LibrarySource, scope: &Scope, at: Timestamp, scratch: &Path) -> SpooledSnapshot {
    let tenant: TenantId = "acme".parse().expect("a tenant's id");
    let resolved =
        library.resolve(&tenant, scope, OnSourceError::Fail).await.expect("the library can be read");
    let writer = SnapshotWriter::create(scratch, SnapshotLimits::with_quota(QUOTA)).expect("scratch");
    let mut writer = writer.keeping_annotations().expect("scratch").keeping_vulnerabilities();
    for scan in &resolved.scans {
        writer.scan(scan.clone()).expect("scratch");
    }
    let known = library.intelligence(&tenant, OnSourceError::Fail).await.expect("the library can be read");
    drain(&mut writer, known, |writer, it| writer.intelligence(&it).expect("scratch")).await;
    for scan in &resolved.scans {
        let id = &scan.id;
        let said =
            library.statements(&tenant, scan, OnSourceError::Fail).await.expect("the library can be read");
        drain(&mut writer, said, |writer, it| writer.statement(id, &it).expect("scratch")).await;
        let decided =
            library.verdicts(&tenant, scan, OnSourceError::Fail).await.expect("the library can be read");
        drain(&mut writer, decided, |writer, it| writer.verdict(id, &it).expect("scratch")).await;
        let found =
            library.findings(&tenant, scan, OnSourceError::Fail).await.expect("the library can be read");
        drain(&mut writer, found, |writer, it| writer.finding(&it).expect("scratch")).await;
    }
    writer.finish(at, &Calm).expect("scratch")
}

async fn drain<T>(
    writer: &mut SnapshotWriter,
    mut flows: Flows<T>,
    mut each: impl FnMut(&mut SnapshotWriter, T),
) {
    while let Some(flow) = flows.next().await {
        match flow.expect("the library has no faults") {
            Flow::Item(item) => each(writer, item),
            Flow::Warning(warning) => writer.warning(warning),
            Flow::Document(document) => writer.source(document),
            Flow::End { .. } => {}
        }
    }
}
