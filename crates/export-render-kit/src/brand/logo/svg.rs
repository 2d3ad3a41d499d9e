//! SVG: read as a tree, written anew from a list of elements and attributes that draw.
//!
//! What is not on the list does not come out. What refers to something refers to another element of the file, once: an
//! element that is used holds no `use`, and what cuts holds nothing that is cut, for chains of them grow exponentially.

mod allowed;
mod place;
mod style;

use std::collections::{BTreeMap, BTreeSet};

use roxmltree::{Document, Error, Node, ParsingOptions};

use self::allowed::Kind;
use super::BadLogo;
use crate::charts::escape;

const SVG: &str = "http://www.w3.org/2000/svg";
const XLINK: &str = "http://www.w3.org/1999/xlink";
/// Elements and texts of a file.
const MOST_NODES: u32 = 20_000;
/// Elements that `use` may add to what is drawn.
const MOST_USED: usize = 20_000;
const MOST_DEPTH: usize = 64;
/// Things left out that are told, and the length of a name.
const MOST_TOLD: usize = 20;
const LONGEST_NAME: usize = 60;

/// An SVG of what is allowed.
pub(super) struct Drawing {
    pub(super) text: String,
    pub(super) size: (f32, f32),
    pub(super) left_out: Vec<String>,
}

/// Reads a file and writes what may be drawn.
pub(super) fn rewrite(text: &str) -> Result<Drawing, BadLogo> {
    // Before the parser, which would refuse most of them, but not one without content.
    if text.contains("<!DOCTYPE") || text.contains("<!ENTITY") {
        return Err(BadLogo::Dtd);
    }
    let options = ParsingOptions { nodes_limit: MOST_NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).map_err(|error| match error {
        Error::DtdDetected => BadLogo::Dtd,
        Error::NodesLimitReached => BadLogo::Svg(format!("it has more than {MOST_NODES} elements")),
        error => BadLogo::Svg(error.to_string().chars().filter(|c| !c.is_control()).take(200).collect()),
    })?;
    let root = document.root_element();
    if root.tag_name().name() != "svg" || root.tag_name().namespace() != Some(SVG) {
        return Err(BadLogo::Svg(format!("its first element is not <svg> of the namespace {SVG}")));
    }
    let place = place::Place::of(root)?;
    let mut writer = Writer::new(root);
    writer.out.push_str(&place.opening());
    writer.root(root)?;
    let left_out: Vec<String> = writer.left_out.into_iter().take(MOST_TOLD).collect();
    if !writer.draws {
        return Err(BadLogo::Nothing { left_out });
    }
    Ok(Drawing { text: writer.out, size: place.size(), left_out })
}

/// Where in the tree an element stands.
#[derive(Debug, Clone, Copy, Default)]
struct Context {
    depth: usize,
    /// Within what is only drawn where something refers to it.
    defined: bool,
    /// Within what cuts.
    cutting: bool,
    /// Within a text.
    text: bool,
}

struct Writer<'a, 'input> {
    ids: BTreeMap<&'a str, Node<'a, 'input>>,
    out: String,
    left_out: BTreeSet<String>,
    /// Whether anything is to be seen.
    draws: bool,
    used: usize,
}

impl<'a, 'input> Writer<'a, 'input> {
    fn new(root: Node<'a, 'input>) -> Self {
        let named = root.descendants().filter_map(|node| Some((node.attribute("id")?, node)));
        // Of two elements with one id the first is meant.
        let ids = named.collect::<Vec<_>>().into_iter().rev().collect();
        Self { ids, out: String::new(), left_out: BTreeSet::new(), draws: false, used: 0 }
    }

    /// What is within the first element, in a group that has what the first element says of all colours and lines.
    fn root(&mut self, root: Node<'a, 'input>) -> Result<(), BadLogo> {
        let context = Context::default();
        let mut attributes = self.attributes(root, &context);
        attributes.retain(|name, _| !allowed::OF_THE_PLACE.contains(name));
        if !attributes.is_empty() {
            self.open("g", &attributes);
        }
        self.children(root, &context)?;
        self.out.push_str(if attributes.is_empty() { "</svg>" } else { "</g></svg>" });
        Ok(())
    }

    fn open(&mut self, name: &str, attributes: &BTreeMap<&'static str, String>) {
        self.out.push('<');
        self.out.push_str(name);
        for (name, value) in attributes {
            self.out.push_str(&format!(" {name}=\"{}\"", escape(value)));
        }
        self.out.push('>');
    }

