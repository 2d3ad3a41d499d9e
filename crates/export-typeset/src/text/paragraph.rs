//! From runs to lines.

use export_render_kit::charts::tokens;

use super::breaks::{self, Cluster, Line};
use super::run::{Ink, Run, Weight};
use super::setting::{Place, Setting};
use super::{clean, shape};
use crate::fonts::{FaceId, Faces};
use crate::page::{Kind, NodeId, Op, Piece};
use crate::palette::{Palette, Rgb};

/// From this size on, pairs of letters are kerned; below, nobody sees it and rows are many.
const KERNED_FROM: f32 = 10.0;
/// Mono faces look larger than their size.
const MONO_SCALE: f32 = 0.92;

/// How a run is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Style {
    pub(crate) face: FaceId,
    pub(crate) size: f32,
    pub(crate) ink: Rgb,
    /// Between letters, in ems.
    pub(crate) track: f32,
    pub(crate) tabular: bool,
}

/// A part of a paragraph of one style, up to byte `end`, which belongs to one node of the structure.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    pub(crate) end: u32,
    pub(crate) style: Style,
    pub(crate) node: NodeId,
}

/// A paragraph of a piece: its bytes and its spans.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Paragraph {
    pub(crate) start: u32,
    pub(crate) end: u32,
    pub(crate) spans: (u32, u32),
    /// Every character has one glyph that is the same everywhere.
    pub(crate) plain: bool,
}

/// Sets paragraphs; holds what they share.
pub(crate) struct Composer<'a> {
    pub(crate) faces: Faces<'a>,
    pub(crate) palette: Palette,
    clusters: Vec<Cluster>,
    lines: Vec<Line>,
}

impl<'a> Composer<'a> {
    pub(crate) fn new(faces: Faces<'a>, palette: Palette) -> Self {
        Self { faces, palette, clusters: Vec::new(), lines: Vec::new() }
    }

