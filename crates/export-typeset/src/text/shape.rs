//! What plain advance widths can't do: fallback faces, both directions, joined and reordered scripts.

use std::ops::Range;

use rustybuzz::Direction;
use unicode_bidi::{Level, ParagraphBidiInfo};

use super::breaks::Cluster;
use super::paragraph::{Paragraph, Span};
use crate::fonts::{FaceId, Faces, Want, cluster};
use crate::page::{Op, Piece};

/// A stretch of text that one face draws in one direction, with the span it lies in.
#[derive(Debug, Clone)]
pub(crate) struct Segment {
    pub(crate) text: Range<usize>,
    pub(crate) face: FaceId,
    pub(crate) span: usize,
    pub(crate) backwards: bool,
}

/// The segments of a part of a paragraph, in the order in which they are drawn from left to right.
pub(crate) fn segments(
    piece: &Piece,
    paragraph: Paragraph,
    part: Range<usize>,
    faces: &mut Faces<'_>,
) -> Vec<Segment> {
    let text = &piece.text[part.clone()];
    let spans = piece.spans_of(paragraph);
    let want = script(text);
    let mut segments = Vec::new();
    if !text.chars().any(is_backwards) {
        split(text, part.start, spans, (want, false), faces, &mut segments);
        return segments;
    }
    // The page runs from left to right, whatever a text begins with, as in the designed report.
    let bidi = ParagraphBidiInfo::new(text, Some(Level::ltr()));
    let (levels, runs) = bidi.visual_runs(0..text.len());
    for run in runs {
        let backwards = levels[run.start].is_rtl();
        let first = segments.len();
        split(&text[run.clone()], part.start + run.start, spans, (want, backwards), faces, &mut segments);
        if backwards {
            segments[first..].reverse();
        }
    }
    segments
}

/// The steps of a paragraph that is not plain, in the order of its text.
pub(super) fn clusters(piece: &Piece, paragraph: Paragraph, faces: &mut Faces<'_>, out: &mut Vec<Cluster>) {
    let part = paragraph.start as usize..paragraph.end as usize;
    let spans = piece.spans_of(paragraph);
    for segment in segments(piece, paragraph, part, faces) {
        let style = spans[segment.span].style;
        let text = &piece.text[segment.text.clone()];
        let face = faces.get(segment.face);
        let direction = direction(segment.backwards);
        let Some(shaped) = face.shape(text, direction, style.tabular) else { continue };
        let scale = style.size / face.em;
        for (info, position) in shaped.glyph_infos().iter().zip(shaped.glyph_positions()) {
            let offset = info.cluster as usize;
            let first = text[offset..].chars().next().unwrap_or(' ');
            let width = position.x_advance as f32 * scale + style.track * style.size;
            out.push(Cluster { at: (segment.text.start + offset) as u32, width, first });
        }
    }
    out.sort_by_key(|it| it.at);
    out.dedup_by(|next, kept| {
        let same = next.at == kept.at;
        if same {
            kept.width += next.width;
        }
        same
    });
}

/// Tells the large faces which of their glyphs `piece` will draw.
pub(crate) fn note_outlines(piece: &Piece, faces: &mut Faces<'_>) {
    for op in &piece.ops {
        let Op::Line { paragraph, start, end, .. } = op else { continue };
        let paragraph = piece.paragraphs[*paragraph as usize];
        if paragraph.plain {
            continue;
        }
        for segment in segments(piece, paragraph, *start as usize..*end as usize, faces) {
            let style = piece.spans_of(paragraph)[segment.span].style;
            let face = faces.get(segment.face);
            if !face.sparse {
                continue;
            }
            let text = &piece.text[segment.text.clone()];
            if let Some(shaped) = face.shape(text, direction(segment.backwards), style.tabular) {
                let glyphs = shaped.glyph_infos().iter().filter_map(|it| u16::try_from(it.glyph_id).ok());
                faces.will_draw(segment.face, glyphs);
            }
        }
    }
}

pub(crate) fn direction(backwards: bool) -> Direction {
    if backwards { Direction::RightToLeft } else { Direction::LeftToRight }
}

/// Splits text of one direction where the span or the face changes; `offset` is where it starts.
fn split(
    text: &str,
    offset: usize,
    spans: &[Span],
    way: (Want, bool),
    faces: &mut Faces<'_>,
    out: &mut Vec<Segment>,
) {
    let (want, backwards) = way;
    let first = out.len();
    let mut near = 0;
    let mut at = 0;
    while at < text.len() {
        let end = at + cluster_len(&text[at..]);
        let span = spans.partition_point(|span| span.end as usize <= offset + at).min(spans.len() - 1);
        let face = face_of(&text[at..end], (spans[span].style.face, near), want, faces);
        near = face;
        let range = offset + at..offset + end;
        match out[first..].last_mut() {
            Some(last) if last.face == face && last.span == span => last.text.end = range.end,
            _ => out.push(Segment { text: range, face, span, backwards }),
        }
        at = end;
    }
}

/// The bytes of the first character with all that is drawn on it or joined to it.
fn cluster_len(text: &str) -> usize {
    let mut joined = true;
    let mut flags = 0;
    for (at, character) in text.char_indices() {
        let flag = matches!(character, '\u{1F1E6}'..='\u{1F1FF}');
        flags += usize::from(flag);
        let second_flag = flag && flags == 2 && at > 0;
        if !joined && !second_flag && !cluster::extends(character) {
            return at;
        }
        joined = character == '\u{200D}';
    }
    text.len()
}

fn face_of(cluster: &str, wish: (FaceId, FaceId), want: Want, faces: &mut Faces<'_>) -> FaceId {
    let mut characters = cluster.chars();
    let base = characters.next().unwrap_or(' ');
    let selected = cluster.contains('\u{FE0F}') || cluster.contains('\u{20E3}');
    let as_text = cluster.contains('\u{FE0E}');
    if !as_text && (selected || cluster::is_picture(base)) {
        return faces.choose(base, wish, Want::Emoji).unwrap_or(wish.0);
    }
    let chosen = faces.choose(base, wish, want).unwrap_or(wish.0);
    // The marks should come from the same face: only then do they sit where they belong.
    for mark in characters.filter(|it| !cluster::is_invisible(*it)) {
        if !faces.get(chosen).has(mark)
            && let Some(other) = faces.choose(mark, (chosen, chosen), want)
            && faces.get(other).has(base)
        {
            return other;
        }
    }
    chosen
}

/// Han characters look different in Japanese and Korean.
fn script(text: &str) -> Want {
    let of = |character: char| match character {
        '\u{3041}'..='\u{30FF}' => Some(Want::Japanese),
        '\u{AC00}'..='\u{D7AF}' => Some(Want::Korean),
        _ => None,
    };
    text.chars().find_map(of).unwrap_or(Want::Any)
}

fn is_backwards(character: char) -> bool {
    matches!(character, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}'
        | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
}
