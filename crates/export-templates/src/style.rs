//! What the style sheet takes from the design tokens, and the tenant's accent colour.

use std::fmt;

use export_render_kit::charts::{Mark, mark_shape, tokens};
use serde::{Deserialize, Serialize};

/// The least contrast of text on paper (WCAG 2.2, 1.4.3).
const LEAST_CONTRAST: f64 = 4.5;

/// The one colour a tenant chooses, dark enough to be read on paper.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Accent(String);

impl Accent {
    /// The tenant's colour, `#RRGGBB`, if its contrast to paper is 4.5:1 or more.
    ///
    /// # Errors
    /// [`BadColour`] says what is wrong; a report then takes the default.
    pub fn parse(colour: &str) -> Result<Self, BadColour> {
        let digits = colour.strip_prefix('#').filter(|digits| digits.len() == 6).ok_or(BadColour::Form)?;
        let rgb = u32::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+'));
        if contrast_to_paper(rgb.ok_or(BadColour::Form)?) < LEAST_CONTRAST {
            return Err(BadColour::Faint);
        }
        Ok(Self(colour.to_ascii_uppercase()))
    }

    /// The colour, `#RRGGBB`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Accent {
    type Error = BadColour;

    fn try_from(colour: String) -> Result<Self, BadColour> {
        Self::parse(&colour)
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

/// WCAG 2.2 contrast ratio of a colour to white.
fn contrast_to_paper(rgb: u32) -> f64 {
    let linear = |byte: u32| {
        let value = f64::from(byte & 0xFF) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    let luminance = 0.2126 * linear(rgb >> 16) + 0.7152 * linear(rgb >> 8) + 0.0722 * linear(rgb);
    1.05 / (luminance + 0.05)
}

/// The tokens as CSS: variables, and a class `mark-<severity>` for each mark. The accent is the report's and
/// follows in the page.
pub(crate) fn tokens_css() -> String {
    let mut css = variables();
    for mark in Mark::ALL {
        let shape = mark_shape(mark).as_str().replace('"', "'").replace('#', "%23");
        let (name, colour) = (mark.word().to_lowercase(), mark.letter_colour());
        css.push_str(&format!(
            ".mark-{name}{{color:{colour};background-image:url(\"data:image/svg+xml,{}\")}}",
            shape.replace('<', "%3C").replace('>', "%3E")
        ));
    }
    css
}

fn variables() -> String {
    let mut css = String::from(":root{");
    let colours =
        [("ink", tokens::INK), ("quiet", tokens::QUIET), ("rule", tokens::RULE), ("paper", tokens::PAPER)];
    for (name, colour) in colours {
        css.push_str(&format!("--{name}:{colour};"));
    }
    for mark in Mark::ALL {
        css.push_str(&format!("--{}:{};", mark.word().to_lowercase(), mark.fill()));
    }
    let [first, second, third] = tokens::HEAD_PT;
    let sizes = [
        ("body", tokens::BODY_PT),
        ("table", tokens::TABLE_PT),
        ("small", tokens::SMALL_PT),
        ("h1", first),
        ("h2", second),
        ("h3", third),
    ];
    for (name, points) in sizes {
        css.push_str(&format!("--{name}-size:{points}pt;"));
    }
    css.push_str(&format!("--text:{};--mono:{};}}", tokens::TEXT_FACES, tokens::MONO_FACES));
    css
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_accent_is_dark_enough_to_read() {
        assert_eq!(Accent::parse("#0f766e").unwrap().as_str(), "#0F766E");
        assert_eq!(Accent::parse("#FACC15"), Err(BadColour::Faint));
        assert_eq!(Accent::parse("#767676").map(|_| ()), Ok(()), "4.54:1");
        assert_eq!(Accent::parse("#777777"), Err(BadColour::Faint), "4.48:1");
        for bad in ["red", "#FFF", "0F766E", "#0F766G", "#+F766E", "#0F766E;}", ""] {
            assert_eq!(Accent::parse(bad), Err(BadColour::Form), "{bad}");
        }
        assert_eq!(Accent::parse(Accent::default().as_str()), Ok(Accent::default()));
    }

    #[test]
    fn each_mark_can_be_read_on_its_fill() {
        let luminance = |hex: &str| {
            let rgb = u32::from_str_radix(&hex[1..], 16).unwrap();
            1.05 / contrast_to_paper(rgb) // luminance + 0.05
        };
        for mark in Mark::ALL {
            let (a, b) = (luminance(mark.fill()), luminance(mark.on_fill()));
            assert!(a.max(b) / a.min(b) >= LEAST_CONTRAST, "{mark:?}");
        }
    }

    #[test]
    fn the_style_sheet_gets_the_tokens() {
        let css = tokens_css();
        for part in [
            "--critical:#7A0C1E;",
            ".mark-medium{color:#1F2937;background-image:url(",
            "--body-size:9.5pt;",
            "--h1-size:20pt;",
        ] {
            assert!(css.contains(part), "{part} in {css}");
        }
    }
}
