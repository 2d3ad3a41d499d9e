//! What SQLite's errors mean for a caller.

use export_core::error::{ErrorKind, PortError};

/// The error of `operation`, with the kind that fits it.
pub(crate) fn port_error(operation: &'static str, error: sqlx::Error) -> PortError {
    PortError::new(kind_of(&error), operation, error.to_string()).because(error)
}

/// Maps errors of `operation`, for `map_err`.
pub(crate) fn while_doing(operation: &'static str) -> impl Fn(sqlx::Error) -> PortError {
    move |error| port_error(operation, error)
}

/// The writer is gone: it was closed, or has panicked.
pub(crate) fn no_writer(operation: &'static str) -> PortError {
    PortError::new(ErrorKind::Unavailable, operation, "the job store is closed")
}

fn kind_of(error: &sqlx::Error) -> ErrorKind {
    match error {
        sqlx::Error::Database(database) => {
            // Extended codes keep the primary one in their low byte (sqlite.org/rescode.html, section 2).
            let code = database.code().and_then(|code| code.parse::<u32>().ok());
            code.map_or(ErrorKind::Internal, |code| kind_of_code(code & 0xff))
        }
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => ErrorKind::Corrupt,
        sqlx::Error::Io(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => ErrorKind::Unavailable,
        _ => ErrorKind::Internal,
    }
}

const fn kind_of_code(primary: u32) -> ErrorKind {
    match primary {
        // PERM, BUSY, LOCKED, NOMEM, READONLY, INTERRUPT, IOERR, CANTOPEN, PROTOCOL
        3 | 5..=10 | 14 | 15 => ErrorKind::Unavailable,
        11 | 26 => ErrorKind::Corrupt, // CORRUPT, NOTADB
        13 => ErrorKind::Full,
        _ => ErrorKind::Internal,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_the_kind_that_callers_act_on() {
        for (code, kind) in [
            (5, ErrorKind::Unavailable),
            (6, ErrorKind::Unavailable),
            (10, ErrorKind::Unavailable),
            (11, ErrorKind::Corrupt),
            (13, ErrorKind::Full),
            (14, ErrorKind::Unavailable),
            (19, ErrorKind::Internal),
            (26, ErrorKind::Corrupt),
        ] {
            assert_eq!(kind_of_code(code), kind, "{code}");
        }
    }
}
