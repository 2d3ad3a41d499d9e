//! What can go wrong between a client and its server.

use std::error::Error;
use std::io;

use export_core::code::Code;
use export_core::digest::Digest;
use export_core::problem::Problem;

/// Why a call failed.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// The client cannot be made; nothing was sent.
    #[error("the client cannot be set up: {0}")]
    Setup(String),
    /// The server says why not.
    #[error("{0}")]
    Refused(Box<Problem>),
    /// No answer, or one that broke off.
    #[error("{server} does not answer: {source}")]
    Unreachable {
        /// Scheme, host and port.
        server: String,
        /// Why.
        source: Box<dyn Error + Send + Sync>,
    },
    /// An answer that the API does not give.
    #[error("{server} answered with status {status}, but not as Export Center does: {detail}")]
    Unexpected {
        /// Scheme, host and port.
        server: String,
        /// The HTTP status.
        status: u16,
        /// What is wrong with the answer.
        detail: String,
    },
    /// All bytes arrived, and they are not the artifact's.
    #[error("{name} arrived with the digest {found}, its export says {expected}")]
    Corrupt {
        /// The artifact.
        name: String,
        /// Its SHA-256.
        expected: Digest,
        /// The SHA-256 of what arrived.
        found: Digest,
    },
    /// The bytes arrived, and could not be written.
    #[error("the download cannot be written: {0}")]
    Write(#[source] io::Error),
}

impl ClientError {
    /// The server's code, if it refused.
    #[must_use]
    pub fn code(&self) -> Option<Code> {
        match self {
            Self::Refused(problem) => Some(problem.code),
            Self::Setup(_)
            | Self::Unreachable { .. }
            | Self::Unexpected { .. }
            | Self::Corrupt { .. }
            | Self::Write(_) => None,
        }
    }

    /// Whether the same call may succeed later.
    #[must_use]
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Refused(problem) => problem.status == 429 || problem.status >= 500,
            Self::Unreachable { .. } => true,
            // A proxy in front of a server that restarts.
            Self::Unexpected { status, .. } => matches!(status, 502..=504),
            Self::Setup(_) | Self::Corrupt { .. } | Self::Write(_) => false,
        }
    }

    /// What a person can do about it.
    #[must_use]
    pub fn advice(&self) -> Option<&'static str> {
        match self {
            Self::Setup(_) => None,
            Self::Refused(problem) => of_code(problem.code),
            Self::Unreachable { .. } => Some("Check that the server runs and that its URL is right"),
            Self::Unexpected { status: 300..=399, .. } => Some("Use the URL that the server redirects to"),
            Self::Unexpected { .. } => Some("Check that the URL is that of an Export Center server"),
            Self::Corrupt { .. } => {
                Some("Download it again; if that does not help, the stored artifact is damaged")
            }
            Self::Write(_) => Some("Check the space and the permissions of the output folder"),
        }
    }
}

fn of_code(code: Code) -> Option<&'static str> {
    match code {
        Code::Unauthenticated => {
            Some("Use a token that has not expired; `exportctl token` makes one for development")
        }
        Code::Forbidden => Some("Use a token with the scopes exports:read and exports:write"),
        Code::TenantMismatch => Some("Use a token of this tenant, or the tenant of this token"),
        Code::NotFound => Some("Check the id, and that it belongs to this tenant"),
        Code::DataNotFound => Some("Check the names of scans and images"),
        Code::NotReady => Some("Wait until the export is completed; `exportctl watch` follows it"),
        Code::Expired => Some("Request the export again"),
        Code::QueueFull => Some("Wait until some of the queued exports have ended, or cancel them"),
        code if code.status() >= 500 => {
            Some("Try again in a moment; if it stays, the server's log has the cause")
        }
        _ => None,
    }
}
