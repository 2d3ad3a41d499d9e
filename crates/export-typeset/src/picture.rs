//! Pictures: charts, logos, photographs, as they are drawn.

use std::fmt;
use std::sync::Arc;

use krilla::Data;
use krilla::image::Image;
use usvg::{ImageHrefResolver, Options, Tree, fontdb};

use crate::error::Error;
use crate::fonts::{FontBook, Want};

/// A picture larger than this is a mistake or an attack.
const MAX_BYTES: usize = 8 << 20;
/// 16 million points take 64 MB while they are read.
const MAX_POINTS: u64 = 16 << 20;

/// What a picture is made of.
pub(crate) enum Drawing {
    Vector(Box<Tree>),
    Raster(Image),
    /// The dark modules of a QR code, row by row, and how many a row has.
    Modules {
        dark: Vec<bool>,
        width: usize,
    },
}

impl fmt::Debug for Drawing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Drawing")
    }
}

impl Drawing {
    /// Width and height, in its own units.
    pub(crate) fn size(&self) -> (f32, f32) {
        match self {
            Self::Vector(tree) => (tree.size().width(), tree.size().height()),
            Self::Raster(image) => (image.size().0 as f32, image.size().1 as f32),
            Self::Modules { width, .. } => (*width as f32, *width as f32),
        }
    }

    /// A picture from SVG text. Its text is set in our fonts; files that it names are not opened.
    pub(crate) fn svg(text: &str, book: &FontBook) -> Result<Self, Error> {
        if text.len() > MAX_BYTES {
            return Err(Error::Picture(format!("an SVG of {} bytes is too large", text.len())));
        }
        let tree = Tree::from_str(text, &options(text, book)).map_err(|it| Error::Picture(it.to_string()))?;
        Ok(Self::Vector(Box::new(tree)))
    }

    /// A picture from the bytes of a PNG, a JPEG or an SVG file.
    pub(crate) fn file(bytes: &[u8], book: &FontBook) -> Result<Self, Error> {
        if bytes.len() > MAX_BYTES {
            return Err(Error::Picture(format!("a file of {} bytes is too large", bytes.len())));
        }
        let data = || Data::from(bytes.to_vec());
        let image = if bytes.starts_with(b"\x89PNG") {
            let side = |at: usize| {
                bytes
                    .get(at..at + 4)
                    .map_or(0, |it| u64::from(u32::from_be_bytes([it[0], it[1], it[2], it[3]])))
            };
            if side(16) * side(20) > MAX_POINTS {
                return Err(Error::Picture(format!("{} x {} points are too many", side(16), side(20))));
            }
            Image::from_png(data(), false)
        } else if bytes.starts_with(b"\xFF\xD8\xFF") {
            Image::from_jpeg(data(), false)
        } else {
            let text = std::str::from_utf8(bytes)
                .map_err(|_| Error::Picture("it is neither PNG nor JPEG nor SVG".to_owned()))?;
            return Self::svg(text, book);
        };
        let image = image.map_err(Error::Picture)?;
        let (width, height) = image.size();
        if u64::from(width) * u64::from(height) > MAX_POINTS {
            return Err(Error::Picture(format!("{width} x {height} points are too many")));
        }
        Ok(Self::Raster(image))
    }

    /// A QR code of medium error correction.
    pub(crate) fn qr(text: &str) -> Result<Self, Error> {
        let code = qrcode::QrCode::with_error_correction_level(text.as_bytes(), qrcode::EcLevel::M)
            .map_err(|_| Error::QrTooLong(text.len()))?;
        let dark = code.to_colors().into_iter().map(|it| it == qrcode::Color::Dark).collect();
        Ok(Self::Modules { dark, width: code.width() })
    }
}

fn options<'a>(text: &str, book: &FontBook) -> Options<'a> {
    let mut fonts = fontdb::Database::new();
    for path in faces(text, book) {
        // A face that can't be read leaves its text to the others.
        let _ = fonts.load_font_file(path);
    }
    let sans = fonts.faces().next().and_then(|face| face.families.first()).map(|family| family.0.clone());
    let family = sans.unwrap_or_else(|| "Inter".to_owned());
    fonts.set_sans_serif_family(family.clone());
    Options {
        font_family: family,
        fontdb: Arc::new(fonts),
        image_href_resolver: ImageHrefResolver {
            resolve_string: Box::new(|_, _| None),
            ..ImageHrefResolver::default()
        },
        ..Options::default()
    }
}

/// The files that the picture's text needs; none if it has no text.
fn faces(text: &str, book: &FontBook) -> Vec<std::path::PathBuf> {
    if !text.contains("<text") {
        return Vec::new();
    }
    let mut files: Vec<_> = book.picture_faces().into_iter().map(Into::into).collect();
    for character in text.chars().filter(|it| !it.is_ascii()) {
        let found = book.find(character, Want::Any).and_then(|index| book.path(index));
        if let Some(path) = found.filter(|path| !files.iter().any(|it: &std::path::PathBuf| it == path)) {
            files.push(path.into());
        }
    }
    files
}
