//! Reads a snapshot's vulnerabilities, keeping the pulse.

use export_core::code::Code;
use export_core::ports::{Pulse, RenderError, Snapshot};
use export_core::vulnerability::{AFFECTED_KEPT, VulnerabilityRecord};
use export_core::warning::{Warning, WarningCode};

/// Vulnerabilities between two beats: one may have ten thousand components.
const BEAT: u64 = 100;

/// What was read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Listed {
    /// Vulnerabilities.
    pub rows: u64,
    /// Those among them that affect more than the record lists.
    pub shortened: u64,
}

impl Listed {
    /// What a reader has to know. `findings` is where all of them are: a file, a sheet.
    #[must_use]
    pub fn warning(&self, findings: &str) -> Option<Warning> {
        let vulnerabilities = match self.shortened {
            0 => return None,
            1 => "1 vulnerability affects".to_owned(),
            many => format!("{many} vulnerabilities affect"),
        };
        let message = format!(
            "{vulnerabilities} more than the {AFFECTED_KEPT} components in scans that its lists have room for; `not_listed` counts \
             the others, and {findings} has every finding."
        );
        Some(Warning::new(WarningCode::TextShortened, message))
    }
}

/// Calls `visit` with every vulnerability, in order. The pulse is told that no finding is done: this comes before them.
///
/// # Errors
/// What `visit`, the snapshot or the pulse says; `storage_corrupt` if there are not as many as the snapshot's facts count.
pub fn for_each_vulnerability(
    from: &dyn Snapshot,
    pulse: &dyn Pulse,
    mut visit: impl FnMut(&VulnerabilityRecord<'_>) -> Result<(), RenderError>,
) -> Result<Listed, RenderError> {
    pulse.beat(0)?;
    let mut listed = Listed::default();
    let mut cursor = from.vulnerabilities()?;
    while let Some(vulnerability) = cursor.next()? {
        visit(&vulnerability)?;
        listed.rows += 1;
        listed.shortened += u64::from(vulnerability.more_affected > 0);
        if listed.rows.is_multiple_of(BEAT) {
            pulse.beat(0)?;
        }
    }
    let counted = from.facts().vulnerabilities.unwrap_or(0);
    if listed.rows != counted {
        let message = format!("the snapshot gave {} vulnerabilities and counts {counted}", listed.rows);
        return Err(RenderError::new(Code::StorageCorrupt, message));
    }
    Ok(listed)
}
