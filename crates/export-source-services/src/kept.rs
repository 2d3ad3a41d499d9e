//! Answers that may be left out: kept on disk until they are known to be whole, and given on only then.

use std::path::Path;
use std::sync::Arc;

use export_core::error::{ErrorKind, PortError};
use export_core::ports::{Flow, Flows};
use export_core::request::OnSourceError;
use export_core::scan::{ScanRef, SourceDigest};
use export_core::warning::{Warning, WarningCode};
use futures::{StreamExt as _, TryStreamExt as _, stream};
use tokio::fs::File;
use tokio::io::{AsyncBufReadExt as _, AsyncSeekExt as _, AsyncWriteExt as _, BufReader, BufWriter};

use crate::raw::{Place, Raw};
use crate::stream::{Reading, parse};
use crate::wire::Record;

const BUFFER: usize = 64 * 1024;
const OPERATION: &str = "services: keep an answer";

/// Reads the whole answer, and gives its records on, or a warning and none of them.
///
/// # Errors
/// What is no fault of the answer: the service stopped in the middle of it, or the disk is full.
pub(crate) async fn checked<T: Record>(reading: Reading, scratch: &Path) -> Result<Flows<T>, PortError> {
    match keep::<T>(reading, scratch).await {
        Ok(kept) => Ok(kept.flows()),
        Err(error) => warned(error, OnSourceError::Warn),
    }
}

/// A warning in place of an answer that cannot be read, where it may be left out.
///
/// # Errors
/// `error` itself, if it may not, or if it is no fault of the answer.
pub(crate) fn warned<T: Send + 'static>(
    error: PortError,
    on_error: OnSourceError,
) -> Result<Flows<T>, PortError> {
    match refused(&error, on_error) {
        Some(warning) => {
            let steps = [Ok(Flow::Warning(warning)), Ok(Flow::End { items: 0 })];
            Ok(stream::iter(steps).boxed())
        }
        None => Err(error),
    }
}

/// What is told of an answer that cannot be read, if that is its own fault and it may be left out.
pub(crate) fn refused(error: &PortError, on_error: OnSourceError) -> Option<Warning> {
    match (on_error, error.kind) {
        (OnSourceError::Warn, ErrorKind::Corrupt | ErrorKind::Limit | ErrorKind::Invalid) => {}
        (
            OnSourceError::Warn,
            ErrorKind::NotFound
            | ErrorKind::AlreadyExists
            | ErrorKind::Denied
            | ErrorKind::Full
            | ErrorKind::Timeout
            | ErrorKind::Unavailable
            | ErrorKind::Cancelled
            | ErrorKind::Internal,
        )
        | (OnSourceError::Fail, _) => return None,
    }
    let message = format!("This answer cannot be read and was left out: {}.", error.message);
    let warning = Warning::new(WarningCode::SourceRefused, message);
    Some(match &error.place {
        Some(place) => warning.at(place.clone()),
        None => warning,
    })
}

/// An answer that is whole, one record a line.
struct Kept {
    file: BufReader<File>,
    document: SourceDigest,
    scan: Arc<ScanRef>,
}

async fn keep<T: Record>(mut reading: Reading, scratch: &Path) -> Result<Kept, PortError> {
    let io = |error| PortError::io(OPERATION, error);
    let mut file =
        BufWriter::with_capacity(BUFFER, File::from_std(tempfile::tempfile_in(scratch).map_err(io)?));
    while let Some((_, raw)) = reading.next::<T>().await? {
        file.write_all(&raw.json).await.map_err(io)?;
        file.write_all(b"\n").await.map_err(io)?;
    }
    file.flush().await.map_err(io)?;
    let mut file = file.into_inner();
    file.rewind().await.map_err(io)?;
    let file = BufReader::with_capacity(BUFFER, file);
    Ok(Kept { file, document: reading.document(), scan: Arc::clone(reading.scan()) })
}

impl Kept {
    fn flows<T: Record>(self) -> Flows<T> {
        let Self { file, document, scan } = self;
        let (url, items): (Arc<str>, _) = (document.query.as_str().into(), document.records);
        let lines = stream::try_unfold(file.split(b'\n'), |mut lines| async move {
            let line = lines.next_segment().await.map_err(|error| PortError::io(OPERATION, error))?;
            Ok(line.map(|line| (line, lines)))
        });
        let records = lines.and_then(move |json| {
            // The line of the scratch file: a record was read from it before, so this is never seen.
            let raw = Raw { operation: OPERATION, json, place: Place::Line(Arc::clone(&url), 0) };
            futures::future::ready(parse(&raw, &scan).map(Flow::Item))
        });
        let end = [Ok(Flow::Document(document)), Ok(Flow::End { items })];
        records.chain(stream::iter(end)).boxed()
    }
}
