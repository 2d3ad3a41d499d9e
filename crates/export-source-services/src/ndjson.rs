//! An answer as lines: one record each, a head before them where the answer is about one thing, and the end behind them.

use std::sync::Arc;

use bytes::Bytes;
use export_core::error::PortError;
use serde::Deserialize;

use crate::body::Body;
use crate::lines::Lines;
use crate::raw::{Place, Raw};
use crate::records::{Count, Names, Step};

/// An answer as lines.
pub(crate) struct Ndjson {
    body: Body,
    first: Option<Bytes>,
    names: Names,
    lines: Lines,
    /// Lines before the next one.
    line: u64,
    /// Whether the head is still to come.
    head_due: bool,
    /// Whether the bytes have ended; the last line may stand without a break.
    bytes_ended: bool,
}

/// What each line says of itself.
#[derive(Deserialize)]
struct Kind {
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Deserialize)]
struct End {
    count: u64,
}

impl Ndjson {
    /// Waits for the first bytes.
    pub(crate) async fn open(mut body: Body) -> Result<Self, PortError> {
        let first = body.chunk().await?;
        let Some(first) = first else { return Err(body.call.cut("it is empty")) };
        let lines = Lines::new(body.call.limits.max_record_bytes);
        let names = Names { one: "", many: "", head: None };
        Ok(Self { body, first: Some(first), names, lines, line: 0, head_due: false, bytes_ended: false })
    }

    /// The same, of records of these names.
    pub(crate) fn named(self, names: Names) -> Self {
        Self { names, head_due: names.head.is_some(), ..self }
    }

    pub(crate) async fn next(&mut self, count: &mut Count) -> Result<Step, PortError> {
        loop {
            if let Some(raw) = self.line(count)? {
                let step = self.step(raw, count)?;
                if matches!(step, Step::End) {
                    self.nothing_behind(count).await?;
                }
                return Ok(step);
            }
            if self.bytes_ended {
                let records = count.records;
                return Err(count
                    .call
                    .cut(&format!("{records} records came, and no line that says it has ended")));
            }
            match self.chunk().await? {
                Some(chunk) => {
                    count.bytes(&chunk);
                    self.lines.push(&chunk);
                }
                None => self.bytes_ended = true,
            }
        }
    }

    /// The next line that is not empty.
    fn line(&mut self, count: &Count) -> Result<Option<Raw>, PortError> {
        loop {
            let line = match self.lines.next() {
                Err(_) => return Err(count.too_long(&format!("#L{}", self.line + 1))),
                Ok(None) if !self.bytes_ended => return Ok(None),
                Ok(None) => match self.lines.take_rest() {
                    rest if rest.is_empty() => return Ok(None),
                    rest => rest,
                },
                Ok(Some(line)) => line.to_vec(),
            };
            self.line += 1;
            if !line.is_empty() {
                let place = Place::Line(Arc::clone(&count.call.url), self.line);
                return Ok(Some(Raw { operation: count.call.operation, json: line, place }));
            }
        }
    }

    /// What a line is.
    fn step(&mut self, raw: Raw, count: &mut Count) -> Result<Step, PortError> {
        let kind = match raw.parse::<Kind>() {
            Ok(Kind { kind }) => kind,
            // A line that stops with the bytes was cut in the middle, whatever it says so far.
            Err(_) if self.bytes_ended => {
                return Err(count.call.cut(&format!("in the middle of line {}", self.line)));
            }
            Err(error) => return Err(error),
        };
        match (kind.as_str(), self.head_due) {
            ("head", true) => {
                self.head_due = false;
                Ok(Step::Head(raw))
            }
            (_, true) => Err(raw.corrupt("the first line must be the head", "/type")),
            ("end", false) => {
                let told = raw.parse::<End>()?.count;
                count.end(told)
            }
            (kind, false) if kind == self.names.one => {
                count.records += 1;
                Ok(Step::Record(raw))
            }
            (kind, false) => {
                let message = format!("`{kind}` is no type of a line here: `{}` or `end`", self.names.one);
                Err(raw.corrupt(&message, "/type"))
            }
        }
    }

    /// Behind the end there may be empty lines alone.
    async fn nothing_behind(&mut self, count: &mut Count) -> Result<(), PortError> {
        loop {
            if let Some(raw) = self.line(count)? {
                return Err(raw.corrupt("stands behind the end", ""));
            }
            if self.bytes_ended {
                return Ok(());
            }
            match self.chunk().await? {
                Some(chunk) => {
                    count.bytes(&chunk);
                    self.lines.push(&chunk);
                }
                None => self.bytes_ended = true,
            }
        }
    }

    async fn chunk(&mut self) -> Result<Option<Bytes>, PortError> {
        match self.first.take() {
            Some(first) => Ok(Some(first)),
            None => self.body.chunk().await,
        }
    }
}
