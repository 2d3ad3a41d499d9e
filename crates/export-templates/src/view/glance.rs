//! The state in a strip of numbers and a sentence.

use export_render_kit::charts::Mark;
use serde::{Deserialize, Serialize};

use super::Picture;

/// The state, as a strip of six numbers and a sentence made from them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Glance {
    /// The numbers, six at most; which ones depends on the type of the report.
    pub figures: Vec<Figure>,
    /// What the changes compare with, for example `Changes are since the scan of 2026-10-23 14:05 UTC.`
    pub baseline: Option<String>,
    /// Sums up, for example `3 of 41 images hold known-exploited findings; all 3 have a fix.`
    pub sentence: String,
    /// A picture of the state below the sentence: the distribution of severities
    /// ([`export_render_kit::charts::severity_distribution`]), or the share of verdicts that allow.
    pub distribution: Option<Picture>,
}

/// One number of the strip.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Figure {
    /// What it counts, for example `Known exploited`.
    pub label: String,
    /// The severity whose mark stands before the label.
    pub mark: Option<Mark>,
    /// The number, or a word, as it is printed.
    pub value: String,
    /// What it is a part of, for example `64 % of findings`.
    pub note: Option<String>,
    /// The change since the baseline or the scan before.
    pub change: Option<Change>,
}

/// A change since an earlier scan.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Change {
    /// The change with its sign, by [`crate::format::change`].
    pub text: String,
    /// Whether that is good news.
    pub trend: Trend,
}

/// Whether a change is good news.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Trend {
    /// Good news: printed in the accent.
    Better,
    /// Neither.
    Same,
    /// Bad news: printed in ink.
    Worse,
}
