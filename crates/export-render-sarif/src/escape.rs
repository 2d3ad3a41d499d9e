//! Scanner text in messages: it stays text, whatever a viewer would make of it.

use export_render_kit::scan::find;

/// Appends `text` to a plain text message that has no arguments to be filled in: a rule's description or help.
///
/// A viewer makes a link of `[text](target)` (section 3.11.6), so `](` is written `\](`; all else is left alone.
pub(crate) fn plain(out: &mut String, text: &str) {
    if find(text.as_bytes(), |byte| byte == b']').is_none() {
        return out.push_str(text);
    }
    let mut rest = text;
    while let Some(at) = rest.find("](") {
        let (before, link) = rest.split_at(at);
        out.push_str(before);
        // One that is escaped already must not become an escaped backslash before a live bracket.
        let backslashes = before.len() - before.trim_end_matches('\\').len();
        out.push_str(if backslashes % 2 == 0 { r"\](" } else { "](" });
        rest = &link[2..];
    }
    out.push_str(rest);
}

/// The same in the message of a result, where a viewer fills in `{0}`: braces are doubled (section 3.11.5).
pub(crate) fn message(out: &mut String, text: &str) {
    if find(text.as_bytes(), |byte| (byte == b'{') | (byte == b'}') | (byte == b']')).is_none() {
        return out.push_str(text);
    }
    let mut escaped = String::with_capacity(text.len() + 8);
    plain(&mut escaped, text);
    for c in escaped.chars() {
        out.push(c);
        if matches!(c, '{' | '}') {
            out.push(c);
        }
    }
}

/// The text of a link of ours in the message of a result: brackets and backslashes are escaped too (section 3.11.6).
pub(crate) fn link_text(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '\\' | '[' | ']' => out.extend(['\\', c]),
            '{' | '}' => out.extend([c, c]),
            c => out.push(c),
        }
    }
}

/// The same as [`plain`] on one line: line breaks become spaces.
pub(crate) fn plain_line(out: &mut String, text: &str) {
    if find(text.as_bytes(), |byte| matches!(byte, b'\n' | b'\r')).is_none() {
        plain(out, text);
    } else {
        plain(out, &text.replace(['\n', '\r'], " "));
    }
}

/// Appends `text` to formatted help (GitHub Flavored Markdown): no link, image, HTML, heading or list comes of it.
///
/// Paragraphs stay; lines lose their indentation, which would make code of them.
pub(crate) fn markdown(out: &mut String, text: &str) {
    for (number, line) in text.lines().enumerate() {
        if number > 0 {
            out.push('\n');
        }
        markdown_line(out, line.trim_start());
    }
}

/// The same on one line, for a table's cell.
pub(crate) fn markdown_line(out: &mut String, text: &str) {
    let mut plain = 0;
    for (at, byte) in text.bytes().enumerate() {
        let is_break = matches!(byte, b'\n' | b'\r');
        if !is_break && !MARKDOWN[usize::from(byte)] {
            continue;
        }
        out.push_str(&text[plain..at]);
        if is_break {
            out.push(' ');
            plain = at + 1;
        } else {
            out.push('\\');
            plain = at;
        }
    }
    out.push_str(&text[plain..]);
}

/// ASCII punctuation that can mean something in Markdown; a backslash before any of it is allowed (CommonMark, 2.4).
/// With `:` and `.` among it, no bare address becomes a link.
const MARKDOWN: [bool; 256] = {
    let mut special = [false; 256];
    let characters = br"!#$&()*+-.:<=>@[\]^_`{|}~";
    let mut at = 0;
    while at < characters.len() {
        special[characters[at] as usize] = true;
        at += 1;
    }
    special
};

#[cfg(test)]
mod tests {
    use super::*;

    fn with(escape: fn(&mut String, &str), text: &str) -> String {
        let mut out = String::new();
        escape(&mut out, text);
        out
    }

    #[test]
    fn no_link_comes_out_of_plain_text() {
        for (text, escaped) in [
            ("a[0] (b)", "a[0] (b)"),
            ("[x](javascript:alert(1))", r"[x\](javascript:alert(1))"),
            (r"[x\](y)", r"[x\](y)"),
            (r"[x\\](y)", r"[x\\\](y)"),
            ("](](", r"\](\]("),
        ] {
            assert_eq!(with(plain, text), escaped);
        }
        assert_eq!(with(plain_line, "a\r\n[b](c)"), r"a  [b\](c)");
    }

    #[test]
    fn no_placeholder_comes_out_of_a_message() {
        assert_eq!(with(message, "${jndi} {0} [a](b)"), r"${{jndi}} {{0}} [a\](b)");
        assert_eq!(with(link_text, r"a[{0}]\b"), r"a\[{{0}}\]\\b");
    }

    #[test]
    fn markdown_is_told_and_not_obeyed() {
        let text = "# head\n\n    code <b>\n![i](http://evil.example/x.png) www.evil.example\n1. a | b";
        let escaped = "\\# head\n\ncode \\<b\\>\n\\!\\[i\\]\\(http\\://evil\\.example/x\\.png\\) www\\.evil\\.example\n1\\. a \\| b";
        assert_eq!(with(markdown, text), escaped);
        assert_eq!(with(markdown_line, "a\nb"), "a b");
    }
}
