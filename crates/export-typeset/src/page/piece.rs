//! Pieces: what is set and not yet drawn.

mod part;

use std::sync::Arc;

use export_render_kit::charts::Mark;

use crate::palette::Rgb;
use crate::picture::Drawing;
use crate::text::{Paragraph, Span};

/// A node of a piece's structure.
pub(crate) type NodeId = u16;

/// What a node means to a reader who does not see the page.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind {
    /// Rules, grounds, repeated heads: not read.
    Artifact,
    Paragraph,
    Heading(u8),
    Row,
    /// A head: of a column, or of a row; with what is said of one that shows nothing.
    Head {
        column: bool,
        span: u16,
        said: Option<Arc<str>>,
    },
    Cell,
    Item,
    Label,
    Body,
    /// A picture and what is said in its place.
    Figure(Arc<str>),
    /// A link; its target is the piece's of this number.
    Link(u16),
    /// A letter that stands for a word: the severity's.
    Abbreviation(&'static str),
}

/// A node and the one it is part of; a node without one is a child of what is open on the page.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) kind: Kind,
    pub(crate) parent: Option<NodeId>,
}

/// Something to draw, in points from the piece's top left.
#[derive(Debug, Clone)]
pub(crate) enum Op {
    /// A line of a paragraph from its left end, on its base line.
    Line {
        paragraph: u32,
        start: u32,
        end: u32,
        x: f32,
        y: f32,
    },
    /// A filled rectangle, with what it is for: `None` is an artifact.
    Fill {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        ink: Rgb,
    },
    /// The outline of a rectangle.
    Frame {
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        ink: Rgb,
    },
    Mark {
        mark: Mark,
        x: f32,
        y: f32,
        size: f32,
        node: NodeId,
    },
    Picture {
        drawing: Arc<Drawing>,
        x: f32,
        y: f32,
        width: f32,
        height: f32,
        node: NodeId,
    },
}

/// A part of a page that is not split: a paragraph, a row, a head. Empty pieces are reused.
#[derive(Debug, Default)]
pub(crate) struct Piece {
    pub(crate) text: String,
    pub(crate) spans: Vec<Span>,
    pub(crate) paragraphs: Vec<Paragraph>,
    pub(crate) ops: Vec<Op>,
    pub(crate) nodes: Vec<Node>,
    pub(crate) links: Vec<String>,
    pub(crate) height: f32,
    /// White above and below, of which the larger holds between two pieces; none at the edges of a page.
    pub(crate) before: f32,
    pub(crate) after: f32,
    /// It must not stand at the end of a page without what follows.
    pub(crate) sticky: bool,
    pub(crate) role: PieceRole,
    pub(crate) detail: Detail,
    /// What a page that begins within this group repeats of it.
    pub(crate) again: Option<Box<Piece>>,
    /// Headings: level, and the name of the place.
    pub(crate) outline: Option<Outlined>,
}

/// How closely a piece is told to those who don't see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Detail {
    /// Each node is an element.
    #[default]
    Cells,
    /// The piece is one paragraph.
    Rows,
    /// What a page has of such pieces is one paragraph.
    Pages,
}

/// What placing a piece does besides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum PieceRole {
    #[default]
    Plain,
    /// From here on, each page begins with the table's head.
    TableHead,
    /// A group's head: a page that begins within the group says "continued".
    GroupHead,
    Row,
    /// A table below it needs no heavy rule.
    Banner,
    /// White of its own, which is dropped at the top of a page.
    Space,
}

/// The entry of a heading in the outline.
#[derive(Debug, Clone)]
pub(crate) struct Outlined {
    pub(crate) level: u8,
    pub(crate) title: String,
    pub(crate) anchor: Option<String>,
}

impl Piece {
    pub(crate) fn node(&mut self, kind: Kind, parent: Option<NodeId>) -> NodeId {
        // A piece with more links than this has them all under its last node.
        let id = NodeId::try_from(self.nodes.len()).unwrap_or(NodeId::MAX).min(NodeId::MAX - 1);
        if usize::from(id) == self.nodes.len() {
            self.nodes.push(Node { kind, parent });
        }
        id
    }

    /// A link within `parent`; nothing is linked within what is not read.
    pub(crate) fn link(&mut self, parent: NodeId, target: &str) -> NodeId {
        let Ok(number) = u16::try_from(self.links.len()) else { return parent };
        if self.nodes[usize::from(parent)].kind == Kind::Artifact {
            return parent;
        }
        self.links.push(target.to_owned());
        self.node(Kind::Link(number), Some(parent))
    }

    pub(crate) fn spans_of(&self, paragraph: Paragraph) -> &[Span] {
        &self.spans[paragraph.spans.0 as usize..paragraph.spans.1 as usize]
    }

    /// Made empty, with its memory kept.
    pub(crate) fn clear(&mut self) {
        self.text.clear();
        self.spans.clear();
        self.paragraphs.clear();
        self.ops.clear();
        self.nodes.clear();
        self.links.clear();
        (self.height, self.before, self.after) = (0.0, 0.0, 0.0);
        (self.sticky, self.detail) = (false, Detail::Cells);
        (self.role, self.outline, self.again) = (PieceRole::Plain, None, None);
    }

    /// A copy that is drawn but not read, for heads that are repeated.
    pub(crate) fn as_artifact(&self) -> Self {
        let node = Node { kind: Kind::Artifact, parent: None };
        Self {
            text: self.text.clone(),
            spans: self.spans.clone(),
            paragraphs: self.paragraphs.clone(),
            ops: self.ops.clone(),
            nodes: vec![node; self.nodes.len()],
            height: self.height,
            before: self.before,
            ..Self::default()
        }
    }
}
