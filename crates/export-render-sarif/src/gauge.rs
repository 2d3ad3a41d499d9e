//! How large bytes are after gzip, while they are written.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::GzEncoder;

/// More than the compressor holds back: a window of bytes it has not looked at, and a block that it has not written.
const HELD_BACK: u64 = 128 << 10;

/// Compresses as upload tools do, and forgets all but the size.
pub(crate) struct Gauge {
    encoder: GzEncoder<Count>,
}

impl Default for Gauge {
    fn default() -> Self {
        Self { encoder: GzEncoder::new(Count(0), Compression::default()) }
    }
}

impl Gauge {
    pub(crate) fn take(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.encoder.write_all(bytes)
    }

    /// A bound of the size so far.
    pub(crate) fn at_most(&self) -> u64 {
        self.encoder.get_ref().0 + HELD_BACK
    }

    /// The size.
    pub(crate) fn finish(self) -> io::Result<u64> {
        Ok(self.encoder.finish()?.0)
    }
}

struct Count(u64);

impl Write for Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use export_contract::corpus::Draw;

    #[test]
    fn the_bound_holds_wherever_the_file_ends() {
        for alphabet in [1, 2, 16, 256] {
            for chunks in (1..60).chain([300]) {
                let mut draw = Draw::new(alphabet);
                let mut gauge = Gauge::default();
                for _ in 0..chunks {
                    let chunk: Vec<u8> = (0..3_000).map(|_| (draw.next() % alphabet) as u8).collect();
                    gauge.take(&chunk).unwrap();
                }
                let bound = gauge.at_most();
                let size = gauge.finish().unwrap();
                assert!(size <= bound && bound <= size + HELD_BACK, "{size} {bound}");
            }
        }
    }
}
