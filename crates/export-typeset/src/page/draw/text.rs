//! Lines of text as glyphs.

use std::ops::Range;

use krilla::geom::{Point, Rect};
use krilla::surface::Location;
use krilla::text::{Glyph, GlyphId};

use super::{LinkArea, Pen};
use crate::fonts::FaceId;
use crate::page::piece::{Kind, NodeId, Piece};
use crate::text::{Segment, Style, direction, segments};

/// A glyph at the size of 1.
#[derive(Debug, Clone)]
pub(super) struct Placed {
    pub(super) id: u16,
    pub(super) text: Range<u32>,
    pub(super) advance: f32,
    pub(super) offset: (f32, f32),
}

impl Glyph for Placed {
    fn glyph_id(&self) -> GlyphId {
        GlyphId::new(u32::from(self.id))
    }
    fn text_range(&self) -> Range<usize> {
        self.text.start as usize..self.text.end as usize
    }
    fn x_advance(&self, size: f32) -> f32 {
        self.advance * size
    }
    fn x_offset(&self, size: f32) -> f32 {
        self.offset.0 * size
    }
    fn y_offset(&self, size: f32) -> f32 {
        self.offset.1 * size
    }
    fn y_advance(&self, _: f32) -> f32 {
        0.0
    }
    fn location(&self) -> Option<Location> {
        None
    }
}

/// A part of a line that is drawn in one go.
struct Word {
    x: f32,
    glyphs: Vec<Placed>,
    face: FaceId,
    span: usize,
}

impl Pen<'_, '_, '_> {
    pub(super) fn line(&mut self, piece: &Piece, paragraph: u32, part: Range<usize>, at: (f32, f32)) {
        let paragraph = piece.paragraphs[paragraph as usize];
        let (mut x, y) = at;
        if paragraph.plain {
            let mut start = paragraph.start as usize;
            for span in piece.spans_of(paragraph) {
                let range = start.max(part.start)..(span.end as usize).min(part.end);
                start = span.end as usize;
                if range.start < range.end {
                    self.plain(piece, range, span.style);
                    x = self.show(piece, (span.node, span.style), span.style.face, (x, y));
                }
            }
            return;
        }
        // From left to right to know the places, in the order of the text to draw: that is what copying and
        // reading aloud follow.
        let mut words = Vec::new();
        for segment in segments(piece, paragraph, part, self.faces) {
            let style = piece.spans_of(paragraph)[segment.span].style;
            self.shaped(piece, &segment, style);
            let space = |it: &Placed| &piece.text[it.text.start as usize..it.text.end as usize] == " ";
            for word in self.glyphs.chunk_by(|_, next| !(segment.backwards && space(next))) {
                words.push(Word { x, glyphs: word.to_vec(), face: segment.face, span: segment.span });
                x += word.iter().map(|glyph| glyph.advance).sum::<f32>() * style.size;
            }
        }
        words.sort_by_key(|word| word.glyphs.iter().map(|it| it.text.start).min());
        for word in words {
            let span = piece.spans_of(paragraph)[word.span];
            self.glyphs = word.glyphs;
            self.show(piece, (span.node, span.style), word.face, (word.x, y));
        }
    }

    /// Fills `self.glyphs` with one glyph a character.
    fn plain(&mut self, piece: &Piece, range: Range<usize>, style: Style) {
        self.glyphs.clear();
        let face = self.faces.get(style.face);
        for (at, character) in piece.text[range.clone()].char_indices() {
            let start = (range.start + at) as u32;
            let glyph = face.plain(character, style.tabular).unwrap_or_default();
            self.glyphs.push(Placed {
                id: glyph.id,
                text: start..start + character.len_utf8() as u32,
                advance: f32::from(glyph.advance) / face.em + style.track,
                offset: (0.0, 0.0),
            });
        }
    }

    /// Fills `self.glyphs` with what the shaper makes of a segment.
    fn shaped(&mut self, piece: &Piece, segment: &Segment, style: Style) {
        self.glyphs.clear();
        let text = &piece.text[segment.text.clone()];
        let face = self.faces.get(segment.face);
        let Some(shaped) = face.shape(text, direction(segment.backwards), style.tabular) else { return };
        let mut starts: Vec<u32> = shaped.glyph_infos().iter().map(|info| info.cluster).collect();
        starts.sort_unstable();
        let base = segment.text.start as u32;
        for (info, position) in shaped.glyph_infos().iter().zip(shaped.glyph_positions()) {
            // Glyph 0 is a box; what a shaper can't show is better left out than shown as a wrong sign.
            let Some(id) = u16::try_from(info.glyph_id).ok().filter(|id| *id != 0) else { continue };
            let next = starts.partition_point(|start| *start <= info.cluster);
            let end = starts.get(next).copied().unwrap_or(text.len() as u32);
            self.glyphs.push(Placed {
                id,
                text: base + info.cluster..base + end,
                advance: position.x_advance as f32 / face.em + style.track,
                offset: (position.x_offset as f32 / face.em, position.y_offset as f32 / face.em),
            });
        }
    }

    /// Draws `self.glyphs`; returns where the next ones go.
    fn show(&mut self, piece: &Piece, of: (NodeId, Style), face: u16, at: (f32, f32)) -> f32 {
        let (node, style) = of;
        let width = self.glyphs.iter().map(|glyph| glyph.advance).sum::<f32>() * style.size;
        if self.glyphs.is_empty() {
            return at.0;
        }
        self.enter(piece, Some(node));
        self.fill(style.ink);
        let font = self.faces.get(face).font.clone();
        let point = Point::from_xy(at.0, at.1);
        self.surface.draw_glyphs(point, &self.glyphs, font, &piece.text, style.size, false);
        if matches!(piece.nodes[usize::from(node)].kind, Kind::Link(_)) {
            let top = at.1 - style.size;
            self.links.extend(Rect::from_xywh(at.0, top, width, style.size * 1.3).map(|rect| LinkArea {
                number: self.number,
                node,
                rect,
            }));
        }
        at.0 + width
    }
}