    fn children(&mut self, node: Node<'a, 'input>, context: &Context) -> Result<(), BadLogo> {
        for child in node.children() {
            if child.is_element() {
                self.element(child, context)?;
            } else if child.is_text() && context.text {
                self.out.push_str(&escape(child.text().unwrap_or_default()));
            }
        }
        Ok(())
    }

    fn element(&mut self, node: Node<'a, 'input>, context: &Context) -> Result<(), BadLogo> {
        if context.depth > MOST_DEPTH {
            return Err(BadLogo::Svg(format!("its elements are nested more than {MOST_DEPTH} deep")));
        }
        let name = node.tag_name().name();
        let of_svg = node.tag_name().namespace() == Some(SVG);
        let Some(kind) = Kind::of(name).filter(|kind| of_svg && kind.may_stand_in(context)) else {
            if !(of_svg && allowed::SAYS_NOTHING.contains(&name) || is_editors(node)) {
                self.leave_out(&format!("<{name}>"));
            }
            return Ok(());
        };
        let mut attributes = self.attributes(node, context);
        if kind == Kind::Use {
            let Some(href) = self.used_by(node, context)? else { return Ok(()) };
            attributes.insert("href", href);
        }
        let written = kind.written(name);
        self.open(written, &attributes);
        self.draws |= kind.draws() && !context.defined;
        self.children(node, &kind.inside(context))?;
        self.out.push_str(&format!("</{written}>"));
        Ok(())
    }

    /// The allowed attributes in the order of their names; those of `style` win, as in CSS.
    fn attributes(&mut self, node: Node<'_, '_>, context: &Context) -> BTreeMap<&'static str, String> {
        let mut kept = BTreeMap::new();
        let plain = node.attributes().filter(|it| it.namespace().is_none() && it.name() != "style");
        let plain: Vec<(&str, &str)> = plain.map(|it| (it.name(), it.value())).collect();
        let declared = node.attribute("style").map(style::declarations).unwrap_or_default();
        for (name, value) in plain.into_iter().chain(declared) {
            match allowed::attribute(name, value, context) {
                allowed::Found::Kept(name, value) => drop(kept.insert(name, value)),
                allowed::Found::Ignored => {}
                allowed::Found::LeftOut => self.leave_out(name),
            }
        }
        if let Some(href) = gradient_href(node) {
            kept.insert("href", href);
        }
        kept
    }

    /// Where a `use` leads, if it may.
    fn used_by(&mut self, node: Node<'a, 'input>, context: &Context) -> Result<Option<String>, BadLogo> {
        let id = href(node).and_then(allowed::fragment);
        let target = id.and_then(|id| self.ids.get(id)).copied().filter(|target| is_simple(*target, context));
        let (Some(id), Some(target)) = (id, target) else {
            self.leave_out("<use> of something else than a shape of this file");
            return Ok(None);
        };
        self.used += target.descendants().count();
        if self.used > MOST_USED {
            return Err(BadLogo::Svg(format!("its <use> elements draw more than {MOST_USED} others")));
        }
        Ok(Some(format!("#{id}")))
    }

    fn leave_out(&mut self, what: &str) {
        let name: String = what.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
        if self.left_out.len() < MOST_TOLD {
            self.left_out.insert(name);
        }
    }
}

/// Whether using it is no chain: it holds no `use`, and where something is cut, nothing that is cut itself.
fn is_simple(target: Node<'_, '_>, context: &Context) -> bool {
    let cut = |node: Node<'_, '_>| {
        let named =
            |name| node.has_attribute(name) || node.attribute("style").is_some_and(|it| it.contains(name));
        named("clip-path") || named("mask")
    };
    let shape = Kind::of(target.tag_name().name()).is_some_and(Kind::may_be_used);
    let mut parts = target.descendants();
    shape && parts.all(|node| node.tag_name().name() != "use" && !(context.cutting && cut(node)))
}

/// Gradients take their colours from others.
fn gradient_href(node: Node<'_, '_>) -> Option<String> {
    let gradient = Kind::of(node.tag_name().name()) == Some(Kind::Gradient);
    gradient.then(|| href(node).and_then(allowed::fragment).map(|id| format!("#{id}"))).flatten()
}

fn href<'a>(node: Node<'a, '_>) -> Option<&'a str> {
    node.attribute("href").or_else(|| node.attribute((XLINK, "href")))
}

/// What editors keep in a file for themselves.
fn is_editors(node: Node<'_, '_>) -> bool {
    node.tag_name().namespace().is_some_and(|of| of != SVG && of != "http://www.w3.org/1999/xhtml")
}
