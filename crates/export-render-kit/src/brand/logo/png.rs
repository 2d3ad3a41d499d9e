//! PNG (ISO/IEC 15948): checked chunk by chunk, written anew with those that make the picture.

mod header;
mod pixels;

use flate2::Crc;

use self::header::Header;
use super::{BadLogo, PNG_SIGNATURE};

/// A PNG of IHDR, PLTE, tRNS, IDAT and IEND, with its size in pixels.
pub(super) struct Picture {
    pub(super) bytes: Vec<u8>,
    pub(super) width: u32,
    pub(super) height: u32,
}

/// Takes a file apart and writes it again. Sizes are looked at before anything is unpacked; colour profiles, texts and
/// whatever else is said about the pixels are not even read.
pub(super) fn rewrite(file: &[u8]) -> Result<Picture, BadLogo> {
    let mut chunks = Chunks { rest: &file[PNG_SIGNATURE.len()..] };
    let Some((b"IHDR", first)) = chunks.next()? else {
        return Err(BadLogo::Png("it does not begin with its header"));
    };
    let header = Header::read(first)?;
    let (mut palette, mut transparency, mut data) = (None, None, Vec::new());
    let mut last = *b"IHDR";
    loop {
        let Some((kind, body)) = chunks.next()? else {
            return Err(BadLogo::Png("its end is missing"));
        };
        match kind {
            b"PLTE" if palette.is_none() && data.is_empty() => palette = Some(body),
            b"tRNS" if transparency.is_none() && data.is_empty() => transparency = Some(body),
            b"IDAT" if data.is_empty() || last == *b"IDAT" => data.extend_from_slice(body),
            b"IEND" if body.is_empty() => break,
            // Upper case: who does not know it can't show the picture.
            [b'A'..=b'Z', ..] => return Err(BadLogo::Png("it has a chunk that does not belong there")),
            _ => {}
        }
        last = *kind;
    }
    if !chunks.rest.is_empty() {
        return Err(BadLogo::Png("something follows its end"));
    }
    header.check_palette(palette, transparency)?;
    pixels::check(&header, &data)?;
    let mut bytes = PNG_SIGNATURE.to_vec();
    put(&mut bytes, b"IHDR", first);
    palette.into_iter().for_each(|body| put(&mut bytes, b"PLTE", body));
    transparency.into_iter().for_each(|body| put(&mut bytes, b"tRNS", body));
    put(&mut bytes, b"IDAT", &data);
    put(&mut bytes, b"IEND", &[]);
    Ok(Picture { bytes, width: header.width, height: header.height })
}

/// The chunks of a file, each whole and with the right check sum.
struct Chunks<'a> {
    rest: &'a [u8],
}

impl<'a> Chunks<'a> {
    fn next(&mut self) -> Result<Option<(&'a [u8; 4], &'a [u8])>, BadLogo> {
        if self.rest.is_empty() {
            return Ok(None);
        }
        let cut = BadLogo::Png("it is cut off");
        let (length, rest) = self.rest.split_first_chunk::<4>().ok_or_else(|| cut.clone())?;
        let length = u32::from_be_bytes(*length) as usize;
        let (kind, body) = rest.split_first_chunk::<4>().ok_or_else(|| cut.clone())?;
        let (body, rest) = body.split_at_checked(length).ok_or_else(|| cut.clone())?;
        let (sum, rest) = rest.split_first_chunk::<4>().ok_or(cut)?;
        if u32::from_be_bytes(*sum) != check_sum(kind, body) {
            return Err(BadLogo::Png("a check sum is wrong"));
        }
        self.rest = rest;
        Ok(Some((kind, body)))
    }
}

fn put(out: &mut Vec<u8>, kind: &[u8; 4], body: &[u8]) {
    let length = u32::try_from(body.len()).expect("a logo is small");
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(kind);
    out.extend_from_slice(body);
    out.extend_from_slice(&check_sum(kind, body).to_be_bytes());
}

fn check_sum(kind: &[u8], body: &[u8]) -> u32 {
    let mut sum = Crc::new();
    sum.update(kind);
    sum.update(body);
    sum.sum()
}
