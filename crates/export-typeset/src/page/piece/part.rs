//! Pieces that are higher than a page.

use super::{Op, Piece};

impl Piece {
    /// The first lines of a piece that is higher than a page, up to `room` points, and the rest; `None` if
    /// nothing can be parted.
    pub(crate) fn part(&mut self, room: f32) -> Option<Self> {
        let bottom = |op: &Op| match op {
            Op::Line { y, .. } => *y + 3.0,
            Op::Fill { y, height, .. } | Op::Frame { y, height, .. } => *y + height,
            Op::Mark { y, size, .. } => *y + size,
            Op::Picture { y, height, .. } => *y + height,
        };
        let (mut stay, mut go): (Vec<Op>, Vec<Op>) = self.ops.drain(..).partition(|op| bottom(op) <= room);
        let above = |op: &&Op| !is_ground(op);
        let top = go.iter().filter(above).map(top).fold(f32::INFINITY, f32::min);
        if stay.is_empty() || !top.is_finite() {
            stay.append(&mut go);
            self.ops = stay;
            return None;
        }
        // Grounds that reach over the edge are on both pages.
        for op in &mut go {
            let before = op.clone();
            if let Op::Fill { y, height, .. } | Op::Frame { y, height, .. } = op
                && *y < room
            {
                let end = *y + *height;
                (*y, *height) = (top, end - top);
                stay.insert(0, cut(before, room));
            }
        }
        let mut rest = Self {
            text: self.text.clone(),
            spans: self.spans.clone(),
            paragraphs: self.paragraphs.clone(),
            nodes: self.nodes.clone(),
            links: self.links.clone(),
            ops: go,
            height: self.height - top,
            after: self.after,
            role: self.role,
            detail: self.detail,
            ..Self::default()
        };
        for op in &mut rest.ops {
            shift(op, -top);
        }
        self.ops = stay;
        self.height = room;
        Some(rest)
    }
}

fn is_ground(op: &Op) -> bool {
    matches!(op, Op::Fill { .. } | Op::Frame { .. })
}

/// A ground that ends at `bottom`.
fn cut(mut op: Op, bottom: f32) -> Op {
    if let Op::Fill { y, height, .. } | Op::Frame { y, height, .. } = &mut op {
        *height = bottom - *y;
    }
    op
}

fn top(op: &Op) -> f32 {
    match op {
        Op::Line { y, .. } => *y - 9.0,
        Op::Fill { y, .. } | Op::Frame { y, .. } | Op::Mark { y, .. } | Op::Picture { y, .. } => *y,
    }
}

fn shift(op: &mut Op, by: f32) {
    match op {
        Op::Line { y, .. }
        | Op::Fill { y, .. }
        | Op::Frame { y, .. }
        | Op::Mark { y, .. }
        | Op::Picture { y, .. } => *y += by,
    }
}
