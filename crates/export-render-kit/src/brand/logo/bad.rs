//! Why a file is no logo.

use std::fmt;

use super::{MOST_PIXELS, MOST_SVG_BYTES};

/// What is wrong with a logo's file. Its words say what to do; [`Self::code`] is for programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadLogo {
    /// Neither PNG nor SVG.
    Unknown,
    /// More bytes than a logo may have.
    TooLarge {
        /// The bytes of the file.
        bytes: usize,
        /// How many there may be.
        most: usize,
    },
    /// A PNG that says to have no pixels, or more than a logo may have. It was not decoded.
    Dimensions {
        /// Pixels from left to right.
        width: u32,
        /// Pixels from top to bottom.
        height: u32,
    },
    /// A PNG that breaks the rules of PNG.
    Png(&'static str),
    /// An SVG with a document type, where entities are declared.
    Dtd,
    /// An SVG that breaks the rules of XML or of SVG.
    Svg(String),
    /// An SVG of which nothing is left to see.
    Nothing {
        /// What was left out.
        left_out: Vec<String>,
    },
}

impl BadLogo {
    /// A word for programs; it does not change.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "logo_unknown_format",
            Self::TooLarge { .. } => "logo_too_large",
            Self::Dimensions { .. } => "logo_dimensions",
            Self::Png(_) => "png_invalid",
            Self::Dtd => "dtd_forbidden",
            Self::Svg(_) => "svg_invalid",
            Self::Nothing { .. } => "svg_empty",
        }
    }
}

impl fmt::Display for BadLogo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown => f.write_str("the logo is neither a PNG nor an SVG: save it as one of them"),
            Self::TooLarge { bytes, most } => {
                let smaller = if *most == MOST_SVG_BYTES { "simplify its paths" } else { "save it smaller" };
                write!(f, "the logo has {bytes} bytes, and {most} are allowed: {smaller}")
            }
            Self::Dimensions { width, height } => write!(
                f,
                "the logo says to be {width} by {height} pixels: save it with 1 to {MOST_PIXELS} in each direction"
            ),
            Self::Png(what) => write!(f, "the logo is not a whole PNG: {what}; save it again"),
            Self::Dtd => f.write_str(
                "the logo has a document type (dtd_forbidden): remove the line `<!DOCTYPE ...>` and all entities",
            ),
            Self::Svg(what) => write!(f, "the logo is no SVG that can be used: {what}; export it again as plain SVG"),
            Self::Nothing { left_out } if left_out.is_empty() => {
                f.write_str("the logo draws nothing: export it again as plain SVG")
            }
            Self::Nothing { left_out } => write!(
                f,
                "nothing of the logo can be used, for it consists of {}: convert it to paths and export it as plain SVG",
                left_out.join(", ")
            ),
        }
    }
}

impl std::error::Error for BadLogo {}
