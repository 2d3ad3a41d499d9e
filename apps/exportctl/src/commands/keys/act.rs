//! What changes a ring.

use std::io::Read as _;
use std::path::Path;

use export_boot::{FileKeyRing, SystemClock, SystemEntropy};
use export_core::seal::{KeyId, KeyRecord};
use export_core::time::{Clock as _, Timestamp};
use export_seal::jwks::Jwk;
use serde_json::json;

use crate::failure::Failure;
use crate::output::Output;

/// More than any private key in PEM.
const MOST_KEY_BYTES: u64 = 4_096;

fn now() -> Timestamp {
    SystemClock::new().now().wall
}

pub(super) fn generate(ring: &FileKeyRing, output: Output) -> Result<(), Failure> {
    made(ring, &ring.generate(&SystemEntropy::bytes().into(), now())?, output);
    Ok(())
}

pub(super) fn import(ring: &FileKeyRing, file: &Path, output: Output) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::new(format!("{}: {error}", file.display()));
    let mut pem = String::new();
    if file == Path::new("-") {
        std::io::stdin().take(MOST_KEY_BYTES).read_to_string(&mut pem).map_err(failed)?;
    } else {
        let file = std::fs::File::open(file).map_err(failed)?;
        file.take(MOST_KEY_BYTES).read_to_string(&mut pem).map_err(failed)?;
    }
    made(ring, &ring.import(&pem, now())?, output);
    Ok(())
}

fn made(ring: &FileKeyRing, record: &KeyRecord, output: Output) {
    let file = ring.private_file(&record.key);
    let value = json!({ "key": Jwk::of(record), "private_key": file });
    let file = file.display();
    output.result(&value, || {
        format!(
            "{} signs from now on\nIts private key is {file}: keep a copy where nobody else can read it",
            record.key.id()
        )
    });
}

pub(super) fn rotate(ring: &FileKeyRing, keep: bool, output: Output) -> Result<(), Failure> {
    let rotation = ring.rotate(&SystemEntropy::bytes().into(), now(), keep)?;
    let value = json!({ "key": Jwk::of(&rotation.active), "retired": Jwk::of(&rotation.retired) });
    let private = if keep { "was kept" } else { "was removed" };
    output.result(&value, || {
        format!(
            "{} signs from now on\n{} signs no more and verifies for ever; its private key {private}\n\
             Give the new key to those who verify: exportctl keys export",
            rotation.active.key.id(),
            rotation.retired.key.id()
        )
    });
    Ok(())
}

pub(super) fn revoke(
    ring: &FileKeyRing,
    id: &KeyId,
    at: Option<Timestamp>,
    reason: &str,
    output: Output,
) -> Result<(), Failure> {
    let now = now();
    let at = at.unwrap_or(now);
    if at > now {
        return Err(Failure::usage(
            "--at is in the future; a key is revoked from now on, or from an earlier time on",
        ));
    }
    let record = ring.revoke(id, at, reason)?;
    let signs = ring.find_active()?.map(|record| record.key.id());
    let value = json!({ "key": Jwk::of(&record), "active": signs });
    output.result(&value, || {
        let next = match &signs {
            Some(active) => format!("{active} signs"),
            None => "No key signs now: exportctl keys generate makes one".to_owned(),
        };
        format!("{id} is revoked from {at} on\n{next}\nTell those who verify: exportctl keys export")
    });
    Ok(())
}
