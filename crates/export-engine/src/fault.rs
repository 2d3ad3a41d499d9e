//! Why a step of an attempt failed.

use export_core::code::Code;
use export_core::error::PortError;
use export_core::job::Failure;
use export_core::ports::RenderError;

/// A failed step: the code for the user, words, and the cause for the log.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct Fault {
    /// What the user is told.
    pub code: Code,
    /// What happened, for a person.
    pub message: String,
    #[source]
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Fault {
    /// A fault of the engine's own finding.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), source: None }
    }

    /// A source failed.
    pub fn of_source(error: PortError) -> Self {
        Self { code: Code::of_source(error.kind), message: error.to_string(), source: Some(Box::new(error)) }
    }

    /// The artifact store or the scratch disk failed.
    pub fn of_storage(error: PortError) -> Self {
        Self { code: Code::of_storage(error.kind), message: error.to_string(), source: Some(Box::new(error)) }
    }

    /// What signs, or the log, failed.
    pub fn of_sealing(error: PortError) -> Self {
        Self { code: Code::of_sealing(error.kind), message: error.to_string(), source: Some(Box::new(error)) }
    }

    /// The scratch disk failed.
    pub fn of_scratch(operation: &'static str, error: std::io::Error) -> Self {
        Self::of_storage(PortError::io(operation, error))
    }

    /// A task of ours ended in an unexpected way.
    pub fn of_task(error: tokio::task::JoinError) -> Self {
        let message = if error.is_panic() { "a step panicked" } else { "a step was dropped" };
        Self { code: Code::Internal, message: message.to_owned(), source: Some(Box::new(error)) }
    }

    /// The fault as the job keeps it.
    #[must_use]
    pub fn to_failure(&self) -> Failure {
        Failure::new(self.code, self.message.clone())
    }
}

impl From<RenderError> for Fault {
    fn from(error: RenderError) -> Self {
        Self { code: error.code, message: error.to_string(), source: Some(Box::new(error)) }
    }
}
