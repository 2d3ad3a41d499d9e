//! The rows of one table, on as many sheets as it takes.

use export_core::ports::RenderError;
use export_render_kit::cell::Cell;
use export_render_kit::columns::Column;
use rust_xlsxwriter::{ColNum, Workbook, Worksheet};

use crate::data_sheet::DataSheet;
use crate::fit::Fitter;
use crate::page::Page;

/// Where a sheet ends, and what has links.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Rows of a sheet, without its head.
    pub(crate) rows: u32,
    /// Bytes of a sheet's XML, after which the next sheet begins.
    pub(crate) weight: u64,
    /// Links of all sheets of one table, given to the first rows, which are the most severe.
    pub(crate) links: u32,
}

impl Limits {
    /// What Excel opens: 1,048,576 rows, files of less than 4 GiB in the archive (it dislikes ZIP64), and 65,530 links a
    /// sheet. The links stay in memory, 1.5 KB each, so there are fewer.
    pub(crate) const EXCEL: Self = Self { rows: 1_048_575, weight: 3_500_000_000, links: 5_000 };
}

/// A table of a workbook.
pub(crate) struct Table<A: 'static> {
    /// The name of the first sheet, and the beginning of the others'.
    pub(crate) name: &'static str,
    /// Its columns.
    pub(crate) columns: &'static [Column<A>],
    /// Columns that stay on the screen.
    pub(crate) pinned: ColNum,
}

/// The sheets of one table, filled row by row.
pub(crate) struct Sheets<'w, A: 'static> {
    table: Table<A>,
    page: &'w Page,
    limits: Limits,
    links_left: u32,
    full: Vec<Worksheet>,
    current: DataSheet,
}

impl<'w, A> Sheets<'w, A> {
    /// Begins the first sheet.
    pub(crate) fn begin(
        workbook: &mut Workbook,
        table: Table<A>,
        page: &'w Page,
        limits: Limits,
    ) -> Result<Self, RenderError> {
        let current = DataSheet::begin(workbook, (table.name, table.pinned), table.columns, page)?;
        Ok(Self { table, page, limits, links_left: limits.links, full: vec![], current })
    }

    /// Writes one more row.
    pub(crate) fn add<'r>(
        &mut self,
        workbook: &mut Workbook,
        cells: impl Iterator<Item = Cell<'r>>,
        fitter: &mut Fitter,
    ) -> Result<(), RenderError> {
        if self.current.rows() == self.limits.rows || self.current.weight() >= self.limits.weight {
            self.turn_over(workbook)?;
        }
        self.current.row(cells, fitter, &mut self.links_left)
    }

    /// The finished sheets, in order. There is always one.
    pub(crate) fn finish(self) -> Result<Vec<Worksheet>, RenderError> {
        let mut sheets = self.full;
        sheets.push(self.current.end()?);
        Ok(sheets)
    }

    fn turn_over(&mut self, workbook: &mut Workbook) -> Result<(), RenderError> {
        let Table { name, columns, pinned } = &self.table;
        let name = format!("{name} ({})", self.full.len() + 2);
        let next = DataSheet::begin(workbook, (&name, *pinned), columns, self.page)?;
        let full = std::mem::replace(&mut self.current, next);
        self.full.push(full.end()?);
        Ok(())
    }
}
