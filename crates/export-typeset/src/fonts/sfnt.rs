//! Reads the few tables of a font file that tell what it is, without reading the file.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::Arc;

use rustybuzz::ttf_parser::{cmap, name, os2};

/// A collection holds a dozen faces; a damaged header may claim any number.
const MAX_FACES: u32 = 64;
const MAX_TABLES: u16 = 128;
/// The largest character map known, of a CJK face, is a quarter of this.
const MAX_TABLE: u32 = 4 << 20;

/// One face of one file, as its tables describe it.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) path: Arc<Path>,
    pub(crate) index: u32,
    pub(crate) family: String,
    pub(crate) weight: u16,
    pub(crate) italic: bool,
    /// The face has a weight axis, so that any weight can be had from it.
    pub(crate) variable: bool,
    cmap: Table,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Table {
    pub(super) tag: [u8; 4],
    pub(super) offset: u32,
    pub(super) length: u32,
}

/// The faces of a file; none if it is no font that we can read.
pub(crate) fn entries(path: &Path) -> Vec<Entry> {
    let read = || -> io::Result<Vec<Entry>> {
        let mut file = File::open(path)?;
        let path: Arc<Path> = path.into();
        let mut entries = Vec::new();
        for (index, offset) in (0..).zip(face_offsets(&mut file)?) {
            entries.extend(entry(&mut file, &path, index, offset)?);
        }
        Ok(entries)
    };
    read().unwrap_or_default()
}

/// The ranges of characters that a face has glyphs for, in order.
pub(crate) fn coverage(entry: &Entry) -> Vec<(u32, u32)> {
    let bytes = File::open(&entry.path).and_then(|mut file| table(&mut file, entry.cmap));
    let Ok(bytes) = bytes else { return Vec::new() };
    let Some(map) = cmap::Table::parse(&bytes) else { return Vec::new() };
    let mut characters = Vec::new();
    // A full map says all that those for the first 65,536 characters say.
    let is_full = |it: &cmap::Subtable<'_>| matches!(it.format, cmap::Format::SegmentedCoverage(_));
    let full = map.subtables.into_iter().find(|it| it.is_unicode() && is_full(it));
    let partial = map.subtables.into_iter().filter(|it| full.is_none() && it.is_unicode());
    for subtable in full.into_iter().chain(partial) {
        subtable.codepoints(|code| {
            if subtable.glyph_index(code).is_some_and(|glyph| glyph.0 != 0) {
                characters.push(code);
            }
        });
    }
    characters.sort_unstable();
    ranges(&characters)
}

fn ranges(sorted: &[u32]) -> Vec<(u32, u32)> {
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    for code in sorted {
        match ranges.last_mut() {
            Some((_, last)) if *code <= last.saturating_add(1) => *last = *code,
            _ => ranges.push((*code, *code)),
        }
    }
    ranges.shrink_to_fit();
    ranges
}

/// Where the faces of a file begin: one for a font, several for a collection.
pub(super) fn face_offsets(file: &mut File) -> io::Result<Vec<u32>> {
    let mut head = [0; 12];
    file.seek(SeekFrom::Start(0))?;
    file.read_exact(&mut head)?;
    if &head[..4] != b"ttcf" {
        return Ok(vec![0]);
    }
    let count = number(&head, 8).min(MAX_FACES);
    let mut offsets = vec![0; count as usize * 4];
    file.read_exact(&mut offsets)?;
    Ok(offsets.chunks_exact(4).map(|four| number(four, 0)).collect())
}

fn entry(file: &mut File, path: &Arc<Path>, index: u32, offset: u32) -> io::Result<Option<Entry>> {
    let tables = directory(file, offset)?;
    let find = |tag: &[u8; 4]| tables.iter().copied().find(|table| table.tag == *tag);
    let (Some(cmap), Some(names)) = (find(b"cmap"), find(b"name")) else { return Ok(None) };
    let Some(family) = family(&table(file, names)?) else { return Ok(None) };
    let (mut weight, mut italic) = (400, false);
    if let Some(found) = find(b"OS/2") {
        let bytes = table(file, found)?;
        if let Some(os2) = os2::Table::parse(&bytes) {
            weight = os2.weight().to_number();
            italic = os2.style() != os2::Style::Normal;
        }
    }
    let variable = match find(b"fvar") {
        Some(found) => table(file, found)?.windows(4).any(|four| four == b"wght"),
        None => false,
    };
    Ok(Some(Entry { path: Arc::clone(path), index, family, weight, italic, variable, cmap }))
}

/// The tables of the face at `offset`.
pub(super) fn directory(file: &mut File, offset: u32) -> io::Result<Vec<Table>> {
    file.seek(SeekFrom::Start(offset.into()))?;
    let mut head = [0; 12];
    file.read_exact(&mut head)?;
    let count = u16::from_be_bytes([head[4], head[5]]).min(MAX_TABLES);
    let mut records = vec![0; usize::from(count) * 16];
    file.read_exact(&mut records)?;
    let record = |bytes: &[u8]| Table {
        tag: [bytes[0], bytes[1], bytes[2], bytes[3]],
        offset: number(bytes, 8),
        length: number(bytes, 12),
    };
    Ok(records.chunks_exact(16).map(record).collect())
}

fn table(file: &mut File, table: Table) -> io::Result<Vec<u8>> {
    if table.length > MAX_TABLE {
        return Err(io::ErrorKind::InvalidData.into());
    }
    file.seek(SeekFrom::Start(table.offset.into()))?;
    let mut bytes = vec![0; table.length as usize];
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// The typographic family where there is one: `Inter`, not `Inter SemiBold`.
fn family(bytes: &[u8]) -> Option<String> {
    let names = name::Table::parse(bytes)?.names;
    let find = |id: u16| {
        let fitting = |name: &name::Name<'_>| name.name_id == id && name.is_unicode();
        names.into_iter().filter(fitting).find_map(|name| name.to_string())
    };
    find(name::name_id::TYPOGRAPHIC_FAMILY).or_else(|| find(name::name_id::FAMILY))
}

fn number(bytes: &[u8], at: usize) -> u32 {
    u32::from_be_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}
