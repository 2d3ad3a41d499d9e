//! The records of an answer, one by one, whichever way they come: lines, or pages of JSON.

use std::sync::Arc;

use export_core::digest::Digest;
use export_core::error::{ErrorKind, PortError};
use reqwest::Response;
use reqwest::header::CONTENT_TYPE;
use sha2::{Digest as _, Sha256};

use crate::attempt::Failed;
use crate::body::Call;
use crate::client::{Ask, Client, body};
use crate::ndjson::Ndjson;
use crate::pages::Pages;
use crate::raw::Raw;

/// What is asked for where an answer has records.
pub(crate) const ACCEPT: &str = "application/x-ndjson, application/json;q=0.5";
/// Bytes of one page of JSON, which is held whole. Whoever has more gives more pages, or lines.
pub(crate) const PAGE: usize = 16 << 20;

/// How the records of an answer are called.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Names {
    /// `type` of a line.
    pub(crate) one: &'static str,
    /// The list of a page.
    pub(crate) many: &'static str,
    /// The member of a page that a `head` line stands for, where the answer is about one thing.
    pub(crate) head: Option<&'static str>,
}

/// One step of an answer.
pub(crate) enum Step {
    /// What the answer is about.
    Head(Raw),
    /// A record.
    Record(Raw),
    /// The end was said, and nothing stands behind it.
    End,
}

/// The records of an answer. What ends without saying so, or says another count, is an error.
pub(crate) struct Records {
    way: Way,
    pub(crate) count: Count,
}

enum Way {
    Lines(Box<Ndjson>),
    Pages(Box<Pages>),
}

/// What went by.
pub(crate) struct Count {
    pub(crate) call: Call,
    pub(crate) records: u64,
    hasher: Sha256,
}

impl Count {
    /// Bytes went by.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.hasher.update(bytes);
    }

    /// The digest of all bytes.
    pub(crate) fn digest(&self) -> Digest {
        Digest::from_bytes(self.hasher.clone().finalize().into())
    }

    /// The answer told its end with `told` records.
    pub(crate) fn end(&self, told: u64) -> Result<Step, PortError> {
        if told == self.records {
            return Ok(Step::End);
        }
        let message = format!("the answer tells of {told} records and has {}", self.records);
        Err(self.call.error(ErrorKind::Unavailable, message))
    }

    /// A record is `what`, at `place` behind the URL.
    pub(crate) fn corrupt(&self, what: &str, place: &str) -> PortError {
        PortError::new(ErrorKind::Corrupt, self.call.operation, what).at(format!("{}{place}", self.call.url))
    }

    /// A record is larger than it may be.
    pub(crate) fn too_long(&self, place: &str) -> PortError {
        let most = self.call.limits.max_record_bytes;
        let message = format!("a record is larger than {most} bytes");
        PortError::new(ErrorKind::Limit, self.call.operation, message).at(format!("{}{place}", self.call.url))
    }
}

impl Records {
    /// Asks for records; none where the service has nothing of that name.
    pub(crate) async fn open(client: &Client, ask: Ask, names: Names) -> Result<Option<Self>, PortError> {
        let call = client.call(&ask).await?;
        let Some(opened) = client.get(&ask, &call, |response| open(response, &call)).await? else {
            return Ok(None);
        };
        let count = Count { call, records: 0, hasher: Sha256::new() };
        let way = match opened {
            Opened::Lines(lines) => Way::Lines(Box::new(lines.named(names))),
            Opened::Page(page) => Way::Pages(Box::new(Pages::new(client.clone(), ask, names, page))),
        };
        Ok(Some(Self { way, count }))
    }

    /// The next step.
    pub(crate) async fn next(&mut self) -> Result<Step, PortError> {
        match &mut self.way {
            Way::Lines(lines) => lines.next(&mut self.count).await,
            Way::Pages(pages) => pages.next(&mut self.count).await,
        }
    }

    /// The URL, as errors and manifests name it.
    pub(crate) fn url(&self) -> &Arc<str> {
        &self.count.call.url
    }
}

/// An answer that has begun.
pub(crate) enum Opened {
    Lines(Box<Ndjson>),
    Page(Vec<u8>),
}

/// Reads an answer as far as it may be asked for once more: to its first bytes, or a page to its end.
pub(crate) async fn open(response: Response, call: &Call) -> Result<Opened, Failed> {
    let kind = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let body = match kind.as_str() {
        "application/x-ndjson" | "application/ndjson" | "application/json" => body(response, call)?,
        other => {
            // Often the page of a proxy in between, which passes.
            let message = format!("the answer is `{other}`, and neither NDJSON nor JSON");
            return Err(Failed::passing(call.error(ErrorKind::Corrupt, message)));
        }
    };
    if kind == "application/json" {
        return body.whole(PAGE).await.map(Opened::Page).map_err(Failed::of_reading);
    }
    Ndjson::open(body).await.map(|lines| Opened::Lines(Box::new(lines))).map_err(Failed::of_reading)
}
