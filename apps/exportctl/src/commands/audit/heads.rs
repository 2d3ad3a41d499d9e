//! Checkpoints in files: signed notes, as text or in what the API answers.

use std::path::Path;

use export_core::id::TenantId;
use export_core::seal::PublicKey;
use export_seal::note::{InvalidNote, LogHead, origin};
use export_seal::trail::Head;

use crate::failure::Failure;

/// The checkpoint in `file`, which one of `keys` must have signed.
pub(super) fn read(file: &Path, keys: &[PublicKey]) -> Result<LogHead, Failure> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| Failure::usage(format!("{} cannot be read: {error}", file.display())))?;
    let answer: Option<serde_json::Value> = serde_json::from_str(&text).ok();
    let note = answer.as_ref().and_then(|answer| answer["note"].as_str()).unwrap_or(&text);
    match LogHead::read(note, keys) {
        Ok((head, _)) => Ok(head),
        Err(error @ InvalidNote::UnknownKey) => {
            let message = format!("{}: {error}; give the keys of its owner with --keys", file.display());
            Err(Failure::exiting(3, message))
        }
        Err(error) => Err(Failure::new(format!("{}: {error}", file.display()))),
    }
}

/// Whose log it is, and its size and root.
pub(super) fn anchor(head: &LogHead) -> Result<(TenantId, Head), Failure> {
    let tenant = head.origin.rsplit('/').next().and_then(|tenant| tenant.parse::<TenantId>().ok());
    let tenant = tenant.filter(|tenant| origin(tenant) == head.origin);
    let tenant = tenant.ok_or_else(|| Failure::new(format!("{} is the name of no log", head.origin)))?;
    Ok((tenant, Head { size: head.size, root: head.root }))
}
