//! The one error shape between crates. What a *user* sees is a [`Code`](crate::code::Code).

use std::error::Error;
use std::fmt;
use std::time::Duration;

/// What a caller does differently. Two causes that are handled alike are one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The named thing does not exist.
    NotFound,
    /// The name is taken, and nothing was overwritten.
    AlreadyExists,
    /// The data or the argument is wrong; the same call fails again.
    Invalid,
    /// A limit that the operator set, or that a format has, is reached.
    Limit,
    /// The caller may not do that.
    Denied,
    /// Stored bytes are not those that were written.
    Corrupt,
    /// No space is left.
    Full,
    /// It took longer than it may.
    Timeout,
    /// A passing fault: the other side is down, busy or cut off.
    Unavailable,
    /// The work was asked to stop.
    Cancelled,
    /// A fault of ours.
    Internal,
}

impl ErrorKind {
    /// Whether the same call may succeed later.
    #[must_use]
    pub const fn is_transient(self) -> bool {
        match self {
            Self::Full | Self::Timeout | Self::Unavailable | Self::Corrupt => true,
            Self::NotFound
            | Self::AlreadyExists
            | Self::Invalid
            | Self::Limit
            | Self::Denied
            | Self::Cancelled
            | Self::Internal => false,
        }
    }
}

/// A failed operation of a port: its kind, what was tried, where, and why.
#[derive(Debug)]
pub struct PortError {
    /// What the caller does differently.
    pub kind: ErrorKind,
    /// The operation, in the port's words: `artifact store: write`.
    pub operation: &'static str,
    /// What is wrong, for a person.
    pub message: String,
    /// Where: a file with a JSON pointer or a line behind `#`, or a key.
    pub place: Option<String>,
    /// The earliest sensible retry, where the other side said so.
    pub retry_after: Option<Duration>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl PortError {
    /// An error without place or cause.
    pub fn new(kind: ErrorKind, operation: &'static str, message: impl Into<String>) -> Self {
        Self { kind, operation, message: message.into(), place: None, retry_after: None, source: None }
    }

    /// The same error at `place`.
    #[must_use]
    pub fn at(self, place: impl Into<String>) -> Self {
        Self { place: Some(place.into()), ..self }
    }

    /// The same error, caused by `source`.
    #[must_use]
    pub fn because(self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { source: Some(source.into()), ..self }
    }

    /// The same error with the time that the other side asked to wait.
    #[must_use]
    pub fn retry_after(self, wait: Duration) -> Self {
        Self { retry_after: Some(wait), ..self }
    }

    /// An input or output error of `operation`, with the kind that fits it.
    #[must_use]
    pub fn io(operation: &'static str, error: std::io::Error) -> Self {
        use std::io::ErrorKind as Io;
        let kind = match error.kind() {
            Io::NotFound => ErrorKind::NotFound,
            Io::AlreadyExists => ErrorKind::AlreadyExists,
            Io::PermissionDenied => ErrorKind::Denied,
            Io::StorageFull | Io::QuotaExceeded => ErrorKind::Full,
            Io::TimedOut => ErrorKind::Timeout,
            _ => ErrorKind::Unavailable,
        };
        Self::new(kind, operation, error.to_string()).because(error)
    }
}

impl fmt::Display for PortError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.operation, self.message)?;
        match &self.place {
            Some(place) => write!(f, " (at {place})"),
            None => Ok(()),
        }
    }
}

impl Error for PortError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as &(dyn Error + 'static))
    }
}
