//! Errors of `object_store` as ports tell them.

use std::error::Error as StdError;
use std::io;

use export_core::error::{ErrorKind, PortError};
use object_store::Error;

/// The error of `operation` on `key`.
pub(crate) fn fault(operation: &'static str, key: &str, error: Error) -> PortError {
    let kind = kind(&error);
    PortError::new(kind, operation, error.to_string()).at(key).because(error)
}

/// The input or output error of `operation` on `key`.
pub(crate) fn io_fault(operation: &'static str, key: &str, error: io::Error) -> PortError {
    PortError::io(operation, error).at(key)
}

fn kind(error: &Error) -> ErrorKind {
    match error {
        Error::NotFound { .. } => ErrorKind::NotFound,
        Error::AlreadyExists { .. } | Error::Precondition { .. } => ErrorKind::AlreadyExists,
        Error::InvalidPath { .. } => ErrorKind::Invalid,
        Error::PermissionDenied { .. } | Error::Unauthenticated { .. } => ErrorKind::Denied,
        Error::NotSupported { .. } | Error::NotImplemented { .. } | Error::UnknownConfigurationKey { .. } => {
            ErrorKind::Internal
        }
        other => io_cause(other).map_or(ErrorKind::Unavailable, io_kind),
    }
}

fn io_kind(cause: io::ErrorKind) -> ErrorKind {
    match cause {
        // A folder is no artifact, and nothing is below one.
        io::ErrorKind::IsADirectory | io::ErrorKind::NotADirectory => ErrorKind::NotFound,
        other => PortError::io("", other.into()).kind,
    }
}

/// The kind of the first input or output error in the chain of causes.
fn io_cause(error: &Error) -> Option<io::ErrorKind> {
    let mut cause = error.source();
    while let Some(error) = cause {
        if let Some(found) = error.downcast_ref::<io::Error>() {
            return Some(found.kind());
        }
        cause = error.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_from_a_passing_fault() {
        let generic =
            |kind: io::ErrorKind| Error::Generic { store: "test", source: Box::new(io::Error::from(kind)) };
        assert_eq!(fault("op", "k", generic(io::ErrorKind::StorageFull)).kind, ErrorKind::Full);
        assert_eq!(fault("op", "k", generic(io::ErrorKind::ConnectionReset)).kind, ErrorKind::Unavailable);
        let plain = Error::Generic { store: "test", source: "no answer".into() };
        assert_eq!(fault("op", "k", plain).kind, ErrorKind::Unavailable);
    }
}
