//! The end of the archive (4.3.14 to 4.3.16), which says where the directory is.

use std::fs::File;

use export_core::digest::Digest;

use super::fields::Fields;
use crate::refusal::Refusal;
use crate::source::read_exactly_at;

pub(super) const SIGNATURE: [u8; 4] = *b"PK\x05\x06";
const RECORD: u64 = 22;
const COMMENT: u64 = 71;
const LOCATOR_SIGNATURE: [u8; 4] = *b"PK\x06\x07";
const LOCATOR: u64 = 20;
const LARGE_SIGNATURE: [u8; 4] = *b"PK\x06\x06";
const LARGE: u64 = 56;

/// What the end says.
pub(super) struct End {
    /// How many entries there are.
    pub(super) entries: u64,
    /// Where the directory begins.
    pub(super) start: u64,
    /// Where it ends.
    pub(super) end: u64,
    /// What the archive's comment says of the archive.
    pub(super) container: Option<Digest>,
    /// It says it of the bytes up to here.
    pub(super) said: u64,
}

/// Whether there is an end where readers look for one: in front of the longest comment, or behind.
pub(super) fn is_anywhere(file: &File, size: u64) -> Result<bool, Refusal> {
    let start = size.saturating_sub(RECORD + u64::from(u16::MAX));
    let mut tail = vec![0; (size - start) as usize];
    read_exactly_at(file, &mut tail, start)?;
    Ok(tail.windows(SIGNATURE.len()).any(|some| some == SIGNATURE))
}

impl End {
    pub(super) fn read(file: &File, size: u64) -> Result<Self, Refusal> {
        let (at, container) = if let Some(at) = record(file, size, 0)? {
            (at, None)
        } else if let Some(at) = record(file, size, COMMENT)? {
            (at, Some(comment(file, at + RECORD)?))
        } else if is_anywhere(file, size)? {
            return Err(Refusal::ambiguous("something else than its digest stands behind the archive's end"));
        } else {
            return Err(Refusal::corrupt("the archive's end is missing"));
        };
        let mut record = [0; RECORD as usize];
        read_exactly_at(file, &mut record, at)?;
        let totals = Totals::small(&record)?;
        let (totals, end) = totals.large(file, at)?;
        let entries = totals.entries()?;
        if totals.start.checked_add(totals.size) != Some(end) {
            return Err(Refusal::ambiguous("the directory is not directly before the archive's end"));
        }
        Ok(Self { entries, start: totals.start, end, container, said: at + RECORD - 2 })
    }
}

/// Where the last record is, if it is before a comment of this length.
fn record(file: &File, size: u64, comment: u64) -> Result<Option<u64>, Refusal> {
    let Some(at) = size.checked_sub(RECORD + comment) else { return Ok(None) };
    let mut record = [0; RECORD as usize];
    read_exactly_at(file, &mut record, at)?;
    let length = Fields(&record[20..]).u16()?;
    Ok((record.starts_with(&SIGNATURE) && u64::from(length) == comment).then_some(at))
}

fn comment(file: &File, at: u64) -> Result<Digest, Refusal> {
    let mut comment = [0; COMMENT as usize];
    read_exactly_at(file, &mut comment, at)?;
    let digest =
        comment.strip_prefix(b"sha256:").and_then(|digits| str::from_utf8(digits).ok()?.parse().ok());
    digest.ok_or_else(|| Refusal::ambiguous("the archive's comment is not its digest"))
}

/// The numbers of either record.
struct Totals {
    disks: [u32; 2],
    entries: [u64; 2],
    size: u64,
    start: u64,
}

impl Totals {
    fn small(record: &[u8]) -> Result<Self, Refusal> {
        let mut fields = Fields(record);
        fields.skip::<4>()?;
        Ok(Self {
            disks: [fields.u16()?.into(), fields.u16()?.into()],
            entries: [fields.u16()?.into(), fields.u16()?.into()],
            size: fields.u32()?.into(),
            start: fields.u32()?.into(),
        })
    }

    /// Those of ZIP64 if they are there, and where the directory must end.
    fn large(self, file: &File, at: u64) -> Result<(Self, u64), Refusal> {
        let Some(locator_at) = at.checked_sub(LOCATOR) else { return Ok((self, at)) };
        let mut locator = [0; LOCATOR as usize];
        read_exactly_at(file, &mut locator, locator_at)?;
        if !locator.starts_with(&LOCATOR_SIGNATURE) {
            return Ok((self, at));
        }
        let mut fields = Fields(&locator[4..]);
        let (disk, large_at, disks) = (fields.u32()?, fields.u64()?, fields.u32()?);
        let misplaced = || Refusal::ambiguous("the ZIP64 end is not where it must be");
        if locator_at.checked_sub(LARGE) != Some(large_at) || disk != 0 || disks != 1 {
            return Err(misplaced());
        }
        let mut record = [0; LARGE as usize];
        read_exactly_at(file, &mut record, large_at)?;
        let mut fields = Fields(&record[4..]);
        if !record.starts_with(&LARGE_SIGNATURE) || fields.u64()? != LARGE - 12 {
            return Err(misplaced());
        }
        fields.skip::<4>()?; // versions
        let large = Self {
            disks: [fields.u32()?, fields.u32()?],
            entries: [fields.u64()?, fields.u64()?],
            size: fields.u64()?,
            start: fields.u64()?,
        };
        if !self.agrees(&large) {
            return Err(Refusal::ambiguous("the two ends of the archive disagree"));
        }
        Ok((large, large_at))
    }

    /// Every field of the small record is that of the large one, or all ones.
    fn agrees(&self, large: &Self) -> bool {
        let short = |small: u64, large: u64| small == large || small == u64::from(u16::MAX);
        let long = |small: u64, large: u64| small == large || small == u64::from(u32::MAX);
        self.disks.iter().zip(large.disks).all(|(small, large)| short((*small).into(), large.into()))
            && self.entries.iter().zip(large.entries).all(|(small, large)| short(*small, large))
            && long(self.size, large.size)
            && long(self.start, large.start)
    }

    fn entries(&self) -> Result<u64, Refusal> {
        let [here, all] = self.entries;
        if self.disks != [0, 0] || here != all {
            return Err(Refusal::ambiguous("the archive has several parts"));
        }
        Ok(all)
    }
}
