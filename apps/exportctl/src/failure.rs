//! What went wrong, for a person and for a machine.

use std::fmt::Display;
use std::process::ExitCode;

use export_boot::{BootError, RingError};
use export_client::ClientError;
use export_core::code::Code;
use export_core::problem::Problem;
use export_engine::Fault;

/// A command that did not do what it was asked to.
#[derive(Debug)]
pub(crate) struct Failure {
    /// The code of the product's table, where it has one.
    pub(crate) code: Option<Code>,
    /// What happened, and what to do; empty if the result says it.
    pub(crate) message: String,
    /// 1: refused or failed; 2: wrong usage; others are the command's own.
    pub(crate) exit: u8,
}

impl Failure {
    /// Something failed.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { code: None, message: message.into(), exit: 1 }
    }

    /// The command was used in a wrong way.
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self { code: None, message: message.into(), exit: 2 }
    }

    /// Something of the product's table.
    pub(crate) fn coded(code: Code, message: impl Display) -> Self {
        Self { code: Some(code), message: message.to_string(), exit: 1 }
    }

    /// Something failed, with an exit code of the command's own.
    pub(crate) fn exiting(exit: u8, message: impl Into<String>) -> Self {
        Self { exit, ..Self::new(message) }
    }

    /// The result was printed, and says what there is to say.
    pub(crate) fn told(exit: u8) -> Self {
        Self::exiting(exit, "")
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        ExitCode::from(self.exit)
    }
}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        Self::coded(fault.code, fault)
    }
}

impl From<BootError> for Failure {
    fn from(error: BootError) -> Self {
        Self::new(error.to_string())
    }
}

impl From<RingError> for Failure {
    fn from(error: RingError) -> Self {
        Self::new(error.to_string())
    }
}

impl From<Box<Problem>> for Failure {
    fn from(problem: Box<Problem>) -> Self {
        Self::coded(problem.code, problem)
    }
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        let advice = error.advice().map(|advice| format!(". {advice}")).unwrap_or_default();
        Self { code: error.code(), message: format!("{error}{advice}"), exit: 1 }
    }
}
