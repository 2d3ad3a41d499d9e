//! The header of a PNG: how many pixels, and how they are written.

use super::super::{BadLogo, MOST_PIXELS};

const PALETTE: u8 = 3;

pub(super) struct Header {
    pub(super) width: u32,
    pub(super) height: u32,
    depth: u8,
    colour: u8,
    pub(super) interlaced: bool,
}

impl Header {
    pub(super) fn read(body: &[u8]) -> Result<Self, BadLogo> {
        let body: &[u8; 13] = body.try_into().map_err(|_| BadLogo::Png("its header has the wrong length"))?;
        let number = |at: usize| u32::from_be_bytes([body[at], body[at + 1], body[at + 2], body[at + 3]]);
        let (width, height) = (number(0), number(4));
        let allowed = 1..=MOST_PIXELS;
        if !allowed.contains(&width) || !allowed.contains(&height) {
            return Err(BadLogo::Dimensions { width, height });
        }
        let [depth, colour, compression, filter, interlace] =
            [body[8], body[9], body[10], body[11], body[12]];
        let depths: &[u8] = match colour {
            0 => &[1, 2, 4, 8, 16],
            PALETTE => &[1, 2, 4, 8],
            2 | 4 | 6 => &[8, 16],
            _ => &[],
        };
        if !depths.contains(&depth) || compression != 0 || filter != 0 || interlace > 1 {
            return Err(BadLogo::Png("its header names something that PNG does not have"));
        }
        Ok(Self { width, height, depth, colour, interlaced: interlace == 1 })
    }

    /// Bytes of a row of so many pixels, without the byte that names its filter.
    pub(super) fn row_bytes(&self, pixels: u32) -> usize {
        let channels: usize = match self.colour {
            2 => 3,
            4 => 2,
            6 => 4,
            _ => 1,
        };
        (pixels as usize * channels * usize::from(self.depth)).div_ceil(8)
    }

    pub(super) fn check_palette(&self, palette: Option<&[u8]>, clear: Option<&[u8]>) -> Result<(), BadLogo> {
        let colours = palette.map_or(0, <[u8]>::len) / 3;
        let most = if self.colour == PALETTE { 1 << self.depth } else { 256 };
        let fits = palette.is_none_or(|it| it.len() % 3 == 0 && (1..=most).contains(&colours));
        let has_what_it_needs = match self.colour {
            PALETTE => palette.is_some(),
            0 | 4 => palette.is_none(),
            _ => true,
        };
        if !fits || !has_what_it_needs {
            return Err(BadLogo::Png("its palette is missing or wrong"));
        }
        let clear_fits = clear.is_none_or(|it| match self.colour {
            0 => it.len() == 2,
            2 => it.len() == 6,
            PALETTE => (1..=colours).contains(&it.len()),
            _ => false,
        });
        if clear_fits { Ok(()) } else { Err(BadLogo::Png("its transparency is wrong")) }
    }
}
