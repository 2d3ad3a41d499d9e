//! The lists: which elements and attributes come out, and what their values may be.

use super::Context;

/// Elements that draw nothing, whose loss nobody notices.
pub(super) const SAYS_NOTHING: [&str; 3] = ["metadata", "title", "desc"];

/// The allowed elements by what they do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Holds others.
    Group,
    /// Holds what is only drawn where something refers to it.
    Definitions,
    /// Cuts what refers to it.
    Cut,
    Shape,
    Text,
    /// A part of a text.
    TextPart,
    Use,
    Gradient,
    Stop,
}

impl Kind {
    /// The kind of an element of SVG; `None` if it is not on the list.
    pub(super) fn of(name: &str) -> Option<Self> {
        Some(match name {
            // Programs wrap whole drawings in links and in switches whose other branch is their own format.
            "g" | "a" | "switch" => Self::Group,
            "defs" | "symbol" => Self::Definitions,
            "clipPath" | "mask" => Self::Cut,
            "path" | "rect" | "circle" | "ellipse" | "line" | "polyline" | "polygon" => Self::Shape,
            "text" => Self::Text,
            "tspan" => Self::TextPart,
            "use" => Self::Use,
            "linearGradient" | "radialGradient" => Self::Gradient,
            "stop" => Self::Stop,
            _ => return None,
        })
    }

    /// The name under which it comes out: links and switches are plain groups.
    pub(super) fn written(self, name: &str) -> &str {
        if self == Self::Group { "g" } else { name }
    }

    pub(super) const fn draws(self) -> bool {
        matches!(self, Self::Shape | Self::Text | Self::Use)
    }

    pub(super) const fn may_be_used(self) -> bool {
        matches!(self, Self::Group | Self::Definitions | Self::Shape | Self::Text)
    }

    pub(super) const fn may_stand_in(self, context: &Context) -> bool {
        match self {
            Self::TextPart => context.text,
            _ => !context.text,
        }
    }

    /// Where its children stand.
    pub(super) fn inside(self, context: &Context) -> Context {
        Context {
            depth: context.depth + 1,
            defined: context.defined || matches!(self, Self::Definitions | Self::Cut),
            cutting: context.cutting || self == Self::Cut,
            text: matches!(self, Self::Text | Self::TextPart),
        }
    }
}

/// What becomes of an attribute.
pub(super) enum Found {
    Kept(&'static str, String),
    /// It draws nothing, or is an editor's.
    Ignored,
    /// It is told, for somebody may miss it, or have meant harm.
    LeftOut,
}

/// Numbers, words and lists of them.
const PLAIN: [&str; 58] = [
    "clip-rule",
    "clipPathUnits",
    "color",
    "cx",
    "cy",
    "d",
    "display",
    "dominant-baseline",
    "dx",
    "dy",
    "fill-opacity",
    "fill-rule",
    "font-size",
    "font-stretch",
    "font-style",
    "font-weight",
    "fr",
    "fx",
    "fy",
    "gradientUnits",
    "height",
    "letter-spacing",
    "maskContentUnits",
    "maskUnits",
    "offset",
    "opacity",
    "paint-order",
    "points",
    "preserveAspectRatio",
    "r",
    "rotate",
    "rx",
    "ry",
    "spreadMethod",
    "stop-color",
    "stop-opacity",
    "stroke-dasharray",
    "stroke-dashoffset",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-miterlimit",
    "stroke-opacity",
    "stroke-width",
    "text-anchor",
    "text-decoration",
    "textLength",
    "transform-origin",
    "vector-effect",
    "viewBox",
    "visibility",
    "width",
    "word-spacing",
    "x",
    "x1",
    "x2",
    "y",
    "y1",
    "y2",
];
/// Of the first element, which is made anew.
pub(super) const OF_THE_PLACE: [&str; 8] =
    ["height", "id", "preserveAspectRatio", "transform", "viewBox", "width", "x", "y"];
/// They may call a function that moves.
const MOVING: [&str; 2] = ["transform", "gradientTransform"];
/// They may refer to a gradient.
const PAINT: [&str; 2] = ["fill", "stroke"];
/// They refer to what cuts.
const CUTTING: [&str; 2] = ["clip-path", "mask"];
const NAMES: [&str; 2] = ["font-family", "id"];
/// What would be seen if it were allowed.
const SEEN: [&str; 6] = ["filter", "marker", "marker-end", "marker-mid", "marker-start", "href"];

const COLOUR_FUNCTIONS: [&str; 4] = ["rgb", "rgba", "hsl", "hsla"];
const MOVING_FUNCTIONS: [&str; 6] = ["matrix", "translate", "scale", "rotate", "skewX", "skewY"];

/// Looks an attribute, or a declaration of `style`, up in the lists.
pub(super) fn attribute(name: &str, value: &str, context: &Context) -> Found {
    let value = value.trim();
    let listed = |list: &[&'static str]| list.iter().copied().find(|it| *it == name);
    if value == "none" && (SEEN.contains(&name) || CUTTING.contains(&name)) {
        return Found::Ignored;
    }
    let (name, fine) = if let Some(name) = listed(&PLAIN) {
        (name, is_plain(value, &COLOUR_FUNCTIONS))
    } else if let Some(name) = listed(&MOVING) {
        (name, is_plain(value, &MOVING_FUNCTIONS))
    } else if let Some(name) = listed(&PAINT) {
        (name, is_plain(value, &COLOUR_FUNCTIONS) || reference(value).is_some())
    } else if let Some(name) = listed(&CUTTING) {
        (name, reference(value).is_some() && !context.cutting)
    } else if let Some(name) = listed(&NAMES) {
        (name, if name == "id" { is_id(value) } else { is_face(value) })
    } else {
        let told = SEEN.contains(&name) || name.get(..2).is_some_and(|on| on.eq_ignore_ascii_case("on"));
        // `href` of `use` and of gradients is looked at by those.
        return if told && name != "href" { Found::LeftOut } else { Found::Ignored };
    };
    if fine { Found::Kept(name, value.to_owned()) } else { Found::LeftOut }
}

/// The id in `#id`.
pub(super) fn fragment(href: &str) -> Option<&str> {
    href.trim().strip_prefix('#').filter(|id| is_id(id))
}

/// The id in `url(#id)`.
fn reference(value: &str) -> Option<&str> {
    let inner = value.strip_prefix("url(")?.strip_suffix(')')?.trim();
    let unquoted = ['"', '\''].into_iter().find_map(|quote| inner.strip_prefix(quote)?.strip_suffix(quote));
    fragment(unquoted.unwrap_or(inner))
}

fn is_id(id: &str) -> bool {
    let begins = id.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    begins && id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.'))
}

/// Names of faces, quoted or not.
fn is_face(value: &str) -> bool {
    value.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | ',' | '-' | '_' | '\'' | '"'))
}

/// Words, numbers, colours, and calls of `functions`, which do not nest: nothing that CSS would look up elsewhere.
fn is_plain(value: &str, functions: &[&str]) -> bool {
    let mut calls = false;
    for (at, character) in value.char_indices() {
        match character {
            '(' if !calls && functions.contains(&word_before(&value[..at])) => calls = true,
            ')' if calls => calls = false,
            ' ' | '\t' | '\n' | '\r' | ',' | '.' | '-' | '+' | '#' | '%' => {}
            word if word.is_ascii_alphanumeric() => {}
            _ => return false,
        }
    }
    !calls
}

/// The word that `text` ends with.
fn word_before(text: &str) -> &str {
    let text = text.trim_end();
    text.rsplit(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or(text)
}
