//! Records that are told on the way how they stand to the baseline. Nothing of it is stored.

use export_core::error::PortError;
use export_core::ports::{FindingCursor, VulnerabilityCursor};
use export_core::record::{BaselineState, FindingRecord};
use export_core::vulnerability::VulnerabilityRecord;

use super::known::Known;
use super::tallies::Tallies;
use crate::codec::decode;
use crate::spool::SpoolReader;

/// The records of the scope.
pub(super) struct Current<'s> {
    pub(super) records: Box<dyn FindingCursor + 's>,
    pub(super) known: &'s Known,
}

impl FindingCursor for Current<'_> {
    fn next(&mut self) -> Result<Option<FindingRecord<'_>>, PortError> {
        let Some(record) = self.records.next()? else { return Ok(None) };
        let (state, change) = self.known.compare(&record);
        Ok(Some(FindingRecord { baseline: Some(state), change, ..record }))
    }
}

/// The records that only the baseline has.
pub(super) struct Absent<'s> {
    pub(super) records: SpoolReader,
    pub(super) known: &'s Known,
}

impl FindingCursor for Absent<'_> {
    fn next(&mut self) -> Result<Option<FindingRecord<'_>>, PortError> {
        if !self.records.advance()? {
            return Ok(None);
        }
        let record: FindingRecord<'_> = decode(self.records.record())?;
        let change = self.known.of_absent(&record);
        Ok(Some(FindingRecord { baseline: Some(BaselineState::Absent), change, ..record }))
    }
}

/// The vulnerabilities of the scope.
pub(super) struct Counted<'s> {
    pub(super) records: Box<dyn VulnerabilityCursor + 's>,
    pub(super) tallies: &'s Tallies,
}

impl VulnerabilityCursor for Counted<'_> {
    fn next(&mut self) -> Result<Option<VulnerabilityRecord<'_>>, PortError> {
        let Some(record) = self.records.next()? else { return Ok(None) };
        let changes = Some(self.tallies.of(&record.id));
        Ok(Some(VulnerabilityRecord { changes, ..record }))
    }
}
