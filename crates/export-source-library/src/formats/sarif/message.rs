//! Messages: texts with placeholders, or ids of texts (section 3.11).

use std::collections::BTreeMap;

use export_core::text::Text;

use crate::json::members;

members! {
    /// A message, or a text in several formats.
    pub(super) struct Message<'a> {
        pub(super) text: Text<'a> = "text",
        pub(super) markdown: Text<'a> = "markdown",
        id: Text<'a> = "id",
        arguments: Vec<Text<'a>> = "arguments",
    }
}

/// Texts by their ids.
pub(super) type Strings = BTreeMap<String, String>;

impl Message<'_> {
    /// The plain text, else the Markdown.
    pub(super) fn plain(&self) -> &str {
        if self.text.is_empty() { &self.markdown } else { &self.text }
    }

    /// What it says: its own text, else the one that its id names in the first of `strings` that has it.
    pub(super) fn resolve(&self, strings: &[Option<&Strings>]) -> String {
        let own = self.plain();
        let named = || strings.iter().flatten().find_map(|strings| strings.get(self.id.as_str()));
        let text = if own.is_empty() { named().map_or("", String::as_str) } else { own };
        if self.arguments.is_empty() { text.to_owned() } else { fill(text, &self.arguments) }
    }
}

/// Puts arguments where `{0}` stands; `{{` and `}}` stand for braces (3.11.5). A number without an argument stays as it is.
fn fill(text: &str, arguments: &[Text<'_>]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        filled.push_str(&rest[..at]);
        let brace = &rest[at..=at];
        let tail = &rest[at + 1..];
        let number = tail.split_once('}').and_then(|(number, tail)| {
            let argument = arguments.get(number.parse::<usize>().ok()?)?;
            Some((argument, tail))
        });
        match number {
            _ if tail.starts_with(brace) => {
                filled.push_str(brace);
                rest = &tail[1..];
            }
            Some((argument, tail)) if brace == "{" => {
                filled.push_str(argument);
                rest = tail;
            }
            _ => {
                filled.push_str(brace);
                rest = tail;
            }
        }
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled() {
        let arguments = ["x".into(), "{0}".into()];
        for (text, filled) in [
            ("{0} and {1}", "x and {0}"),
            ("{{0}} {2} {", "{0} {2} {"),
            ("}} } {a}", "} } {a}"),
            ("ä{0}ö", "äxö"),
        ] {
            assert_eq!(fill(text, &arguments), filled, "{text}");
        }
    }
}
