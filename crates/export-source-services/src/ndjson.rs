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
    stage: Stage,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Head,
    Records,
    /// The bytes have ended; the last line may stand without a break.
    LastLine,
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
        Ok(Self { body, first: Some(first), names, lines, line: 0, stage: Stage::Records })
    }

    /// The same, of records of these names.
    pub(crate) fn named(self, names: Names) -> Self {
        let stage = if names.head.is_some() { Stage::Head } else { Stage::Records };
        Self { names, stage, ..self }
    }

    pub(crate) async fn next(&mut self, count: &mut Count) -> Result<Step, PortError> {
        loop {
            while let Some(raw) = self.line(count)? {
                let Some(step) = self.step(raw, count)? else { continue };
                if matches!(step, Step::End) {
                    self.nothing_behind(count).await?;
                }
                return Ok(step);
            }
            if self.stage == Stage::LastLine {
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
                None => self.stage = Stage::LastLine,
            }
        }
    }

    /// The next line that is not empty.
    fn line(&mut self, count: &Count) -> Result<Option<Raw>, PortError> {
        loop {
            let line = match self.lines.next() {
                Err(_) => return Err(count.too_long(&format!("#L{}", self.line + 1))),
                Ok(None) if self.stage == Stage::LastLine => self.lines.take_rest(),
                Ok(None) => return Ok(None),
                Ok(Some(line)) => line.to_vec(),
            };
            let is_last = self.stage == Stage::LastLine;
            self.line += 1;
            if !line.is_empty() {
                let place = Place::Line(Arc::clone(&count.call.url), self.line);
                return Ok(Some(Raw { operation: count.call.operation, json: line, place }));
            }
            if is_last {
                return Ok(None);
            }
        }
    }

    /// What a line is; none for one that adds nothing.
    fn step(&mut self, raw: Raw, count: &mut Count) -> Result<Option<Step>, PortError> {
        let kind = match raw.parse::<Kind>() {
            Ok(Kind { kind }) => kind,
            // A line that stops with the bytes was cut in the middle, whatever it says so far.
            Err(_) if self.stage == Stage::LastLine => {
                return Err(count.call.cut(&format!("in the middle of line {}", self.line)));
            }
            Err(error) => return Err(error),
        };
        match (kind.as_str(), self.stage) {
            ("head", Stage::Head) => {
                self.stage = Stage::Records;
                Ok(Some(Step::Head(raw)))
            }
            (_, Stage::Head) => Err(raw.corrupt("the first line must be the head", "/type")),
            ("end", _) => {
                let told = raw.parse::<End>()?.count;
                count.end(told).map(Some)
            }
            (kind, _) if kind == self.names.one => {
                count.records += 1;
                Ok(Some(Step::Record(raw)))
            }
            (kind, _) => {
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
            if self.stage == Stage::LastLine {
                return Ok(());
            }
            match self.chunk().await? {
                Some(chunk) => {
                    count.bytes(&chunk);
                    self.lines.push(&chunk);
                }
                None => self.stage = Stage::LastLine,
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
