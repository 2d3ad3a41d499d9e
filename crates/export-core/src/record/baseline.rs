//! How a finding stands to the scans that an export is compared with.

use serde::{Deserialize, Serialize};

use super::{FindingRecord, FindingStatus};
use crate::finding::{Severity, VexStatus};

/// How a finding stands to the scan that it is compared with (SARIF 2.1.0, 3.27.24).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BaselineState {
    /// The baseline does not have it.
    New,
    /// The baseline has it, with another severity, status or VEX status.
    Updated,
    /// The baseline has it, as it is.
    Unchanged,
    /// Only the baseline has it.
    Absent,
}

impl BaselineState {
    /// Every state.
    pub const ALL: [Self; 4] = [Self::New, Self::Updated, Self::Unchanged, Self::Absent];

    /// The state as JSON writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Updated => "updated",
            Self::Unchanged => "unchanged",
            Self::Absent => "absent",
        }
    }
}

/// What a report tells of a finding, and what may be another thing in the next scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Standing {
    /// How severe it is.
    pub severity: Severity,
    /// Whether somebody has to act.
    pub status: FindingStatus,
    /// What the newest VEX statement says; none without one.
    pub vex: Option<VexStatus>,
}

impl Standing {
    /// The standing of a record.
    #[must_use]
    pub fn of(record: &FindingRecord<'_>) -> Self {
        let vex = record.vex.as_ref().map(|it| it.status);
        Self { severity: record.finding.severity, status: record.status, vex }
    }
}

/// How a finding was in the baseline, where it is not what it was: nothing for one that is new or unchanged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct BaselineChange {
    /// The severity before, if that is another one now.
    pub severity_before: Option<Severity>,
    /// The status before, if that is another one now.
    pub status_before: Option<FindingStatus>,
    /// What a VEX statement said before, if that is another word now; none within if there was no statement.
    pub vex_before: Option<Option<VexStatus>>,
    /// Of one that is absent: whether the scope still has the like of it, in another place of the same package.
    pub still_elsewhere: bool,
}

impl BaselineChange {
    /// What is not as it was.
    #[must_use]
    pub fn between(before: Standing, now: Standing) -> Self {
        Self {
            severity_before: (before.severity != now.severity).then_some(before.severity),
            status_before: (before.status != now.status).then_some(before.status),
            vex_before: (before.vex != now.vex).then_some(before.vex),
            still_elsewhere: false,
        }
    }

    /// Whether its severity changed.
    #[must_use]
    pub const fn is_of_severity(&self) -> bool {
        self.severity_before.is_some()
    }

    /// Whether its VEX status changed, or its status for whatever reason: a statement, a waiver, the scanner's exception.
    #[must_use]
    pub const fn is_of_vex(&self) -> bool {
        self.vex_before.is_some() || self.status_before.is_some()
    }

    /// Whether anything changed.
    #[must_use]
    pub const fn is_any(&self) -> bool {
        self.is_of_severity() || self.is_of_vex()
    }

    /// What happened to a finding of `state`, in one word, as tables write it.
    #[must_use]
    pub const fn word(&self, state: BaselineState) -> &'static str {
        match (state, self.is_of_severity(), self.is_of_vex()) {
            (BaselineState::New, ..) => "introduced",
            (BaselineState::Absent, ..) => "fixed",
            (BaselineState::Updated | BaselineState::Unchanged, true, true) => "changed_severity+changed_vex",
            (BaselineState::Updated | BaselineState::Unchanged, true, false) => "changed_severity",
            (BaselineState::Updated | BaselineState::Unchanged, false, true) => "changed_vex",
            (BaselineState::Updated | BaselineState::Unchanged, false, false) => "unchanged",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_tells_what_was_before_and_nothing_else() {
        let before = Standing { severity: Severity::High, status: FindingStatus::Open, vex: None };
        let rated = Standing { severity: Severity::Low, ..before };
        let vex = Some(VexStatus::NotAffected);
        let stated = Standing { status: FindingStatus::NotAffected, vex, ..before };
        let affected = Standing { vex: Some(VexStatus::Affected), ..before };
        let both = Standing { severity: Severity::Low, ..stated };
        let word = |now| BaselineChange::between(before, now).word(BaselineState::Updated);
        assert_eq!(
            [before, rated, stated, affected, both].map(word),
            ["unchanged", "changed_severity", "changed_vex", "changed_vex", "changed_severity+changed_vex"]
        );
        let change = BaselineChange::between(before, both);
        assert_eq!(change.severity_before, Some(Severity::High));
        assert_eq!(change.status_before, Some(FindingStatus::Open));
        assert_eq!(change.vex_before, Some(None), "there was no statement");
        assert!(!BaselineChange::between(before, before).is_any());
        assert_eq!(BaselineChange::default().word(BaselineState::New), "introduced");
        assert_eq!(BaselineChange::default().word(BaselineState::Absent), "fixed");
    }
}
