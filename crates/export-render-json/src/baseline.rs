//! What changed since earlier scans.

use export_core::finding::{Severity, VexStatus};
use export_core::ports::BaselineFacts;
use export_core::record::{BaselineChange, BaselineState, FindingStatus};
use export_core::scan::ScanRef;
use export_core::time::Timestamp;
use serde::Serialize;

/// The scans that the export is compared with, and how many findings are new, ...
#[derive(Serialize)]
pub(crate) struct BaselineJson<'r> {
    /// Of one scan, its members stand here too: most comparisons have one.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    scan: Option<EarlierScanJson<'r>>,
    scans: Vec<EarlierScanJson<'r>>,
    new: u64,
    updated: u64,
    unchanged: u64,
    absent: u64,
    changed_severity: u64,
    changed_vex: u64,
}

impl<'r> BaselineJson<'r> {
    pub(crate) fn of(facts: &'r BaselineFacts) -> Self {
        let one = match facts.scans.as_slice() {
            [scan] => Some(EarlierScanJson::of(scan)),
            _ => None,
        };
        Self {
            scan: one,
            scans: facts.scans.iter().map(EarlierScanJson::of).collect(),
            new: facts.count(BaselineState::New),
            updated: facts.count(BaselineState::Updated),
            unchanged: facts.count(BaselineState::Unchanged),
            absent: facts.count(BaselineState::Absent),
            changed_severity: facts.changed_severity,
            changed_vex: facts.changed_vex,
        }
    }
}

#[derive(Serialize)]
struct EarlierScanJson<'r> {
    scan_id: &'r str,
    image: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<Timestamp>,
}

impl<'r> EarlierScanJson<'r> {
    fn of(scan: &'r ScanRef) -> Self {
        Self { scan_id: scan.id.as_str(), image: &scan.image, created_at: scan.created_at }
    }
}

/// What a finding was before: a member for each thing that changed. `vex_before` is null if there was no statement.
#[derive(Serialize)]
pub(crate) struct ChangeJson {
    #[serde(skip_serializing_if = "Option::is_none")]
    severity_before: Option<Severity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_before: Option<FindingStatus>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vex_before: Option<Option<VexStatus>>,
    /// Of one that is absent: the scope still has the like of it, in another place of the same package.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    still_elsewhere: bool,
}

impl ChangeJson {
    /// Nothing where there is nothing to say.
    pub(crate) fn of(change: BaselineChange) -> Option<Self> {
        let BaselineChange { severity_before, status_before, vex_before, still_elsewhere } = change;
        let told = change.is_any() || still_elsewhere;
        told.then_some(Self { severity_before, status_before, vex_before, still_elsewhere })
    }
}
