//! What every page has: its edges, header and footer.

use export_render_kit::charts::tokens;

use super::piece::{Kind, Op, Piece};
use crate::settings::Settings;
use crate::text::{Composer, Place, Run, Setting};

const MM: f32 = 72.0 / 25.4;

/// A4, in points.
pub(super) const PAGE: (f32, f32) = (210.0 * MM, 297.0 * MM);
/// The left edge of the text.
pub(crate) const LEFT: f32 = 16.0 * MM;
/// The width of the text.
pub(crate) const WIDTH: f32 = (210.0 - 32.0) * MM;
/// The first and the last point of the text, from the top.
pub(crate) const TOP: f32 = 15.0 * MM;
pub(crate) const BOTTOM: f32 = (297.0 - 15.0) * MM;

const HEADER: f32 = 7.0 * MM;
const FOOTER: f32 = (297.0 - 10.0) * MM;

/// The header and the footer of page `page` of `pages`, both from 1, to be drawn at the page's top left.
pub(crate) fn furniture(
    composer: &mut Composer<'_>,
    settings: &Settings<'_>,
    page: u32,
    pages: u32,
) -> [Piece; 2] {
    let number = format!("Page {page} of {pages}");
    let head = strip(composer, HEADER, [&settings.header_left, "", &settings.header_right]);
    let foot = strip(composer, FOOTER, [&settings.footer_left, &settings.footer_centre, &number]);
    [head, foot]
}

/// Three texts on one line: left, centred, right. What is too long is cut.
fn strip(composer: &mut Composer<'_>, y: f32, texts: [&str; 3]) -> Piece {
    let setting = Setting::new(tokens::SMALL_PT, 1.4);
    let mut piece = Piece::default();
    let node = piece.node(Kind::Artifact, None);
    let runs = texts.map(|text| [Run::new(text).quiet()]);
    let [_, centre, right] = [0, 1, 2].map(|index| composer.width(&runs[index], setting).min(WIDTH * 0.6));
    let gap = 6.0 * MM;
    let middle = LEFT + (WIDTH - centre) / 2.0;
    let room = if centre > 0.0 { middle - LEFT - gap } else { WIDTH - right - gap };
    let place = |x: f32, width: f32| Place { limit: 1, ..Place::new(x, y, width.max(1.0)) };
    composer.set(&mut piece, &runs[0], setting, place(LEFT, room), node);
    composer.set(&mut piece, &runs[1], setting, place(middle, centre + 1.0), node);
    let right_room = if centre > 0.0 { room } else { WIDTH * 0.6 };
    let right_place = Place { right: true, ..place(LEFT + WIDTH - right_room, right_room) };
    composer.set(&mut piece, &runs[2], setting, right_place, node);
    piece.ops.retain(|op| !matches!(op, Op::Line { start, end, .. } if start == end));
    piece
}
