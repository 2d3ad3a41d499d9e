//! Fonts of tens of megabytes, of which a document needs a few glyphs.
//!
//! A face is laid out in memory as in its file, but only the parts that are needed are read; the rest stays
//! zero, which takes no memory, for the system hands out zeroed pages when they are first written. They come
//! from the system each time: an allocator would clear memory that was used before, and so fill it. Shaping
//! needs no outlines at all, so the measuring pass goes without them; the drawing pass has those of the
//! glyphs that the first pass met.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::Path;

use memmap2::MmapMut;

use super::sfnt::{Table, directory, face_offsets};

/// Files up to this size are read whole.
const WHOLE: u64 = 4 << 20;
/// Larger than any font; a file that grows past it is no font.
const MAX: u64 = 256 << 20;

/// Whether a file is so large that it is read in parts.
pub(super) fn is_large(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|it| it.len() > WHOLE)
}

/// The face's tables, with the outlines of `glyphs` only.
pub(super) fn read(path: &Path, index: u32, glyphs: &BTreeSet<u16>) -> io::Result<MmapMut> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    if length > MAX {
        return Err(io::ErrorKind::InvalidData.into());
    }
    // One byte more than the file: krilla takes faces of equal length for the same, and would draw a
    // chart's text with this one, which lacks its glyphs.
    let mut part = Part { bytes: MmapMut::map_anon(length as usize + 1)?, file: &mut file };
    let offsets = face_offsets(part.file)?;
    part.read(0..12 + 4 * offsets.len())?;
    let offset = *offsets.get(index as usize).ok_or(io::ErrorKind::InvalidData)?;
    let tables = directory(part.file, offset)?;
    part.read(offset as usize..offset as usize + 12 + 16 * tables.len())?;
    for table in &tables {
        let range = table.offset as usize..table.offset as usize + table.length as usize;
        match &table.tag {
            b"CFF " => part.cff(range, glyphs)?,
            b"CBDT" => match tables.iter().find(|it| it.tag == *b"CBLC") {
                Some(locations) => part.bitmaps(range, *locations, glyphs)?,
                None => part.read(range)?,
            },
            _ => part.read(range)?,
        }
    }
    Ok(part.bytes)
}

/// A file and the parts of it that were read.
struct Part<'a> {
    bytes: MmapMut,
    file: &'a mut File,
}

impl Part<'_> {
    fn read(&mut self, range: Range<usize>) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(range.start as u64))?;
        let part = self.bytes.get_mut(range).ok_or(io::ErrorKind::InvalidData)?;
        self.file.read_exact(part)
    }

    /// A big-endian number of one to four bytes, read if it is not there yet.
    fn number(&mut self, at: usize, bytes: usize) -> io::Result<usize> {
        self.read(at..at + bytes)?;
        Ok(self.bytes[at..at + bytes].iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte)))
    }

    /// Compact Font Format, Adobe's technical note 5176: all of it but the outlines that are not needed.
    fn cff(&mut self, table: Range<usize>, glyphs: &BTreeSet<u16>) -> io::Result<()> {
        let names = table.start + self.number(table.start + 2, 1)?;
        let dictionaries = self.index(names)?.end;
        let top = self.index(dictionaries)?;
        self.read(top.data.start..top.data.end)?;
        let Some(outlines) = outlines_at(&self.bytes[top.data.start..top.data.end]) else {
            return self.read(table);
        };
        let outlines = self.index(table.start + outlines)?;
        self.read(table.start..outlines.data.start)?;
        self.read(outlines.data.end..table.end)?;
        let offset = |bytes: &[u8]| bytes.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte));
        for glyph in glyphs.iter().map(|it| usize::from(*it)).filter(|it| *it < outlines.count) {
            let at = outlines.offsets + glyph * outlines.width;
            let from = offset(&self.bytes[at..at + outlines.width]);
            let to = offset(&self.bytes[at + outlines.width..at + 2 * outlines.width]);
            let base = outlines.data.start - 1;
            self.read(base + from..base + to.max(from))?;
        }
        Ok(())
    }

    /// An INDEX of CFF: a count, the width of its offsets, the offsets, the data.
    fn index(&mut self, at: usize) -> io::Result<Index> {
        let count = self.number(at, 2)?;
        if count == 0 {
            return Ok(Index { count, width: 1, offsets: at + 2, data: at + 2..at + 2, end: at + 2 });
        }
        let width = self.number(at + 2, 1)?.clamp(1, 4);
        let offsets = at + 3;
        let start = offsets + (count + 1) * width;
        let end = start - 1 + self.number(offsets + count * width, width)?;
        Ok(Index { count, width, offsets, data: start..end, end })
    }

    /// Colour bitmaps: those of `glyphs`, or all if their places are told in a way that is not read here.
    fn bitmaps(&mut self, table: Range<usize>, locations: Table, glyphs: &BTreeSet<u16>) -> io::Result<()> {
        self.read(table.start..table.start + 4)?;
        let base = locations.offset as usize;
        for size in 0..self.number(base + 4, 4)?.min(64) {
            let record = base + 8 + size * 48;
            let (array, count) = (base + self.number(record, 4)?, self.number(record + 8, 4)?);
            for entry in (0..count.min(65_536)).map(|it| array + it * 8) {
                let (first, last) = (self.number(entry, 2)?, self.number(entry + 2, 2)?);
                let subtable = array + self.number(entry + 4, 4)?;
                let (format, images) = (self.number(subtable, 2)?, self.number(subtable + 4, 4)?);
                let width = match format {
                    1 => 4,
                    3 => 2,
                    _ => return self.read(table),
                };
                for glyph in glyphs.iter().map(|it| usize::from(*it)).filter(|it| (first..=last).contains(it))
                {
                    let at = subtable + 8 + (glyph - first) * width;
                    let (from, to) = (self.number(at, width)?, self.number(at + width, width)?);
                    let start = table.start + images;
                    self.read(start + from..start + to.max(from))?;
                }
            }
        }
        Ok(())
    }
}

struct Index {
    count: usize,
    width: usize,
    offsets: usize,
    data: Range<usize>,
    end: usize,
}

/// The operand of CharStrings, operator 17, in a top dictionary.
fn outlines_at(dictionary: &[u8]) -> Option<usize> {
    let (mut at, mut operand) = (0, 0_i64);
    while let Some(byte) = dictionary.get(at).copied() {
        let next = |offset: usize| dictionary.get(at + offset).copied().map(i64::from);
        let taken = match byte {
            17 => return usize::try_from(operand).ok(),
            12 => 2,
            28 => {
                operand = next(1)? << 8 | next(2)?;
                3
            }
            29 => {
                operand = next(1)? << 24 | next(2)? << 16 | next(3)? << 8 | next(4)?;
                5
            }
            30 => 1 + 1 + dictionary[at + 1..].iter().position(|it| it & 0xF == 0xF || it >> 4 == 0xF)?,
            32..=246 => {
                operand = i64::from(byte) - 139;
                1
            }
            247..=254 => {
                operand = 0;
                2
            }
            _ => 1,
        };
        at += taken;
    }
    None
}
