//! Dates that do not depend on when a PDF was printed, so that the same report is the same bytes.
//!
//! A PDF date has a fixed width (ISO 32000-1, 7.9.4), so it is overwritten in place, offsets stay right, and
//! no more than a few bytes are held back. Chromium writes nothing else that varies (no `/ID`).

use std::io::{self, Write};

use chrono::{DateTime, Utc};

const KEYS: [&[u8]; 2] = [b"/CreationDate (D:", b"/ModDate (D:"];
/// `20261123150512+00'00'`
const DATE_LEN: usize = 21;
/// One byte less than the longest thing we look for: what may still grow into one.
const HOLD: usize = KEYS[0].len() + DATE_LEN - 1;

/// Passes a PDF through, with its creation and modification dates replaced by a given time.
#[derive(Debug)]
pub struct PdfDates<W> {
    out: W,
    date: String,
    pending: Vec<u8>,
}

impl<W: Write> PdfDates<W> {
    /// Writes to `out`; the dates become `time`.
    pub fn new(out: W, time: DateTime<Utc>) -> Self {
        Self { out, date: time.format("%Y%m%d%H%M%S+00'00'").to_string(), pending: Vec::new() }
    }

    /// Writes the bytes held back, and gives the writer back. Without this the PDF lacks its end.
    pub fn finish(mut self) -> io::Result<W> {
        self.pass(self.pending.len())?;
        self.out.flush()?;
        Ok(self.out)
    }

    fn overwrite_dates(&mut self) {
        let last = self.pending.len().saturating_sub(DATE_LEN);
        for start in 0..last {
            let Some(key) = KEYS.iter().find(|key| self.pending[start..].starts_with(key)) else { continue };
            if let Some(date) = self.pending.get_mut(start + key.len()..start + key.len() + DATE_LEN) {
                date.copy_from_slice(self.date.as_bytes());
            }
        }
    }

    fn pass(&mut self, count: usize) -> io::Result<()> {
        self.out.write_all(&self.pending[..count])?;
        self.pending.drain(..count);
        Ok(())
    }
}

impl<W: Write> Write for PdfDates<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.pending.extend_from_slice(bytes);
        self.overwrite_dates();
        self.pass(self.pending.len().saturating_sub(HOLD))?;
        Ok(bytes.len())
    }

    /// Flushes what was passed on; the bytes held back stay held.
    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PDF: &[u8] = b"%PDF-1.4\n<</Title (a /ModDate \\(D:x)\n/CreationDate (D:20261123150512+00'00')\n\
        /ModDate (D:20261123150512+00'00')>>\n(short /ModDate (D:2026";
    const EXPECTED: &[u8] =
        b"%PDF-1.4\n<</Title (a /ModDate \\(D:x)\n/CreationDate (D:20010203040506+00'00')\n\
        /ModDate (D:20010203040506+00'00')>>\n(short /ModDate (D:2026";

    #[test]
    fn both_dates_are_replaced_wherever_the_chunks_are_cut() {
        let time = "2001-02-03T04:05:06Z".parse().expect("a time");
        for size in 1..=PDF.len() {
            let mut dates = PdfDates::new(Vec::new(), time);
            for chunk in PDF.chunks(size) {
                dates.write_all(chunk).expect("memory");
            }
            let written = dates.finish().expect("memory");
            assert_eq!(
                String::from_utf8_lossy(&written),
                String::from_utf8_lossy(EXPECTED),
                "chunks of {size}"
            );
        }
    }
}
