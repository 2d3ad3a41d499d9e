//! Writing the vulnerabilities in their order.

use export_core::error::{ErrorKind, PortError};

use super::group::HEAD;
use super::key::{self, RANK};
use crate::beat::Beat;
use crate::codec::encode;
use crate::scratch::Scratch;
use crate::sort::{Entry, Sorted};
use crate::spool::{Spool, SpoolWriter};

/// Writes each vulnerability with what it affects, and counts them.
pub(super) fn write(
    mut sorted: Sorted,
    scratch: &Scratch,
    beat: &mut Beat<'_>,
) -> Result<(Spool, u64), PortError> {
    let mut spool = SpoolWriter::create(scratch, "vulnerabilities")?;
    let mut count = 0;
    while sorted.advance()? {
        count += 1;
        spool.push_with(|record| one(&mut sorted, record, beat))?;
    }
    Ok((spool.seal()?, count))
}

/// Appends the vulnerability whose head `sorted` stands at. Postcard writes a list as its length, then its items.
fn one(sorted: &mut Sorted, record: &mut Vec<u8>, beat: &mut Beat<'_>) -> Result<(), PortError> {
    let Entry { key, payload } = sorted.entry();
    let (HEAD, _) = behind_name(key)? else { return Err(cut()) };
    let ([kept, more], head) = payload.split_at_checked(16).ok_or_else(cut).map(|(counts, head)| {
        let [kept, more] = counts.as_chunks::<8>().0 else { unreachable!("sixteen bytes are two numbers") };
        ([*kept, *more].map(u64::from_le_bytes), head)
    })?;
    record.extend_from_slice(head);
    encode(&kept, record)?;
    for _ in 0..kept {
        beat.tick()?;
        if !sorted.advance()? {
            return Err(cut());
        }
        let Entry { key, payload } = sorted.entry();
        let (_, bytes) = behind_name(key)?;
        let mut affected = key::read_affected(bytes)?;
        affected.findings = u64::from_le_bytes(*payload.first_chunk().ok_or_else(cut)?);
        encode(&affected, record)?;
    }
    encode(&more, record)
}

/// The kind of an entry, and what its key has behind that.
fn behind_name(key: &[u8]) -> Result<(u8, &[u8]), PortError> {
    let key = key.get(RANK..).ok_or_else(cut)?;
    let (kind, rest) = key[key::name_length(key)..].split_first().ok_or_else(cut)?;
    Ok((*kind, rest))
}

fn cut() -> PortError {
    PortError::new(ErrorKind::Corrupt, "snapshot: vulnerabilities", "an entry is cut")
}
