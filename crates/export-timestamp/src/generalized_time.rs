//! GeneralizedTime as RFC 3161, 2.4.2 has it: with a fraction of the second, which RFC 5280 and its readers forbid.

use chrono::{NaiveDate, NaiveDateTime};
use der::{DecodeValue, EncodeValue, FixedTag, Header, Length, Reader, Tag, Writer};
use export_core::time::Timestamp;

/// The longest fraction that is read.
const MOST_DIGITS: usize = 9;

/// A time, in the bytes that tell it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GeneralizedTime {
    bytes: Vec<u8>,
    at: Timestamp,
}

impl GeneralizedTime {
    /// The time, to the millisecond.
    pub(crate) fn at(&self) -> Timestamp {
        self.at
    }

    /// `YYYYMMDDhhmmss[.f...]Z`, the fraction without zeros at its end.
    fn parse(bytes: &[u8]) -> Option<Timestamp> {
        let text = std::str::from_utf8(bytes).ok()?.strip_suffix('Z')?;
        let (whole, fraction) = match text.split_once('.') {
            None => (text, ""),
            Some((_, fraction)) if fraction.is_empty() || fraction.ends_with('0') => return None,
            Some(parts) => parts,
        };
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.len() != 14 || fraction.len() > MOST_DIGITS || !digits(whole) || !digits(fraction) {
            return None;
        }
        let number = |from: usize, to: usize| whole.get(from..to)?.parse::<u32>().ok();
        let year = i32::try_from(number(0, 4)?).ok()?;
        let day = NaiveDate::from_ymd_opt(year, number(4, 6)?, number(6, 8)?)?;
        let at: NaiveDateTime = day.and_hms_opt(number(8, 10)?, number(10, 12)?, number(12, 14)?)?;
        let millis: i64 = format!("{fraction:0<3}").get(..3)?.parse().ok()?;
        Some(Timestamp::from_millis(at.and_utc().timestamp_millis() + millis))
    }
}

impl FixedTag for GeneralizedTime {
    const TAG: Tag = Tag::GeneralizedTime;
}

impl<'a> DecodeValue<'a> for GeneralizedTime {
    fn decode_value<R: Reader<'a>>(reader: &mut R, header: Header) -> der::Result<Self> {
        let bytes = reader.read_vec(header.length)?;
        let at = Self::parse(&bytes).ok_or_else(|| Self::TAG.value_error())?;
        Ok(Self { bytes, at })
    }
}

impl EncodeValue for GeneralizedTime {
    fn value_len(&self) -> der::Result<Length> {
        self.bytes.len().try_into()
    }

    fn encode_value(&self, writer: &mut impl Writer) -> der::Result<()> {
        writer.write(&self.bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_times_with_and_without_a_fraction() {
        for (text, expected) in [
            ("20261123121441Z", "2026-11-23T12:14:41Z"),
            ("20261123121441.5Z", "2026-11-23T12:14:41.500Z"),
            ("20261123121441.123456Z", "2026-11-23T12:14:41.123Z"),
        ] {
            assert_eq!(GeneralizedTime::parse(text.as_bytes()).unwrap().to_string(), expected);
        }
        for text in [
            "",
            "Z",
            "20261123121441",
            "20261123121441.Z",
            "20261123121441.50Z",
            "20261123121441.1234567891Z",
            "20261123121460Z",
            "20261323121441Z",
            "20260230121441Z",
            "2026112312144Z",
            "+0261123121441Z",
            "20261123121441+0100",
            "20261123121441,5Z",
        ] {
            assert_eq!(GeneralizedTime::parse(text.as_bytes()), None, "{text}");
        }
    }
}
