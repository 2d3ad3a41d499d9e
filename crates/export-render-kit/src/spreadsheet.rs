//! Keeps text from becoming a formula when a spreadsheet opens it (OWASP "CSV Injection", CWE-1236).
//!
//! The rule is for text only; numbers, dates and flags are written as what they are. A text gets one apostrophe in
//! front if its first character, behind spaces that cannot be seen, is one that a spreadsheet or a reader acts on. An
//! apostrophe is such a character too, so the rule can be undone: drop one leading apostrophe.

use std::borrow::Cow;

/// Whether `text` gets an apostrophe.
#[must_use]
pub fn needs_escape(text: &str) -> bool {
    text.trim_start_matches(is_skipped).starts_with(is_trigger)
}

/// The text that is safe in a spreadsheet.
///
/// ```
/// use export_render_kit::spreadsheet::{escape, unescape};
/// assert_eq!(escape("=1+1"), "'=1+1");
/// assert_eq!(escape("openssl"), "openssl");
/// assert_eq!(unescape(&escape("@babel/traverse")), "@babel/traverse");
/// ```
#[must_use]
pub fn escape(text: &str) -> Cow<'_, str> {
    if needs_escape(text) { Cow::Owned(format!("'{text}")) } else { Cow::Borrowed(text) }
}

/// The text that [`escape`] was given.
#[must_use]
pub fn unescape(text: &str) -> &str {
    text.strip_prefix('\'').unwrap_or(text)
}

/// Space, no-break space, byte order mark, zero-width space.
const fn is_skipped(c: char) -> bool {
    matches!(c, ' ' | '\u{a0}' | '\u{feff}' | '\u{200b}')
}

/// What begins a formula, also in full width; what readers drop before they look; and the apostrophe itself.
const fn is_trigger(c: char) -> bool {
    matches!(c, '=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '\0' | '＝' | '＋' | '－' | '＠' | '\'')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_answers() {
        for (text, safe) in [
            ("", ""),
            ("a", "a"),
            ("=1+1", "'=1+1"),
            ("=cmd|'/C calc'!A0", "'=cmd|'/C calc'!A0"),
            ("@SUM(1+1)", "'@SUM(1+1)"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("-5", "'-5"),
            ("\t=1", "'\t=1"),
            ("\r=1", "'\r=1"),
            ("\n=1", "'\n=1"),
            ("\0=1", "'\0=1"),
            ("＝1", "'＝1"),
            ("＋1", "'＋1"),
            ("－1", "'－1"),
            ("＠x", "'＠x"),
            (" =1", "' =1"),
            ("\u{a0}=1", "'\u{a0}=1"),
            ("\u{feff}=1", "'\u{feff}=1"),
            ("\u{200b}=1", "'\u{200b}=1"),
            ("'=1", "''=1"),
            ("'x", "''x"),
            (" 'x", "' 'x"),
            ("a=1", "a=1"),
            ("1-2", "1-2"),
            ("a,=1+1", "a,=1+1"),
            ("\";=1+1", "\";=1+1"),
        ] {
            assert_eq!(escape(text), safe, "{text:?}");
            assert_eq!(unescape(safe), text, "{safe:?}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(10_000))]

        #[test]
        fn every_text_comes_back_and_none_is_left_active(text in "[ \u{a0}\u{feff}\u{200b}'=+@a\t\r\n\u{0}＝\\-]{0,6}|.{0,20}") {
            let safe = escape(&text);
            prop_assert_eq!(unescape(&safe), &text);
            prop_assert!(safe.starts_with('\'') || !needs_escape(&safe));
        }
    }
}
