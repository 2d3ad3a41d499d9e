//! Days and points in time (RFC 3339, 5.6).

pub(super) fn is_date(text: &str) -> bool {
    let Some((year, rest)) = number(text, 4) else { return false };
    let Some((month, rest)) = rest.strip_prefix('-').and_then(|rest| number(rest, 2)) else { return false };
    let Some((day, rest)) = rest.strip_prefix('-').and_then(|rest| number(rest, 2)) else { return false };
    rest.is_empty() && day >= 1 && day <= days_of(year, month)
}

pub(super) fn is_date_time(text: &str) -> bool {
    // The date has ten ASCII characters; a text that has not is none.
    text.split_at_checked(10).is_some_and(|(date, time)| {
        is_date(date) && time.strip_prefix(['T', 't']).is_some_and(|time| is_time(time).is_some())
    })
}

/// `partial-time time-offset`.
fn is_time(text: &str) -> Option<()> {
    let (hour, rest) = number(text, 2)?;
    let (minute, rest) = number(rest.strip_prefix(':')?, 2)?;
    let (second, rest) = number(rest.strip_prefix(':')?, 2)?;
    let rest = match rest.strip_prefix('.') {
        Some(fraction) => {
            let end = fraction.find(|c: char| !c.is_ascii_digit()).unwrap_or(fraction.len());
            fraction.get(end..).filter(|_| end > 0)?
        }
        None => rest,
    };
    let offset = offset_minutes(rest)?;
    let is_leap_second = second == 60 && {
        let utc = i32::from(hour) * 60 + i32::from(minute) - offset;
        utc.rem_euclid(24 * 60) == 23 * 60 + 59
    };
    (hour <= 23 && minute <= 59 && (second <= 59 || is_leap_second)).then_some(())
}

fn offset_minutes(text: &str) -> Option<i32> {
    let sign = match text.chars().next()? {
        'Z' | 'z' => return (text.len() == 1).then_some(0),
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let (hours, rest) = number(&text[1..], 2)?;
    let (minutes, rest) = number(rest.strip_prefix(':')?, 2)?;
    let fits = rest.is_empty() && hours <= 23 && minutes <= 59;
    fits.then(|| sign * (i32::from(hours) * 60 + i32::from(minutes)))
}

/// The number of the first `digits` characters, and what follows.
fn number(text: &str, digits: usize) -> Option<(u16, &str)> {
    let (head, rest) = text.split_at_checked(digits)?;
    let is_number = head.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| head.parse().ok()).flatten().map(|number| (number, rest))
}

const fn days_of(year: u16, month: u16) -> u16 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 0,
    }
}
