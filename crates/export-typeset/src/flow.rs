//! The stream of blocks down the pages.

mod paging;

use crate::error::Error;
use crate::page::{Anchors, Canvas, Container, Detail, Piece, PieceRole, Placed, TOP};
use crate::settings::{CELL_TAGS, Profile, ROW_TAGS, Settings};
use crate::text::Composer;

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
    /// From here on, pages begin without a table's head.
    TableEnd,
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
        self.pending.push(Waiting::TableEnd);
        if self.holds == 0 { self.settle() } else { Ok(()) }
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
            Waiting::Open(_) | Waiting::Close | Waiting::TableEnd => None,
        })
    }
}
