//! From a blocking thread that reads to a stream that is awaited.

use export_core::error::{ErrorKind, PortError};
use export_core::ports::{Flow, Flows};
use export_core::request::OnSourceError;
use export_core::scan::SourceDigest;
use export_core::warning::{Warning, WarningCode};
use futures::{StreamExt as _, stream};
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

/// Batches on their way: the reader is at most this far ahead.
const BATCHES: usize = 4;
/// A batch is sent when it has this many records ...
const RECORDS: usize = 256;
/// ... or when their texts have this many bytes, so that memory does not depend on how long texts are.
const BYTES: usize = 256 * 1024;

type Batch<T> = Vec<Result<Flow<T>, PortError>>;

/// Where a reader puts what it reads.
pub(crate) struct Emitter<T> {
    sink: Sink<T>,
    batch: Batch<T>,
    bytes: usize,
    items: u64,
}

/// Where records go.
enum Sink<T> {
    /// To a stream, in batches.
    Stream(mpsc::Sender<Batch<T>>),
    /// To whoever asked, one by one.
    Each(Box<dyn FnMut(Flow<T>)>),
    /// Nowhere.
    Nowhere,
}

/// Runs `read` on a blocking thread and gives what it emits as a stream. Dropping the stream ends the thread.
pub(crate) fn flows<T: Send + 'static>(
    read: impl FnOnce(&mut Emitter<T>) -> Result<(), PortError> + Send + 'static,
) -> Flows<T> {
    let (sender, receiver) = mpsc::channel(BATCHES);
    tokio::task::spawn_blocking(move || {
        let mut emitter = Emitter::to(Sink::Stream(sender));
        let last = read(&mut emitter).map(|()| Flow::End { items: emitter.items });
        emitter.batch.push(last);
        // Nobody is left to tell if the stream is gone.
        let _ = emitter.flush();
    });
    ReceiverStream::new(receiver).flat_map(stream::iter).boxed()
}

impl<T> Emitter<T> {
    /// An emitter that forgets everything: to see whether a document can be read to its end.
    pub(crate) const fn checking() -> Self {
        Self::to(Sink::Nowhere)
    }

    /// An emitter that shows everything to `each`.
    pub(crate) fn showing(each: impl FnMut(Flow<T>) + 'static) -> Self {
        Self::to(Sink::Each(Box::new(each)))
    }

    const fn to(sink: Sink<T>) -> Self {
        Self { sink, batch: Vec::new(), bytes: 0, items: 0 }
    }

    /// How many items were emitted.
    pub(crate) const fn items(&self) -> u64 {
        self.items
    }

    /// Emits a record that was read from `bytes` bytes.
    pub(crate) fn item(&mut self, item: T, bytes: usize) -> Result<(), PortError> {
        self.items += 1;
        self.push(Flow::Item(item), bytes)
    }

    /// Emits a warning.
    pub(crate) fn warning(&mut self, warning: Warning) -> Result<(), PortError> {
        self.push(Flow::Warning(warning), 0)
    }

    /// Emits that a document was read to its end.
    pub(crate) fn document(&mut self, document: SourceDigest) -> Result<(), PortError> {
        self.push(Flow::Document(document), 0)
    }

    fn push(&mut self, flow: Flow<T>, bytes: usize) -> Result<(), PortError> {
        match &mut self.sink {
            Sink::Stream(_) => self.batch.push(Ok(flow)),
            Sink::Each(each) => {
                each(flow);
                return Ok(());
            }
            Sink::Nowhere => return Ok(()),
        }
        self.bytes += bytes;
        if self.batch.len() >= RECORDS || self.bytes >= BYTES { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), PortError> {
        self.bytes = 0;
        let batch = std::mem::take(&mut self.batch);
        let Sink::Stream(sender) = &self.sink else { return Ok(()) };
        sender.blocking_send(batch).map_err(|_| {
            PortError::new(ErrorKind::Cancelled, "library: read", "the stream was dropped before its end")
        })
    }
}

/// Reads a document with `read`. Where it may be left out, it is read once before to see whether it must be: then it gives a
/// warning and nothing else.
///
/// # Errors
/// What `read` says, unless it is the document's fault and it may be left out.
pub(crate) fn whole_or_told<T, R>(
    on_error: OnSourceError,
    emit: &mut Emitter<T>,
    read: impl Fn(&mut Emitter<T>) -> Result<R, PortError>,
) -> Result<Option<R>, PortError> {
    if on_error == OnSourceError::Warn
        && let Err(error) = read(&mut Emitter::checking())
    {
        let warning = refused(&error).ok_or(error)?;
        return emit.warning(warning).map(|()| None);
    }
    read(emit).map(Some)
}

/// What is told of a document that cannot be read, if it is the document's fault.
pub(crate) fn refused(error: &PortError) -> Option<Warning> {
    match error.kind {
        ErrorKind::Invalid | ErrorKind::Limit | ErrorKind::NotFound | ErrorKind::Denied => {}
        ErrorKind::AlreadyExists
        | ErrorKind::Corrupt
        | ErrorKind::Full
        | ErrorKind::Timeout
        | ErrorKind::Unavailable
        | ErrorKind::Cancelled
        | ErrorKind::Internal => return None,
    }
    let message = format!("This file cannot be read and was left out: {}.", error.message);
    let warning = Warning::new(WarningCode::SourceRefused, message);
    Some(match &error.place {
        Some(place) => warning.at(place.clone()),
        None => warning,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn ends_with_the_count_or_the_error() {
        let good = flows(|emit| (0..1000).try_for_each(|number| emit.item(number, 1)));
        let good: Vec<_> = good.collect().await;
        assert_eq!(good.len(), 1001);
        assert!(matches!(good.last(), Some(Ok(Flow::End { items: 1000 }))));

        let bad = flows(|emit| {
            emit.item(1, 1)?;
            Err(PortError::new(ErrorKind::Invalid, "test", "broken"))
        });
        let bad: Vec<_> = bad.collect().await;
        assert!(matches!(&bad[..], [Ok(Flow::Item(1)), Err(error)] if error.kind == ErrorKind::Invalid));
    }

    #[tokio::test]
    async fn dropping_the_stream_ends_the_thread() {
        let (tell, told) = tokio::sync::oneshot::channel();
        let mut endless = flows(move |emit| {
            let outcome = (0_u64..).try_for_each(|number| emit.item(number, 1));
            let _ = tell.send(());
            outcome
        });
        assert!(endless.next().await.is_some());
        drop(endless);
        told.await.unwrap();
    }
}
