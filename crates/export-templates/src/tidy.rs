//! Text made ready for a page: escaped, and with places to break long ids and paths.

/// Where an id or a path may be broken over lines, if it must.
const BREAKS: [char; 6] = ['/', '.', '-', '@', ':', '_'];

/// Words shorter than this are never broken.
const LONG: usize = 16;

/// Words shorter than this are broken only if they do not fit into a line of their own.
const LONGER: usize = 30;

/// Escapes `text` for HTML, puts `<wbr>` behind `/ . - @ : _` in long words (the style breaks
/// endless ones anywhere), and holds short words like
/// `2026-11-23` together, which browsers would break at the hyphen.
pub(crate) fn wrap(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    for (index, word) in text.split(' ').enumerate() {
        if index > 0 {
            out.push(' ');
        }
        wrap_word(&mut out, word);
    }
    out
}

fn wrap_word(out: &mut String, word: &str) {
    let parted = word.contains(BREAKS);
    let (long, longer) = (word.chars().nth(LONG).is_some(), word.chars().nth(LONGER).is_some());
    match (parted, long, longer) {
        (true, false, _) => out.push_str("<span class=\"whole\">"),
        (true, true, false) => out.push_str("<span class=\"unit\">"),
        (false, ..) | (true, true, true) => {}
    }
    push_broken(out, word, long);
    if parted && !longer {
        out.push_str("</span>");
    }
}

fn push_broken(out: &mut String, word: &str, long: bool) {
    let mut characters = word.chars().peekable();
    while let Some(character) = characters.next() {
        push_escaped(out, character);
        let next = characters.peek();
        // The numbers of a version stay together: nobody reads `4.` and `17.0` as one.
        let within_version = matches!((character, next), ('.', Some('0'..='9')));
        let breaks = long && BREAKS.contains(&character) && !within_version;
        if breaks && next.is_some_and(|next| !BREAKS.contains(next)) {
            out.push_str("<wbr>");
        }
    }
}

/// Escapes for element text and quoted attributes. Control characters, which HTML forbids, and marks that
/// turn the direction of the text after them, become the replacement character.
pub(crate) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    text.chars().for_each(|character| push_escaped(&mut out, character));
    out
}

fn push_escaped(out: &mut String, character: char) {
    match character {
        '&' => out.push_str("&amp;"),
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '"' => out.push_str("&quot;"),
        '\'' => out.push_str("&#39;"),
        '\t' | '\n' | '\r' => out.push(' '),
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => out.push('\u{FFFD}'),
        control if control.is_control() => out.push('\u{FFFD}'),
        other => out.push(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_ids_break_behind_their_separators() {
        assert_eq!(
            wrap("registry.example.com/team/app@sha256:00ff"),
            "registry.<wbr>example.<wbr>com/<wbr>team/<wbr>app@<wbr>sha256:<wbr>00ff"
        );
        assert_eq!(
            wrap("on 2026-11-23"),
            "on <span class=\"whole\">2026-11-23</span>",
            "short words stay whole"
        );
        assert_eq!(
            wrap("https://example.com/--/x"),
            "<span class=\"unit\">https://<wbr>example.<wbr>com/--/<wbr>x</span>",
            "not within a run"
        );
        assert_eq!(
            wrap("org.example/component:4.17.0"),
            r#"<span class="unit">org.<wbr>example/<wbr>component:<wbr>4.17.0</span>"#
        );
    }

    #[test]
    fn markup_and_tricks_become_text() {
        assert_eq!(wrap("<img src=x on='a'>"), "&lt;img src=x on=&#39;a&#39;&gt;");
        assert_eq!(escape("a\u{202E}b\u{0}c\nd"), "a\u{FFFD}b\u{FFFD}c d");
        assert_eq!(escape("\"&\""), "&quot;&amp;&quot;");
    }
}
