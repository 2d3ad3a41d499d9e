//! Where pages end.

use super::{Flow, Measured, Running, Waiting};
use crate::error::Error;
use crate::page::{BOTTOM, Canvas, Piece, PieceRole, Placed, TOP};
use crate::text::{Composer, note_outlines};

impl<'a> Flow<'a> {
    /// The height left on this page.
    pub(crate) fn room(&self) -> f32 {
        BOTTOM - self.y
    }

    /// Places what waits: together on this page, on the next, or one after the other if no page holds it.
    pub(crate) fn settle(&mut self) -> Result<(), Error> {
        if self.pending.is_empty() {
            return Ok(());
        }
        if self.waiting_height() > self.room() && self.y > TOP {
            self.end_page()?;
        }
        let mut waiting = std::mem::take(&mut self.pending);
        for item in waiting.drain(..) {
            match item {
                Waiting::Piece(piece) => self.place(piece)?,
                Waiting::Open(container) => self.page.push(Placed::Open(container)),
                Waiting::Close => self.page.push(Placed::Close),
                Waiting::TableEnd => self.running = Running::default(),
            }
        }
        self.pending = waiting;
        Ok(())
    }

    /// The height of what waits, with the white between it and above.
    fn waiting_height(&self) -> f32 {
        let (mut height, mut after) = (0.0, self.after);
        for waiting in &self.pending {
            if let Waiting::Piece(piece) = waiting {
                height += piece.before.max(after) + piece.height;
                after = piece.after;
            }
        }
        height
    }

    fn place(&mut self, mut piece: Piece) -> Result<(), Error> {
        if piece.role == PieceRole::Space && self.y <= TOP {
            return Ok(());
        }
        let mut before = if self.y > TOP { piece.before.max(self.after) } else { 0.0 };
        if before + piece.height > self.room() && self.y > TOP {
            self.end_page()?;
            before = 0.0;
        }
        while piece.height > self.room() {
            let Some(rest) = piece.part(self.room()) else { break };
            self.put(piece, 0.0);
            self.end_page()?;
            (piece, before) = (rest, 0.0);
        }
        match piece.role {
            PieceRole::TableHead => self.running.head = Some(piece.as_artifact()),
            PieceRole::GroupHead => self.running.group = piece.again.take().map(|it| *it),
            PieceRole::Plain | PieceRole::Row | PieceRole::Banner | PieceRole::Space => {}
        }
        self.put(piece, before);
        Ok(())
    }

    fn put(&mut self, mut piece: Piece, before: f32) {
        let y = self.y + before;
        self.y = y + piece.height;
        self.after = piece.after;
        if let Some(anchor) = piece.outline.as_ref().and_then(|it| it.anchor.clone()) {
            self.measured.anchors.entry(anchor).or_insert((self.measured.pages, y));
        }
        if self.canvas.is_some() {
            self.page.push(Placed::Piece { piece, y });
        } else {
            note_outlines(&piece, &mut self.composer.faces);
            piece.clear();
            self.spare.push(piece);
        }
    }

    pub(super) fn end_page(&mut self) -> Result<(), Error> {
        self.ask()?;
        self.flush();
        (self.y, self.after) = (TOP, 0.0);
        for repeated in [&self.running.head, &self.running.group] {
            let Some(head) = repeated else { continue };
            let piece = head.as_artifact();
            let y = self.y;
            self.y += piece.height;
            if self.canvas.is_some() {
                self.page.push(Placed::Piece { piece, y });
            } else {
                note_outlines(&piece, &mut self.composer.faces);
            }
        }
        Ok(())
    }

    fn flush(&mut self) {
        self.measured.pages += 1;
        if let Some(canvas) = &mut self.canvas {
            canvas.page(&mut self.composer, self.settings, &self.page);
        }
        for placed in self.page.drain(..) {
            if let Placed::Piece { mut piece, .. } = placed {
                piece.clear();
                self.spare.push(piece);
            }
        }
    }

    /// Ends the last page; hands back what was measured, and the canvas of the drawing pass.
    pub(crate) fn finish(mut self) -> Result<(Measured, Composer<'a>, Option<Canvas>), Error> {
        self.settle()?;
        self.running = Running::default();
        let drawn = self.page.iter().any(|it| matches!(it, Placed::Piece { .. }));
        if self.y > TOP || drawn || self.measured.pages == 0 {
            self.flush();
        }
        Ok((self.measured, self.composer, self.canvas))
    }
}
