//! Documents that are whole and hold nothing: said, never silent.

use export_core::error::PortError;
use export_core::warning::{Warning, WarningCode};

use crate::emit::Emitter;

/// Tells that a document gave none of `what`, if nothing was emitted since there were `before` items.
pub(crate) fn tell_empty<T>(
    emit: &mut Emitter<T>,
    before: u64,
    file: &str,
    what: &str,
) -> Result<(), PortError> {
    if emit.items() > before {
        return Ok(());
    }
    let message = format!("This document holds no {what}.");
    emit.warning(Warning::new(WarningCode::SourceIgnored, message).at(file))
}
