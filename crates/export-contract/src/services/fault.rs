//! How a service misbehaves.

use std::io::{self, Write as _};
use std::time::Duration;

use axum::body::Body;
use axum::http::StatusCode;
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use futures::stream::{self, BoxStream, StreamExt as _};

use super::answer::Answer;

/// How a service misbehaves, once.
#[derive(Debug, Clone)]
pub enum Fault {
    /// Another status, with `Retry-After` if given.
    Status(u16, Option<&'static str>),
    /// Points elsewhere.
    Redirect(String),
    /// The connection breaks behind so many bytes of the right answer.
    CutAfter(usize),
    /// The answer ends in order behind so many bytes of the right one.
    StopAfter(usize),
    /// Says nothing at all for so long, then the right answer.
    SlowStart(Duration),
    /// Says nothing for so long between the headers and the first byte.
    SlowFirstByte(Duration),
    /// Says nothing for so long behind so many bytes.
    Pause(usize, Duration),
    /// So long between any two bytes, for the whole of the right answer.
    Trickle(Duration),
    /// Another body, of this media type.
    Instead(&'static str, Vec<u8>),
    /// These bytes first, and then the others without end.
    Endless(Vec<u8>, Vec<u8>),
    /// The right answer, packed.
    Gzip,
    /// The right answer packed, and the first so many bytes of that alone.
    GzipStopAfter(usize),
    /// Right, for a list of several faults in which one attempt succeeds.
    Right,
}

impl Fault {
    /// The answer as this fault makes it. What is not there stays so, unless the fault brings its own.
    pub(super) async fn spoil(self, answer: Option<Answer>) -> Response {
        match self {
            Self::Status(status, after) => {
                let status = StatusCode::from_u16(status).unwrap();
                let mut response = status.into_response();
                if let Some(after) = after {
                    response.headers_mut().insert(RETRY_AFTER, after.parse().unwrap());
                }
                return response;
            }
            Self::Redirect(to) => return (StatusCode::FOUND, [(LOCATION, to)]).into_response(),
            Self::Instead(media_type, body) => return ([(CONTENT_TYPE, media_type)], body).into_response(),
            Self::Endless(first, then) => {
                let then = stream::repeat_with(move || Ok(Bytes::from(then.clone())));
                let body = stream::once(async move { Ok(Bytes::from(first)) }).chain(then);
                return streamed("application/x-ndjson", body.boxed());
            }
            Self::CutAfter(_)
            | Self::StopAfter(_)
            | Self::SlowStart(_)
            | Self::SlowFirstByte(_)
            | Self::Pause(..)
            | Self::Trickle(_)
            | Self::Gzip
            | Self::GzipStopAfter(_)
            | Self::Right => {}
        }
        let Some(answer) = answer else { return StatusCode::NOT_FOUND.into_response() };
        self.spoil_body(answer).await
    }

    async fn spoil_body(self, Answer { media_type, body }: Answer) -> Response {
        let body = Bytes::from(body);
        match self {
            Self::CutAfter(count) => {
                let broken = || Err(io::Error::other("the stub breaks the connection"));
                let sent = body.slice(..count.min(body.len()));
                // The break must come behind the bytes, not in their place.
                let cut = async move {
                    tokio::time::sleep(Duration::from_millis(20)).await;
                    broken()
                };
                streamed(media_type, stream::iter([Ok(sent)]).chain(stream::once(cut)).boxed())
            }
            Self::StopAfter(count) => whole(media_type, body.slice(..count.min(body.len()))),
            Self::SlowStart(wait) => {
                tokio::time::sleep(wait).await;
                whole(media_type, body)
            }
            Self::SlowFirstByte(wait) => paused(media_type, &body, 0, wait),
            Self::Pause(count, wait) => paused(media_type, &body, count, wait),
            Self::Trickle(wait) => {
                let bytes = stream::iter(body.to_vec()).then(move |byte| async move {
                    tokio::time::sleep(wait).await;
                    Ok(Bytes::copy_from_slice(&[byte]))
                });
                streamed(media_type, bytes.boxed())
            }
            Self::Gzip => gzip(media_type, &body, usize::MAX),
            Self::GzipStopAfter(count) => gzip(media_type, &body, count),
            Self::Right | Self::Status(..) | Self::Redirect(_) | Self::Instead(..) | Self::Endless(..) => {
                whole(media_type, body)
            }
        }
    }
}

fn whole(media_type: &'static str, body: Bytes) -> Response {
    ([(CONTENT_TYPE, media_type)], body).into_response()
}

fn streamed(media_type: &'static str, body: BoxStream<'static, io::Result<Bytes>>) -> Response {
    ([(CONTENT_TYPE, media_type)], Body::from_stream(body)).into_response()
}

fn paused(media_type: &'static str, body: &Bytes, count: usize, wait: Duration) -> Response {
    let (first, rest) = (body.slice(..count), body.slice(count..));
    let late = async move {
        tokio::time::sleep(wait).await;
        Ok(rest)
    };
    let first = stream::iter((count > 0).then_some(Ok(first)));
    streamed(media_type, first.chain(stream::once(late)).boxed())
}

fn gzip(media_type: &'static str, body: &[u8], most: usize) -> Response {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(body).unwrap();
    let mut packed = encoder.finish().unwrap();
    packed.truncate(most);
    ([(CONTENT_TYPE, media_type), (CONTENT_ENCODING, "gzip")], packed).into_response()
}
