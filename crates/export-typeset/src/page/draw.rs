//! Draws pieces onto a page of krilla's.

mod shapes;
mod text;

use krilla::geom::Rect;
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, Identifier, SpanTag};

use self::text::Placed;
use super::piece::{Kind, NodeId, Op, Piece};
use super::tags::Sketch;
use crate::fonts::Faces;
use crate::palette::{Palette, Rgb};

/// Where a link was drawn.
pub(super) struct LinkArea {
    pub(super) number: usize,
    pub(super) node: NodeId,
    pub(super) rect: Rect,
}

/// Draws one page.
pub(super) struct Pen<'a, 'p, 'f> {
    pub(super) surface: Surface<'p>,
    pub(super) faces: &'a mut Faces<'f>,
    pub(super) palette: Palette,
    /// The structure of the piece at hand.
    pub(super) sketch: Sketch,
    /// The number of the piece at hand, for its links.
    pub(super) number: usize,
    pub(super) links: Vec<LinkArea>,
    /// What is drawn belongs to: a node, an artifact, or nothing yet.
    open: Option<Open>,
    /// All of it belongs to one part, whatever its node.
    flat: bool,
    glyphs: Vec<Placed>,
    ink: Option<Rgb>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    Artifact,
    Node(NodeId),
}

impl<'a, 'p, 'f> Pen<'a, 'p, 'f> {
    pub(super) fn new(surface: Surface<'p>, faces: &'a mut Faces<'f>, palette: Palette) -> Self {
        let (sketch, links, glyphs) = (Sketch::default(), Vec::new(), Vec::new());
        Self { surface, faces, palette, sketch, number: 0, links, open: None, flat: false, glyphs, ink: None }
    }

    /// Draws `piece`, which is the page's `number`th, each part as its node's.
    pub(super) fn piece(&mut self, piece: &Piece, number: usize, at: (f32, f32)) {
        self.number = number;
        self.sketch.begin(piece);
        for op in &piece.ops {
            self.op(piece, op, at);
        }
        self.end();
    }

    /// Draws only the rules and grounds of `piece`, all as one artifact.
    pub(super) fn grounds(&mut self, piece: &Piece, at: (f32, f32)) {
        for op in piece.ops.iter().filter(|op| matches!(op, Op::Fill { .. } | Op::Frame { .. })) {
            self.op(piece, op, at);
        }
        self.end();
    }

    /// Draws the rest of `piece` within what is open already.
    pub(super) fn words(&mut self, piece: &Piece, number: usize, at: (f32, f32)) {
        self.number = number;
        for op in piece.ops.iter().filter(|op| !matches!(op, Op::Fill { .. } | Op::Frame { .. })) {
            self.op(piece, op, at);
        }
    }

    /// Opens one part for all that [`Self::words`] draws; [`Self::close_flat`] ends it.
    pub(super) fn open_flat(&mut self) -> Identifier {
        self.end();
        self.flat = true;
        self.surface.start_tagged(ContentTag::Other)
    }

    pub(super) fn close_flat(&mut self) {
        self.flat = false;
        self.surface.end_tagged();
    }

    /// Draws a header or a footer.
    pub(super) fn furniture(&mut self, piece: &Piece, kind: ArtifactType) {
        self.surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(kind)));
        self.open = Some(Open::Artifact);
        for op in &piece.ops {
            self.op(piece, op, (0.0, 0.0));
        }
        self.end();
    }

    fn op(&mut self, piece: &Piece, op: &Op, at: (f32, f32)) {
        match op {
            Op::Line { paragraph, start, end, x, y } => {
                let part = *start as usize..*end as usize;
                self.line(piece, *paragraph, part, (at.0 + x, at.1 + y));
            }
            Op::Fill { x, y, width, height, ink } => {
                self.enter(piece, None);
                if let Some(rect) = Rect::from_xywh(at.0 + x, at.1 + y, *width, *height) {
                    self.fill(*ink);
                    self.rect(rect);
                }
            }
            Op::Frame { x, y, width, height, ink } => {
                self.enter(piece, None);
                if let Some(rect) = Rect::from_xywh(at.0 + x, at.1 + y, *width, *height) {
                    self.surface.set_fill(None);
                    self.ink = None;
                    self.outlined(*ink, 0.5, |pen| pen.rect(rect));
                }
            }
            Op::Mark { mark, x, y, size, node } => {
                self.enter(piece, Some(*node));
                self.mark(*mark, (at.0 + x, at.1 + y), *size);
            }
            Op::Picture { drawing, x, y, width, height, node } => {
                self.enter(piece, Some(*node));
                self.picture(drawing, (at.0 + x, at.1 + y), (*width, *height));
            }
        }
    }

    /// Makes what is drawn next the content of `node`, or an artifact.
    fn enter(&mut self, piece: &Piece, node: Option<NodeId>) {
        if self.flat {
            return;
        }
        let node = node.filter(|id| piece.nodes[usize::from(*id)].kind != Kind::Artifact);
        let next = node.map_or(Open::Artifact, Open::Node);
        if self.open == Some(next) {
            return;
        }
        self.end();
        self.open = Some(next);
        match node {
            None => {
                let artifact = Artifact::with_kind(ArtifactType::Layout);
                self.surface.start_tagged(ContentTag::Artifact(artifact));
            }
            Some(id) => {
                let tag = match piece.nodes[usize::from(id)].kind {
                    Kind::Abbreviation(word) => ContentTag::Span(SpanTag::empty().with_expanded(Some(word))),
                    _ => ContentTag::Other,
                };
                let content = self.surface.start_tagged(tag);
                self.sketch.content(piece, id, content);
            }
        }
    }

    fn end(&mut self) {
        if self.open.take().is_some() {
            self.surface.end_tagged();
        }
    }
}
