//! How many findings get a row of their own.

use export_core::request::Options;

/// Rows of a detailed report where the request does not say.
const DEFAULT: u64 = 5_000;
/// The most rows of any report: a browser needs about 140 KB for each.
const MOST: u64 = 10_000;

/// What a template lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// Every finding, up to so many.
    Findings(u64),
    /// The packages of the worst images, without their findings.
    Upgrades,
}

impl Depth {
    /// What `template` lists under `options`.
    pub(super) fn of(template: &str, options: &Options) -> Self {
        if template == "compliance-executive" {
            return Self::Upgrades;
        }
        let asked = options.pdf_max_rows.map_or(DEFAULT, |rows| u64::from(rows.get()));
        Self::Findings(asked.min(MOST))
    }

    /// Whether findings have rows of their own.
    pub(super) const fn lists_findings(self) -> bool {
        matches!(self, Self::Findings(_))
    }

    /// Whether one more finding has a row, after `listed`.
    pub(super) const fn has_room(self, listed: u64) -> bool {
        match self {
            Self::Findings(most) => listed < most,
            Self::Upgrades => false,
        }
    }
}
