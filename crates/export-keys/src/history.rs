//! The public history of keys: a JWKS, the newest key first, of which at most one signs.

use std::io::ErrorKind as Io;
use std::path::Path;

use export_core::seal::{KeyRecord, KeyStatus};
use export_seal::jwks::{InvalidJwks, Jwks};

/// Reads a history; there is none where there is no file.
///
/// # Errors
/// If the file cannot be read, is no JWKS, or more than one key of it signs.
pub fn read_history(file: &Path) -> Result<Vec<KeyRecord>, String> {
    let told = |why: String| format!("{}: {why}", file.display());
    let text = match std::fs::read(file) {
        Ok(text) => text,
        Err(error) if error.kind() == Io::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(told(error.to_string())),
    };
    let records = match Jwks::read(&text) {
        Err(InvalidJwks::Empty) => Vec::new(),
        read => read.map_err(|error| told(error.to_string()))?,
    };
    let mut ids: Vec<_> = records.iter().map(|record| record.key).collect();
    ids.sort_unstable();
    ids.dedup();
    if ids.len() != records.len() {
        return Err(told("a key is in it twice".to_owned()));
    }
    if records.iter().filter(|record| record.status == KeyStatus::Active).count() > 1 {
        return Err(told("more than one key of it is active".to_owned()));
    }
    Ok(records)
}
