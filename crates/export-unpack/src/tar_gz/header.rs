//! The header of an entry (POSIX ustar, or GNU's form of it), in which nothing is left to the reader.

use crate::refusal::Refusal;

/// What headers have, and what data are filled up to.
pub(super) const BLOCK: usize = 512;

/// What matters of a header.
pub(super) struct Header {
    pub(super) kind: u8,
    /// Not checked.
    pub(super) path: Vec<u8>,
    pub(super) size: u64,
}

const NAME: (usize, usize) = (0, 100);
const SIZE: (usize, usize) = (124, 136);
const SUM: (usize, usize) = (148, 156);
const KIND: usize = 156;
const LINK: (usize, usize) = (157, 257);
const MAGIC: (usize, usize) = (257, 265);
const PREFIX: (usize, usize) = (345, 500);
/// Mode, owner, group, time and two numbers of devices.
const NUMBERS: [(usize, usize); 6] = [(100, 108), (108, 116), (116, 124), (136, 148), (329, 337), (337, 345)];

impl Header {
    pub(super) fn read(block: &[u8; BLOCK]) -> Result<Self, Refusal> {
        let field = |(start, end): (usize, usize)| &block[start..end];
        check_sum(block, field(SUM))?;
        let gnu = match field(MAGIC) {
            b"ustar\x0000" => false,
            b"ustar  \0" => true,
            _ => return Err(Refusal::ambiguous("a header is neither POSIX's nor GNU's")),
        };
        // In GNU's form other things stand in the place of the prefix, for dumps and sparse files.
        let behind = if gnu { PREFIX.0 } else { PREFIX.1 };
        let mut path = if gnu { Vec::new() } else { text(field(PREFIX))?.to_vec() };
        if block[behind..].iter().any(|byte| *byte != 0) {
            return Err(Refusal::ambiguous("a header has what not all readers know"));
        }
        if !path.is_empty() {
            path.push(b'/');
        }
        path.extend_from_slice(text(field(NAME))?);
        let kind = block[KIND];
        if !matches!(kind, b'1' | b'2') && !text(field(LINK))?.is_empty() {
            return Err(Refusal::ambiguous("a header has the target of a link, but is none"));
        }
        for at in NUMBERS {
            number(field(at))?;
        }
        Ok(Self { kind, path, size: number(field(SIZE))? })
    }
}

/// The sum of all bytes, its own field as spaces.
fn check_sum(block: &[u8; BLOCK], told: &[u8]) -> Result<(), Refusal> {
    let all: u64 = block.iter().map(|byte| u64::from(*byte)).sum();
    let own: u64 = told.iter().map(|byte| u64::from(*byte)).sum();
    if number(told)? == all - own + told.len() as u64 * u64::from(b' ') {
        return Ok(());
    }
    Err(Refusal::corrupt("the checksum of a header is wrong"))
}

/// What stands before the first NUL, behind which must be nothing.
fn text(field: &[u8]) -> Result<&[u8], Refusal> {
    let length = field.iter().position(|byte| *byte == 0).unwrap_or(field.len());
    let (text, rest) = field.split_at(length);
    if rest.iter().any(|byte| *byte != 0) {
        return Err(Refusal::ambiguous("a text in a header goes on behind its end"));
    }
    Ok(text)
}

/// Octal digits, ended by NULs or spaces; or GNU's form of large numbers. An empty field is zero.
fn number(field: &[u8]) -> Result<u64, Refusal> {
    let wrong = || Refusal::ambiguous("a number in a header is not read alike by all");
    if let [0x80, digits @ ..] = field {
        let (high, low) = digits.split_last_chunk::<7>().ok_or_else(wrong)?;
        let (high, last) = high.split_last().map_or((high, 0), |(last, high)| (high, *last));
        if high.iter().any(|byte| *byte != 0) {
            return Err(wrong());
        }
        let [a, b, c, d, e, f, g] = *low;
        return Ok(u64::from_be_bytes([last, a, b, c, d, e, f, g]));
    }
    let length = field.iter().position(|byte| !byte.is_ascii_digit()).ok_or_else(wrong)?;
    let (digits, rest) = field.split_at(length);
    let ended = rest.iter().all(|byte| matches!(byte, 0 | b' '));
    let octal = digits.iter().all(|byte| matches!(byte, b'0'..=b'7'));
    if !ended || !octal || (digits.is_empty() && rest.contains(&b' ')) {
        return Err(wrong());
    }
    // At most eleven digits of three bits.
    Ok(digits.iter().fold(0, |number, digit| number << 3 | u64::from(digit & 7)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_octal_or_binary() {
        for (field, value) in [
            (b"0000644\0".as_slice(), 0o644),
            (b"000644 \0", 0o644),
            (b"77777777777\0", (8 << 30) - 1),
            (b"\0\0\0\0\0\0\0\0", 0),
            (b"\x80\0\0\0\0\0\x02\x01", 0x201),
            (b"\x80\0\0\0\x01\0\0\0\0\0\0\0", 1 << 56),
            (b"\x80\0\0\0\0\0\0\x02\0\0\0\0", 8 << 30),
        ] {
            assert_eq!(number(field), Ok(value), "{field:?}");
        }
    }

    #[test]
    fn other_numbers_are_refused() {
        for field in [
            b"00006448".as_slice(),
            b"0000648\0",
            b" 000644\0",
            b"00 0644\0",
            b"000644\0x",
            b"-000001\0",
            b"        ",
            b"\xff\xff\xff\xff\xff\xff\xff\xff",
            b"\x81\0\0\0\0\0\0\0",
            b"\x80\0\0\x01\0\0\0\0\0\0\0\0",
        ] {
            assert!(number(field).is_err(), "{field:?}");
        }
    }
}
