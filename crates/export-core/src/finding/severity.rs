//! Severity, from worst to least known.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How bad a finding is; the worst sorts first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// CVSS 9.0 to 10.0.
    Critical,
    /// CVSS 7.0 to 8.9.
    High,
    /// CVSS 4.0 to 6.9.
    Medium,
    /// CVSS 0.1 to 3.9.
    Low,
    /// CVSS 0.0: told for information.
    None,
    /// Nobody has rated it.
    Unknown,
}

impl Severity {
    /// Every severity, worst first.
    pub const ALL: [Self; 6] =
        [Self::Critical, Self::High, Self::Medium, Self::Low, Self::None, Self::Unknown];

    /// The severity as JSON writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
            Self::None => "none",
            Self::Unknown => "unknown",
        }
    }

    /// Reads the words that scanners use, in any case; anything else is unknown.
    #[must_use]
    pub fn from_word(word: &str) -> Self {
        const WORDS: [(&str, Severity); 9] = [
            ("critical", Severity::Critical),
            ("high", Severity::High),
            ("important", Severity::High),
            ("medium", Severity::Medium),
            ("moderate", Severity::Medium),
            ("low", Severity::Low),
            ("negligible", Severity::None),
            ("none", Severity::None),
            ("info", Severity::None),
        ];
        let known = WORDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(word));
        known.map_or(Self::Unknown, |(_, severity)| *severity)
    }

    /// Its place in [`Severity::ALL`].
    #[must_use]
    pub const fn rank(self) -> usize {
        self as usize
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
