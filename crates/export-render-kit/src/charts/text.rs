//! Text in a chart: made safe, measured, cut to its room.

/// CSS pixels in a point.
pub(super) const PX_PER_PT: f32 = 96.0 / 72.0;
/// The width of the narrowest letters, in ems.
const NARROWEST: f32 = 0.36;

/// Text for an element or a double-quoted attribute. Characters that XML forbids, and marks that turn the direction of
/// the text after them, become the replacement mark.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FFFE}'..='\u{FFFF}' => {
                out.push('\u{FFFD}');
            }
            control if control.is_control() => out.push('\u{FFFD}'),
            other => out.push(other),
        }
    }
    out
}

/// An estimate of a text's width in pixels, on the safe side for Inter; exact layout is the browser's.
pub(super) fn width(text: &str, points: f32) -> f32 {
    text.chars().map(em).sum::<f32>() * points * PX_PER_PT
}

fn em(character: char) -> f32 {
    match character {
        'i' | 'j' | 'l' | '.' | ',' | ':' | '|' | '\'' | ' ' | '\u{A0}' | '/' | '-' => NARROWEST,
        'm' | 'w' | 'M' | 'W' | '@' | '%' => 0.92,
        'A'..='Z' => 0.70,
        '0'..='9' => 0.64,
        '\u{1100}'.. => 1.05,
        _ => 0.60,
    }
}

/// A name cut to fit `room` pixels: leading path segments first, for the end tells an image and its tag;
/// then characters in the middle of what is left.
pub(super) fn fit(name: &str, points: f32, room: f32) -> String {
    if width(name, points) <= room {
        return name.to_owned();
    }
    // Only so many of the narrowest letters have room: of an endless name, the rest need not be looked at.
    let most = (room / (NARROWEST * points * PX_PER_PT)) as usize + 1;
    let unseen = name.chars().count().saturating_sub(most);
    let mut rest = name.char_indices().nth(unseen).map_or("", |(at, _)| &name[at..]);
    while let Some((_, tail)) = rest.split_once('/') {
        rest = tail;
        let shown = format!("…/{rest}");
        if width(&shown, points) <= room {
            return shown;
        }
    }
    cut_middle(name.rsplit('/').next().unwrap_or(name), points, room - width("…", points))
}

fn cut_middle(text: &str, points: f32, room: f32) -> String {
    let characters: Vec<char> = text.chars().collect();
    let (mut head, mut tail, mut used) = (0, 0, 0.0);
    while head + tail < characters.len() {
        let from_start = head <= tail;
        let next = if from_start { characters[head] } else { characters[characters.len() - 1 - tail] };
        used += width(next.encode_utf8(&mut [0; 4]), points);
        if used > room {
            break;
        }
        if from_start { head += 1 } else { tail += 1 }
    }
    let start: String = characters[..head].iter().collect();
    let end: String = characters[characters.len() - tail..].iter().collect();
    format!("{start}…{end}")
}
