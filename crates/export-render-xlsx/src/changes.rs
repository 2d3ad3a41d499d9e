//! What came, what went and what changed, gathered for the sheet that tells it: the first of each kind, which are the worst.

use export_core::finding::Severity;
use export_core::record::{BaselineState, FindingRecord};
use export_render_kit::change;

use crate::first::{head, link_of, package};

/// Rows of each kind.
const ROWS: usize = 10;

/// The rows so far, by the first four of [`change::KINDS`].
#[derive(Default)]
pub(crate) struct Changed {
    rows: [Vec<ChangedRow>; 4],
}

/// One finding.
pub(crate) struct ChangedRow {
    pub(crate) severity: Severity,
    /// The vulnerability or rule.
    pub(crate) rule: String,
    /// The page to read, whole.
    pub(crate) address: Option<String>,
    /// The package with its version; empty if there is none.
    pub(crate) package: String,
    pub(crate) image: String,
    /// What is known of it, or what changed.
    pub(crate) state: String,
    pub(crate) title: String,
}

impl Changed {
    /// One more record that is not as it was. Records come worst first.
    pub(crate) fn add(&mut self, record: &FindingRecord<'_>) {
        match record.baseline {
            Some(BaselineState::New) => self.list(0, record, Some(change::state(record))),
            Some(BaselineState::Absent) => self.list(1, record, Some(change::of_absent(record))),
            Some(BaselineState::Updated) => {
                self.list(2, record, change::of_severity(record));
                self.list(3, record, change::of_vex(record));
            }
            Some(BaselineState::Unchanged) | None => {}
        }
    }

    /// The rows of one kind.
    pub(crate) fn rows(&self, kind: usize) -> &[ChangedRow] {
        &self.rows[kind]
    }

    fn list(&mut self, kind: usize, record: &FindingRecord<'_>, state: Option<String>) {
        let (rows, Some(state)) = (&mut self.rows[kind], state) else { return };
        if rows.len() == ROWS {
            return;
        }
        let finding = &record.finding;
        rows.push(ChangedRow {
            severity: finding.severity,
            rule: head(finding.rule()),
            address: link_of(finding),
            package: package(finding),
            image: head(&finding.image),
            state,
            title: head(&finding.title),
        });
    }
}
