//! The versions of the standard.

use std::fmt;
use std::str::FromStr;

/// A version of CycloneDX; later ones sort higher.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// 1.2, of 2020: the first with JSON.
    V1_2,
    /// 1.3, of 2021.
    V1_3,
    /// 1.4, of 2022.
    V1_4,
    /// 1.5, of 2023.
    V1_5,
    /// 1.6, of 2024 (ECMA-424, first edition).
    V1_6,
    /// 1.7, of 2025 (ECMA-424, second edition).
    V1_7,
}

impl Version {
    /// Every version, oldest first.
    pub const ALL: [Self; 6] = [Self::V1_2, Self::V1_3, Self::V1_4, Self::V1_5, Self::V1_6, Self::V1_7];

    /// The version in which elements travel from sources to renderers.
    pub const INTERCHANGE: Self = Self::V1_7;

    /// The version as `specVersion` writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V1_2 => "1.2",
            Self::V1_3 => "1.3",
            Self::V1_4 => "1.4",
            Self::V1_5 => "1.5",
            Self::V1_6 => "1.6",
            Self::V1_7 => "1.7",
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// The text is no version of CycloneDX that has JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownVersion;

impl fmt::Display for UnknownVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("must be a version of CycloneDX from 1.2 to 1.7")
    }
}

impl std::error::Error for UnknownVersion {}

impl FromStr for Version {
    type Err = UnknownVersion;

    fn from_str(text: &str) -> Result<Self, UnknownVersion> {
        Self::ALL.into_iter().find(|version| version.as_str() == text).ok_or(UnknownVersion)
    }
}
