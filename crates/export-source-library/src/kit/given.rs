//! Numbers and times as files give them, with what some tools write instead of none.

use export_core::finding::Probability;
use export_core::text::Text;
use export_core::time::Timestamp;
use serde::{Deserialize, Deserializer, de};

/// A probability as a file gives it. One outside of 0 to 1 is refused with its place.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct GivenShare(pub(crate) Option<Probability>);

impl<'de> Deserialize<'de> for GivenShare {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = f64::deserialize(deserializer)?;
        let wrong = || de::Error::custom(format_args!("{number} does not lie between 0 and 1"));
        Probability::new(number).map(|share| Self(Some(share))).ok_or_else(wrong)
    }
}

/// A time as a file gives it: RFC 3339, or the same without an offset, which is taken as UTC. An empty text, and what Go writes
/// for no time (0001-01-01), are none; any other text is refused with its place.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct GivenTime(pub(crate) Option<Timestamp>);

impl<'de> Deserialize<'de> for GivenTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Text::deserialize(deserializer)?;
        if text.is_empty() {
            return Ok(Self(None));
        }
        let of = |text: &str| text.parse::<Timestamp>().ok();
        let time = of(&text).or_else(|| of(&format!("{}Z", text.replacen(' ', "T", 1))));
        let time = time.ok_or_else(|| de::Error::custom(format_args!("`{text}` is not a time")))?;
        Ok(Self(Some(time).filter(|time| time.as_millis() > 0)))
    }
}

/// A number of a line or a column: none if it is 0 or less, which tools write for none.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct GivenLine(pub(crate) Option<u32>);

impl<'de> Deserialize<'de> for GivenLine {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = i64::deserialize(deserializer)?;
        Ok(Self(u32::try_from(number).ok().filter(|line| *line > 0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_may_lack_an_offset() {
        let time = |text: &str| serde_json::from_str::<GivenTime>(&format!("\"{text}\"")).map(|it| it.0);
        let some = "2026-11-23T12:05:14Z".parse().ok();
        for text in [
            "2026-11-23T12:05:14Z",
            "2026-11-23T12:05:14",
            "2026-11-23 12:05:14",
            "2026-11-23T13:05:14+01:00",
        ] {
            assert_eq!(time(text).unwrap(), some, "{text}");
        }
        assert_eq!((time("").unwrap(), time("0001-01-01T00:00:00Z").unwrap()), (None, None));
        assert!(time("yesterday").is_err());
    }
}
