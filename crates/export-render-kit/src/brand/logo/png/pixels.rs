//! The packed pixels of a PNG: unpacked in small pieces and counted, never held.

use std::io::Read as _;

use flate2::read::ZlibDecoder;

use super::super::BadLogo;
use super::header::Header;

/// Where the passes of an interlaced picture begin and how far apart their pixels are: x, y, columns, rows.
const PASSES: [(u32, u32, u32, u32); 7] =
    [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)];
/// The last filter that PNG knows.
const LAST_FILTER: u8 = 4;

/// Whether the data unpack to exactly the rows that the header promises, and are nothing more.
pub(super) fn check(header: &Header, data: &[u8]) -> Result<(), BadLogo> {
    let broken = || BadLogo::Png("its pixels are missing or damaged");
    let mut packed = ZlibDecoder::new(data);
    let longest = header.row_bytes(header.width) + 1;
    let mut row = vec![0; longest];
    for (rows, pixels) in passes(header) {
        let row = &mut row[..header.row_bytes(pixels) + 1];
        for _ in 0..rows {
            packed.read_exact(row).map_err(|_| broken())?;
            if row[0] > LAST_FILTER {
                return Err(broken());
            }
        }
    }
    // The end of the stream, where its check sum is.
    let more = packed.read(&mut [0; 1]).map_err(|_| broken())?;
    if more != 0 || packed.total_in() != data.len() as u64 {
        return Err(BadLogo::Png("more is packed into it than its pixels"));
    }
    Ok(())
}

/// Rows, and pixels of a row, of each pass that has any.
fn passes(header: &Header) -> Vec<(u32, u32)> {
    if !header.interlaced {
        return vec![(header.height, header.width)];
    }
    let along = |size: u32, start: u32, step: u32| size.saturating_sub(start).div_ceil(step);
    let pass = |(x, y, columns, rows): (u32, u32, u32, u32)| {
        (along(header.height, y, rows), along(header.width, x, columns))
    };
    PASSES.map(pass).into_iter().filter(|(rows, pixels)| *rows > 0 && *pixels > 0).collect()
}
