//! A logo: a picture that was taken apart and put together again, so that it is a picture and nothing else.
//!
//! A PNG keeps its pixels and loses everything that is said about them; an SVG keeps the shapes of a list and loses
//! everything that could run, load, or never end.

mod bad;
mod png;
mod svg;
#[cfg(test)]
mod tests;

pub use bad::BadLogo;

/// Most bytes of a PNG.
pub const MOST_PNG_BYTES: usize = 512 << 10;
/// Most bytes of an SVG.
pub const MOST_SVG_BYTES: usize = 256 << 10;
/// Most pixels of a PNG in each direction.
pub const MOST_PIXELS: u32 = 4_000;

const PNG_SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";

/// What kind of file a logo is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogoKind {
    /// A PNG of only the chunks that make the picture.
    Png,
    /// An SVG element, in UTF-8, of only the elements and attributes that draw.
    Svg,
}

/// A checked picture. Its bytes are not those that came in.
#[derive(Debug, Clone, PartialEq)]
pub struct Logo {
    kind: LogoKind,
    bytes: Vec<u8>,
    size: (f32, f32),
    left_out: Vec<String>,
}

impl Logo {
    /// The picture in a PNG or SVG file.
    ///
    /// # Errors
    /// [`BadLogo`] says what is wrong with the file and what to do.
    pub fn check(file: &[u8]) -> Result<Self, BadLogo> {
        if file.starts_with(PNG_SIGNATURE) {
            within(file, MOST_PNG_BYTES)?;
            let picture = png::rewrite(file)?;
            let size = (picture.width as f32, picture.height as f32);
            return Ok(Self { kind: LogoKind::Png, bytes: picture.bytes, size, left_out: Vec::new() });
        }
        let text = file.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(file).trim_ascii_start();
        if !text.starts_with(b"<") {
            return Err(BadLogo::Unknown);
        }
        within(file, MOST_SVG_BYTES)?;
        let text = std::str::from_utf8(text).map_err(|_| BadLogo::Svg("it is not in UTF-8".to_owned()))?;
        let drawing = svg::rewrite(text)?;
        let bytes = drawing.text.into_bytes();
        Ok(Self { kind: LogoKind::Svg, bytes, size: drawing.size, left_out: drawing.left_out })
    }

    /// What kind of file it is.
    #[must_use]
    pub const fn kind(&self) -> LogoKind {
        self.kind
    }

    /// `image/png` or `image/svg+xml`.
    #[must_use]
    pub const fn media_type(&self) -> &'static str {
        match self.kind {
            LogoKind::Png => "image/png",
            LogoKind::Svg => "image/svg+xml",
        }
    }

    /// The file, written anew.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Width and height, both above zero: pixels of a PNG, units of an SVG. Only their proportion counts.
    #[must_use]
    pub const fn size(&self) -> (f32, f32) {
        self.size
    }

    /// Names of what an SVG had and the logo has not, although it may have been meant to be seen or to run: sorted, at
    /// most twenty. What editors note down for themselves is not told.
    #[must_use]
    pub fn left_out(&self) -> &[String] {
        &self.left_out
    }
}

fn within(file: &[u8], most: usize) -> Result<(), BadLogo> {
    if file.len() > most { Err(BadLogo::TooLarge { bytes: file.len(), most }) } else { Ok(()) }
}
