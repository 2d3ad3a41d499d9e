//! TAR archives in which each field can be wrong.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;

/// A header without a right sum.
pub(crate) fn unsummed(kind: u8, name: &str, size: usize) -> [u8; 512] {
    let mut header = [0; 512];
    header[..name.len()].copy_from_slice(name.as_bytes());
    header[100..108].copy_from_slice(b"0000644\0");
    header[108..116].copy_from_slice(b"0000000\0");
    header[116..124].copy_from_slice(b"0000000\0");
    header[124..136].copy_from_slice(format!("{size:011o}\0").as_bytes());
    header[136..148].copy_from_slice(b"00000000000\0");
    header[156] = kind;
    header[257..265].copy_from_slice(b"ustar\x0000");
    header
}

/// Puts the sum into a header.
pub(crate) fn sum(mut header: [u8; 512]) -> [u8; 512] {
    header[148..156].fill(b' ');
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    header
}

/// An entry with its data.
pub(crate) fn entry(kind: u8, name: &str, data: &[u8]) -> Vec<u8> {
    changed(kind, name, data, |_| ())
}

/// An entry of which the header is changed before it is summed.
pub(crate) fn changed(kind: u8, name: &str, data: &[u8], change: impl FnOnce(&mut [u8; 512])) -> Vec<u8> {
    let mut header = unsummed(kind, name, data.len());
    change(&mut header);
    let mut entry = sum(header).to_vec();
    entry.extend_from_slice(data);
    entry.resize(entry.len().next_multiple_of(512), 0);
    entry
}

/// A pax header with one record.
pub(crate) fn pax(key: &str, value: &str) -> Vec<u8> {
    let rest = format!(" {key}={value}\n");
    let length = (1..).find(|length| *length == rest.len() + length.to_string().len()).unwrap();
    entry(b'x', "pax", format!("{length}{rest}").as_bytes())
}

/// The entries, and the end.
pub(crate) fn archive(entries: &[Vec<u8>]) -> Vec<u8> {
    gzip(&[entries.concat(), vec![0; 1024]].concat())
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::new(6));
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
