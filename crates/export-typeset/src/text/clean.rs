//! Text from anywhere, made fit to be set.

use crate::fonts::Faces;

/// Appends `text` so that every character of it can be drawn. `start` is where the paragraph begins in
/// `out`: white space at its begin, and after white space, is dropped.
pub(crate) fn push(out: &mut String, start: usize, text: &str, faces: &mut Faces<'_>) {
    let plain = text.bytes().all(|byte| (0x20..0x7F).contains(&byte)) && !text.contains("  ");
    if plain && (!text.starts_with(' ') || out.len() > start && !out.ends_with(' ')) {
        out.push_str(text);
        return;
    }
    for character in text.chars() {
        match tame(character) {
            Some(' ') if out.len() == start || out.ends_with(' ') => {}
            Some('\u{FFFD}') => {
                let sign = faces.replacement();
                out.push(sign);
            }
            Some(ascii) if ascii.is_ascii() => out.push(ascii),
            Some(other) => {
                let shown = faces.shown(other);
                out.push(shown);
            }
            None => {}
        }
    }
}

/// A character without its power over its neighbours. `None` for what is never seen.
fn tame(character: char) -> Option<char> {
    match character {
        '\t' | '\n' | '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some(' '),
        // Hints for layout and direction, with no look of their own.
        '\u{AD}'
        | '\u{200B}'
        | '\u{200E}'
        | '\u{200F}'
        | '\u{61C}'
        | '\u{2060}'..='\u{2064}'
        | '\u{FEFF}' => None,
        // What turns the direction of others is shown, for it has no place in an id.
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{206F}' => Some('\u{FFFD}'),
        '\u{FFF9}'..='\u{FFFB}' | '\u{E000}'..='\u{F8FF}' | '\u{F0000}'.. => Some('\u{FFFD}'),
        '\u{FDD0}'..='\u{FDEF}' => Some('\u{FFFD}'),
        other if other.is_control() || (other as u32) & 0xFFFE == 0xFFFE => Some('\u{FFFD}'),
        other => Some(other),
    }
}

/// A web address that a reader may follow, or an anchor of the document; nothing else becomes a link.
pub(crate) fn link(target: &str) -> Option<&str> {
    let harmless = target.len() <= 2048 && target.bytes().all(|byte| (0x21..0x7F).contains(&byte));
    let known = ["https://", "http://", "mailto:", "#"].iter().any(|start| target.starts_with(start));
    Some(target).filter(|_| harmless && known)
}
