//! The colours of the design tokens, as numbers.

use export_render_kit::charts::{Mark, tokens};
use krilla::color::rgb;

/// Red, green, blue.
pub(crate) type Rgb = [u8; 3];

/// The colours of a document.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Palette {
    pub(crate) ink: Rgb,
    pub(crate) quiet: Rgb,
    pub(crate) rule: Rgb,
    pub(crate) paper: Rgb,
    pub(crate) accent: Rgb,
    pub(crate) alert: Rgb,
    pub(crate) caution: Rgb,
    /// The ground of commands.
    pub(crate) code: Rgb,
}

impl Palette {
    pub(crate) fn new(accent: Option<Rgb>) -> Self {
        Self {
            ink: hex(tokens::INK),
            quiet: hex(tokens::QUIET),
            rule: hex(tokens::RULE),
            paper: hex(tokens::PAPER),
            accent: accent.unwrap_or(hex(tokens::ACCENT)),
            alert: hex(tokens::CRITICAL),
            caution: hex(tokens::MEDIUM),
            code: [0xF9, 0xFA, 0xFB],
        }
    }
}

pub(crate) fn fill(mark: Mark) -> Rgb {
    hex(mark.fill())
}

pub(crate) fn letter(mark: Mark) -> Rgb {
    hex(mark.letter_colour())
}

pub(crate) fn krilla(colour: Rgb) -> rgb::Color {
    rgb::Color::new(colour[0], colour[1], colour[2])
}

/// `#RRGGBB` as the tokens write it.
const fn hex(text: &str) -> Rgb {
    let bytes = text.as_bytes();
    assert!(bytes.len() == 7 && bytes[0] == b'#', "a token is written as #RRGGBB");
    [pair(bytes[1], bytes[2]), pair(bytes[3], bytes[4]), pair(bytes[5], bytes[6])]
}

const fn pair(high: u8, low: u8) -> u8 {
    digit(high) * 16 + digit(low)
}

const fn digit(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => byte - b'0',
        b'a'..=b'f' => byte - b'a' + 10,
        b'A'..=b'F' => byte - b'A' + 10,
        _ => panic!("a token is written in hexadecimal"),
    }
}
