//! The columns that tell what changed since the baseline. Tables have them only where an export compares.

use export_core::finding::{Severity, VexStatus};
use export_core::record::{BaselineState, FindingRecord, FindingStatus};
use export_core::vulnerability::{VulnerabilityChanges, VulnerabilityRecord};

use super::{Column, FINDINGS, VULNERABILITIES, VulnerabilityAccessor, number, text};
use crate::cell::Cell;

/// What happened to a finding, and how it was before.
const OF_FINDINGS: [Column; 4] = [
    text(
        "change",
        "introduced, fixed, changed_severity, changed_vex, changed_severity+changed_vex, unchanged",
        |it| Cell::text(it.change_word()),
    ),
    text("severity_before", "The severity in the baseline, if that changed", |it| {
        Cell::text(it.change.severity_before.map(Severity::as_str))
    }),
    text("status_before", "The status in the baseline, if that changed", |it| {
        Cell::text(it.change.status_before.map(FindingStatus::as_str))
    }),
    text(
        "vex_before",
        "The VEX status in the baseline, if that changed; none without a statement",
        vex_before,
    ),
];

/// What happened to a vulnerability's findings.
const OF_VULNERABILITIES: [Column<VulnerabilityAccessor>; 5] = [
    text(
        "change",
        "What happened to any finding of it, with + between: introduced, fixed, changed_severity, changed_vex; or unchanged",
        |it| it.changes.map_or(Cell::Empty, |it| Cell::Text(it.words().into())),
    ),
    number("findings_introduced", "Findings that the baseline does not have", |it| {
        count(it, |it| it.count(BaselineState::New))
    }),
    number("findings_fixed", "Findings that only the baseline has; they count in no other column", |it| {
        count(it, |it| it.count(BaselineState::Absent))
    }),
    number("findings_changed", "Findings with another severity, status or VEX status", |it| {
        count(it, |it| it.count(BaselineState::Updated))
    }),
    number("findings_unchanged", "Findings that are as they were", |it| {
        count(it, |it| it.count(BaselineState::Unchanged))
    }),
];

/// The columns of findings in an export that compares: the further ones stand before the description.
pub const COMPARED_FINDINGS: &[Column] =
    &with::<_, { FINDINGS.len() }, 4, { FINDINGS.len() + 4 }>(FINDINGS, &OF_FINDINGS, FINDINGS.len() - 1);

/// The columns of vulnerabilities in an export that compares: the further ones stand before the description.
pub const COMPARED_VULNERABILITIES: &[Column<VulnerabilityAccessor>] =
    &with::<_, { VULNERABILITIES.len() }, 5, { VULNERABILITIES.len() + 5 }>(
        VULNERABILITIES,
        &OF_VULNERABILITIES,
        VULNERABILITIES.len() - 1,
    );

/// The columns of what came, went or changed: what happened first, then the finding.
pub const CHANGES: &[Column] =
    &with::<_, { FINDINGS.len() }, 4, { FINDINGS.len() + 4 }>(FINDINGS, &OF_FINDINGS, 0);

/// `columns` with `further` ones at `place`.
const fn with<A: Copy, const N: usize, const M: usize, const ALL: usize>(
    columns: &[Column<A>],
    further: &[Column<A>; M],
    place: usize,
) -> [Column<A>; ALL] {
    assert!(columns.len() == N && N + M == ALL, "every column has its place");
    let mut all = [columns[0]; ALL];
    let mut at = 0;
    while at < ALL {
        all[at] = if at < place {
            columns[at]
        } else if at < place + M {
            further[at - place]
        } else {
            columns[at - M]
        };
        at += 1;
    }
    all
}

fn vex_before<'r>(record: &'r FindingRecord<'r>) -> Cell<'r> {
    Cell::text(record.change.vex_before.map(|vex| vex.map_or("none", VexStatus::as_str)))
}

fn count<'r>(it: &VulnerabilityRecord<'_>, of: impl Fn(&VulnerabilityChanges) -> u64) -> Cell<'r> {
    Cell::number(it.changes.as_ref().map(of))
}
