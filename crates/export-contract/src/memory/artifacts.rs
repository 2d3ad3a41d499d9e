//! An artifact store in a map.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use export_core::digest::Digest;
use export_core::error::{ErrorKind, PortError};
use export_core::ports::{
    ArtifactHead, ArtifactMeta, ArtifactReader, ArtifactStore, ArtifactWriter, ByteRange, Stored,
};
use futures::StreamExt as _;
use futures::stream::{self, BoxStream};

/// The size of the chunks that are read, small so that readers meet several.
const CHUNK: usize = 1 << 10;

type Files = Arc<Mutex<BTreeMap<String, Bytes>>>;

/// An artifact store in memory; clones share what they hold.
#[derive(Debug, Clone, Default)]
pub struct MemoryArtifacts {
    files: Files,
}

impl MemoryArtifacts {
    /// Changes stored bytes behind the store's back, as a broken disk does.
    pub fn tamper(&self, key: &str, change: impl FnOnce(&mut Vec<u8>)) {
        let mut files = self.files.lock().unwrap();
        let mut bytes = files.get(key).expect("the key that is tampered with is there").to_vec();
        change(&mut bytes);
        files.insert(key.to_owned(), bytes.into());
    }

    /// Every key, sorted.
    #[must_use]
    pub fn keys(&self) -> Vec<String> {
        self.files.lock().unwrap().keys().cloned().collect()
    }
}

#[async_trait]
impl ArtifactStore for MemoryArtifacts {
    async fn writer(&self, key: &str, _meta: &ArtifactMeta) -> Result<Box<dyn ArtifactWriter>, PortError> {
        let safe = key.split('/').all(|segment| !matches!(segment, "" | "." | ".."));
        if !safe {
            return Err(PortError::new(ErrorKind::Invalid, "artifact store: write", "not a safe key").at(key));
        }
        Ok(Box::new(MemoryWriter { files: Arc::clone(&self.files), key: key.to_owned(), bytes: Vec::new() }))
    }

    async fn reader(&self, key: &str, range: Option<ByteRange>) -> Result<ArtifactReader, PortError> {
        let whole = self.files.lock().unwrap().get(key).cloned();
        let absent = || PortError::new(ErrorKind::NotFound, "artifact store: read", "no artifact").at(key);
        let whole = whole.ok_or_else(absent)?;
        let range = within(range, whole.len()).ok_or_else(|| {
            PortError::new(ErrorKind::Invalid, "artifact store: read", "not a range of the artifact").at(key)
        })?;
        let part = whole.slice(range);
        let chunks: Vec<_> = part.chunks(CHUNK).map(|chunk| Ok(part.slice_ref(chunk))).collect();
        Ok(ArtifactReader { size: whole.len() as u64, bytes: stream::iter(chunks).boxed() })
    }

    async fn head(&self, key: &str) -> Result<Option<ArtifactHead>, PortError> {
        let files = self.files.lock().unwrap();
        Ok(files.get(key).map(|bytes| ArtifactHead { key: key.to_owned(), size: bytes.len() as u64 }))
    }

    async fn delete(&self, key: &str) -> Result<(), PortError> {
        self.files.lock().unwrap().remove(key);
        Ok(())
    }

    async fn list(&self, prefix: &str) -> BoxStream<'static, Result<ArtifactHead, PortError>> {
        let below = if prefix.is_empty() { String::new() } else { format!("{prefix}/") };
        let files = self.files.lock().unwrap();
        let found = files.iter().filter(|(key, _)| key.starts_with(&below));
        let heads: Vec<_> = found
            .map(|(key, bytes)| Ok(ArtifactHead { key: key.clone(), size: bytes.len() as u64 }))
            .collect();
        stream::iter(heads).boxed()
    }
}

fn within(range: Option<ByteRange>, size: usize) -> Option<Range<usize>> {
    let Some(range) = range else { return Some(0..size) };
    let start = usize::try_from(range.start).ok()?;
    let end = usize::try_from(range.end).ok()?;
    (start < end && end <= size).then_some(start..end)
}

struct MemoryWriter {
    files: Files,
    key: String,
    bytes: Vec<u8>,
}

#[async_trait]
impl ArtifactWriter for MemoryWriter {
    async fn write(&mut self, bytes: Bytes) -> Result<(), PortError> {
        self.bytes.extend_from_slice(&bytes);
        Ok(())
    }

    async fn commit(self: Box<Self>) -> Result<Stored, PortError> {
        let stored = Stored { size: self.bytes.len() as u64, sha256: Digest::of(&self.bytes) };
        let mut files = self.files.lock().unwrap();
        if files.contains_key(&self.key) {
            let taken =
                PortError::new(ErrorKind::AlreadyExists, "artifact store: commit", "the key is taken");
            return Err(taken.at(self.key));
        }
        files.insert(self.key, self.bytes.into());
        Ok(stored)
    }

    async fn abort(self: Box<Self>) -> Result<(), PortError> {
        Ok(())
    }
}
