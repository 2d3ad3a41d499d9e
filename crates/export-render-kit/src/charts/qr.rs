//! A text as a QR code, for what a reader would otherwise type.

use std::fmt::Write as _;

use qrcode::{Color, EcLevel, QrCode};

use super::svg::{Canvas, Paint, Svg};
use super::tokens;

/// The clear frame around a code, in modules (ISO/IEC 18004, 5.3.8).
const QUIET: usize = 4;
/// CSS pixels of a module: 0.79 mm, which any telephone reads from paper.
const MODULE: usize = 3;

/// `text` as a QR code that survives damage to a seventh of it, spoken of as `alt`; `None` if it is too long for one.
#[must_use]
pub fn qr_code(text: &str, alt: &str) -> Option<Svg> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
    let width = code.width();
    let side = ((width + 2 * QUIET) * MODULE) as f32;
    let mut canvas = Canvas::new(side, side, alt);
    canvas.rect(0.0, 0.0, (side, side), tokens::PAPER);
    canvas.path(&modules(&code.to_colors(), width), Paint::Fill(tokens::INK));
    Some(canvas.finish())
}

/// A path of all dark modules, those beside each other in one stroke: no hairlines between them.
fn modules(colours: &[Color], width: usize) -> String {
    let mut path = String::new();
    for (y, row) in colours.chunks(width).enumerate() {
        let mut x = 0;
        for run in row.chunk_by(|a, b| a == b) {
            if run[0] == Color::Dark {
                let (left, top) = ((x + QUIET) * MODULE, (y + QUIET) * MODULE);
                let length = run.len() * MODULE;
                write!(path, "M{left} {top}h{length}v{MODULE}h-{length}z").expect("a string takes all");
            }
            x += run.len();
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    const DIGEST: &str = "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    #[test]
    fn a_digest_is_a_code_with_its_words() {
        let svg = qr_code(DIGEST, "QR code of <the> digest").unwrap();
        let text = svg.as_str();
        assert!(text.contains(r#"aria-label="QR code of &lt;the&gt; digest""#), "{text}");
        // 71 bytes at level M are version 5, 37 modules, in a frame of 4.
        assert!(text.contains(r#"viewBox="0 0 135 135""#), "{text}");
        // The finder in the corner: seven dark modules.
        assert!(text.contains("M12 12h21v3h-21z"), "{text}");
        assert_eq!(qr_code(DIGEST, "x"), qr_code(DIGEST, "x"));
        assert_eq!(qr_code(&"x".repeat(3_000), "x"), None);
    }
}
