//! Points in time as Excel counts them.

use export_core::time::Timestamp;

const MILLIS_A_DAY: f64 = 86_400_000.0;
/// Days from Excel's zero, 1899-12-30, to 1970-01-01.
const DAYS_TO_1970: f64 = 25_569.0;
/// 1900-03-01: before it, Excel counts a day too many, for it takes 1900 for a leap year.
const FIRST: Timestamp = Timestamp::from_millis(-2_203_891_200_000);
/// The end of 9999-12-31, the last day that Excel shows.
const LAST: Timestamp = Timestamp::from_millis(253_402_300_799_999);

/// Days since 1899-12-30 in UTC, exact to the millisecond; none where Excel has no such date.
pub(crate) fn serial(at: Timestamp) -> Option<f64> {
    #[expect(clippy::cast_precision_loss, reason = "the range has fewer than 2^53 milliseconds")]
    let days = || at.as_millis() as f64 / MILLIS_A_DAY + DAYS_TO_1970;
    (FIRST..=LAST).contains(&at).then(days)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_count_from_the_end_of_1899() {
        let serial_of = |text: &str| serial(text.parse().unwrap());
        for (text, days) in [
            ("1900-03-01T00:00:00Z", Some(61.0)),
            ("1970-01-01T00:00:00Z", Some(25_569.0)),
            ("2026-11-23T12:00:00Z", Some(46_349.5)),
            ("2026-11-23T13:00:00+01:00", Some(46_349.5)),
            ("1900-02-28T23:59:59Z", None),
            ("0001-01-01T00:00:00Z", None),
        ] {
            assert_eq!(serial_of(text), days, "{text}");
        }
        assert!(serial(LAST).is_some());
        assert_eq!(serial(Timestamp::from_millis(LAST.as_millis() + 1)), None);
        assert_eq!(serial(Timestamp::from_millis(i64::MAX)), None);
    }
}
