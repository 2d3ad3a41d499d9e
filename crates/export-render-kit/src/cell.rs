//! One value of a table, typed, so that a spreadsheet sorts and filters it as what it is.

use std::borrow::Cow;
use std::fmt;

use export_core::finding::{Probability, Score};
use export_core::text::Text;
use export_core::time::Timestamp;

use crate::list;

/// A value of a column.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell<'r> {
    /// Nothing is known.
    Empty,
    /// Text, possibly hostile; lists are joined by [`list::join`].
    Text(Cow<'r, str>),
    /// A number.
    Number(Decimal),
    /// A point in time.
    Date(Timestamp),
    /// Yes or no.
    Flag(bool),
}

impl<'r> Cell<'r> {
    /// Text that may be unknown.
    pub fn text(text: Option<&'r str>) -> Self {
        text.map_or(Self::Empty, |text| Self::Text(Cow::Borrowed(text)))
    }

    /// A date that may be unknown.
    #[must_use]
    pub fn date(at: Option<Timestamp>) -> Self {
        at.map_or(Self::Empty, Self::Date)
    }

    /// A number that may be unknown.
    pub fn number(value: Option<impl Into<Decimal>>) -> Self {
        value.map_or(Self::Empty, |value| Self::Number(value.into()))
    }

    /// Several texts, joined reversibly.
    #[must_use]
    pub fn texts(items: &'r [Text<'r>]) -> Self {
        match items {
            [] => Self::Empty,
            [one] if list::stands_alone(one) => Self::text(Some(one)),
            many => Self::Text(Cow::Owned(list::join(many))),
        }
    }
}

/// An exact decimal number: `digits` divided by ten to the power of `places`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decimal {
    digits: i64,
    places: u32,
}

impl Decimal {
    /// The nearest floating-point number, for formats that hold those.
    #[must_use]
    pub fn as_f64(self) -> f64 {
        #[expect(clippy::cast_precision_loss, reason = "nobody has 2^53 findings")]
        let digits = self.digits as f64;
        digits / f64::from(self.scale())
    }

    /// How many digits stand behind the point.
    #[must_use]
    pub const fn places(self) -> u32 {
        self.places
    }

    const fn scale(self) -> u32 {
        10_u32.pow(self.places)
    }
}

impl fmt::Display for Decimal {
    /// All places, with a point in every locale: `9.8`, `0.00043`. There are three in each row, so it is done by hand.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [0; 24]; // the digits of any i64, a sign, a point, and some to spare
        let mut start = text.len();
        let mut put = |byte| {
            start -= 1;
            text[start] = byte;
        };
        let mut rest = self.digits.unsigned_abs();
        for place in 0_u32.. {
            if place > self.places && rest == 0 {
                break;
            }
            if place > 0 && place == self.places {
                put(b'.');
            }
            put(b'0' + u8::try_from(rest % 10).expect("a digit"));
            rest /= 10;
        }
        if self.digits < 0 {
            put(b'-');
        }
        f.write_str(std::str::from_utf8(&text[start..]).expect("digits are ASCII"))
    }
}

impl From<Score> for Decimal {
    fn from(score: Score) -> Self {
        Self { digits: score.tenths().into(), places: 1 }
    }
}

impl From<Probability> for Decimal {
    fn from(probability: Probability) -> Self {
        Self { digits: probability.steps().into(), places: 5 }
    }
}

/// How many there are.
impl From<u64> for Decimal {
    fn from(count: u64) -> Self {
        Self { digits: i64::try_from(count).unwrap_or(i64::MAX), places: 0 }
    }
}

/// How many more, or fewer.
impl From<i64> for Decimal {
    fn from(change: i64) -> Self {
        Self { digits: change, places: 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_they_were_published() {
        let score = |value| Decimal::from(Score::new(value).unwrap());
        let epss = |value| Decimal::from(Probability::new(value).unwrap());
        for (number, text) in [
            (score(9.8), "9.8"),
            (score(10.0), "10.0"),
            (score(0.0), "0.0"),
            (epss(0.00043), "0.00043"),
            (epss(0.5), "0.50000"),
            (epss(1.0), "1.00000"),
            (epss(0.00001), "0.00001"),
            (Decimal::from(0_u64), "0"),
            (Decimal::from(1_204_u64), "1204"),
            (Decimal::from(-37_i64), "-37"),
        ] {
            assert_eq!(number.to_string(), text);
            assert_eq!(number.as_f64().to_bits(), text.parse::<f64>().unwrap().to_bits());
        }
    }
}
