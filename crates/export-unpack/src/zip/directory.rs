//! The directory at the end (4.3.12).

use super::end::End;
use super::entry::{DEFLATED, Entry, KNOWN_FLAGS, STORED, UTF8};
use super::extra;
use super::fields::Fields;
use crate::limits::Budget;
use crate::refusal::Refusal;
use crate::source::Source;
use crate::{Asked, paths};

const SIGNATURE: [u8; 4] = *b"PK\x01\x02";
const HEADER: usize = 46;
/// Where the archive was made (4.4.2.2).
const UNIX: u8 = 3;

/// All entries, as they lie in the archive, and each ends where the next begins.
pub(super) fn read(
    source: &mut Source<'_>,
    end: &End,
    size: u64,
    asked: &Asked<'_>,
) -> Result<Vec<Entry>, Refusal> {
    let mut budget = Budget::new(asked.limits, Some(size));
    let mut entries = Vec::new();
    source.part(end.start, end.end);
    while source.left() > 0 {
        let entry = header(source)?;
        check(&entry).map_err(|refusal| refusal.at(&entry.name))?;
        budget.entry(&entry.name)?;
        budget.bytes(&entry.name, entry.size, asked.keeps(&entry.name))?;
        entries.push(entry);
    }
    if entries.len() as u64 != end.entries {
        return Err(Refusal::ambiguous("the archive's end tells another number of entries"));
    }
    entries.sort_by_key(|entry| entry.start);
    tile(&mut entries, end.start)?;
    paths::check_all(entries.iter().map(|entry| (entry.path(), entry.folder())))?;
    Ok(entries)
}

/// Whether the entries begin with the archive; that each fills its place is seen when it is read.
fn tile(entries: &mut [Entry], end: u64) -> Result<(), Refusal> {
    let mut next = end;
    for entry in entries.iter_mut().rev() {
        if entry.start >= next {
            return Err(
                Refusal::ambiguous("it lies upon another entry, or outside of the archive").at(&entry.name)
            );
        }
        entry.end = next;
        next = entry.start;
    }
    if next != 0 {
        return Err(Refusal::ambiguous("the archive does not begin with its first entry"));
    }
    Ok(())
}

/// What a header says of the file's kind.
struct About {
    name: String,
    /// Whether it is told that the name is UTF-8; on Unix it is without being told (Info-ZIP).
    utf8: bool,
    comment: u16,
    disk: u16,
    attributes: u32,
}

fn header(source: &mut Source<'_>) -> Result<Entry, Refusal> {
    let header: [u8; HEADER] = source.array()?;
    if !header.starts_with(&SIGNATURE) {
        return Err(Refusal::ambiguous("the directory has something else than entries"));
    }
    let mut fields = Fields(&header[8..]); // behind the versions
    let (flags, method) = (fields.u16()?, fields.u16()?);
    fields.skip::<4>()?; // time
    let (crc, packed, size) = (fields.u32()?, fields.u32()?, fields.u32()?);
    let (name_length, extra_length, comment) = (fields.u16()?, fields.u16()?, fields.u16()?);
    let disk = fields.u16()?;
    fields.skip::<2>()?; // whether it is text
    let (attributes, start) = (fields.u32()?, fields.u32()?);
    let name = paths::text(source.bytes(name_length)?)?;
    let extra = source.bytes(extra_length)?;
    let utf8 = flags & UTF8 != 0 || header[5] == UNIX;
    let about = About { name, utf8, comment, disk, attributes };
    kind(&about).map_err(|refusal| refusal.at(&about.name))?;
    let [size, packed, start] =
        long(&extra, [size, packed, start]).map_err(|refusal| refusal.at(&about.name))?;
    Ok(Entry { name: about.name, flags, method, crc, packed, size, start, end: 0 })
}

/// Sizes and place, which ZIP64 has where the short field is all ones (4.5.3).
fn long(extra: &[u8], short: [u32; 3]) -> Result<[u64; 3], Refusal> {
    let large = extra::large(extra)?;
    let mut fields = Fields(large.unwrap_or_default());
    let mut long = short.map(u64::from);
    for value in &mut long {
        if large.is_some() && *value == u64::from(u32::MAX) {
            *value = fields.u64()?;
        }
    }
    if !fields.0.is_empty() {
        return Err(Refusal::ambiguous("the ZIP64 field has more than is needed"));
    }
    Ok(long)
}

/// Whether it is a file or folder; an archive of Unix says it in the upper half, one of DOS in the lower (4.4.15).
fn kind(about: &About) -> Result<(), Refusal> {
    const KIND: u32 = 0o170_000;
    const FILE: u32 = 0o100_000;
    const FOLDER: u32 = 0o040_000;
    const DOS_VOLUME: u32 = 1 << 3;
    const DOS_FOLDER: u32 = 1 << 4;
    const DOS_DEVICE: u32 = 1 << 6;
    const DOS_LINK: u32 = 1 << 10;
    let kind = about.attributes >> 16 & KIND;
    if !matches!(kind, 0 | FILE | FOLDER) || about.attributes & (DOS_VOLUME | DOS_DEVICE | DOS_LINK) != 0 {
        return Err(Refusal::not_safe("it is a link or a device"));
    }
    let folder = about.name.ends_with('/');
    let told = kind == FOLDER || about.attributes & DOS_FOLDER != 0;
    if (told && !folder) || (kind == FILE && folder) {
        return Err(Refusal::ambiguous("it is a file to some readers and a folder to others"));
    }
    if !about.utf8 && !about.name.is_ascii() {
        return Err(Refusal::ambiguous("the path has characters of an alphabet that is not told"));
    }
    if about.disk != 0 {
        return Err(Refusal::ambiguous("it is in another part of the archive"));
    }
    if about.comment != 0 {
        return Err(Refusal::ambiguous("it has a comment, which is no part of a file"));
    }
    Ok(())
}

fn check(entry: &Entry) -> Result<(), Refusal> {
    paths::check(entry.path())?;
    if entry.flags & !KNOWN_FLAGS != 0 {
        return Err(Refusal::ambiguous("it is encrypted, or packed in another unusual way"));
    }
    if !matches!(entry.method, STORED | DEFLATED) {
        return Err(Refusal::ambiguous(format!("compression method {} is not read by all", entry.method)));
    }
    if entry.method == STORED && entry.packed != entry.size {
        return Err(Refusal::ambiguous("it is not compressed, but has two sizes"));
    }
    if entry.folder() && entry.size != 0 {
        return Err(Refusal::ambiguous("the folder has bytes"));
    }
    Ok(())
}
