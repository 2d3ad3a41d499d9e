//! Rendering a tenant's template in a process of its own.
//!
//! The engine pays for most of what a template does, but not for all: a comparison of two lists that hold each other
//! runs for days within one step. So a tenant's template never runs in a process that matters. [`Sandbox`] starts
//! this very program anew with [`CHILD_ARGUMENT`] for each page, gives it the template and the view, reads the page,
//! and kills what is left. The child has no root, no environment, no network where namespaces can be had, and
//! [`serve_child`] lowers its own limits before it reads a byte: memory, processor time, and no new process, file or
//! socket.

mod child;
mod conversation;
mod parent;
mod trial;
mod wire;

use std::{fmt, io};

pub use child::{CPU_LIMIT, MEMORY_LIMIT, serve_child};
pub use parent::{Sandbox, WALL_LIMIT};

use crate::error::TemplateError;

/// The first argument that makes a program call [`serve_child`] and do nothing else.
pub const CHILD_ARGUMENT: &str = "__render-template";

/// Why there is no page.
#[derive(Debug)]
pub enum SandboxError {
    /// The template's fault, or its limits': the same template and view fail again.
    Template(TemplateError),
    /// The caller asked to stop.
    Stopped,
    /// The child could not be started, or failed by no fault of the template.
    Unavailable(io::Error),
    /// The page could not be written to where the caller wants it.
    Write(io::Error),
}

impl fmt::Display for SandboxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Template(error) => error.fmt(f),
            Self::Stopped => f.write_str("stopped"),
            Self::Unavailable(error) => write!(f, "the process that renders templates failed: {error}"),
            Self::Write(error) => write!(f, "writing the page: {error}"),
        }
    }
}

impl std::error::Error for SandboxError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Template(error) => Some(error),
            Self::Stopped => None,
            Self::Unavailable(error) | Self::Write(error) => Some(error),
        }
    }
}
