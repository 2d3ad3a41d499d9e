//! Checkpoints in files: signed notes, as text or in what the API answers.

use std::path::Path;

use export_core::id::TenantId;
use export_seal::note::{InvalidNote, LogHead, origin};
use export_seal::trail::Head;

use super::super::trusted::Known;
use crate::failure::Failure;

/// The checkpoint in `file`, which a key that counts must have signed.
pub(super) fn read(file: &Path, known: &Known) -> Result<LogHead, Failure> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| Failure::usage(format!("{} cannot be read: {error}", file.display())))?;
    let answer: Option<serde_json::Value> = serde_json::from_str(&text).ok();
    let note = answer.as_ref().and_then(|answer| answer["note"].as_str()).unwrap_or(&text);
    open(note, known).map_err(|failure| {
        let message = format!("{}: {}", file.display(), failure.message);
        Failure { message, ..failure }
    })
}

/// The checkpoint in a note, which a key that counts must have signed.
pub(super) fn open(note: &str, known: &Known) -> Result<LogHead, Failure> {
    match LogHead::read(note, &known.keys()) {
        Ok((head, key)) => match known.revoked(&key.id()) {
            None => Ok(head),
            Some(revoked) => {
                let message =
                    format!("it does not count: {revoked}, and nothing proves that the checkpoint is older");
                Err(Failure::exiting(3, message))
            }
        },
        Err(error @ InvalidNote::UnknownKey) => {
            Err(Failure::exiting(3, format!("{error}; give the keys of its owner with --keys")))
        }
        Err(error) => Err(Failure::new(error.to_string())),
    }
}

/// Whose log it is, and its size and root.
pub(super) fn anchor(head: &LogHead) -> Result<(TenantId, Head), Failure> {
    let tenant = head.origin.rsplit('/').next().and_then(|tenant| tenant.parse::<TenantId>().ok());
    let tenant = tenant.filter(|tenant| origin(tenant) == head.origin);
    let tenant = tenant.ok_or_else(|| Failure::new(format!("{} is the name of no log", head.origin)))?;
    Ok((tenant, Head { size: head.size, root: head.root }))
}
