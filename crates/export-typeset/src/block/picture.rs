//! Charts, logos, QR codes.

use std::sync::Arc;

use export_render_kit::charts::Svg;

use crate::MM;
use crate::error::Error;
use crate::flow::Flow;
use crate::page::{Kind, Op, WIDTH};
use crate::picture::Drawing;

impl Flow<'_> {
    /// A chart over the width of the page; `alt` says in words what it shows.
    ///
    /// # Errors
    /// [`Error::Picture`], [`Error::Stopped`].
    pub fn chart(&mut self, chart: &Svg, alt: &str) -> Result<(), Error> {
        let drawing = Drawing::svg(chart.as_str(), self.composer.faces.book)?;
        self.figure(drawing, alt, (WIDTH, 200.0 * MM))
    }

    /// A picture from the bytes of a PNG, JPEG or SVG file, as large as it fits into `size` millimetres.
    ///
    /// # Errors
    /// [`Error::Picture`], [`Error::Stopped`].
    pub fn image(&mut self, bytes: &[u8], alt: &str, size: (f32, f32)) -> Result<(), Error> {
        let drawing = Drawing::file(bytes, self.composer.faces.book)?;
        self.figure(drawing, alt, (size.0 * MM, size.1 * MM))
    }

    /// `text` as a QR code of `size` millimetres.
    ///
    /// # Errors
    /// [`Error::QrTooLong`], [`Error::Stopped`].
    pub fn qr(&mut self, text: &str, alt: &str, size: f32) -> Result<(), Error> {
        let drawing = Drawing::qr(text)?;
        self.figure(drawing, alt, (size * MM, size * MM))
    }

    fn figure(&mut self, drawing: Drawing, alt: &str, room: (f32, f32)) -> Result<(), Error> {
        let (width, height) = drawing.size();
        let scale = (room.0.min(WIDTH) / width).min(room.1 / height);
        let (width, height) = (width * scale, height * scale);
        if !(width.is_finite() && height.is_finite() && width > 0.0 && height > 0.0) {
            return Err(Error::Picture("it has no size".to_owned()));
        }
        let mut piece = self.piece();
        let alt = if alt.trim().is_empty() { "Picture" } else { alt };
        let node = piece.node(Kind::Figure(alt.into()), None);
        piece.ops.push(Op::Picture { drawing: Arc::new(drawing), x: 0.0, y: 0.0, width, height, node });
        (piece.height, piece.before) = (height, 2.0 * MM);
        self.push(piece)
    }
}
