//! The reader itself.

use std::fmt::Write as _;
use std::ops::Range;

use export_core::digest::Digest;
use export_core::error::PortError;
use export_core::strict_json::escape_token;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_path_to_error::{Path, Segment};

use super::extent::Extent;
use crate::input::{Input, Position};

/// The largest value that is read as one: a finding with its texts. Anything larger has no place in a report.
const MAX_VALUE: usize = 16 << 20;
/// What errors say of a file that stops in the middle.
const CUT_OFF: &str = "the file ends too early: it is cut off";

/// Reads a JSON document, or several in a row, value by value.
pub(crate) struct JsonReader {
    input: Input,
    scopes: Vec<Scope>,
    lines: bool,
}

/// An object or array that was entered, and where in it the reader is.
enum Scope {
    Object(Option<String>),
    Array(Option<usize>),
}

/// Where a value lies in the window; valid until the next value.
#[derive(Clone)]
pub(crate) struct Span(Range<usize>);

impl Span {
    /// The length of the value's text.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }
}

impl JsonReader {
    /// A reader of one document.
    pub(crate) const fn new(input: Input) -> Self {
        Self { input, scopes: Vec::new(), lines: false }
    }

    /// A reader of one document a line; errors name the line.
    pub(crate) const fn of_lines(input: Input) -> Self {
        Self { input, scopes: Vec::new(), lines: true }
    }

    /// The next byte that is not white space, which tells the kind of the next value; none at the end of the file.
    pub(crate) fn peek(&mut self) -> Result<Option<u8>, PortError> {
        loop {
            let window = self.input.window();
            let is_space = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\r' | b'\n');
            let found = window.iter().position(|byte| !is_space(byte));
            let spaces = found.unwrap_or(window.len());
            let byte = found.map(|at| window[at]);
            self.input.consume(spaces);
            if byte.is_some() || !self.input.fill()? {
                return Ok(byte);
            }
        }
    }

    /// Enters the next value, which must be an object.
    pub(crate) fn object(&mut self) -> Result<(), PortError> {
        self.expect(b'{', "an object")?;
        self.scopes.push(Scope::Object(None));
        Ok(())
    }

    /// The name of the entered object's next member, whose value must be read next; none behind the last, which leaves it.
    pub(crate) fn member(&mut self) -> Result<Option<String>, PortError> {
        let first = match self.scopes.last_mut() {
            Some(Scope::Object(name)) => name.take().is_none(),
            Some(Scope::Array(_)) | None => true,
        };
        if self.closes(b'}', first)? {
            return Ok(None);
        }
        if self.peek()? != Some(b'"') {
            return Err(self.unexpected("a member's name"));
        }
        let name: String = self.value()?;
        self.expect(b':', "`:`")?;
        if let Some(Scope::Object(current)) = self.scopes.last_mut() {
            *current = Some(name.clone());
        }
        Ok(Some(name))
    }

    /// Enters the next value, which must be an array; `null` is read as an array without items.
    pub(crate) fn array(&mut self) -> Result<bool, PortError> {
        if self.peek()? == Some(b'n') {
            self.value::<()>()?;
            return Ok(false);
        }
        self.expect(b'[', "an array")?;
        self.scopes.push(Scope::Array(None));
        Ok(true)
    }

    /// Whether the entered array has another item, which must be read next; behind the last, the array is left.
    pub(crate) fn item(&mut self) -> Result<bool, PortError> {
        let last = match self.scopes.last_mut() {
            Some(Scope::Array(index)) => index.take(),
            Some(Scope::Object(_)) | None => None,
        };
        if self.closes(b']', last.is_none())? {
            return Ok(false);
        }
        if let Some(Scope::Array(index)) = self.scopes.last_mut() {
            *index = Some(last.map_or(0, |last| last + 1));
        }
        Ok(true)
    }

    /// Reads the next value.
    pub(crate) fn value<'a, T: Deserialize<'a>>(&'a mut self) -> Result<T, PortError> {
        let span = self.span()?;
        self.parse(&span)
    }

    /// Goes past the next value, and tells where it lies.
    pub(crate) fn span(&mut self) -> Result<Span, PortError> {
        self.peek()?;
        let mut extent = Extent::default();
        let mut seen = 0;
        loop {
            if let Some(end) = extent.end_in(&self.input.window()[seen..]) {
                if seen + end == 0 {
                    return Err(self.unexpected("a value"));
                }
                return Ok(Span(self.input.consume(seen + end)));
            }
            seen = self.input.window().len();
            if seen > MAX_VALUE {
                return Err(self.invalid("a single value is larger than 16 MiB"));
            }
            if !self.input.fill()? {
                if extent.may_end_here() {
                    return Ok(Span(self.input.consume(seen)));
                }
                self.input.consume(seen);
                return Err(self.invalid(CUT_OFF));
            }
        }
    }

    /// Parses a value that [`JsonReader::span`] told of.
    pub(crate) fn parse<'a, T: Deserialize<'a>>(&'a self, span: &Span) -> Result<T, PortError> {
        let text = self.input.consumed(span.0.clone());
        serde_json::from_slice(text).map_err(|error| self.explain::<T>(span, &error))
    }

    /// The text of a value that [`JsonReader::span`] told of.
    pub(crate) fn text(&self, span: &Span) -> &[u8] {
        self.input.consumed(span.0.clone())
    }

