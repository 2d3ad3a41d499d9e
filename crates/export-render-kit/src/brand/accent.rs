//! The tenant's accent colour, and the measure that it has to meet.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::charts::tokens;

/// The least contrast of text on paper (WCAG 2.2, 1.4.3).
const LEAST_CONTRAST: f64 = 4.5;

/// The one colour a tenant chooses, dark enough to be read on paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Accent(String);

impl TryFrom<String> for Accent {
    type Error = BadColour;

    fn try_from(colour: String) -> Result<Self, BadColour> {
        Self::parse(&colour)
    }
}

impl Accent {
    /// The tenant's colour, `#RRGGBB`, if its contrast to paper is 4.5:1 or more.
    ///
    /// # Errors
    /// [`BadColour`] says what is wrong; a report then takes the default.
    pub fn parse(colour: &str) -> Result<Self, BadColour> {
        let rgb = rgb(colour).ok_or(BadColour::Form)?;
        let paper = self::rgb(tokens::PAPER).expect("tokens are colours");
        if ratio(rgb, paper) < LEAST_CONTRAST {
            return Err(BadColour::Faint);
        }
        Ok(Self(colour.to_ascii_uppercase()))
    }

    /// The colour, `#RRGGBB`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The colour as a number, `0xRRGGBB`.
    #[must_use]
    pub fn rgb(&self) -> u32 {
        rgb(&self.0).expect("checked when it was made")
    }
}

impl Default for Accent {
    fn default() -> Self {
        Self(tokens::ACCENT.to_owned())
    }
}

/// Why a colour can't be an accent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadColour {
    /// Not of the form `#RRGGBB`.
    Form,
    /// Its contrast to paper is below 4.5:1.
    Faint,
}

impl fmt::Display for BadColour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Form => "a colour has the form #RRGGBB",
            Self::Faint => "the colour is too light to be read on white: its contrast must be 4.5:1 or more",
        })
    }
}

impl std::error::Error for BadColour {}

/// The contrast of two colours of the form `#RRGGBB`, from 1 to 21 (WCAG 2.2, "contrast ratio"); `None` for another form.
#[must_use]
pub fn contrast(a: &str, b: &str) -> Option<f64> {
    Some(ratio(rgb(a)?, rgb(b)?))
}

fn rgb(colour: &str) -> Option<u32> {
    let digits = colour.strip_prefix('#').filter(|digits| digits.len() == 6)?;
    u32::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+'))
}

fn ratio(a: u32, b: u32) -> f64 {
    let (a, b) = (luminance(a) + 0.05, luminance(b) + 0.05);
    a.max(b) / a.min(b)
}

fn luminance(rgb: u32) -> f64 {
    let linear = |byte: u32| {
        let value = f64::from(byte & 0xFF) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * linear(rgb >> 16) + 0.7152 * linear(rgb >> 8) + 0.0722 * linear(rgb)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_accent_is_dark_enough_to_read() {
        assert_eq!(Accent::parse("#0f766e").unwrap().as_str(), "#0F766E");
        assert_eq!(Accent::parse("#0f766e").unwrap().rgb(), 0x0F_766E);
        assert_eq!(Accent::parse("#FACC15"), Err(BadColour::Faint));
        assert_eq!(Accent::parse("#767676").map(|_| ()), Ok(()), "4.54:1");
        assert_eq!(Accent::parse("#777777"), Err(BadColour::Faint), "4.48:1");
        for bad in ["red", "#FFF", "0F766E", "#0F766G", "#+F766E", "#0F766E;}", "#0F76\u{e9}", ""] {
            assert_eq!(Accent::parse(bad), Err(BadColour::Form), "{bad}");
        }
        assert_eq!(Accent::parse(Accent::default().as_str()), Ok(Accent::default()));
    }

    #[test]
    fn contrast_is_measured_as_the_standard_says() {
        assert_eq!(contrast("#000000", "#FFFFFF"), Some(21.0));
        assert_eq!(contrast("#FFFFFF", "#FFFFFF"), Some(1.0));
        assert_eq!(contrast("#FFFFFF", "white"), None);
    }
}
