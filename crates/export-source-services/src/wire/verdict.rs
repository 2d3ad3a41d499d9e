//! Policy verdicts, as `docs/contracts/verdicts.schema.json` has them.

use export_core::finding::{Decision, Verdict, VerdictSubject, Waiver};
use export_core::scan::ScanRef;
use export_core::time::Timestamp;
use serde::Deserialize;

use super::{Record, Wrong, nullable, required, some};
use crate::records::Names;

#[derive(Debug, Deserialize)]
pub(crate) struct Line {
    #[serde(default)]
    scan_id: Option<String>,
    #[serde(default)]
    finding: Option<Subject>,
    policy_set: String,
    policy: String,
    rule: String,
    decision: Decision,
    #[serde(default, deserialize_with = "nullable")]
    reason: String,
    #[serde(default)]
    evaluated_at: Option<Timestamp>,
    #[serde(default)]
    waiver: Option<Accepted>,
}

#[derive(Debug, Deserialize)]
struct Subject {
    vulnerability: String,
    #[serde(default, deserialize_with = "nullable")]
    purl: String,
    #[serde(default)]
    target: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Accepted {
    #[serde(default, deserialize_with = "nullable")]
    by: String,
    #[serde(default, deserialize_with = "nullable")]
    reason: String,
    #[serde(default, alias = "expires")]
    expires_at: Option<Timestamp>,
}

impl Record for Verdict<'static> {
    type Wire = Line;

    const NAMES: Names = Names { one: "verdict", many: "verdicts", head: None };

    fn read(wire: Line, scan: &ScanRef) -> Result<Self, Wrong> {
        if wire.scan_id.is_some_and(|id| id != scan.id.as_str()) {
            return Err(("is another scan than the one that was asked for", "/scan_id"));
        }
        let subject = wire.finding.map(|it| -> Result<_, Wrong> {
            let vulnerability = required(it.vulnerability, ("must not be empty", "/finding/vulnerability"))?;
            Ok(VerdictSubject { vulnerability, purl: it.purl.into(), target: some(it.target) })
        });
        Ok(Verdict {
            subject: subject.transpose()?,
            policy_set: required(wire.policy_set, ("must not be empty", "/policy_set"))?,
            policy: required(wire.policy, ("must not be empty", "/policy"))?,
            rule: required(wire.rule, ("must not be empty", "/rule"))?,
            decision: wire.decision,
            reason: wire.reason.into(),
            evaluated_at: wire.evaluated_at,
            waiver: wire.waiver.map(|it| Waiver {
                by: it.by.into(),
                reason: it.reason.into(),
                expires_at: it.expires_at,
            }),
        })
    }
}
