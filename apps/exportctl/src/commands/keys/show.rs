//! What a ring has.

use std::path::Path;

use export_boot::{FileKeyRing, public_pem};
use export_core::seal::{KeyId, KeyRecord};
use export_seal::jwks::Jwks;
use serde_json::json;

use super::Form;
use crate::failure::Failure;
use crate::output::Output;

pub(super) fn list(ring: &FileKeyRing, output: Output) -> Result<(), Failure> {
    let records = ring.list()?;
    output.result(&Jwks::of(&records), || {
        if records.is_empty() {
            return format!("{} has no keys; exportctl keys generate makes one", ring.folder().display());
        }
        let lines = records.iter().map(line);
        std::iter::once(format!("{:<43}  {:<8}  SINCE", "KEY", "STATUS"))
            .chain(lines)
            .collect::<Vec<_>>()
            .join("\n")
    });
    Ok(())
}

fn line(record: &KeyRecord) -> String {
    let since = record.revoked_at.or(record.retired_at).or(record.created_at);
    let since = since.map_or_else(|| "-".to_owned(), |at| at.to_string());
    let reason = record.reason.as_ref().map(|reason| format!("  {}", shown(reason))).unwrap_or_default();
    format!("{:<43}  {:<8}  {since}{reason}", record.key.id(), record.status.as_str())
}

/// A reason without what a terminal might obey.
fn shown(reason: &str) -> String {
    reason.chars().map(|letter| if letter.is_control() { '\u{FFFD}' } else { letter }).collect()
}

pub(super) fn export(
    ring: &FileKeyRing,
    id: Option<&KeyId>,
    format: Form,
    out: Option<&Path>,
    output: Output,
) -> Result<(), Failure> {
    let records = match id {
        Some(id) => vec![ring.find(id)?],
        None => ring.list()?,
    };
    if records.is_empty() {
        let folder = ring.folder().display();
        return Err(Failure::new(format!("{folder} has no keys; `exportctl keys generate` makes one")));
    }
    let jwks = Jwks::of(&records);
    let text = match format {
        Form::Jwks => serde_json::to_string_pretty(&jwks).expect("keys are plain data"),
        Form::Pem => records.iter().map(|record| public_pem(&record.key)).collect::<Vec<_>>().concat(),
    };
    let Some(path) = out else {
        match format {
            Form::Jwks => output.result(&jwks, || text),
            Form::Pem => output.result(&json!({ "pem": text }), || text.clone()),
        }
        return Ok(());
    };
    let failed = |error| Failure::new(format!("{}: {error}", path.display()));
    std::fs::write(path, format!("{}\n", text.trim_end())).map_err(failed)?;
    let shown = path.display().to_string();
    output.result(&json!({ "file": shown }), || shown.clone());
    Ok(())
}
