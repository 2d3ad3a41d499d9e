//! The program as its own child, for what must not run where it matters.

use std::process::ExitCode;

use export_templates::sandbox::{CHILD_ARGUMENT, Sandbox, serve_child};

use crate::BootError;

/// Does what a parent started this process for, if one did. Called before anything else in `main`: a child reads no
/// configuration, and its limits are meant for little.
#[must_use]
pub fn serve_as_child() -> Option<ExitCode> {
    let asked = std::env::args_os().nth(1)?;
    (asked == CHILD_ARGUMENT).then(serve_child)
}

/// Where tenants' templates are rendered: in children that are this very program.
///
/// # Errors
/// `/proc` is missing.
pub fn template_sandbox() -> Result<Sandbox, BootError> {
    Sandbox::of_this_program().map_err(|error| {
        BootError::new(format!("tenants' templates cannot be rendered: /proc/self/exe: {error}; mount /proc"))
    })
}
