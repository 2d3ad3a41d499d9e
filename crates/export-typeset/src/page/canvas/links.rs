//! Links as annotations of a page.

use krilla::action::LinkAction;
use krilla::annotation::{Annotation, LinkAnnotation, Target};
use krilla::destination::XyzDestination;
use krilla::geom::{Point, Quadrilateral};
use krilla::page::Page;

use super::Anchors;
use super::told::Told;
use crate::page::draw::LinkArea;
use crate::page::piece::{Kind, Piece};
use crate::page::tags::Sketch;

/// The annotation of a link that was drawn in `areas`; `None` if it leads nowhere.
pub(super) fn annotation(piece: &Piece, areas: &[LinkArea], anchors: &Anchors) -> Option<Annotation> {
    let Kind::Link(number) = piece.nodes[usize::from(areas[0].node)].kind else { return None };
    let address = piece.links.get(usize::from(number))?;
    let (target, alt) = match address.strip_prefix('#') {
        Some(name) => {
            let (page, y) = anchors.get(name)?;
            let place = XyzDestination::new(*page as usize, Point::from_xy(0.0, *y));
            (Target::Destination(place.into()), format!("Go to {name}"))
        }
        None => (Target::Action(LinkAction::new(address.clone()).into()), address.clone()),
    };
    let link = match areas {
        [area] => LinkAnnotation::new(area.rect, target),
        areas => {
            let quads = areas.iter().map(|area| Quadrilateral::from(area.rect)).collect();
            LinkAnnotation::new_with_quad_points(quads, target)
        }
    };
    Some(Annotation::new_link(link, Some(alt)))
}

/// Puts a link on the page, and into the structure if its piece is told part by part.
pub(super) fn link(
    page: &mut Page<'_>,
    annotation: Annotation,
    sketches: &mut [Sketch],
    of: (&Piece, &[LinkArea]),
    told: &[Told],
) {
    let (piece, areas) = of;
    match told[areas[0].number] {
        Told::Sketch(index) => {
            let content = page.add_tagged_annotation(annotation);
            sketches[index].content(piece, areas[0].node, content);
        }
        Told::Flat(_) | Told::Silent => page.add_annotation(annotation),
    }
}
