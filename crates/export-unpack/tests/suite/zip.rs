//! ZIP archives in which each field can be wrong.

use std::io::Write as _;

use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};

/// An entry; the first of two values stands in the local header, the second in the directory.
#[derive(Clone)]
pub(crate) struct Part {
    pub(crate) name: [Vec<u8>; 2],
    pub(crate) flags: [u16; 2],
    pub(crate) method: [u16; 2],
    pub(crate) crc: [u32; 2],
    pub(crate) packed: [u32; 2],
    pub(crate) size: [u32; 2],
    pub(crate) extra: [Vec<u8>; 2],
    pub(crate) data: Vec<u8>,
    /// Behind the data.
    pub(crate) behind: Vec<u8>,
    pub(crate) comment: Vec<u8>,
    pub(crate) disk: u16,
    pub(crate) attributes: u32,
    /// Where the directory says that it is, if that is not where it is.
    pub(crate) start: Option<u32>,
}

pub(crate) fn crc(bytes: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.sum()
}

pub(crate) fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::new(6));
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn stored(name: &str, bytes: &[u8]) -> Part {
    let size = u32::try_from(bytes.len()).unwrap();
    Part {
        name: [name.as_bytes().to_vec(), name.as_bytes().to_vec()],
        flags: [0, 0],
        method: [0, 0],
        crc: [crc(bytes); 2],
        packed: [size; 2],
        size: [size; 2],
        extra: [vec![], vec![]],
        data: bytes.to_vec(),
        behind: vec![],
        comment: vec![],
        disk: 0,
        attributes: 0,
        start: None,
    }
}

pub(crate) fn deflated(name: &str, bytes: &[u8]) -> Part {
    let data = deflate(bytes);
    let packed = u32::try_from(data.len()).unwrap();
    Part { method: [8, 8], packed: [packed; 2], data, ..stored(name, bytes) }
}

impl Part {
    pub(crate) fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    /// The sizes follow the data, in one of four forms.
    pub(crate) fn streamed(mut self, signed: bool, long: bool) -> Self {
        self.flags = [8, 8];
        if signed {
            self.behind.extend_from_slice(b"PK\x07\x08");
        }
        self.behind.extend(self.crc[0].to_le_bytes());
        for size in [self.packed[0], self.size[0]] {
            self.behind.extend(size.to_le_bytes());
            self.behind.extend_from_slice(if long { &[0; 4] } else { &[] });
        }
        (self.crc[0], self.packed[0], self.size[0]) = (0, 0, 0);
        self
    }

    fn common(&self, at: usize, out: &mut Vec<u8>) {
        out.extend(self.flags[at].to_le_bytes());
        out.extend(self.method[at].to_le_bytes());
        out.extend([0, 0, 33, 0]); // 1980-01-01
        for value in [self.crc[at], self.packed[at], self.size[at]] {
            out.extend(value.to_le_bytes());
        }
        for length in [self.name[at].len(), self.extra[at].len()] {
            out.extend((length as u16).to_le_bytes());
        }
    }

    fn local(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(b"PK\x03\x04\x14\0");
        self.common(0, out);
        for bytes in [&self.name[0], &self.extra[0], &self.data, &self.behind] {
            out.extend_from_slice(bytes);
        }
    }

    fn central(&self, start: usize, out: &mut Vec<u8>) {
        out.extend_from_slice(b"PK\x01\x02\x14\x03\x14\0");
        self.common(1, out);
        out.extend((self.comment.len() as u16).to_le_bytes());
        out.extend(self.disk.to_le_bytes());
        out.extend([0, 0]);
        out.extend(self.attributes.to_le_bytes());
        out.extend(self.start.unwrap_or(start as u32).to_le_bytes());
        for bytes in [&self.name[1], &self.extra[1], &self.comment] {
            out.extend_from_slice(bytes);
        }
    }
}

/// An extra field.
pub(crate) fn extra(id: u16, content: &[u8]) -> Vec<u8> {
    [&id.to_le_bytes()[..], &(content.len() as u16).to_le_bytes(), content].concat()
}

/// The record at the end.
pub(crate) fn end(entries: u16, size: u32, start: u32) -> Vec<u8> {
    let [entries, size, start] =
        [entries.to_le_bytes().to_vec(), size.to_le_bytes().to_vec(), start.to_le_bytes().to_vec()];
    [b"PK\x05\x06\0\0\0\0".as_slice(), &entries, &entries, &size, &start, &[0, 0]].concat()
}

/// Local headers and data; and the directory.
pub(crate) fn body(parts: &[Part]) -> (Vec<u8>, Vec<u8>) {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for part in parts {
        part.central(out.len(), &mut directory);
        part.local(&mut out);
    }
    (out, directory)
}

pub(crate) fn archive(parts: &[Part]) -> Vec<u8> {
    let (out, directory) = body(parts);
    let end = end(parts.len() as u16, directory.len() as u32, out.len() as u32);
    [out, directory, end].concat()
}
