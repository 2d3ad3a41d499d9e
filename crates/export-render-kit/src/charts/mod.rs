//! Charts as SVG text: pure functions, the same bytes for the same numbers.
//!
//! A chart is read without a legend: each value stands on or beside its mark, and severities are told by
//! letter, shape and colour, so that a grey print loses nothing. Colours and type sizes come from
//! [`tokens`]; all text that comes from data is escaped here, which is what makes an [`Svg`] safe to put
//! into a page as it is.

mod age;
mod bars;
mod compliance;
mod distribution;
mod mark;
mod packages;
mod policy;
mod qr;
mod share;
mod stacked;
mod svg;
#[cfg(test)]
mod tests;
mod text;
pub mod tokens;
mod trend;

pub use age::{Age, AgeCounts, age};
pub use compliance::compliance_share;
pub use distribution::severity_distribution;
pub use mark::{Mark, mark, mark_shape};
pub use packages::{MAX_PACKAGES, PackageBar, top_packages};
pub use policy::{MAX_SETS, PolicyBar, policy_result};
pub use qr::qr_code;
pub use share::share_with_fix;
pub use stacked::{Bar, MAX_BARS, severity_by_image};
pub use svg::Svg;
pub(crate) use text::escape;
pub use trend::{MAX_POINTS, TrendPoint, trend};

use serde::{Deserialize, Serialize};

/// How many findings of each mark something holds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeverityCounts {
    /// Findings of critical severity.
    pub critical: u64,
    /// Findings of high severity.
    pub high: u64,
    /// Findings of medium severity.
    pub medium: u64,
    /// Findings of low severity.
    pub low: u64,
    /// Findings without a severity, or with severity "none".
    pub unknown: u64,
}

impl SeverityCounts {
    /// The count of one mark.
    #[must_use]
    pub fn get(&self, mark: Mark) -> u64 {
        match mark {
            Mark::Critical => self.critical,
            Mark::High => self.high,
            Mark::Medium => self.medium,
            Mark::Low => self.low,
            Mark::Unknown => self.unknown,
        }
    }

    /// All findings, whatever their severity.
    #[must_use]
    pub fn total(&self) -> u64 {
        Mark::ALL.iter().map(|mark| self.get(*mark)).fold(0, u64::saturating_add)
    }

    /// All findings as a length, which must hold all parts even where [`Self::total`] is at its limit.
    fn extent(&self) -> f64 {
        Mark::ALL.iter().map(|mark| self.get(*mark) as f64).sum()
    }

    /// Adds one finding.
    pub fn add(&mut self, mark: Mark) {
        let slot = match mark {
            Mark::Critical => &mut self.critical,
            Mark::High => &mut self.high,
            Mark::Medium => &mut self.medium,
            Mark::Low => &mut self.low,
            Mark::Unknown => &mut self.unknown,
        };
        *slot = slot.saturating_add(1);
    }

    /// The counts of both, summed.
    #[must_use]
    pub fn plus(&self, other: &Self) -> Self {
        Self {
            critical: self.critical.saturating_add(other.critical),
            high: self.high.saturating_add(other.high),
            medium: self.medium.saturating_add(other.medium),
            low: self.low.saturating_add(other.low),
            unknown: self.unknown.saturating_add(other.unknown),
        }
    }
}
