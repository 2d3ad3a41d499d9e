//! What must hold of an export that has ended.

use export_core::code::Code;
use export_core::digest::Digest;
use export_core::export::{EventKind, Status};
use export_core::id::ExportId;
use export_core::job::Job;
use export_core::manifest::{MANIFEST_NAME, Manifest};
use export_core::ports::{ArtifactStore as _, EventFilter, JobReader as _};
use futures::TryStreamExt as _;

use super::Bench;

impl Bench {
    /// Everything that was told of the export, in order.
    pub(crate) async fn told(&self, id: ExportId) -> Vec<EventKind> {
        let filter = EventFilter { tenant: &self.tenant, export: Some(id), after: 0, limit: 10_000 };
        self.jobs.events(filter).await.unwrap().iter().map(|event| event.event).collect()
    }

    /// The same without progress, of which there is more on slow machines.
    pub(crate) async fn turns(&self, id: ExportId) -> Vec<EventKind> {
        let mut told = self.told(id).await;
        told.retain(|kind| *kind != EventKind::Progress);
        told
    }

    /// The bytes under `key`.
    pub(crate) async fn bytes(&self, key: &str) -> Vec<u8> {
        let reader = self.shelf.reader(key, None).await.unwrap();
        let chunks: Vec<_> = reader.bytes.try_collect().await.unwrap();
        chunks.concat()
    }

    /// The export is complete, and nothing but its whole artifacts is in the store.
    pub(crate) async fn assert_whole(&self, job: &Job) -> Manifest {
        let outcome = job.outcome().unwrap_or_else(|| panic!("it is not complete: {job:?}"));
        assert_eq!(outcome.prefix, job.prefix(job.fence), "the winner is the last attempt");
        for artifact in &outcome.artifacts {
            let bytes = self.bytes(&format!("{}/{}", outcome.prefix, artifact.name)).await;
            assert_eq!((artifact.size, artifact.sha256), (bytes.len() as u64, Digest::of(&bytes)));
        }
        let mut named: Vec<_> =
            outcome.artifacts.iter().map(|it| format!("{}/{}", outcome.prefix, it.name)).collect();
        named.sort();
        assert_eq!(self.shelf.keys(), named, "nothing else is there");
        let (manifest, files) = outcome.artifacts.split_last().expect("there is a manifest");
        assert_eq!((manifest.name.as_str(), manifest.rows), (MANIFEST_NAME, None));
        let manifest: Manifest =
            serde_json::from_slice(&self.bytes(&format!("{}/{MANIFEST_NAME}", outcome.prefix)).await)
                .unwrap();
        assert_eq!((manifest.export_id, &manifest.tenant), (job.id, &self.tenant));
        assert_eq!(manifest.artifacts, files);
        assert_eq!(manifest.snapshot.rows_matched, self.rows);
        let turns = self.turns(job.id).await;
        assert_eq!(turns.last(), Some(&EventKind::Completed));
        assert_eq!(turns.iter().filter(|kind| **kind == EventKind::Completed).count(), 1);
        let is_final = |pair: &[EventKind]| pair[0] == EventKind::Failed && pair[1] != EventKind::Queued;
        assert!(!turns.windows(2).any(is_final), "only a retry goes on behind a failure: {turns:?}");
        manifest
    }

    /// The export has failed with `code`, and nothing is in the store.
    pub(crate) async fn assert_failed(&self, job: &Job, code: Code) {
        assert_eq!(job.status(), Status::Failed, "{job:?}");
        assert_eq!(job.failure().expect("it has failed").code, code, "{job:?}");
        assert_eq!(self.shelf.keys(), [""; 0], "nothing is left");
        let turns = self.turns(job.id).await;
        assert_eq!(turns.last(), Some(&EventKind::Failed));
        assert!(!turns.contains(&EventKind::Completed));
    }
}
