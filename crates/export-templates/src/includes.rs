//! Which templates a template includes, read from its text.

use std::collections::{BTreeMap, BTreeSet};

/// Words that begin a tag which brings in another template.
const BRINGING: [&str; 4] = ["include", "extends", "import", "from"];

/// `name` and all it includes, directly or not, as far as they are among `sources`.
///
/// A tag whose template is computed may bring in any: then all of them count.
pub(crate) fn closure<'a>(name: &'a str, sources: &'a BTreeMap<String, String>) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    let mut open = vec![name];
    while let Some(next) = open.pop() {
        let Some((next, source)) = sources.get_key_value(next) else { continue };
        if !found.insert(next.as_str()) {
            continue;
        }
        for tag in tags(source) {
            let literals = literals(tag);
            if literals.is_empty() {
                return sources.keys().map(String::as_str).collect();
            }
            open.extend(literals);
        }
    }
    found
}

/// The insides of the tags that bring in templates.
fn tags(source: &str) -> impl Iterator<Item = &str> {
    source.split("{%").skip(1).filter_map(|rest| {
        let tag = rest.split("%}").next()?.trim_start_matches(['-', '+']).trim_start();
        let word = tag.split(|c: char| !c.is_ascii_alphabetic()).next()?;
        BRINGING.contains(&word).then_some(tag)
    })
}

/// The string literals of a tag.
fn literals(tag: &str) -> Vec<&str> {
    let mut rest = tag;
    let mut found = Vec::new();
    while let Some(start) = rest.find(['"', '\'']) {
        let quote = &rest[start..=start];
        let Some((literal, after)) = rest[start + 1..].split_once(quote) else { break };
        found.push(literal);
        rest = after;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect()
    }

    #[test]
    fn what_is_included_is_found_at_any_depth() {
        let all = sources(&[
            ("a", "{% extends 'base' %}{%- include [\"b\", \"c\"] ignore missing %}"),
            ("b", "{% from 'm' import x %}{% include 'a' %}"),
            ("base", "text"),
            ("c", ""),
            ("m", ""),
            ("other", "{% include 'a' %}"),
        ]);
        assert_eq!(Vec::from_iter(closure("a", &all)), ["a", "b", "base", "c", "m"]);
        assert_eq!(Vec::from_iter(closure("c", &all)), ["c"]);
        assert!(closure("absent", &all).is_empty());
    }

    #[test]
    fn a_computed_include_may_be_any() {
        let all = sources(&[("a", "{% include name %}"), ("b", ""), ("c", "")]);
        assert_eq!(Vec::from_iter(closure("a", &all)), ["a", "b", "c"]);
    }
}