    /// Reads the next value and forgets it. Arrays and objects may be of any length.
    pub(crate) fn skip(&mut self) -> Result<(), PortError> {
        match self.peek()? {
            Some(b'[') => {
                self.array()?;
                while self.item()? {
                    self.value::<IgnoredAny>()?;
                }
            }
            Some(b'{') => {
                self.object()?;
                while self.member()?.is_some() {
                    self.value::<IgnoredAny>()?;
                }
            }
            _ => {
                self.value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }

    /// The input, from the next byte on.
    pub(crate) fn into_input(self) -> Input {
        self.input
    }

    /// Ends the document: only white space may follow. The digest of all bytes.
    pub(crate) fn finish(mut self) -> Result<Digest, PortError> {
        match self.peek()? {
            None => Ok(self.input.digest()),
            Some(_) => Err(self.invalid("there is text behind the end of the document")),
        }
    }

    /// An error about a place in a value that [`JsonReader::span`] told of; `inner` is its JSON pointer below the value.
    pub(crate) fn invalid_in(&self, span: &Span, what: &str, inner: &str) -> PortError {
        self.invalid_at(what, inner, self.position_of(span))
    }

    /// Where a value begins that [`JsonReader::span`] told of.
    pub(crate) fn position_of(&self, span: &Span) -> Position {
        self.input.position_of(span.0.start)
    }

    /// The JSON pointer of the value that was read last.
    pub(crate) fn pointer(&self) -> String {
        self.fragment("", Position::default()).trim_start_matches('#').to_owned()
    }

    /// An error about the value that was read last.
    pub(crate) fn invalid(&self, what: &str) -> PortError {
        self.invalid_at(what, "", self.input.position())
    }

    /// The file, with the pointer of the current value behind `#`.
    pub(crate) fn place(&self) -> String {
        self.input.at(&self.fragment("", self.input.position()))
    }

    fn closes(&mut self, close: u8, first: bool) -> Result<bool, PortError> {
        match self.peek()? {
            Some(byte) if byte == close => {
                self.input.consume(1);
                self.scopes.pop();
                Ok(true)
            }
            Some(b',') if !first => {
                self.input.consume(1);
                match self.peek()? {
                    Some(byte) if byte == close => Err(self.unexpected("another value behind the comma")),
                    _ => Ok(false),
                }
            }
            Some(_) if first => Ok(false),
            _ => Err(self.unexpected(&format!("`,` or `{}`", char::from(close)))),
        }
    }

    fn expect(&mut self, byte: u8, what: &str) -> Result<(), PortError> {
        if self.peek()? != Some(byte) {
            return Err(self.unexpected(what));
        }
        self.input.consume(1);
        Ok(())
    }

    fn unexpected(&self, wanted: &str) -> PortError {
        match self.input.window().first() {
            None => self.invalid(CUT_OFF),
            Some(_) => self.invalid(&format!("expected {wanted}")),
        }
    }

    /// Parses once more to learn the path: the reading of good files does not pay for it.
    fn explain<'a, T: Deserialize<'a>>(&'a self, span: &Span, error: &serde_json::Error) -> PortError {
        let mut again = serde_json::Deserializer::from_slice(self.text(span));
        let inner = match serde_path_to_error::deserialize::<_, T>(&mut again) {
            Ok(_) => String::new(),
            Err(traced) => pointer_of(traced.path()),
        };
        let start = self.input.position_of(span.0.start);
        let (line, column) = (error.line().saturating_sub(1), error.column().saturating_sub(1));
        let position = match line {
            0 => Position { line: start.line, column: start.column + column },
            _ => Position { line: start.line + line, column },
        };
        let text = error.to_string();
        let what = match text.rsplit_once(" at line ") {
            // The value ends where it ends, the file does not: `tru` has an end of its own.
            _ if error.is_eof() => "this is no JSON value",
            Some((what, _)) => what,
            None => &text,
        };
        self.invalid_at(what, &inner, position)
    }

    /// An error about what stands at `inner`, a JSON pointer below what was entered.
    pub(crate) fn invalid_at(&self, what: &str, inner: &str, position: Position) -> PortError {
        self.input.invalid(what, &self.fragment(inner, position), position)
    }

    /// `#` and the pointer, behind the line where each line is a document; empty for a whole document.
    fn fragment(&self, inner: &str, position: Position) -> String {
        let mut fragment = String::from("#");
        if self.lines {
            fragment.push_str(&format!("L{}", position.line + 1));
        }
        for scope in &self.scopes {
            match scope {
                Scope::Object(Some(name)) => fragment.extend(["/", &escape_token(name)]),
                Scope::Array(Some(index)) => fragment.push_str(&format!("/{index}")),
                Scope::Object(None) | Scope::Array(None) => {}
            }
        }
        fragment.push_str(inner);
        if fragment.len() == 1 { String::new() } else { fragment }
    }
}

fn pointer_of(path: &Path) -> String {
    path.iter().fold(String::new(), |mut pointer, segment| {
        let written = match segment {
            Segment::Seq { index } => write!(pointer, "/{index}"),
            Segment::Map { key } => write!(pointer, "/{}", escape_token(key)),
            Segment::Enum { variant } => write!(pointer, "/{}", escape_token(variant)),
            Segment::Unknown => Ok(()),
        };
        written.expect("a String takes all text");
        pointer
    })
}
