//! Which findings an export is about.

use export_core::catalogue::ExportType;
use export_core::finding::{Finding, Subject};

/// Which findings enter the snapshot. What does not enter counts nowhere: totals, rows and digests agree by construction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Findings {
    /// All of them.
    All,
    /// Those that a guard of AI-written code has found.
    Guarded,
}

impl Findings {
    /// What exports of type `kind` are about.
    #[must_use]
    pub fn by(kind: ExportType) -> Self {
        if kind == ExportType::AiCodeGuardReport { Self::Guarded } else { Self::All }
    }

    pub(crate) fn keeps(self, finding: &Finding<'_>) -> bool {
        match (self, &finding.subject) {
            (Self::All, _) => true,
            (Self::Guarded, Subject::Code(code)) => code.guard.is_some(),
            (Self::Guarded, _) => false,
        }
    }
}
