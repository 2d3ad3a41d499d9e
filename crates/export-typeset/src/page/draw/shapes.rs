//! Marks, pictures, rectangles.

use export_render_kit::charts::Mark;
use krilla::geom::{PathBuilder, Point, Rect, Size, Transform};
use krilla::num::NormalizedF32;
use krilla::paint::{Fill, FillRule, LineJoin, Stroke};
use krilla_svg::{SurfaceExt as _, SvgSettings};

use super::Pen;
use super::text::Placed;
use crate::page::mark;
use crate::palette::{self, Rgb};
use crate::picture::Drawing;

impl Pen<'_, '_, '_> {
    pub(super) fn mark(&mut self, mark: Mark, at: (f32, f32), size: f32) {
        let Some(shape) = mark::shape(mark, at.0, at.1, size) else { return };
        if shape.open {
            let paper = self.palette.paper;
            self.fill(paper);
            let width = mark::PEN * size / 16.0;
            self.outlined(palette::fill(mark), width, |pen| pen.surface.draw_path(&shape.path));
        } else {
            self.fill(palette::fill(mark));
            self.surface.draw_path(&shape.path);
        }
        let face = self.faces.get(2);
        // With a space, so that the letter and the word after it are not one word.
        let text = [mark.letter(), " "].concat();
        let mut glyphs = text.chars().filter_map(|it| face.plain(it, false));
        let (Some(glyph), Some(space)) = (glyphs.next(), glyphs.next()) else { return };
        let font = face.font.clone();
        let points = mark::LETTER * size / 16.0;
        let advance = f32::from(glyph.advance) / face.em;
        let x = at.0 + (size - advance * points) / 2.0;
        let y = at.1 + mark::base(mark) * size / 16.0;
        let glyphs = [(glyph.id, 0..1), (space.id, 1..2)].map(|(id, text)| Placed {
            id,
            text,
            advance,
            offset: (0.0, 0.0),
        });
        self.fill(palette::letter(mark));
        self.surface.draw_glyphs(Point::from_xy(x, y), &glyphs, font, &text, points, false);
    }

    pub(super) fn picture(&mut self, drawing: &Drawing, at: (f32, f32), size: (f32, f32)) {
        let Some(area) = Size::from_wh(size.0, size.1) else { return };
        if let Drawing::Modules { dark, width } = drawing {
            self.modules(dark, *width, at, size.0);
            return;
        }
        self.surface.push_transform(&Transform::from_translate(at.0, at.1));
        match drawing {
            Drawing::Vector(tree) => {
                self.surface.draw_svg(tree, area, SvgSettings::default());
            }
            Drawing::Raster(image) => self.surface.draw_image(image.clone(), area),
            Drawing::Modules { .. } => {}
        }
        self.surface.pop();
        self.ink = None;
    }

    /// One path for a whole QR code: neighbours in a row are one rectangle, so that no hairline shows.
    fn modules(&mut self, dark: &[bool], width: usize, at: (f32, f32), size: f32) {
        let mut path = PathBuilder::new();
        let unit = size / width as f32;
        for (row, modules) in dark.chunks(width).enumerate() {
            let mut from = 0;
            for run in modules.chunk_by(|a, b| a == b) {
                let x = at.0 + from as f32 * unit;
                from += run.len();
                let rect = Rect::from_xywh(x, at.1 + row as f32 * unit, run.len() as f32 * unit, unit);
                if let Some(rect) = rect.filter(|_| run[0]) {
                    path.push_rect(rect);
                }
            }
        }
        let ink = self.palette.ink;
        self.fill(ink);
        if let Some(path) = path.finish() {
            self.surface.draw_path(&path);
        }
    }

    pub(super) fn rect(&mut self, rect: Rect) {
        let mut path = PathBuilder::new();
        path.push_rect(rect);
        if let Some(path) = path.finish() {
            self.surface.draw_path(&path);
        }
    }

    pub(super) fn fill(&mut self, ink: Rgb) {
        if self.ink == Some(ink) {
            return;
        }
        self.ink = Some(ink);
        self.surface.set_fill(Some(Fill {
            paint: palette::krilla(ink).into(),
            opacity: NormalizedF32::ONE,
            rule: FillRule::NonZero,
        }));
    }

    pub(super) fn outlined(&mut self, ink: Rgb, width: f32, draw: impl FnOnce(&mut Self)) {
        self.surface.set_stroke(Some(Stroke {
            paint: palette::krilla(ink).into(),
            width,
            line_join: LineJoin::Round,
            ..Stroke::default()
        }));
        draw(self);
        self.surface.set_stroke(None);
    }
}
