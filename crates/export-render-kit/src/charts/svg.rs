//! SVG text and the few shapes that charts are made of.

use std::fmt::{self, Write as _};

use super::text::{PX_PER_PT, escape};
use super::tokens;

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
pub(super) struct Face<'a> {
    pub(super) points: f32,
    pub(super) colour: &'a str,
    pub(super) weight: u16,
    pub(super) anchor: Anchor,
}

impl<'a> Face<'a> {
    /// Ink at table size, from its left end.
    pub(super) const LABEL: Self =
        Self { points: tokens::TABLE_PT, colour: tokens::INK, weight: 400, anchor: Anchor::Start };

    pub(super) const fn colour(self, colour: &'a str) -> Self {
        Self { colour, ..self }
    }

    pub(super) const fn bold(self) -> Self {
        Self { weight: 600, ..self }
    }

    pub(super) const fn anchor(self, anchor: Anchor) -> Self {
        Self { anchor, ..self }
    }
}

/// How a path is painted.
#[derive(Debug, Clone, Copy)]
pub(super) enum Paint<'a> {
    /// Filled with a colour.
    Fill(&'a str),
    /// Drawn along with a colour, so many pixels wide.
    Stroke(&'a str, f32),
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

    /// A shape that holds its own place: `data` is a path of SVG in absolute coordinates.
    pub(super) fn path(&mut self, data: &str, paint: Paint<'_>) {
        self.push(format_args!(r#"<path d="{data}""#));
        match paint {
            Paint::Fill(fill) => self.push(format_args!(r#" fill="{fill}"/>"#)),
            Paint::Stroke(stroke, width) => self.push(format_args!(
                r#" fill="none" stroke="{stroke}" stroke-width="{}" stroke-linejoin="round"/>"#,
                Number(width)
            )),
        }
    }

    /// A disc around `x`, `y`.
    pub(super) fn disc(&mut self, x: f32, y: f32, radius: f32, fill: &str) {
        self.push(format_args!(
            r#"<circle cx="{}" cy="{}" r="{}" fill="{fill}"/>"#,
            Number(x),
            Number(y),
            Number(radius)
        ));
    }

    /// Writes `text` with its base line at `y`.
    pub(super) fn text(&mut self, x: f32, y: f32, face: Face<'_>, text: &str) {
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

    /// Writes `word` behind `value`, wherever that ends.
    pub(super) fn value_and_word(&mut self, at: (f32, f32), value: (Face<'_>, &str), word: (Face<'_>, &str)) {
        let (x, y) = (Number(at.0), Number(at.1));
        self.push(format_args!(
            r#"<text x="{x}" y="{y}" font-size="{}">"#,
            Number(value.0.points * PX_PER_PT)
        ));
        for (gap, (face, text)) in [("", value), (r#" dx="4""#, word)] {
            let (weight, colour, text) = (face.weight, face.colour, escape(text));
            self.push(format_args!(r#"<tspan{gap} font-weight="{weight}" fill="{colour}">{text}</tspan>"#));
        }
        self.push(format_args!("</text>"));
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
pub(super) struct Number(pub(super) f32);

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = (self.0 * 10.0).round() / 10.0;
        if tenths.fract() == 0.0 { write!(f, "{tenths:.0}") } else { write!(f, "{tenths:.1}") }
    }
}
