//! Why a bundle is not read.

use std::fmt;
use std::io;

/// What kind of refusal it is; the text is that of `docs/evidence-format.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Code {
    /// Two readers could see two things in it, or it has data outside of files.
    Ambiguous,
    /// It is cut or damaged.
    Corrupt,
    /// Unpacking it could write elsewhere, or fill the disk.
    Unsafe,
    /// It is neither an archive nor a folder.
    NotAnArchive,
    /// The machine could not read it.
    Io,
    /// The caller's progress said so.
    Interrupted,
}

impl Code {
    /// The code as text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ambiguous => "archive_ambiguous",
            Self::Corrupt => "archive_corrupt",
            Self::Unsafe => "archive_unsafe",
            Self::NotAnArchive => "not_an_archive",
            Self::Io => "io",
            Self::Interrupted => "interrupted",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A bundle that is not read, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Refusal {
    /// What kind it is.
    pub code: Code,
    /// The entry concerned, as the archive has it: show it escaped.
    pub path: Option<String>,
    /// Plain words.
    pub reason: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.path {
            Some(path) => write!(f, "{path:?}: {}", self.reason),
            None => f.write_str(&self.reason),
        }
    }
}

impl Refusal {
    fn new(code: Code, reason: impl Into<String>) -> Self {
        Self { code, path: None, reason: reason.into() }
    }

    pub(crate) fn ambiguous(reason: impl Into<String>) -> Self {
        Self::new(Code::Ambiguous, reason)
    }

    pub(crate) fn corrupt(reason: impl Into<String>) -> Self {
        Self::new(Code::Corrupt, reason)
    }

    pub(crate) fn not_safe(reason: impl Into<String>) -> Self {
        Self::new(Code::Unsafe, reason)
    }

    pub(crate) fn not_an_archive(reason: impl Into<String>) -> Self {
        Self::new(Code::NotAnArchive, reason)
    }

    pub(crate) fn interrupted() -> Self {
        Self::new(Code::Interrupted, "reading was interrupted")
    }

    /// The words for bytes that are not there.
    pub(crate) fn cut() -> Self {
        Self::corrupt("the archive ends too early")
    }

    pub(crate) fn io(error: &io::Error) -> Self {
        Self::new(Code::Io, error.to_string())
    }

    /// About an entry; what is said already stays.
    pub(crate) fn at(mut self, path: &str) -> Self {
        self.path.get_or_insert_with(|| path.to_owned());
        self
    }
}
