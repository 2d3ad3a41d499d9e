//! The structure of the document, for readers who do not see it.

use std::num::NonZeroU16;
use std::num::NonZeroU32;

use krilla::tagging::{
    Identifier, ListNumbering, Node as TagNode, TableHeaderScope, Tag, TagGroup, TagKind, TagTree,
};

use super::piece::{Kind, NodeId, Piece};

/// What pieces are gathered in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Container {
    Table,
    List { numbered: bool },
}

/// The tree of the whole document, built as pages are drawn.
#[derive(Default)]
pub(crate) struct Tags {
    root: Vec<TagNode>,
    open: Vec<TagGroup>,
}

impl Tags {
    pub(crate) fn open(&mut self, container: Container) {
        let tag: TagKind = match container {
            Container::Table => Tag::Table.into(),
            Container::List { numbered: true } => Tag::L(ListNumbering::Decimal).into(),
            Container::List { numbered: false } => Tag::L(ListNumbering::Disc).into(),
        };
        self.open.push(TagGroup::new(tag));
    }

    pub(crate) fn close(&mut self) {
        if let Some(mut group) = self.open.pop() {
            group.children.shrink_to_fit();
            self.push(group);
        }
    }

    pub(crate) fn push(&mut self, node: impl Into<TagNode>) {
        match self.open.last_mut() {
            Some(group) => group.push(node),
            None => self.root.push(node.into()),
        }
    }

    pub(crate) fn finish(mut self, language: &str) -> TagTree {
        while !self.open.is_empty() {
            self.close();
        }
        TagTree { children: self.root, lang: Some(language.to_owned()) }
    }
}

/// What is drawn for one piece: for each node the parts of the page that are its own, in reading order.
#[derive(Default)]
pub(crate) struct Sketch {
    children: Vec<Vec<Child>>,
    roots: Vec<NodeId>,
    seen: Vec<bool>,
    /// Links that lead nowhere: they are told as text.
    unlinked: Vec<NodeId>,
}

enum Child {
    Content(Identifier),
    Node(NodeId),
}

impl Sketch {
    /// Ready for `piece`: cells stand in their order, whether something is drawn in them or not.
    pub(crate) fn begin(&mut self, piece: &Piece) {
        for children in &mut self.children {
            children.clear();
        }
        self.children.resize_with(piece.nodes.len().max(self.children.len()), Vec::new);
        self.roots.clear();
        self.unlinked.clear();
        self.seen.clear();
        self.seen.resize(piece.nodes.len(), false);
        for (id, node) in (0..).zip(&piece.nodes) {
            if matches!(node.kind, Kind::Row | Kind::Cell | Kind::Head { .. }) {
                self.see(piece, id);
            }
        }
    }

    /// Content of a node was drawn.
    pub(crate) fn content(&mut self, piece: &Piece, node: NodeId, content: Identifier) {
        let home = match &piece.nodes[usize::from(node)] {
            // An abbreviation is a property of its content, not an element.
            abbreviation if matches!(abbreviation.kind, Kind::Abbreviation(_)) => abbreviation.parent,
            _ => Some(node),
        };
        if let Some(home) = home {
            self.see(piece, home);
            self.children[usize::from(home)].push(Child::Content(content));
        }
    }

    /// The link was not made.
    pub(crate) fn unlink(&mut self, node: NodeId) {
        self.unlinked.push(node);
    }

    fn see(&mut self, piece: &Piece, node: NodeId) {
        let index = usize::from(node);
        if self.seen[index] {
            return;
        }
        self.seen[index] = true;
        match piece.nodes[index].parent {
            Some(parent) => {
                self.see(piece, parent);
                self.children[usize::from(parent)].push(Child::Node(node));
            }
            None => self.roots.push(node),
        }
    }

    /// Hands the piece's elements to the tree.
    pub(crate) fn finish(&mut self, piece: &Piece, tags: &mut Tags) {
        for root in std::mem::take(&mut self.roots) {
            if let Some(group) = self.group(piece, root) {
                tags.push(group);
            }
        }
    }

    fn group(&mut self, piece: &Piece, node: NodeId) -> Option<TagGroup> {
        let tag = match self.unlinked.contains(&node) {
            true => Tag::Span.into(),
            false => tag(piece, &piece.nodes[usize::from(node)].kind)?,
        };
        let drawn = std::mem::take(&mut self.children[usize::from(node)]);
        // Exact, for there are as many of these as a report has cells.
        let mut children = Vec::with_capacity(drawn.len());
        for child in drawn {
            match child {
                Child::Content(content) => children.push(content.into()),
                Child::Node(node) => children.extend(self.group(piece, node).map(TagNode::from)),
            }
        }
        Some(TagGroup::with_children(tag, children))
    }
}

fn tag(piece: &Piece, kind: &Kind) -> Option<TagKind> {
    Some(match kind {
        Kind::Artifact | Kind::Abbreviation(_) => return None,
        Kind::Paragraph => Tag::P.into(),
        Kind::Heading(level) => {
            let title = piece.outline.as_ref().map(|it| it.title.clone());
            Tag::Hn(NonZeroU16::new(u16::from(*level)).unwrap_or(NonZeroU16::MIN), title).into()
        }
        Kind::Row => Tag::TR.into(),
        Kind::Head { column, span, said } => {
            let scope = if *column { TableHeaderScope::Column } else { TableHeaderScope::Row };
            let span = NonZeroU32::new(u32::from(*span)).filter(|span| span.get() > 1);
            let said = said.as_ref().map(ToString::to_string);
            Tag::TH(scope).with_col_span(span).with_alt_text(said).into()
        }
        Kind::Cell => Tag::TD.into(),
        Kind::Item => Tag::LI.into(),
        Kind::Label => Tag::Lbl.into(),
        Kind::Body => Tag::LBody.into(),
        Kind::Figure(alt) => Tag::Figure(Some(alt.to_string())).into(),
        Kind::Link(_) => Tag::Link.into(),
    })
}
