//! Step 4: artifacts are uploaded under keys of this attempt; `manifest.json` comes last.

use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use export_core::code::Code;
use export_core::digest::Digest;
use export_core::export::Artifact;
use export_core::ports::{ArtifactMeta, ArtifactStore, ArtifactWriter};
use futures::{FutureExt as _, StreamExt as _};
use tokio::io::AsyncReadExt as _;

use crate::{AttemptPulse, Fault};

const CHUNK: usize = 1 << 18;

/// The keys of one attempt: what it wrote, so that it can be taken back.
///
/// An attempt that is to stop waits for no call, except for commits and removals: what they do must be known.
pub(crate) struct Uploads {
    store: Arc<dyn ArtifactStore>,
    pulse: Arc<AttemptPulse>,
    prefix: String,
    written: Vec<String>,
}

impl Uploads {
    /// Nothing written so far, below `prefix`.
    pub(crate) const fn new(store: Arc<dyn ArtifactStore>, prefix: String, pulse: Arc<AttemptPulse>) -> Self {
        Self { store, pulse, prefix, written: Vec::new() }
    }

    /// Removes what earlier attempts of the export left below these prefixes, the first of which is the root of all.
    /// They are dead: their fences are older than ours. Whatever else is there stays: a worker that was frozen comes
    /// here late, when a younger attempt may have completed the export.
    pub(crate) async fn sweep_earlier(&self, prefixes: &[String]) -> Result<(), Fault> {
        let Some(root) = prefixes.first() else { return Ok(()) };
        let listing = self.pulse.until_stopped(self.store.list(root).map(Ok));
        let mut found = listing.await.map_err(Fault::of_storage)?;
        loop {
            let next = self.pulse.until_stopped(found.next().map(Option::transpose));
            let Some(head) = next.await.map_err(Fault::of_storage)? else { return Ok(()) };
            let folder = head.key.rsplit_once('/').map(|(folder, _)| folder);
            if prefixes.iter().any(|prefix| Some(prefix.as_str()) == folder) {
                self.store.delete(&head.key).await.map_err(Fault::of_storage)?;
            }
        }
    }

    /// Uploads a spooled artifact, and makes sure that the store has what was spooled.
    #[tracing::instrument(name = "artifact-storage", skip_all, fields(artifact = %artifact.name))]
    pub(crate) async fn file(&mut self, artifact: &Artifact, from: &Path) -> Result<(), Fault> {
        let scratch = |error| Fault::of_scratch("read a spooled artifact", error);
        let mut file = tokio::fs::File::open(from).await.map_err(scratch)?;
        let mut writer = self.begin(artifact).await?;
        loop {
            let mut chunk = bytes::BytesMut::with_capacity(CHUNK);
            let read = match file.read_buf(&mut chunk).await {
                Ok(read) => read,
                Err(error) => return Err(give_up(writer, scratch(error)).await),
            };
            if read == 0 {
                return self.commit(writer, artifact).await;
            }
            if let Err(error) = self.pulse.until_stopped(writer.write(chunk.freeze())).await {
                return Err(give_up(writer, Fault::of_storage(error)).await);
            }
        }
    }

    /// Uploads an artifact that is small enough to be in memory.
    #[tracing::instrument(name = "artifact-storage", skip_all, fields(artifact = name))]
    pub(crate) async fn bytes(
        &mut self,
        name: &str,
        media_type: &str,
        bytes: Vec<u8>,
    ) -> Result<Artifact, Fault> {
        let artifact = Artifact {
            name: name.to_owned(),
            media_type: media_type.to_owned(),
            size: bytes.len() as u64,
            sha256: Digest::of(&bytes),
            rows: None,
            download_url: None,
        };
        let mut writer = self.begin(&artifact).await?;
        if let Err(error) = self.pulse.until_stopped(writer.write(Bytes::from(bytes))).await {
            return Err(give_up(writer, Fault::of_storage(error)).await);
        }
        self.commit(writer, &artifact).await?;
        Ok(artifact)
    }

    /// Takes back all that was written. What cannot be removed is logged; nobody reads it, since no job names it.
    pub(crate) async fn take_back(&mut self) {
        for key in self.written.drain(..) {
            if let Err(error) = self.store.delete(&key).await {
                tracing::warn!(%error, key, "an artifact of a failed attempt stays behind");
            }
        }
    }

    async fn begin(&mut self, artifact: &Artifact) -> Result<Box<dyn ArtifactWriter>, Fault> {
        let key = format!("{}/{}", self.prefix, artifact.name);
        let meta = ArtifactMeta { media_type: artifact.media_type.clone() };
        self.pulse.until_stopped(self.store.writer(&key, &meta)).await.map_err(Fault::of_storage)
    }

    async fn commit(&mut self, writer: Box<dyn ArtifactWriter>, artifact: &Artifact) -> Result<(), Fault> {
        let key = format!("{}/{}", self.prefix, artifact.name);
        self.written.push(key.clone()); // before the commit: a reply that is lost may have written it
        let stored = writer.commit().await.map_err(Fault::of_storage)?;
        let head = self.pulse.until_stopped(self.store.head(&key)).await.map_err(Fault::of_storage)?;
        let kept = head.is_some_and(|head| head.size == artifact.size);
        if stored.sha256 != artifact.sha256 || !kept {
            let message = format!("the store does not have {} as it was written", artifact.name);
            return Err(Fault::new(Code::StorageCorrupt, message));
        }
        Ok(())
    }
}

/// The first error wins; a failing clean-up is only logged.
async fn give_up(writer: Box<dyn ArtifactWriter>, fault: Fault) -> Fault {
    if let Err(error) = writer.abort().await {
        tracing::warn!(%error, "an aborted upload was not cleaned up");
    }
    fault
}
