//! How counts and shares are written, on pages, in charts and in workbooks.

/// A count with thousands apart: `12,345`.
#[must_use]
pub fn count(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A count where there is little room: exact below 100,000, then to three digits, cut off and never rounded up:
/// `123 k`, `1.23 M`, `18.4 E`.
#[must_use]
pub fn short_count(number: u64) -> String {
    if number < 100_000 {
        return count(number);
    }
    let mut value = u128::from(number) * 100;
    let mut unit = "";
    for next in ["k", "M", "G", "T", "P", "E"] {
        if value < 100_000 {
            break;
        }
        value /= 1_000;
        unit = next;
    }
    let (whole, hundredths) = (value / 100, value % 100);
    match whole {
        100.. => format!("{whole}\u{A0}{unit}"),
        10.. => format!("{whole}.{}\u{A0}{unit}", hundredths / 10),
        _ => format!("{whole}.{hundredths:02}\u{A0}{unit}"),
    }
}

/// The change from `before` to `now` with its sign: `+3`, `−4`, `no change`.
#[must_use]
pub fn change(before: u64, now: u64) -> String {
    match now.cmp(&before) {
        std::cmp::Ordering::Greater => format!("+{}", count(now - before)),
        std::cmp::Ordering::Less => format!("\u{2212}{}", count(before - now)),
        std::cmp::Ordering::Equal => "no change".to_owned(),
    }
}

/// A probability or share between 0 and 1: `94 %`, `2.4 %`, `< 0.1 %`, with spaces that never break.
#[must_use]
pub fn percent(share: f64) -> String {
    let value = share * 100.0;
    match value {
        v if v <= 0.0 => "0\u{A0}%".to_owned(),
        v if v < 0.1 => "<\u{A0}0.1\u{A0}%".to_owned(),
        v if v < 9.95 => format!("{v:.1}\u{A0}%"),
        // A share that is not whole is not called whole.
        v if v > 99.0 && v < 100.0 => "99\u{A0}%".to_owned(),
        v => format!("{v:.0}\u{A0}%"),
    }
}

/// `part` of `whole` as a share: `64 %`; a dash where there is no whole.
#[must_use]
pub fn share(part: u64, whole: u64) -> String {
    match whole {
        0 => "–".to_owned(),
        // Past 2^53 the quotient of floats may be 1 where the share is not.
        _ if part < whole => percent((part as f64 / whole as f64).min(0.999)),
        _ => percent(part as f64 / whole as f64),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_rounded_but_never_to_none_or_all() {
        let cases = [
            (0.0, "0 %"),
            (0.0004, "< 0.1 %"),
            (0.024, "2.4 %"),
            (0.0996, "10 %"),
            (0.94, "94 %"),
            (1.0, "100 %"),
        ];
        for (value, text) in cases {
            assert_eq!(percent(value), text.replace(' ', "\u{A0}"));
        }
        assert_eq!(share(9_999, 10_000), "99\u{A0}%");
        assert_eq!(share(u64::MAX - 1, u64::MAX), "99\u{A0}%");
        assert_eq!(share(u64::MAX, u64::MAX), "100\u{A0}%");
        assert_eq!(share(0, 0), "–");
    }

    #[test]
    fn counts_and_changes() {
        assert_eq!(count(0), "0");
        assert_eq!(count(999), "999");
        assert_eq!(count(1_234_567), "1,234,567");
        assert_eq!(change(7, 10), "+3");
        assert_eq!(change(1_010, 10), "\u{2212}1,000");
        assert_eq!(change(5, 5), "no change");
    }

    #[test]
    fn short_counts_are_exact_while_they_are_short_and_never_too_high() {
        let cases = [
            (0, "0"),
            (99_999, "99,999"),
            (100_000, "100 k"),
            (999_999, "999 k"),
            (1_239_999, "1.23 M"),
            (12_999_999, "12.9 M"),
            (u64::MAX, "18.4 E"),
        ];
        for (number, text) in cases {
            assert_eq!(short_count(number), text.replace(' ', "\u{A0}"));
        }
    }
}
