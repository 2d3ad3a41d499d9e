//! Several texts in one cell, so that they come out of it again.
//!
//! Items are separated by `|`. In an item, `\` is written `\\` and `|` is written `\|`. A list that holds nothing but
//! one empty item is written `\e`, because an empty cell is an empty list.

use std::fmt::{self, Write as _};

use crate::scan;

const LONE_EMPTY: &str = r"\e";

/// Joins `items`.
///
/// ```
/// use export_render_kit::list::{join, split};
/// let cell = join(["CVE-2021-44228", "a|b", r"c\d"]);
/// assert_eq!(cell, r"CVE-2021-44228|a\|b|c\\d");
/// assert_eq!(split(&cell), ["CVE-2021-44228", "a|b", r"c\d"]);
/// ```
pub fn join<T: fmt::Display>(items: impl IntoIterator<Item = T>) -> String {
    let mut joined = String::new();
    let mut count = 0_usize;
    for item in items {
        if count > 0 {
            joined.push('|');
        }
        write!(Escaped(&mut joined), "{item}").expect("a String takes all that it is given");
        count += 1;
    }
    if count == 1 && joined.is_empty() { LONE_EMPTY.to_owned() } else { joined }
}

/// Whether [`join`] leaves a list of only this item as it is.
#[must_use]
pub fn stands_alone(item: &str) -> bool {
    !item.is_empty() && scan::find(item.as_bytes(), is_special).is_none()
}

/// The items of a cell that [`join`] wrote.
#[must_use]
pub fn split(cell: &str) -> Vec<String> {
    if cell.is_empty() {
        return Vec::new();
    }
    let mut items = Vec::new();
    let (mut item, mut escaped) = (String::new(), false);
    for c in cell.chars() {
        match c {
            'e' if escaped => {}
            c if escaped => item.push(c),
            '\\' => {}
            '|' => items.push(std::mem::take(&mut item)),
            c => item.push(c),
        }
        escaped = c == '\\' && !escaped;
    }
    items.push(item);
    items
}

const fn is_special(byte: u8) -> bool {
    matches!(byte, b'|' | b'\\')
}

/// Escapes what is written through it.
struct Escaped<'j>(&'j mut String);

impl fmt::Write for Escaped<'_> {
    fn write_str(&mut self, mut text: &str) -> fmt::Result {
        while let Some(at) = scan::find(text.as_bytes(), is_special) {
            self.0.push_str(&text[..at]);
            self.0.push('\\');
            self.0.push_str(&text[at..=at]);
            text = &text[at + 1..];
        }
        self.0.push_str(text);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn empty_lists_and_empty_items_differ() {
        let cell = |items: &[&str]| join(items);
        assert_eq!([cell(&[]), cell(&[""]), cell(&["", ""]), cell(&["a", ""])], ["", r"\e", "|", "a|"]);
    }

    proptest! {
        #[test]
        fn lists_come_out_as_they_went_in(items in proptest::collection::vec(r"[a-e|\\ é]{0,6}", 0..6)) {
            prop_assert_eq!(split(&join(&items)), items);
        }

        #[test]
        fn what_stands_alone_is_not_changed(item in r"[a-c|\\]{0,4}") {
            prop_assert_eq!(stands_alone(&item), join([&item]) == item);
        }
    }
}
