//! What a cell can hold: 32,767 UTF-16 units of characters that XML 1.0 allows.
//!
//! What it cannot hold is made visible in the cell, counted, and told once.

use std::borrow::Cow;
use std::collections::BTreeSet;

use export_core::warning::{Warning, WarningCode};

/// UTF-16 units of a cell (Excel specifications and limits).
const LONGEST: usize = 32_767;
/// What a character takes more in XML when it is escaped: `&` as `&amp;`, a carriage return as `_x000D_`.
const ESCAPED: u64 = 6;

/// A text that a cell can hold.
pub(crate) struct Fitted<'t> {
    /// The text.
    pub(crate) text: Cow<'t, str>,
    /// About as many bytes as it takes in XML, rather more than fewer.
    pub(crate) weight: u64,
}

/// Fits texts into cells, and counts what that changes.
#[derive(Debug, Default)]
pub(crate) struct Fitter {
    shortened: Tally,
    replaced: Tally,
}

#[derive(Debug, Default)]
struct Tally {
    count: u64,
    places: BTreeSet<&'static str>,
}

impl Fitter {
    /// `text` as a cell at `place`, a column or a sheet, can hold it.
    pub(crate) fn fit<'t>(&mut self, text: Cow<'t, str>, place: &'static str) -> Fitted<'t> {
        let text = self.shorten(text, place);
        let Scan { escaped, suspect } = Scan::of(text.as_bytes());
        let text = if suspect { self.replace(text, place) } else { text };
        // A replaced character has up to three bytes for one.
        let weight = (text.len() as u64) + escaped * ESCAPED;
        Fitted { text, weight }
    }

    /// One warning for all that was shortened, and one for all that was replaced.
    pub(crate) fn warnings(&self) -> Vec<Warning> {
        let shortened = self.shortened.told(WarningCode::TextShortened, |count, places| {
            let texts = if count == 1 { "1 text is" } else { &format!("{count} texts are") };
            format!(
                "{texts} longer than the 32,767 characters that a cell can hold ({places}). What was cut ends with a mark \
                 that says how much is missing; the other formats of the same scope hold it whole."
            )
        });
        let replaced = self.replaced.told(WarningCode::CharactersReplaced, |count, places| {
            let characters = if count == 1 {
                "1 control character was replaced by a visible sign"
            } else {
                &format!("{count} control characters were replaced by visible signs")
            };
            format!(
                "{characters}, such as \u{241b} for an escape, because a workbook cannot hold them ({places}). The other \
                 formats of the same scope hold them."
            )
        });
        shortened.into_iter().chain(replaced).collect()
    }

    fn shorten<'t>(&mut self, text: Cow<'t, str>, place: &'static str) -> Cow<'t, str> {
        // No text has more UTF-16 units than bytes.
        if text.len() <= LONGEST || text.encode_utf16().count() <= LONGEST {
            return text;
        }
        self.shortened.add(1, place);
        // The longest mark is taken off, whatever it will say.
        let end = end_of_units(&text, LONGEST - mark(text.len()).encode_utf16().count());
        let more = text[end..].chars().count();
        Cow::Owned(format!("{}{}", &text[..end], mark(more)))
    }

    fn replace<'t>(&mut self, text: Cow<'t, str>, place: &'static str) -> Cow<'t, str> {
        let forbidden = text.chars().filter(|c| sign_for(*c).is_some()).count();
        if forbidden == 0 {
            return text;
        }
        self.replaced.add(forbidden as u64, place);
        Cow::Owned(text.chars().map(|c| sign_for(c).unwrap_or(c)).collect())
    }
}

impl Tally {
    fn add(&mut self, count: u64, place: &'static str) {
        self.count += count;
        self.places.insert(place);
    }

    fn told(&self, code: WarningCode, message: impl FnOnce(u64, &str) -> String) -> Option<Warning> {
        let places = self.places.iter().copied().collect::<Vec<_>>().join(", ");
        (self.count > 0).then(|| Warning::new(code, message(self.count, &places)))
    }
}

/// What stands at the end of a text that was cut.
fn mark(more: usize) -> String {
    format!("… [shortened: {more} characters more]")
}

