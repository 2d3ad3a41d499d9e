//! What happened to a finding since the baseline, in words, the same in every report for people.

use export_core::finding::VexStatus;
use export_core::record::{BaselineChange, FindingRecord, FindingStatus};

/// The kinds of change, in the order in which reports tell them; their names.
pub const KINDS: [&str; 5] =
    ["Introduced", "Fixed", "Changed severity", "Changed VEX or status", "Unchanged"];

/// `open, known exploited`.
#[must_use]
pub fn state(record: &FindingRecord<'_>) -> String {
    let known = if record.is_known_exploited() { ", known exploited" } else { "" };
    format!("{}{known}", word(record.status))
}

/// Of a finding that only the baseline has: `was open`, and whether the like of it is still there.
#[must_use]
pub fn of_absent(record: &FindingRecord<'_>) -> String {
    let still = if record.change.still_elsewhere { "; still in another place" } else { "" };
    format!("was {}{still}", state(record))
}

/// `medium → high`; nothing if the severity is as it was.
#[must_use]
pub fn of_severity(record: &FindingRecord<'_>) -> Option<String> {
    let before = record.change.severity_before?;
    Some(format!("{before} → {}", record.finding.severity))
}

/// `open → not affected`, or `VEX: none → affected` if statements alone say something else; nothing if all is as it was.
#[must_use]
pub fn of_vex(record: &FindingRecord<'_>) -> Option<String> {
    let BaselineChange { status_before, vex_before, .. } = record.change;
    if let Some(before) = status_before {
        return Some(format!("{} → {}", word(before), word(record.status)));
    }
    let said = |vex: Option<VexStatus>| vex.map_or("none", VexStatus::as_str).replace('_', " ");
    let now = record.vex.as_ref().map(|it| it.status);
    Some(format!("VEX: {} → {}", said(vex_before?), said(now)))
}

fn word(status: FindingStatus) -> String {
    status.as_str().replace('_', " ")
}
