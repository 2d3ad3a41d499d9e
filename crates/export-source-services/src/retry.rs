//! When an attempt is made again, and after what pause. Pure: time and randomness are arguments.

use std::time::Duration;

use chrono::DateTime;
use export_core::time::Timestamp;

use crate::Limits;

/// Whether the same `GET` may well succeed in a moment (RFC 9110, 15.5 and 15.6).
pub(crate) const fn may_pass(status: u16) -> bool {
    matches!(status, 408 | 429 | 500 | 502 | 503 | 504)
}

/// The pause before attempt `next` (the second is 2): full jitter below a bound that doubles; never shorter than the
/// service asked for, never longer than the longest.
pub(crate) fn pause(limits: &Limits, next: u32, asked: Option<Duration>, random: u64) -> Duration {
    let doubled = limits.pause.saturating_mul(2_u32.saturating_pow(next.saturating_sub(2)));
    let bound = doubled.min(limits.longest_pause);
    let share = f64::from(u32::try_from(random >> 32).unwrap_or(u32::MAX)) / f64::from(u32::MAX);
    bound.mul_f64(share).max(asked.unwrap_or_default()).min(limits.longest_pause)
}

/// Reads `Retry-After`: seconds, or a date (RFC 9110, 10.2.3). What is neither says nothing.
pub(crate) fn retry_after(value: &str, now: Timestamp) -> Option<Duration> {
    let value = value.trim();
    if let Ok(seconds) = value.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    let at = DateTime::parse_from_rfc2822(value).ok()?.timestamp_millis();
    Some(Duration::from_millis(u64::try_from(at - now.as_millis()).unwrap_or(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_are_jittered_below_a_bound_that_doubles_and_ends() {
        let limits = Limits {
            pause: Duration::from_millis(100),
            longest_pause: Duration::from_secs(1),
            ..Limits::default()
        };
        let longest = |next| pause(&limits, next, None, u64::MAX).as_millis();
        assert_eq!((2..=7).map(longest).collect::<Vec<_>>(), [100, 200, 400, 800, 1000, 1000]);
        assert_eq!(pause(&limits, 4, None, 0), Duration::ZERO);
        assert_eq!(pause(&limits, 40, None, u64::MAX / 2).as_millis(), 500);
        let asked = |seconds| pause(&limits, 2, Some(Duration::from_millis(seconds)), 0).as_millis();
        assert_eq!((asked(700), asked(90_000)), (700, 1000));
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now: Timestamp = "1994-11-06T08:49:30Z".parse().unwrap();
        for (text, wait) in [
            ("0", Some(0)),
            (" 120 ", Some(120)),
            ("Sun, 06 Nov 1994 08:49:37 GMT", Some(7)),
            ("Sun, 06 Nov 1994 08:49:07 GMT", Some(0)),
            ("-1", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(retry_after(text, now), wait.map(Duration::from_secs), "{text}");
        }
    }
}