/// The end of the longest head of `text` with at most `units` UTF-16 units.
fn end_of_units(text: &str, units: usize) -> usize {
    let mut taken = 0;
    let over = text.char_indices().find(|(_, c)| {
        taken += c.len_utf16();
        taken > units
    });
    over.map_or(text.len(), |(at, _)| at)
}

/// The visible sign for a character that XML 1.0 forbids ("Char", production 2): the control pictures of Unicode, and
/// the replacement character for noncharacters.
fn sign_for(c: char) -> Option<char> {
    match c {
        '\t' | '\n' | '\r' => None,
        '\0'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)),
        '\u{fffe}' | '\u{ffff}' => Some(char::REPLACEMENT_CHARACTER),
        _ => None,
    }
}

/// What one look at the bytes says, without a branch, for this is done with all bytes of an export.
struct Scan {
    /// Bytes that are longer in XML.
    escaped: u64,
    /// Whether there may be characters that XML forbids.
    suspect: bool,
}

impl Scan {
    fn of(bytes: &[u8]) -> Self {
        let (mut escaped, mut suspect) = (0_u64, false);
        // Short blocks, so that the count fits a byte and many bytes are looked at in one step.
        for block in bytes.chunks(128) {
            let (mut longer, mut strange) = (0_u8, false);
            for byte in block {
                longer += u8::from(matches!(byte, b'&' | b'<' | b'>' | b'\r'));
                let control = *byte < 0x20 && !matches!(byte, b'\t' | b'\n' | b'\r');
                // U+FFFE and U+FFFF begin with EF.
                strange |= control || *byte == 0xef;
            }
            escaped += u64::from(longer);
            suspect |= strange;
        }
        Self { escaped, suspect }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fitted(text: &str) -> (String, Vec<Warning>) {
        let mut fitter = Fitter::default();
        let text = fitter.fit(text.into(), "title").text.into_owned();
        (text, fitter.warnings())
    }

    #[test]
    fn what_a_cell_can_hold_is_not_touched() {
        for text in ["", "=1+1", "tab\tline\r\nend", "\u{7f}\u{85}\u{2028}", "漢\u{fffd}ｆ", "_x0041_"] {
            let mut fitter = Fitter::default();
            assert!(matches!(fitter.fit(text.into(), "title").text, Cow::Borrowed(same) if same == text));
            assert!(fitter.warnings().is_empty());
        }
    }

    #[test]
    fn forbidden_characters_become_signs_and_one_warning() {
        let (text, warnings) = fitted("\0\u{1b}[31mred\u{1b}[0m\u{1f}\u{ffff}\u{fffe}");
        assert_eq!(text, "␀␛[31mred␛[0m␟\u{fffd}\u{fffd}");
        assert_eq!(warnings.len(), 1);
        assert_eq!(warnings[0].code, WarningCode::CharactersReplaced);
        assert!(warnings[0].message.starts_with("6 control characters were"), "{}", warnings[0]);
    }

    #[test]
    fn long_texts_are_cut_at_utf_16_units_and_counted() {
        let units = |text: &str| text.encode_utf16().count();
        assert_eq!(fitted(&"é".repeat(LONGEST)).1, []);
        for (text, characters) in [("é".repeat(LONGEST + 1), LONGEST + 1), ("🙂".repeat(20_000), 20_000)] {
            let (cut, warnings) = fitted(&text);
            assert!(units(&cut) <= LONGEST && units(&cut) > LONGEST - 8, "{}", units(&cut));
            assert_eq!(warnings[0].code, WarningCode::TextShortened);
            assert!(warnings[0].message.contains("1 text is") && warnings[0].message.contains("(title)"));
            let (head, tail) = cut.split_once("… [shortened: ").unwrap();
            let more: usize = tail.strip_suffix(" characters more]").unwrap().parse().unwrap();
            assert_eq!(head.chars().count() + more, characters);
            assert!(text.starts_with(head));
        }
    }

    #[test]
    fn what_is_escaped_weighs_more() {
        let mut fitter = Fitter::default();
        for (text, xml) in [("a&b", 7), ("<\r\n>", 16), ("\u{1b}", 3)] {
            assert!(fitter.fit(text.into(), "title").weight >= xml, "{text:?}");
        }
    }
}
