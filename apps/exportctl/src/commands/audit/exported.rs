//! An exported audit log (`audit-log.json`, `audit-log.ndjson`), read line by line.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::Path;

use export_core::audit::{AuditAction, AuditEntry};
use export_core::digest::Digest;
use export_core::id::TenantId;
use export_core::time::Timestamp;
use export_seal::trail::{Broken, Checked, Head, TrailCheck};
use serde::Deserialize;

use crate::failure::Failure;

/// What was found.
pub(super) struct Found {
    pub(super) tenant: TenantId,
    pub(super) first: u64,
    pub(super) checked: Checked,
    pub(super) broken: Option<Broken>,
}

#[derive(Deserialize)]
struct Event {
    seq: u64,
    at: Timestamp,
    actor: String,
    action: AuditAction,
    target: String,
    detail: BTreeMap<String, String>,
    hash: Digest,
}

impl Event {
    fn taken(self, check: &mut TrailCheck) -> Result<(), Broken> {
        let detail = self.detail.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        let entry = AuditEntry { detail, ..AuditEntry::new(self.actor, self.action, self.target) };
        check.event(self.seq, self.at, &entry, &self.hash).map(drop)
    }
}

#[derive(Deserialize)]
struct Export {
    tenant: TenantId,
}

/// One line of the file.
enum Line {
    Export(TenantId),
    Event(Box<Event>),
    End,
    Other,
}

/// Checks the chain of the log in `file`, and `anchors` of its tenant if it begins with the first event.
pub(super) fn check(file: &Path, anchors: &[(TenantId, Head)]) -> Result<Found, Failure> {
    let unreadable =
        |error: std::io::Error| Failure::usage(format!("{} cannot be read: {error}", file.display()));
    let lines = BufReader::new(File::open(file).map_err(unreadable)?).lines();
    let (mut tenant, mut check, mut first, mut ended) = (None, None, 0, false);
    let odd = |number: usize, why: &str| Failure::new(format!("{}, line {number}: {why}", file.display()));
    for (number, line) in (1..).zip(lines) {
        match read(&line.map_err(unreadable)?).map_err(|why| odd(number, &why))? {
            Line::Export(of) => tenant = Some(of),
            Line::End => ended = true,
            Line::Other => {}
            Line::Event(event) => {
                let owner = tenant
                    .clone()
                    .ok_or_else(|| odd(number, "an event before it is said whose trail this is"))?;
                if check.is_none() && event.seq > 1 {
                    // Of a part of a trail, the first event is what the rest is held to.
                    check = Some(TrailCheck::behind(owner, event.seq, event.hash));
                    first = event.seq;
                    continue;
                }
                let check = check.get_or_insert_with(|| anchored(&owner, anchors));
                first = first.max(1);
                if let Err(broken) = event.taken(check) {
                    return Ok(Found {
                        tenant: owner,
                        first,
                        checked: check.checked(),
                        broken: Some(broken),
                    });
                }
            }
        }
    }
    let tenant =
        tenant.ok_or_else(|| Failure::usage(format!("{} is no exported audit log", file.display())))?;
    if !ended {
        return Err(Failure::new(format!("{} ends in the middle", file.display())));
    }
    if first > 1 && anchors.iter().any(|(of, _)| *of == tenant) {
        let message = "a checkpoint can only be compared with a log from its first event on: export it with a date_range from its beginning";
        return Err(Failure::usage(message));
    }
    let check = check.unwrap_or_else(|| anchored(&tenant, anchors));
    let checked = check.checked();
    let broken = check.finish().err();
    Ok(Found { tenant, first, checked, broken })
}

/// A check of the whole trail, with the checkpoints of its tenant.
fn anchored(tenant: &TenantId, anchors: &[(TenantId, Head)]) -> TrailCheck {
    let ours = anchors.iter().filter(|(of, _)| of == tenant).map(|(_, head)| *head);
    TrailCheck::new(tenant.clone()).anchored(ours)
}

/// Documents and lines have the same members, each on a line of its own.
fn read(line: &str) -> Result<Line, String> {
    let text = line.trim().trim_end_matches(',');
    let told = |error: serde_json::Error| error.to_string();
    let export = text.strip_prefix("\"export\":").or_else(|| inner(text, "export"));
    if let Some(export) = export {
        let export: Export = serde_json::from_str(export).map_err(told)?;
        return Ok(Line::Export(export.tenant));
    }
    let event = inner(text, "event").or_else(|| text.starts_with("{\"seq\":").then_some(text));
    if let Some(event) = event {
        return serde_json::from_str(event).map(|event| Line::Event(Box::new(event))).map_err(told);
    }
    Ok(if text == "}" || text.starts_with("{\"end\":") { Line::End } else { Line::Other })
}

/// The value of `{"name":value}`.
fn inner<'l>(line: &'l str, name: &str) -> Option<&'l str> {
    line.strip_prefix("{\"")?.strip_prefix(name)?.strip_prefix("\":")?.strip_suffix('}')
}
