//! An exported audit log (`audit-log.json`, `audit-log.ndjson`), read line by line.

mod document;

use std::collections::BTreeMap;
use std::path::Path;

use export_core::audit::{AuditAction, AuditEntry};
use export_core::digest::Digest;
use export_core::id::TenantId;
use export_core::time::Timestamp;
use export_seal::trail::{Broken, Head, TrailCheck};
use serde::Deserialize;
use serde::de::IgnoredAny;

use self::document::Document;
use super::told::Trail;
use crate::failure::Failure;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Event {
    seq: u64,
    at: Timestamp,
    actor: String,
    action: AuditAction,
    target: String,
    detail: BTreeMap<String, String>,
    hash: Digest,
}

#[derive(Deserialize)]
struct Export {
    tenant: TenantId,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Totals {
    events: u64,
    by_action: BTreeMap<AuditAction, u64>,
    first_seq: Option<u64>,
    last_seq: Option<u64>,
}

/// What the events come to.
#[derive(Default)]
struct Counted {
    events: u64,
    by_action: BTreeMap<AuditAction, u64>,
    /// The places of the first one and the last one.
    range: Option<(u64, u64)>,
}

/// Checks the chain of the log in `file`, and `anchors` of its tenant if it begins with the first event.
pub(super) fn check(file: &Path, anchors: &[(TenantId, Head)]) -> Result<Trail, Failure> {
    let mut document = Document::open(file)?;
    let Export { tenant } = document.member("export")?;
    let _: IgnoredAny = document.member("request")?;
    let _: IgnoredAny = document.member("snapshot")?;
    let totals: Totals = document.member("totals")?;
    for (array, item) in [("sources", "source"), ("warnings", "warning")] {
        let mut items = document.array(array, item, false)?;
        while document.item::<IgnoredAny>(&mut items)?.is_some() {}
    }
    let mut events = document.array("events", "event", true)?;
    let (mut counted, mut check) = (Counted::default(), None);
    while let Some(event) = document.item::<Event>(&mut events)? {
        if event.seq == 0 || event.seq == u64::MAX {
            return Err(document.odd(format!("no event has the number {}", event.seq)));
        }
        let (seq, action) = (event.seq, event.action);
        if let Err(broken) = take(event, &mut check, &tenant, anchors) {
            return Ok(found(tenant, &counted, check, Some(broken)));
        }
        counted.add(seq, action);
    }
    document.end(counted.events)?;
    counted.compare(&totals).map_err(|why| Failure::new(format!("{}: {why}", file.display())))?;
    if counted.first() != 1 && anchors.iter().any(|(of, _)| *of == tenant) {
        let message = "a checkpoint can only be compared with a log from its first event on: export it with a date_range from its beginning";
        return Err(Failure::usage(message));
    }
    let broken = check.clone().and_then(|check| check.finish().err());
    Ok(found(tenant, &counted, check, broken))
}

/// Takes the next event. The first one of a part of a trail is what the rest is held to.
fn take(
    event: Event,
    check: &mut Option<TrailCheck>,
    tenant: &TenantId,
    anchors: &[(TenantId, Head)],
) -> Result<(), Broken> {
    let check = match check {
        Some(check) => check,
        None if event.seq > 1 => {
            *check = Some(TrailCheck::behind(tenant.clone(), event.seq, event.hash));
            return Ok(());
        }
        None => {
            let ours = anchors.iter().filter(|(of, _)| of == tenant).map(|(_, head)| *head);
            check.insert(TrailCheck::new(tenant.clone()).anchored(ours))
        }
    };
    let detail = event.detail.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
    let entry = AuditEntry { detail, ..AuditEntry::new(event.actor, event.action, event.target) };
    check.event(event.seq, event.at, &entry, &event.hash).map(drop)
}

fn found(tenant: TenantId, counted: &Counted, check: Option<TrailCheck>, broken: Option<Broken>) -> Trail {
    let checked = check.unwrap_or_else(|| TrailCheck::new(tenant.clone())).checked();
    Trail { tenant, first: counted.first(), checked, signed: 0, revoked: 0, unsigned: 0, broken }
}

impl Counted {
    fn add(&mut self, seq: u64, action: AuditAction) {
        self.events += 1;
        *self.by_action.entry(action).or_default() += 1;
        self.range = Some((self.range.map_or(seq, |(first, _)| first), seq));
    }

    /// The place of the first event; 0 if there is none.
    fn first(&self) -> u64 {
        self.range.map_or(0, |(first, _)| first)
    }

    /// What the log itself says of its events.
    fn compare(&self, totals: &Totals) -> Result<(), String> {
        if totals.events != self.events {
            return Err(format!(
                "its totals tell of {} events, and there are {}",
                totals.events, self.events
            ));
        }
        let (first, last) = self.range.unzip();
        if (totals.first_seq, totals.last_seq) != (first, last) {
            return Err("its totals tell of another first or last event than there are".to_owned());
        }
        let told = totals.by_action.iter().filter(|(_, number)| **number > 0);
        if told.ne(self.by_action.iter()) {
            return Err("its totals tell of other actions than there are".to_owned());
        }
        Ok(())
    }
}
