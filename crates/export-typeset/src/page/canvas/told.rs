//! Draws what is placed, and remembers how it is told.

use std::ops::Range;

use krilla::tagging::Identifier;

use crate::page::Placed;
use crate::page::draw::Pen;
use crate::page::furniture::LEFT;
use crate::page::piece::Detail;
use crate::page::tags::Sketch;

/// How a placed piece is told to those who don't see it.
pub(super) enum Told {
    Sketch(usize),
    Flat(Identifier),
    Silent,
}

/// Draws what is placed: the rows of large tables each as one, or a page of them as one; everything else
/// part by part.
pub(super) fn draw(pen: &mut Pen<'_, '_, '_>, sketches: &mut Vec<Sketch>, placed: &[Placed]) -> Vec<Told> {
    let mut told = Vec::with_capacity(placed.len());
    let mut next = 0;
    while next < placed.len() {
        let flat = placed[next..].iter().take_while(|it| is_flat(it)).count();
        if flat > 0 {
            draw_flat(pen, placed, next..next + flat, &mut told);
            next += flat;
            continue;
        }
        match &placed[next] {
            Placed::Piece { piece, y } => {
                if sketches.len() <= next {
                    sketches.resize_with(next + 1, Sketch::default);
                }
                std::mem::swap(&mut pen.sketch, &mut sketches[next]);
                pen.piece(piece, next, (LEFT, *y));
                std::mem::swap(&mut pen.sketch, &mut sketches[next]);
                told.push(Told::Sketch(next));
            }
            Placed::Open(_) | Placed::Close => told.push(Told::Silent),
        }
        next += 1;
    }
    told
}

fn is_flat(placed: &Placed) -> bool {
    matches!(placed, Placed::Piece { piece, .. } if piece.detail != Detail::Cells)
}

fn draw_flat(pen: &mut Pen<'_, '_, '_>, placed: &[Placed], range: Range<usize>, told: &mut Vec<Told>) {
    for item in &placed[range.clone()] {
        if let Placed::Piece { piece, y } = item {
            pen.grounds(piece, (LEFT, *y));
        }
    }
    let mut open = None;
    for (number, item) in range.clone().zip(&placed[range]) {
        let Placed::Piece { piece, y } = item else { continue };
        if piece.detail == Detail::Rows && open.is_some() {
            pen.close_flat();
            open = None;
        }
        // The paragraph is told where it begins.
        told.push(match open {
            Some(()) => Told::Silent,
            None => Told::Flat(pen.open_flat()),
        });
        open = Some(());
        pen.words(piece, number, (LEFT, *y));
    }
    if open.is_some() {
        pen.close_flat();
    }
}
