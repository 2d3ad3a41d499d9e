//! What is packed.

use std::io::{self, Read};

/// A path and its bytes.
pub(crate) type File = (String, Vec<u8>);

/// Files that archives are bad at: empty, incompressible, with names that need more than the old formats have.
pub(crate) fn files() -> Vec<File> {
    let part = "p".repeat(90);
    let mut noise = Vec::new();
    Noise::of_bytes(300_000).read_to_end(&mut noise).unwrap();
    let file = |path: &str, bytes: &[u8]| (path.to_owned(), bytes.to_vec());
    vec![
        file("empty", b""),
        file("reports/findings.csv", "id;title\r\n1;\u{dc}berlauf\r\n".repeat(9_000).as_bytes()),
        file("reports/noise", &noise),
        file("reports/one block", &[1; 512]),
        file("reports/one block and a byte", &[1; 513]),
        file("-rf", b"an option"),
        file("\u{dc}berlauf/\u{6574}\u{6570}/\u{1f525}.txt", b"other scripts"),
        file(&format!("{part}/{}", "h".repeat(90)), b"in two halves"),
        file(&format!("{part}/{part}/{part}"), b"too long for ustar"),
        file(&"n".repeat(200), b"without a place to split"),
        file(&"\u{fc}".repeat(120), b"more bytes than characters"),
    ]
}

/// Bytes that do not compress, the same every time (xorshift64).
pub(crate) struct Noise {
    state: u64,
    left: u64,
}

impl Noise {
    pub(crate) const fn of_bytes(left: u64) -> Self {
        Self { state: 0x9E37_79B9_7F4A_7C15, left }
    }
}

impl Read for Noise {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let wanted = buffer.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        for byte in &mut buffer[..wanted] {
            self.state ^= self.state << 13;
            self.state ^= self.state >> 7;
            self.state ^= self.state << 17;
            *byte = self.state.to_be_bytes()[0];
        }
        self.left -= wanted as u64;
        Ok(wanted)
    }
}
