//! SVG text and the few shapes that charts are made of.

use std::fmt::{self, Write as _};

use super::tokens;

/// CSS pixels in a point.
const PX_PER_PT: f32 = 96.0 / 72.0;

/// One SVG element as text. Only this module's charts make one, and they escape what comes from data:
/// an `Svg` may stand in a page as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Svg(String);

impl Svg {
    /// The SVG element.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// For the charts beside this module, who built the text with [`Canvas`] or out of constants.
    pub(super) fn trusted(text: String) -> Self {
        Self(text)
    }
}

impl fmt::Display for Svg {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Which end of a text its `x` names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// How a text is set: size in points, colour, weight, anchor.
#[derive(Debug, Clone, Copy)]
pub(super) struct Face {
    pub(super) points: f32,
    pub(super) colour: &'static str,
    pub(super) weight: u16,
    pub(super) anchor: Anchor,
}

impl Face {
    /// Ink at table size, from its left end.
    pub(super) const LABEL: Self =
        Self { points: tokens::TABLE_PT, colour: tokens::INK, weight: 400, anchor: Anchor::Start };

    pub(super) const fn colour(self, colour: &'static str) -> Self {
        Self { colour, ..self }
    }

    pub(super) const fn bold(self) -> Self {
        Self { weight: 600, ..self }
    }

    pub(super) const fn anchor(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }
}

/// An SVG element under construction, in CSS pixels from the top left.
pub(super) struct Canvas {
    body: String,
    width: f32,
    height: f32,
}

impl Canvas {
    /// A canvas with what assistive technology reads in place of the picture.
    pub(super) fn new(width: f32, height: f32, title: &str) -> Self {
        let mut canvas = Self { body: String::new(), width, height };
        let title = escape(title);
        canvas.push(format_args!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" aria-label="{title}" viewBox="0 0 {} {}" width="{}" height="{}" font-family="{}"><title>{title}</title>"#,
            Number(width),
            Number(height),
            Number(width),
            Number(height),
            tokens::TEXT_FACES,
        ));
        canvas
    }

    pub(super) fn rect(&mut self, x: f32, y: f32, size: (f32, f32), fill: &str) {
        self.push(format_args!(
            r#"<rect x="{}" y="{}" width="{}" height="{}" fill="{fill}"/>"#,
            Number(x),
            Number(y),
            Number(size.0),
            Number(size.1),
        ));
    }

    /// Writes `text` with its base line at `y`.
    pub(super) fn text(&mut self, x: f32, y: f32, face: Face, text: &str) {
        let anchor = match face.anchor {
            Anchor::Start => "",
            Anchor::Middle => r#" text-anchor="middle""#,
            Anchor::End => r#" text-anchor="end""#,
        };
        self.push(format_args!(
            r#"<text x="{}" y="{}" font-size="{}" font-weight="{}" fill="{}"{anchor}>{}</text>"#,
            Number(x),
            Number(y),
            Number(face.points * PX_PER_PT),
            face.weight,
            face.colour,
            escape(text),
        ));
    }

    /// Puts another picture's element at `x`, `y`.
    pub(super) fn place(&mut self, x: f32, y: f32, inner: &str) {
        self.push(format_args!(r#"<g transform="translate({} {})">{inner}</g>"#, Number(x), Number(y)));
    }

    pub(super) fn finish(mut self) -> Svg {
        debug_assert!(self.width > 0.0 && self.height > 0.0, "an empty picture is no picture");
        self.body.push_str("</svg>");
        Svg(self.body)
    }

    fn push(&mut self, text: fmt::Arguments<'_>) {
        self.body.write_fmt(text).expect("writing to a String does not fail");
    }
}

/// A length with at most one decimal, written the same on every machine.
struct Number(f32);

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = (self.0 * 10.0).round() / 10.0;
        if tenths.fract() == 0.0 { write!(f, "{tenths:.0}") } else { write!(f, "{tenths:.1}") }
    }
}

/// Text for an element or a double-quoted attribute; characters XML forbids become the replacement mark.
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
        'i' | 'j' | 'l' | '.' | ',' | ':' | '|' | '\'' | ' ' | '/' | '-' => 0.36,
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
    let mut rest = name;
    while let Some((_, tail)) = rest.split_once('/') {
        rest = tail;
        let shown = format!("…/{rest}");
        if width(&shown, points) <= room {
            return shown;
        }
    }
    cut_middle(rest, points, room - width("…", points))
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
