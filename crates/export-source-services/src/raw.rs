//! One record as it came: its JSON and its place.

use std::fmt::{self, Write as _};
use std::sync::Arc;

use export_core::error::{ErrorKind, PortError};
use export_core::strict_json::escape_token;
use serde::de::DeserializeOwned;
use serde_path_to_error::{Path, Segment};

/// One record as it came.
#[derive(Debug, Clone)]
pub(crate) struct Raw {
    pub(crate) operation: &'static str,
    pub(crate) json: Vec<u8>,
    pub(crate) place: Place,
}

/// Where a record stands: the URL, and the line or the JSON pointer of it.
#[derive(Debug, Clone)]
pub(crate) enum Place {
    /// A line, counted from 1.
    Line(Arc<str>, u64),
    /// An item of a page's list.
    Item(Arc<str>, &'static str, usize),
    /// A member of a page.
    Member(Arc<str>, &'static str),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(url, line) => write!(f, "{url}#L{line}"),
            Self::Item(url, list, index) => write!(f, "{url}#/{list}/{index}"),
            Self::Member(url, member) => write!(f, "{url}#/{member}"),
        }
    }
}

impl Raw {
    /// Reads the record.
    ///
    /// # Errors
    /// `Corrupt` with the place, and the JSON pointer in it, if it is not what it should be.
    pub(crate) fn parse<T: DeserializeOwned>(&self) -> Result<T, PortError> {
        serde_json::from_slice(&self.json).map_err(|error| {
            // Once more to learn the path: the reading of good records does not pay for it.
            let mut again = serde_json::Deserializer::from_slice(&self.json);
            let pointer = match serde_path_to_error::deserialize::<_, T>(&mut again) {
                Ok(_) => String::new(),
                Err(traced) => pointer_of(traced.path()),
            };
            let text = error.to_string();
            let what = text.rsplit_once(" at line ").map_or(text.as_str(), |(what, _)| what);
            self.corrupt(what, &pointer)
        })
    }

    /// An error about what stands at `pointer` in the record.
    pub(crate) fn corrupt(&self, what: &str, pointer: &str) -> PortError {
        PortError::new(ErrorKind::Corrupt, self.operation, what).at(format!("{}{pointer}", self.place))
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
