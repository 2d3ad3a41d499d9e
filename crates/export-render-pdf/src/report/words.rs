//! Words of a report: plurals, lists, and texts of findings cut to what a page has room for.

use std::cell::Cell;

use export_core::time::Timestamp;
use export_core::warning::{Warning, WarningCode};
use export_templates::format;
use export_templates::view::Link;

/// Characters of an id, a package, a version.
pub(super) const NAME: usize = 300;
/// Characters of a title, a path, a message, a reason.
pub(super) const TEXT: usize = 600;
/// Characters of a description: about three lines.
const DESCRIPTION: usize = 300;
/// Bytes of an address that a reader may follow.
const LINK: usize = 2_000;

/// `1 finding`, `1,204 findings`.
pub(super) fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", format::count(count), if count == 1 { one } else { many })
}

/// `1 finding`, `1,204 findings`.
pub(super) fn findings(count: u64) -> String {
    counted(count, "finding", "findings")
}

/// A time as reports write it.
pub(super) fn time(at: Timestamp) -> String {
    format::time(at.to_utc())
}

/// `critical`, then `Critical`.
pub(super) fn capitalised(word: &str) -> String {
    let mut characters = word.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// Words that a format writes in one, apart: `vulnerable_code_not_present`.
pub(super) fn spaced(word: &str) -> String {
    capitalised(&word.replace('_', " "))
}

/// The address, if a reader may follow it.
pub(super) fn link(url: Option<&str>) -> Option<Link> {
    url.filter(|url| url.len() <= LINK).and_then(Link::parse)
}

/// A description as one short paragraph. That it is short is the design, not a loss: no warning tells it.
pub(super) fn description(text: &str) -> Option<String> {
    // What clip looks at: a text of a million characters is not walked through to show three lines.
    let head: String = text.chars().take(4 * DESCRIPTION).collect();
    let lines = head.lines().map(|line| line.trim_start_matches(['#', '>']).trim());
    let plain = lines.collect::<Vec<_>>().join(" ").replace("**", "").replace('`', "");
    Some(format::clip(&plain, DESCRIPTION)).filter(|text| !text.is_empty())
}

/// Copies texts of findings, none longer than a page has room for, and counts those that it cut.
#[derive(Debug, Default)]
pub(super) struct Pen {
    cut: Cell<u64>,
}

impl Pen {
    /// The first `most` characters of `text`, with an ellipsis if there are more.
    pub(super) fn copy(&self, text: &str, most: usize) -> String {
        match text.char_indices().nth(most) {
            None => text.to_owned(),
            Some((end, _)) => {
                self.cut.set(self.cut.get() + 1);
                format!("{}…", &text[..end])
            }
        }
    }

    /// The same, or `instead` for a text without letters.
    pub(super) fn copy_or(&self, text: &str, most: usize, instead: &str) -> String {
        if text.trim().is_empty() { instead.to_owned() } else { self.copy(text, most) }
    }

    /// The same, or none for a text without letters.
    pub(super) fn copy_some(&self, text: &str, most: usize) -> Option<String> {
        (!text.trim().is_empty()).then(|| self.copy(text, most))
    }

    /// Tells how many texts were cut.
    pub(super) fn shortened(&self) -> Option<Warning> {
        let cut = self.cut.get();
        let message = format!(
            "{} longer than a report has room for. Each was cut and ends with an ellipsis; the other formats of the same \
             scope hold it whole.",
            counted(cut, "text is", "texts are")
        );
        (cut > 0).then(|| Warning::new(WarningCode::TextShortened, message))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_at_characters_and_counted() {
        let pen = Pen::default();
        assert_eq!(pen.copy("äöü", 3), "äöü");
        assert!(pen.shortened().is_none());
        assert_eq!(pen.copy("äöüß", 3), "äöü…");
        assert!(pen.shortened().unwrap().message.starts_with("1 text is longer"));
        assert_eq!((pen.copy_some(" ", 3), pen.copy_or("\n", 3, "none")), (None, "none".to_owned()));
    }

    #[test]
    fn descriptions_lose_their_markup_and_their_length() {
        assert_eq!(description("### Impact\n**Bad** `x`\n\n> quoted").unwrap(), "Impact Bad x quoted");
        assert_eq!(description(" \n"), None);
        assert!(description(&"long ".repeat(200_000)).unwrap().chars().count() <= DESCRIPTION + 1);
    }

    #[test]
    fn words_agree_with_numbers() {
        assert_eq!(findings(1), "1 finding");
        assert_eq!(findings(1_204), "1,204 findings");
        assert_eq!(spaced("vulnerable_code_not_present"), "Vulnerable code not present");
    }
}
