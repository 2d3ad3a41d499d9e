//! The `style` attribute as the declarations that it consists of.

/// Most declarations of one attribute.
const MOST: usize = 200;

/// Name and value of each declaration. No value of ours holds a semicolon: strings, comments and escapes, which may, fall
/// apart into what is on no list.
pub(super) fn declarations(style: &str) -> Vec<(&str, &str)> {
    let pairs = style.split(';').filter_map(|declaration| declaration.split_once(':')).take(MOST);
    let plain = |value: &'_ str| -> usize { value.trim_end().trim_end_matches("!important").len() };
    pairs.map(|(name, value)| (name.trim(), value[..plain(value)].trim())).collect()
}
