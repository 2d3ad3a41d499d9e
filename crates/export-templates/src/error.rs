//! What can go wrong with a template, told by place and kind, never by value.

use std::fmt;

use minijinja::{Error, ErrorKind};
use serde::{Deserialize, Serialize};

/// A template could not be read or rendered.
///
/// It names the template and the place in it, and what kind of mistake is there. What the template was
/// given is not told: an error may be read by people who must not read the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateError {
    /// The template with the mistake: the one asked for, or one it includes.
    pub template: String,
    /// The line, from 1.
    pub line: Option<usize>,
    /// The column in characters, from 1.
    pub column: Option<usize>,
    /// The kind of mistake.
    pub kind: TemplateErrorKind,
}

/// What a template's author or its caller does differently next time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum TemplateErrorKind {
    /// No template has that name.
    NotFound,
    /// It cannot have that name.
    Name,
    /// Its text is longer than a template may be.
    Text,
    /// It does not parse.
    Syntax,
    /// It uses a name or a field that does not exist.
    Undefined,
    /// It calls a filter, test or function that does not exist.
    Unknown,
    /// It uses a value in a way the value does not allow.
    Operation,
    /// It ran longer than allowed.
    TooLong,
    /// It wrote more than allowed, or its output could not be written.
    Output,
    /// It needed more memory or more stack than allowed.
    TooLarge,
    /// The process that rendered it was killed or failed, by none of our limits.
    Killed,
}

impl TemplateErrorKind {
    fn of(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::TemplateNotFound => Self::NotFound,
            ErrorKind::SyntaxError | ErrorKind::BadEscape | ErrorKind::InvalidDelimiter => Self::Syntax,
            ErrorKind::UndefinedError => Self::Undefined,
            ErrorKind::UnknownFilter
            | ErrorKind::UnknownTest
            | ErrorKind::UnknownFunction
            | ErrorKind::UnknownMethod
            | ErrorKind::UnknownBlock => Self::Unknown,
            ErrorKind::OutOfFuel => Self::TooLong,
            ErrorKind::WriteFailure => Self::Output,
            // The engine's enum is open; all that is left are values used wrongly.
            _ => Self::Operation,
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::NotFound => "no such template",
            Self::Name => "the name of a tenant's template begins with `custom-`",
            Self::Text => "the template's text is longer than 256 KiB",
            Self::Syntax => "syntax error",
            Self::Undefined => "undefined name or field",
            Self::Unknown => "unknown filter, test or function",
            Self::Operation => "a value can't be used like this",
            Self::TooLong => "the template runs too long",
            Self::Output => "the output is too long or can't be written",
            Self::TooLarge => "the template needs more memory than it may have, or nests too deeply",
            Self::Killed => "the process that renders the template was killed",
        }
    }
}

impl TemplateError {
    /// Takes place and kind from the engine's error; `source_of` gives a template's text.
    pub(crate) fn new<'a>(asked: &str, error: &Error, source_of: impl Fn(&str) -> Option<&'a str>) -> Self {
        let cause = innermost(error);
        let template = cause.name().unwrap_or(asked).to_owned();
        let column = cause.range().zip(source_of(&template)).and_then(|(range, source)| {
            let before = source.get(..range.start)?;
            Some(before.rsplit('\n').next().unwrap_or(before).chars().count() + 1)
        });
        Self { line: cause.line(), column, kind: TemplateErrorKind::of(cause.kind()), template }
    }

    /// A mistake of the template as a whole.
    pub(crate) fn whole(name: &str, kind: TemplateErrorKind) -> Self {
        Self { template: name.to_owned(), line: None, column: None, kind }
    }
}

/// An error in an included template arrives wrapped by the one that includes it; the mistake is inside.
fn innermost(error: &Error) -> &Error {
    let mut cause = error;
    while let Some(inner) = std::error::Error::source(cause).and_then(|source| source.downcast_ref::<Error>())
    {
        cause = inner;
    }
    cause
}

impl fmt::Display for TemplateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "template {:?}", self.template)?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        if let Some(column) = self.column {
            write!(f, ", column {column}")?;
        }
        write!(f, ": {}", self.kind.words())
    }
}

impl std::error::Error for TemplateError {}
