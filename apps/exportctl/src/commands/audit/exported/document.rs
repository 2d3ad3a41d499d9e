//! The lines of an exported log: exactly those that the service writes, in that order, and no others.
//!
//! A document has one member, or one item of an array, a line; of JSON lines, each is an object with one member. Whatever else
//! a line holds could be an event to another reader, so that it is an error here.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;

use export_core::strict_json;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::failure::Failure;

/// The schema that this version reads.
const SCHEMA: &str = "audit-log/v1";
/// The most bytes of one line; an event has some hundreds.
const MOST: u64 = 64 << 20;

/// How the log is laid out.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Layout {
    Document,
    Lines,
}

/// A log that is being read.
pub(super) struct Document<'f> {
    file: &'f Path,
    lines: BufReader<File>,
    layout: Layout,
    /// The number of the line that was read last.
    number: u64,
    /// That line, if it was not taken.
    ahead: Option<Vec<u8>>,
}

/// An array that is being read.
pub(super) struct Items {
    item: &'static str,
    /// What stands on the line behind the last item.
    close: &'static str,
    /// Whether another item must follow.
    more: bool,
    /// Whether the array has ended.
    ended: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct End {
    events: u64,
}

impl<'f> Document<'f> {
    /// Opens `file`, and reads what it says that it is.
    pub(super) fn open(file: &'f Path) -> Result<Self, Failure> {
        let opened =
            File::open(file).map_err(|error| Failure::usage(format!("{}: {error}", file.display())))?;
        let lines = BufReader::new(opened);
        let mut document = Self { file, lines, layout: Layout::Lines, number: 0, ahead: None };
        match document.line()? {
            Some(line) if line == b"{" => document.layout = Layout::Document,
            Some(line) if line.starts_with(b"{\"schema\":") => document.ahead = Some(line),
            _ => return Err(Failure::usage(format!("{} is no exported audit log", file.display()))),
        }
        let schema: String = document.member("schema")?;
        if schema == SCHEMA {
            return Ok(document);
        }
        let message = format!("{} has the schema {schema:?}, and this reads {SCHEMA}", file.display());
        Err(Failure::usage(message))
    }

    /// The member that must stand here.
    pub(super) fn member<T: DeserializeOwned>(&mut self, name: &str) -> Result<T, Failure> {
        let line = self.some_line()?;
        let value = match self.layout {
            Layout::Document => inner(&line, &format!("\"{name}\":"), ","),
            Layout::Lines => inner(&line, &format!("{{\"{name}\":"), "}"),
        };
        self.parsed(value.ok_or_else(|| self.odd(format!("`{name}` and nothing else must stand here")))?)
    }

    /// The array that must stand here, and the name of its items where each is an object.
    pub(super) fn array(&mut self, name: &str, item: &'static str, is_last: bool) -> Result<Items, Failure> {
        let close = if is_last { "]" } else { "]," };
        let mut items = Items { item, close, more: true, ended: false };
        if self.layout == Layout::Lines {
            return Ok(items);
        }
        let line = self.some_line()?;
        let rest = line.strip_prefix(format!("\"{name}\":[").as_bytes());
        let rest = rest.ok_or_else(|| self.odd(format!("`{name}` must begin here")))?;
        items.ended = rest == close.as_bytes();
        if items.ended || rest.is_empty() {
            return Ok(items);
        }
        Err(self.odd("an item must stand on a line of its own"))
    }

    /// The next item; none behind the last one.
    pub(super) fn item<T: DeserializeOwned>(&mut self, items: &mut Items) -> Result<Option<T>, Failure> {
        if items.ended {
            return Ok(None);
        }
        let line = self.some_line()?;
        if self.layout == Layout::Lines {
            let Some(value) = inner(&line, &format!("{{\"{}\":", items.item), "}") else {
                self.ahead = Some(line);
                items.ended = true;
                return Ok(None);
            };
            return self.parsed(value).map(Some);
        }
        if !items.more {
            items.ended = line == items.close.as_bytes();
            return if items.ended { Ok(None) } else { Err(self.odd("the array must end here")) };
        }
        let value = line.strip_suffix(b",");
        items.more = value.is_some();
        self.parsed(value.unwrap_or(&line)).map(Some)
    }

    /// The end of a log with so many events, behind which there is nothing.
    pub(super) fn end(mut self, events: u64) -> Result<(), Failure> {
        match self.layout {
            Layout::Document => {
                if self.some_line()? != b"}" {
                    return Err(self.odd("the log must end here"));
                }
            }
            Layout::Lines => {
                let end: End = self.member("end")?;
                if end.events != events {
                    return Err(self.odd(format!("{} events are told, and there are {events}", end.events)));
                }
            }
        }
        match self.line()? {
            None => Ok(()),
            Some(_) => Err(self.odd("nothing may stand behind the end")),
        }
    }

    /// What is wrong with the line that was read last.
    pub(super) fn odd(&self, why: impl AsRef<str>) -> Failure {
        Failure::new(format!("{}, line {}: {}", self.file.display(), self.number, why.as_ref()))
    }

    fn some_line(&mut self) -> Result<Vec<u8>, Failure> {
        let ends = || Failure::new(format!("{} ends in the middle", self.file.display()));
        self.line()?.ok_or_else(ends)
    }

    fn line(&mut self) -> Result<Option<Vec<u8>>, Failure> {
        if let Some(line) = self.ahead.take() {
            return Ok(Some(line));
        }
        let mut line = Vec::new();
        let read = self.lines.by_ref().take(MOST).read_until(b'\n', &mut line);
        let read =
            read.map_err(|error| Failure::usage(format!("{} cannot be read: {error}", self.file.display())))?;
        if read == 0 {
            return Ok(None);
        }
        self.number += 1;
        if line.pop_if(|byte| *byte == b'\n').is_none() && read as u64 == MOST {
            return Err(self.odd("it is too long"));
        }
        Ok(Some(line))
    }

    fn parsed<T: DeserializeOwned>(&self, bytes: &[u8]) -> Result<T, Failure> {
        let value = strict_json::parse(bytes).map_err(|problem| match problem.errors.first() {
            Some(twice) => self.odd(format!("{} occurs twice", twice.pointer)),
            None => self.odd("it is no JSON"),
        })?;
        serde_json::from_value(value).map_err(|error| self.odd(error.to_string()))
    }
}

fn inner<'l>(line: &'l [u8], before: &str, behind: &str) -> Option<&'l [u8]> {
    line.strip_prefix(before.as_bytes())?.strip_suffix(behind.as_bytes())
}
