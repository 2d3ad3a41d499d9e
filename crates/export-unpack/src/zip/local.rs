//! What stands before (4.3.7) and behind (4.3.9) the data of an entry: the same as in the directory.

use super::entry::{Entry, SIZES_FOLLOW, STORED};
use super::extra;
use super::fields::Fields;
use crate::refusal::Refusal;
use crate::source::Source;

const SIGNATURE: [u8; 4] = *b"PK\x03\x04";
const HEADER: usize = 30;
const DESCRIPTOR: [u8; 4] = *b"PK\x07\x08";

/// A header that was right, of which the end is still to come.
pub(super) struct Local {
    follows: bool,
}

/// Checks the local header, behind which the data begin.
pub(super) fn check(source: &mut Source<'_>, entry: &Entry) -> Result<Local, Refusal> {
    let header: [u8; HEADER] = source.array()?;
    if !header.starts_with(&SIGNATURE) {
        return Err(disagree("place"));
    }
    let mut fields = Fields(&header[6..]); // behind the version
    let (flags, method) = (fields.u16()?, fields.u16()?);
    fields.skip::<4>()?; // time
    let (crc, packed, size) = (fields.u32()?, fields.u32()?, fields.u32()?);
    let (name_length, extra_length) = (fields.u16()?, fields.u16()?);
    if usize::from(name_length) != entry.name.len() || source.bytes(name_length)? != entry.name.as_bytes() {
        return Err(disagree("path"));
    }
    let extra = source.bytes(extra_length)?;
    if flags != entry.flags || method != entry.method {
        return Err(disagree("flags or method"));
    }
    let follows = flags & SIZES_FOLLOW != 0;
    if crc != entry.crc && !(follows && crc == 0) {
        return Err(disagree("CRC-32"));
    }
    let large = extra::large(&extra)?;
    let told = sizes(large, [size, packed])?;
    let right = [entry.size, entry.packed];
    // Info-ZIP knows the size of the file before, and not that of the data.
    if told.iter().zip(right).any(|(told, right)| *told != right && !(follows && *told == 0)) {
        return Err(disagree("sizes"));
    }
    if told != right && method == STORED {
        return Err(Refusal::ambiguous("nothing before its data tells where they end"));
    }
    Ok(Local { follows })
}

/// ZIP64 has both sizes (4.5.3); the short fields are then all ones or the same.
fn sizes(large: Option<&[u8]>, short: [u32; 2]) -> Result<[u64; 2], Refusal> {
    let short = short.map(u64::from);
    let Some(large) = large else { return Ok(short) };
    let mut fields = Fields(large);
    let long = [fields.u64()?, fields.u64()?];
    let same = short.iter().zip(long).all(|(short, long)| *short == long || *short == u64::from(u32::MAX));
    if !fields.0.is_empty() || !same {
        return Err(disagree("sizes"));
    }
    Ok(long)
}

fn disagree(what: &str) -> Refusal {
    Refusal::ambiguous(format!("its header and the directory disagree about its {what}"))
}

impl Local {
    /// Checks what stands between the data and the next entry: nothing, or CRC-32 and sizes in one of four forms.
    pub(super) fn check_end(&self, source: &mut Source<'_>, entry: &Entry) -> Result<(), Refusal> {
        let left = source.left();
        let (signed, long) = match (left, self.follows) {
            (0, false) => return Ok(()),
            (12, true) => (false, false),
            (16, true) => (true, false),
            (20, true) => (false, true),
            (24, true) => (true, true),
            _ => return Err(Refusal::ambiguous("something else than files is behind its data")),
        };
        if signed && source.array()? != DESCRIPTOR {
            return Err(disagree("end"));
        }
        let crc = u32::from_le_bytes(source.array()?);
        let mut size = || -> Result<u64, Refusal> {
            if long {
                return source.array().map(u64::from_le_bytes);
            }
            source.array().map(u32::from_le_bytes).map(u64::from)
        };
        let (packed, size) = (size()?, size()?);
        if (crc, packed, size) != (entry.crc, entry.packed, entry.size) {
            return Err(disagree("CRC-32 or sizes"));
        }
        Ok(())
    }
}
