//! Reads artifacts, and notices when bytes are missing.

use std::io;

use bytes::Bytes;
use export_core::error::{ErrorKind, PortError};
use futures::TryStreamExt as _;
use futures::stream::{self, BoxStream, StreamExt as _};
use object_store::{GetResult, GetResultPayload};
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};
use tokio_util::io::ReaderStream;

use crate::fault::{fault, io_fault};

pub(crate) const READ: &str = "artifact store: read";

/// Bytes of a file that are read at a time. `object_store` reads 8 KiB, each with a change of threads.
const CHUNK: usize = 256 << 10;

/// The bytes of `result`, exactly as many as it promises.
pub(crate) async fn bytes(
    key: String,
    result: GetResult,
) -> Result<BoxStream<'static, Result<Bytes, PortError>>, PortError> {
    let length = result.range.end - result.range.start;
    let place = key.clone();
    let chunks = match result.payload {
        GetResultPayload::File(file, _) => {
            let mut file = tokio::fs::File::from_std(file);
            let start = io::SeekFrom::Start(result.range.start);
            file.seek(start).await.map_err(|error| io_fault(READ, &key, error))?;
            let chunks = ReaderStream::with_capacity(file.take(length), CHUNK);
            chunks.map_err(move |error| io_fault(READ, &place, error)).boxed()
        }
        GetResultPayload::Stream(chunks) => chunks.map_err(move |error| fault(READ, &place, error)).boxed(),
    };
    Ok(exactly(length, key, chunks))
}

/// Passes `chunks` on, and fails at their end unless they were `length` bytes.
fn exactly(
    length: u64,
    key: String,
    chunks: BoxStream<'static, Result<Bytes, PortError>>,
) -> BoxStream<'static, Result<Bytes, PortError>> {
    let differs = |key: &str, length: u64| {
        let message = format!("the store does not give the {length} bytes that it has");
        PortError::new(ErrorKind::Corrupt, READ, message).at(key)
    };
    stream::try_unfold((chunks, 0_u64, key), move |(mut chunks, read, key)| async move {
        match chunks.try_next().await? {
            Some(chunk) if read + chunk.len() as u64 <= length => {
                let read = read + chunk.len() as u64;
                Ok(Some((chunk, (chunks, read, key))))
            }
            None if read == length => Ok(None),
            Some(_) | None => Err(differs(&key, length)),
        }
    })
    .boxed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn an_end_that_comes_early_or_late_is_an_error() {
        for (length, whole) in [(3, true), (4, false), (2, false)] {
            let chunks = stream::iter([Ok(Bytes::from_static(b"ab")), Ok(Bytes::from_static(b"c"))]).boxed();
            let read: Result<Vec<Bytes>, _> = exactly(length, "k".to_owned(), chunks).try_collect().await;
            assert_eq!(read.is_ok(), whole, "{length}");
            if let Err(error) = read {
                assert_eq!(error.kind, ErrorKind::Corrupt);
            }
        }
    }
}
