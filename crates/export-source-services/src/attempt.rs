//! What an attempt came to.

use std::time::Duration;

use export_core::error::{ErrorKind, PortError};
use reqwest::StatusCode;

use crate::body::Call;
use crate::retry::may_pass;

/// What an attempt came to, and with which status.
pub(crate) struct Got<T> {
    pub(crate) status: Option<u16>,
    pub(crate) outcome: Result<Option<T>, Failed>,
}

impl<T> Got<T> {
    /// Without a status.
    pub(crate) const fn failed(failed: Failed) -> Self {
        Self { status: None, outcome: Err(failed) }
    }
}

/// An attempt that failed.
pub(crate) struct Failed {
    pub(crate) error: Box<PortError>,
    /// Whether another one may succeed in a moment.
    pub(crate) may_pass: bool,
    /// How long the service asked to wait.
    pub(crate) asked: Option<Duration>,
}

impl Failed {
    /// What may well succeed in a moment.
    pub(crate) fn passing(error: PortError) -> Self {
        Self { error: Box::new(error), may_pass: true, asked: None }
    }

    /// What will fail again.
    pub(crate) fn lasting(error: PortError) -> Self {
        Self { error: Box::new(error), may_pass: false, asked: None }
    }

    /// What reading the beginning of an answer came to: passing faults pass, the rest is there the next time as well.
    pub(crate) fn of_reading(error: PortError) -> Self {
        let may_pass = error.kind.is_transient();
        Self { error: Box::new(error), may_pass, asked: None }
    }

    /// What a status means that is neither 200 nor 404.
    pub(crate) fn of_status(status: StatusCode, asked: Option<Duration>, call: &Call) -> Self {
        let (kind, what) = match status.as_u16() {
            code if may_pass(code) => (ErrorKind::Unavailable, "the service is busy or out of order"),
            401 => (ErrorKind::Denied, "the service does not accept the token"),
            403 => (ErrorKind::Denied, "the token does not allow this for the tenant"),
            300..=399 => (ErrorKind::Invalid, "the service points elsewhere, and redirects are not followed"),
            500.. => (ErrorKind::Unavailable, "the service cannot do this"),
            _ => (ErrorKind::Invalid, "the service does not understand what is asked"),
        };
        let error = call.error(kind, format!("{what} (status {})", status.as_u16()));
        Self { error: Box::new(error), may_pass: may_pass(status.as_u16()), asked }
    }

    /// The error of the last attempt, with how many there were and what the service asked for.
    pub(crate) fn into_error(self, attempts: u32) -> PortError {
        let (mut error, asked) = (*self.error, self.asked);
        if attempts > 1 {
            error.message = format!("{}, in {attempts} attempts", error.message);
        }
        match asked {
            Some(wait) => error.retry_after(wait),
            None => error,
        }
    }
}