    /// Sets `runs` into `piece` as lines of node `node`; returns the height of the lines, in points.
    pub(crate) fn set(
        &mut self,
        piece: &mut Piece,
        runs: &[Run<'_>],
        setting: Setting,
        place: Place,
        node: NodeId,
    ) -> f32 {
        let paragraph = self.paragraph(piece, runs, setting, node);
        self.measure(piece, paragraph);
        self.lines.clear();
        breaks::lines(&self.clusters, paragraph.end, place.width, place.limit, &mut self.lines);
        let id = piece.paragraphs.len() as u32;
        piece.paragraphs.push(paragraph);

        let face = self.faces.get(0);
        let room = setting.leading - face.ascent - face.descent;
        let mut base = place.y + setting.size * (room / 2.0 + face.ascent);
        for index in 0..self.lines.len() {
            let line = self.lines[index];
            let x = if line.cut {
                self.ellipsis(piece, id, line, (place, base));
                place.x
            } else if place.right {
                place.x + place.width - line.width
            } else {
                place.x
            };
            if !line.cut {
                piece.ops.push(Op::Line { paragraph: id, start: line.start, end: line.end, x, y: base });
            }
            base += setting.line();
        }
        self.lines.len() as f32 * setting.line()
    }

    /// The width of `runs` on one line, in points.
    pub(crate) fn width(&mut self, runs: &[Run<'_>], setting: Setting) -> f32 {
        let mut piece = Piece::default();
        let node = piece.node(Kind::Artifact, None);
        let paragraph = self.paragraph(&mut piece, runs, setting, node);
        self.measure(&piece, paragraph);
        let visible = self.clusters.iter().rposition(|it| it.first != ' ').map_or(0, |last| last + 1);
        self.clusters[..visible].iter().map(|it| it.width).sum()
    }

    /// Appends the runs' text and spans.
    fn paragraph(
        &mut self,
        piece: &mut Piece,
        runs: &[Run<'_>],
        setting: Setting,
        node: NodeId,
    ) -> Paragraph {
        let (start, first) = (piece.text.len(), piece.spans.len() as u32);
        let mut plain = true;
        for run in runs {
            let begin = piece.text.len();
            clean::push(&mut piece.text, start, &run.text, &mut self.faces);
            if piece.text.len() == begin {
                continue;
            }
            let style = self.style(run, setting);
            let node = match run.link.as_deref().and_then(clean::link) {
                Some(target) => piece.link(node, target),
                None => node,
            };
            let face = self.faces.get(style.face);
            plain = plain
                && style.size < KERNED_FROM
                && piece.text[begin..].chars().all(|it| face.plain(it, style.tabular).is_some());
            piece.spans.push(Span { end: piece.text.len() as u32, style, node });
        }
        // Words of neighbouring paragraphs are not one word, for those who only have the text.
        if piece.text.len() > start
            && !piece.text.ends_with(' ')
            && let Some(last) = piece.spans.last_mut()
        {
            piece.text.push(' ');
            last.end = piece.text.len() as u32;
        }
        let spans = (first, piece.spans.len() as u32);
        Paragraph { start: start as u32, end: piece.text.len() as u32, spans, plain }
    }

    fn style(&self, run: &Run<'_>, setting: Setting) -> Style {
        let ink = match run.ink {
            Ink::Normal => self.palette.ink,
            Ink::Quiet => self.palette.quiet,
            Ink::Accent => self.palette.accent,
            Ink::Alert => self.palette.alert,
        };
        let size = if run.small { setting.size.min(tokens::SMALL_PT) } else { setting.size };
        let (face, scale) = match run.weight {
            Weight::Regular => (0, 1.0),
            Weight::Medium => (1, 1.0),
            Weight::Semibold => (2, 1.0),
            Weight::Mono => (3, MONO_SCALE),
        };
        Style { face, size: size * scale, ink, track: setting.track, tabular: setting.tabular }
    }

    /// Fills `self.clusters` with the paragraph's steps.
    fn measure(&mut self, piece: &Piece, paragraph: Paragraph) {
        self.clusters.clear();
        if !paragraph.plain {
            shape::clusters(piece, paragraph, &mut self.faces, &mut self.clusters);
            return;
        }
        let mut start = paragraph.start;
        for span in piece.spans_of(paragraph) {
            let (style, face) = (span.style, self.faces.get(span.style.face));
            let scale = style.size / face.em;
            for (at, first) in piece.text[start as usize..span.end as usize].char_indices() {
                let advance = face.plain(first, style.tabular).map_or(0.0, |it| f32::from(it.advance));
                let width = advance * scale + style.track * style.size;
                self.clusters.push(Cluster { at: start + at as u32, width, first });
            }
            start = span.end;
        }
    }

    /// Draws the last line that is allowed, cut so that the ellipsis fits.
    fn ellipsis(&mut self, piece: &mut Piece, id: u32, line: Line, at: (Place, f32)) {
        let (place, base) = at;
        let paragraph = piece.paragraphs[id as usize];
        let Some(mut span) = piece.spans_of(paragraph).iter().find(|span| span.end >= line.end).copied()
        else {
            return;
        };
        let from = self.clusters.partition_point(|it| it.at < line.start);
        let to = self.clusters.partition_point(|it| it.at < line.end);
        let dots = span.style.size;
        let (mut end, mut width) = (line.start, 0.0);
        for index in from..to {
            let cluster = self.clusters[index];
            if width + cluster.width + dots > place.width {
                break;
            }
            width += cluster.width;
            end = self.clusters.get(index + 1).map_or(line.end, |next| next.at);
        }
        piece.ops.push(Op::Line { paragraph: id, start: line.start, end, x: place.x, y: base });

        let begin = piece.text.len() as u32;
        let sign = self.faces.shown('…');
        piece.text.push(sign);
        span.end = piece.text.len() as u32;
        let first = piece.spans.len() as u32;
        piece.spans.push(span);
        let plain = self.faces.get(span.style.face).plain(sign, false).is_some();
        let dots = Paragraph { start: begin, end: span.end, spans: (first, first + 1), plain };
        let paragraph = piece.paragraphs.len() as u32;
        piece.paragraphs.push(dots);
        piece.ops.push(Op::Line { paragraph, start: begin, end: span.end, x: place.x + width, y: base });
    }
}
