//! What an export is compared with.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::id::{InvalidId, ScanId};

/// The word that stands for the scan before. No scan of that name can be a baseline.
const PREVIOUS: &str = "previous";

/// The scans that an export is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Baseline {
    /// One scan, by its id.
    Scan(ScanId),
    /// Of each scan of the scope, the scan before.
    Previous,
    /// What [`Previous`](Self::Previous) came to for several scans when the export was created. No request names it.
    Before(Vec<ScanId>),
}

impl Baseline {
    /// The scans by id; none while they are still to be found.
    #[must_use]
    pub fn scans(&self) -> &[ScanId] {
        match self {
            Self::Scan(scan) => std::slice::from_ref(scan),
            Self::Previous => &[],
            Self::Before(scans) => scans,
        }
    }
}

impl FromStr for Baseline {
    type Err = InvalidId;

    fn from_str(text: &str) -> Result<Self, InvalidId> {
        if text == PREVIOUS { Ok(Self::Previous) } else { text.parse().map(Self::Scan) }
    }
}

impl fmt::Display for Baseline {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scan(scan) => f.write_str(scan.as_str()),
            Self::Previous => f.write_str(PREVIOUS),
            Self::Before(scans) => {
                let names: Vec<&str> = scans.iter().map(ScanId::as_str).collect();
                f.write_str(&names.join(", "))
            }
        }
    }
}

/// One scan or `previous` as a text, several scans as a list.
impl Serialize for Baseline {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Scan(_) | Self::Previous => serializer.collect_str(self),
            Self::Before(scans) => scans.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Baseline {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            One(String),
            Several(Vec<ScanId>),
        }
        match Written::deserialize(deserializer)? {
            Written::One(text) => text.parse().map_err(serde::de::Error::custom),
            Written::Several(scans) => Ok(Self::Before(scans)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_baseline_is_read_back_as_it_was_written() {
        let scan = |text: &str| text.parse::<ScanId>().unwrap();
        for (baseline, written) in [
            (Baseline::Scan(scan("scan-1")), r#""scan-1""#),
            (Baseline::Previous, r#""previous""#),
            (Baseline::Before(vec![scan("previous")]), r#"["previous"]"#),
            (Baseline::Before(vec![scan("a"), scan("b")]), r#"["a","b"]"#),
        ] {
            assert_eq!(serde_json::to_string(&baseline).unwrap(), written);
            assert_eq!(serde_json::from_str::<Baseline>(written).unwrap(), baseline);
        }
        assert!("../up".parse::<Baseline>().is_err());
    }
}
