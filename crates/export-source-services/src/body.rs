//! The body of an answer: unpacked, counted, digested, and never waited for without end.

use std::sync::Arc;

use bytes::Bytes;
use export_core::error::{ErrorKind, PortError};
use reqwest::Response;
use reqwest::header::CONTENT_ENCODING;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, timeout, timeout_at};

use crate::Limits;
use crate::gzip::Gunzip;

/// What one call has for itself: where it goes, what it may take, until when.
#[derive(Clone)]
pub(crate) struct Call {
    /// What errors name.
    pub(crate) operation: &'static str,
    /// The URL, which holds no credentials.
    pub(crate) url: Arc<str>,
    pub(crate) limits: Limits,
    pub(crate) deadline: Instant,
    /// Held as long as the answer is read.
    pub(crate) _permit: Arc<OwnedSemaphorePermit>,
}

impl Call {
    /// An error of this call, at its URL.
    pub(crate) fn error(&self, kind: ErrorKind, message: impl Into<String>) -> PortError {
        PortError::new(kind, self.operation, message).at(&*self.url)
    }

    /// The answer stopped before its end: it may well be whole the next time.
    pub(crate) fn cut(&self, how: &str) -> PortError {
        self.error(ErrorKind::Unavailable, format!("the answer was cut off: {how}"))
    }

    /// Waits for what the service must do within its time-out, and within the deadline of the call.
    pub(crate) async fn within<T>(
        &self,
        waiting_for: &str,
        what: impl Future<Output = Result<T, reqwest::Error>>,
    ) -> Result<Result<T, reqwest::Error>, PortError> {
        match timeout_at(self.deadline, timeout(self.limits.timeout, what)).await {
            Ok(Ok(done)) => Ok(done),
            Ok(Err(_)) => {
                let message = format!("no {waiting_for} within {:?}", self.limits.timeout);
                Err(self.error(ErrorKind::Timeout, message))
            }
            Err(_) => {
                let message = "the answer did not end within the time that one may take";
                Err(self.error(ErrorKind::Timeout, message))
            }
        }
    }
}

/// The body of an answer.
pub(crate) struct Body {
    response: Response,
    gunzip: Option<Gunzip>,
    ended: bool,
    seen: u64,
    pub(crate) call: Call,
}

impl Body {
    /// The body of `response`.
    ///
    /// # Errors
    /// If it is packed in a way that was not offered.
    pub(crate) fn of(response: Response, call: Call) -> Result<Self, PortError> {
        let encoding = response.headers().get(CONTENT_ENCODING).map(|it| it.as_bytes().to_ascii_lowercase());
        let gunzip = match encoding.as_deref() {
            None | Some(b"" | b"identity") => None,
            Some(b"gzip" | b"x-gzip") => Some(Gunzip::new()),
            Some(_) => {
                return Err(call.error(ErrorKind::Invalid, "the answer is packed, but not with gzip"));
            }
        };
        Ok(Self { response, gunzip, ended: false, seen: 0, call })
    }

    /// The next bytes, unpacked; none behind the last.
    pub(crate) async fn chunk(&mut self) -> Result<Option<Bytes>, PortError> {
        let chunk = self.unpacked().await?;
        self.seen += chunk.as_ref().map_or(0, |it| it.len() as u64);
        if self.seen > self.call.limits.max_answer_bytes {
            let most = self.call.limits.max_answer_bytes;
            return Err(self.call.error(ErrorKind::Limit, format!("the answer is larger than {most} bytes")));
        }
        Ok(chunk)
    }

    /// All of it, which must be no more than `most` bytes.
    pub(crate) async fn whole(mut self, most: usize) -> Result<Vec<u8>, PortError> {
        let mut whole = Vec::new();
        while let Some(chunk) = self.chunk().await? {
            whole.extend_from_slice(&chunk);
            if whole.len() > most {
                let message = format!("a page of JSON is larger than {most} bytes");
                return Err(self.call.error(ErrorKind::Limit, message));
            }
        }
        Ok(whole)
    }

    async fn unpacked(&mut self) -> Result<Option<Bytes>, PortError> {
        let Self { response, gunzip, ended, call, .. } = self;
        loop {
            let unpacked = gunzip.as_mut().map_or(Ok(None), Gunzip::next);
            if let Some(chunk) = unpacked.map_err(|error| call.cut(&error.to_string()))? {
                return Ok(Some(chunk));
            }
            if *ended {
                return Ok(None);
            }
            let chunk = call.within("further byte of the answer", response.chunk()).await?;
            // The URL is told already, and reqwest's own words of it would be once more.
            let chunk = chunk.map_err(|error| {
                let error = error.without_url();
                call.cut(&crate::client::words(&error)).because(error)
            })?;
            match (chunk, gunzip.as_mut()) {
                (Some(chunk), None) => return Ok(Some(chunk)),
                (Some(chunk), Some(gunzip)) => gunzip.push(chunk),
                (None, None) => return Ok(None),
                (None, Some(gunzip)) => {
                    *ended = true;
                    let last = gunzip.finish().map_err(|error| call.cut(&error.to_string()))?;
                    return Ok(Some(last).filter(|last| !last.is_empty()));
                }
            }
        }
    }
}
