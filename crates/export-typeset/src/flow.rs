//! The stream of blocks down the pages.

use crate::error::Error;
use crate::page::{Anchors, BOTTOM, Canvas, Container, Detail, Piece, PieceRole, Placed, TOP};
use crate::settings::{CELL_TAGS, Profile, ROW_TAGS, Settings};
use crate::text::{Composer, note_outlines};

/// How many rows pass between two questions whether to stop.
const ROWS_UNASKED: u32 = 64;

/// What the measuring pass finds out for the drawing pass.
#[derive(Debug, Default)]
pub(crate) struct Measured {
    pub(crate) pages: u32,
    pub(crate) anchors: Anchors,
    /// The rows of each table, in order.
    pub(crate) tables: Vec<u64>,
}

/// Takes blocks from top to bottom and breaks them into pages.
///
/// The caller's function is given one twice: first to count pages, then to draw them. It must say the same
/// both times.
pub struct Flow<'a> {
    pub(crate) composer: Composer<'a>,
    pub(crate) settings: &'a Settings<'a>,
    /// The pass that draws has one.
    canvas: Option<Canvas>,
    measured: Measured,
    /// What the first pass measured; empty in the first.
    before: Measured,
    page: Vec<Placed>,
    y: f32,
    /// The white that the last piece wants below it.
    after: f32,
    /// Set, and waiting for what must stand on the same page.
    pending: Vec<Waiting>,
    /// How many [`Flow::together`] are open.
    holds: u32,
    /// What each further page of an open table begins with.
    running: Running,
    spare: Vec<Piece>,
    unasked: u32,
    tables: usize,
    /// How many rows may still be told cell by cell, and row by row.
    cells: u64,
    rows: u64,
}

#[expect(clippy::large_enum_variant, reason = "nearly all are pieces, and a few wait at a time")]
enum Waiting {
    Piece(Piece),
    Open(Container),
    Close,
}

#[derive(Default)]
struct Running {
    head: Option<Piece>,
    group: Option<Piece>,
}

impl<'a> Flow<'a> {
    pub(crate) fn new(composer: Composer<'a>, settings: &'a Settings<'a>) -> Self {
        Self {
            composer,
            settings,
            canvas: None,
            measured: Measured::default(),
            before: Measured::default(),
            page: Vec::new(),
            y: TOP,
            after: 0.0,
            pending: Vec::new(),
            holds: 0,
            running: Running::default(),
            spare: Vec::new(),
            unasked: 0,
            tables: 0,
            cells: CELL_TAGS,
            rows: ROW_TAGS,
        }
    }

    pub(crate) fn drawing(
        composer: Composer<'a>,
        settings: &'a Settings<'a>,
        mut before: Measured,
    ) -> Result<Self, Error> {
        let anchors = std::mem::take(&mut before.anchors);
        let canvas = Canvas::new(settings, anchors, before.pages)?;
        Ok(Self { canvas: Some(canvas), before, ..Self::new(composer, settings) })
    }

    /// Begins a new page, unless this one is empty.
    ///
    /// # Errors
    /// [`Error::Stopped`].
    pub fn page_break(&mut self) -> Result<(), Error> {
        self.settle()?;
        if self.y > TOP { self.end_page() } else { Ok(()) }
    }

    /// Keeps what `blocks` adds on one page, if it is not higher than a page.
    ///
    /// # Errors
    /// Those of `blocks`, and [`Error::Stopped`].
    pub fn together<E: From<Error>>(
        &mut self,
        blocks: impl FnOnce(&mut Self) -> Result<(), E>,
    ) -> Result<(), E> {
        self.holds += 1;
        let done = blocks(self);
        self.holds -= 1;
        done?;
        let sticks = matches!(self.pending.last(), Some(Waiting::Piece(piece)) if piece.sticky);
        if self.holds == 0 && !sticks {
            self.settle()?;
        }
        Ok(())
    }

    /// More white between blocks, in millimetres; none at the top of a page.
    ///
    /// # Errors
    /// [`Error::Stopped`].
    pub fn space(&mut self, millimetres: f32) -> Result<(), Error> {
        let mut piece = self.piece();
        piece.height = millimetres.clamp(0.0, 200.0) * crate::MM;
        piece.role = PieceRole::Space;
        piece.sticky = self.pending.iter().any(|it| matches!(it, Waiting::Piece(piece) if piece.sticky));
        self.push(piece)
    }

    /// An empty piece.
    pub(crate) fn piece(&mut self) -> Piece {
        self.spare.pop().unwrap_or_default()
    }

    /// Takes a piece; it is placed as soon as it is known what must stand beside it.
    pub(crate) fn push(&mut self, piece: Piece) -> Result<(), Error> {
        let sticky = piece.sticky;
        self.pending.push(Waiting::Piece(piece));
        if sticky || self.holds > 0 { Ok(()) } else { self.settle() }
    }

    pub(crate) fn open(&mut self, container: Container) {
        self.pending.push(Waiting::Open(container));
    }

    /// Ends what was opened; it is placed behind what waits.
    pub(crate) fn close(&mut self) {
        if self.pending.is_empty() {
            self.page.push(Placed::Close);
        } else {
            self.pending.push(Waiting::Close);
        }
    }

    /// How closely the table that begins now is told.
    pub(crate) fn begin_table(&mut self) -> Detail {
        let rows = self.before.tables.get(self.tables).copied().unwrap_or(0);
        self.tables += 1;
        self.measured.tables.push(0);
        if self.settings.profile == Profile::Archival {
            return Detail::Cells;
        }
        let tiers = [(&mut self.cells, Detail::Cells), (&mut self.rows, Detail::Rows)];
        for (left, detail) in tiers {
            if rows <= *left {
                *left -= rows;
                return detail;
            }
        }
        Detail::Pages
    }

    pub(crate) fn count_row(&mut self) -> Result<(), Error> {
        if let Some(rows) = self.measured.tables.last_mut() {
            *rows += 1;
        }
        self.unasked += 1;
        if self.unasked >= ROWS_UNASKED { self.ask() } else { Ok(()) }
    }

    pub(crate) fn end_table(&mut self) -> Result<(), Error> {
        if self.holds == 0 {
            self.settle()?;
        }
        self.running = Running::default();
        Ok(())
    }

    /// Asks the caller whether to go on.
    pub(crate) fn ask(&mut self) -> Result<(), Error> {
        self.unasked = 0;
        if (self.settings.stop)() { Err(Error::Stopped) } else { Ok(()) }
    }

    /// The last piece that waits for what follows it.
    pub(crate) fn waits(&self) -> Option<&Piece> {
        self.pending.iter().rev().find_map(|waiting| match waiting {
            Waiting::Piece(piece) => Some(piece),
            Waiting::Open(_) | Waiting::Close => None,
        })
    }

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

    fn end_page(&mut self) -> Result<(), Error> {
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
