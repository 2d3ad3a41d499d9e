//! Numbers in ZIP are little-endian.

use crate::refusal::Refusal;

/// The fields of a record, one behind the other.
pub(super) struct Fields<'a>(pub(super) &'a [u8]);

impl Fields<'_> {
    fn take<const N: usize>(&mut self) -> Result<[u8; N], Refusal> {
        let (field, rest) = self
            .0
            .split_first_chunk()
            .ok_or_else(|| Refusal::corrupt("a record of the archive is too short"))?;
        self.0 = rest;
        Ok(*field)
    }

    pub(super) fn u16(&mut self) -> Result<u16, Refusal> {
        self.take().map(u16::from_le_bytes)
    }

    pub(super) fn u32(&mut self) -> Result<u32, Refusal> {
        self.take().map(u32::from_le_bytes)
    }

    pub(super) fn u64(&mut self) -> Result<u64, Refusal> {
        self.take().map(u64::from_le_bytes)
    }

    /// What matters to no reader.
    pub(super) fn skip<const N: usize>(&mut self) -> Result<(), Refusal> {
        self.take::<N>().map(|_| ())
    }
}
