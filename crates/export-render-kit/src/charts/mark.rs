//! The severity marks: letter, shape and colour.

use export_core::finding::Severity;
use serde::{Deserialize, Serialize};

use super::svg::Svg;
use super::tokens;

/// How a severity is drawn. Severities "none" and "unknown" share a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mark {
    /// Filled diamond, C.
    Critical,
    /// Filled triangle, H.
    High,
    /// Filled circle, M.
    Medium,
    /// Open triangle, L.
    Low,
    /// Open circle, U.
    Unknown,
}

impl Mark {
    /// All marks, worst first.
    pub const ALL: [Self; 5] = [Self::Critical, Self::High, Self::Medium, Self::Low, Self::Unknown];

    /// The word of the severity, as in running text: `Critical`.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Critical => "Critical",
            Self::High => "High",
            Self::Medium => "Medium",
            Self::Low => "Low",
            Self::Unknown => "Unknown",
        }
    }

    /// The mark of a severity's word, whatever its case.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mark| mark.word().eq_ignore_ascii_case(word))
    }

    /// The letter on the mark.
    #[must_use]
    pub const fn letter(self) -> &'static str {
        match self {
            Self::Critical => "C",
            Self::High => "H",
            Self::Medium => "M",
            Self::Low => "L",
            Self::Unknown => "U",
        }
    }

    /// The colour of the mark, `#RRGGBB`.
    #[must_use]
    pub const fn fill(self) -> &'static str {
        match self {
            Self::Critical => tokens::CRITICAL,
            Self::High => tokens::HIGH,
            Self::Medium => tokens::MEDIUM,
            Self::Low => tokens::LOW,
            Self::Unknown => tokens::UNKNOWN,
        }
    }

    /// The colour of the letter on the mark: open marks have a light ground.
    #[must_use]
    pub const fn letter_colour(self) -> &'static str {
        match self {
            Self::Critical | Self::High | Self::Medium => self.on_fill(),
            Self::Low | Self::Unknown => self.fill(),
        }
    }

    /// The colour of text on [`Self::fill`], at a contrast of 4.5:1 or more.
    #[must_use]
    pub const fn on_fill(self) -> &'static str {
        match self {
            Self::Critical | Self::High | Self::Low | Self::Unknown => tokens::PAPER,
            Self::Medium => tokens::INK,
        }
    }
}

impl From<Severity> for Mark {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Critical => Self::Critical,
            Severity::High => Self::High,
            Severity::Medium => Self::Medium,
            Severity::Low => Self::Low,
            Severity::None | Severity::Unknown => Self::Unknown,
        }
    }
}

/// The mark as a picture of 16 by 16 units, with its letter.
#[must_use]
pub fn mark(mark: Mark) -> Svg {
    let word = mark.word();
    Svg::trusted(format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" class="mark" role="img" aria-label="{word}" viewBox="0 0 16 16"><title>{word}</title>{}</svg>"#,
        glyph(mark)
    ))
}

/// The shape of the mark without its letter, for a page to use as the ground of thousands of letters, which
/// prints faster than as many whole pictures.
#[must_use]
pub fn mark_shape(mark: Mark) -> Svg {
    Svg::trusted(format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">{}</svg>"#,
        shape(mark)
    ))
}

/// Shape and letter, 16 by 16 units, for use inside another picture.
pub(super) fn glyph(mark: Mark) -> String {
    let base = match mark {
        Mark::High => 14.0,
        Mark::Low => 13.4,
        Mark::Critical | Mark::Medium | Mark::Unknown => 11.1,
    };
    format!(
        r#"{}<text x="8" y="{base}" font-size="8.8" font-weight="700" text-anchor="middle" fill="{}">{}</text>"#,
        shape(mark),
        mark.letter_colour(),
        mark.letter()
    )
}

fn shape(mark: Mark) -> String {
    let fill = mark.fill();
    let open =
        format!(r#"fill="{}" stroke="{fill}" stroke-width="1.4" stroke-linejoin="round""#, tokens::PAPER);
    match mark {
        Mark::Critical => format!(r#"<path d="M8 0 16 8 8 16 0 8Z" fill="{fill}"/>"#),
        Mark::High => format!(r#"<path d="M8 0 16 15.4H0Z" fill="{fill}"/>"#),
        Mark::Medium => format!(r#"<circle cx="8" cy="8" r="7.6" fill="{fill}"/>"#),
        Mark::Low => format!(r#"<path d="M8 1.2 15.2 14.8H.8Z" {open}/>"#),
        Mark::Unknown => format!(r#"<circle cx="8" cy="8" r="7" {open}/>"#),
    }
}
