//! Characters that no installed font has: a sign stands in their places, and the reader is told.

use std::collections::BTreeSet;

use export_core::warning::{Warning, WarningCode};

/// Characters that the warning names.
const NAMED: usize = 12;

/// Tells which characters cannot be shown; none if all can.
pub(crate) fn missing(characters: &BTreeSet<char>) -> Option<Warning> {
    if characters.is_empty() {
        return None;
    }
    let names: Vec<String> =
        characters.iter().take(NAMED).map(|it| format!("U+{:04X}", u32::from(*it))).collect();
    let more = match characters.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let message = format!(
        "No installed font has {} of the characters in the report: {}{more}. A sign stands in their places; the other formats \
         of the same scope hold them. Install fonts of these scripts where the worker runs; on Debian fonts-noto-core, \
         fonts-noto-extra, fonts-noto-cjk and fonts-noto-color-emoji.",
        characters.len(),
        names.join(", ")
    );
    Some(Warning::new(WarningCode::GlyphsMissing, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_characters_are_named_by_their_numbers() {
        assert_eq!(missing(&BTreeSet::new()), None);
        let few = missing(&BTreeSet::from(['\u{10330}', 'ꙮ'])).unwrap();
        assert_eq!(few.code, WarningCode::GlyphsMissing);
        assert!(few.message.contains("has 2 of the characters in the report: U+A66E, U+10330. "), "{few}");
        let many: BTreeSet<char> = ('\u{E000}'..'\u{E020}').collect();
        assert!(missing(&many).unwrap().message.contains("U+E00B and 20 more."), "{many:?}");
    }
}
