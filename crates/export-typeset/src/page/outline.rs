//! The bookmarks, from the headings in their order.

use krilla::destination::XyzDestination;
use krilla::geom::Point;
use krilla::outline::{Outline, OutlineNode};

/// One heading: its level, its text, its page from 0 and its top.
pub(crate) struct Entry {
    pub(crate) level: u8,
    pub(crate) title: String,
    pub(crate) page: usize,
    pub(crate) y: f32,
}

/// The tree of entries: each is a child of the last one of a lower level.
pub(crate) fn outline(entries: Vec<Entry>) -> Outline {
    let mut outline = Outline::new();
    let mut open: Vec<(u8, OutlineNode)> = Vec::new();
    for entry in entries {
        close(&mut open, entry.level, &mut outline);
        let place = XyzDestination::new(entry.page, Point::from_xy(0.0, entry.y));
        let node = OutlineNode::new(entry.title, place).with_open(entry.level < 2);
        open.push((entry.level, node));
    }
    close(&mut open, 0, &mut outline);
    outline
}

fn close(open: &mut Vec<(u8, OutlineNode)>, level: u8, outline: &mut Outline) {
    while open.last().is_some_and(|(last, _)| *last >= level) {
        let Some((_, node)) = open.pop() else { return };
        match open.last_mut() {
            Some((_, parent)) => parent.push_child(node),
            None => outline.push_child(node),
        }
    }
}
