//! Every finding, on as many sheets as it takes.

use export_core::ports::RenderError;
use export_core::record::FindingRecord;
use export_render_kit::columns::FINDINGS;
use rust_xlsxwriter::{Workbook, Worksheet};

use crate::data_sheet::DataSheet;
use crate::fit::Fitter;
use crate::page::Page;

/// The name of the first sheet, and the beginning of the others'.
const NAME: &str = "Findings";

/// Where a sheet ends, and what has links.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Rows of a sheet, without its head.
    pub(crate) rows: u32,
    /// Bytes of a sheet's XML, after which the next sheet begins.
    pub(crate) weight: u64,
    /// Links of all sheets together, given to the first findings, which are the most severe.
    pub(crate) links: u32,
}

impl Limits {
    /// What Excel opens: 1,048,576 rows, files of less than 4 GiB in the archive (it dislikes ZIP64), and 65,530 links a
    /// sheet. The links stay in memory, 1.5 KB each, so there are fewer.
    pub(crate) const EXCEL: Self = Self { rows: 1_048_575, weight: 3_500_000_000, links: 10_000 };
}

/// The sheets of one workbook, filled in the order of the records.
pub(crate) struct FindingSheets<'w> {
    workbook: &'w mut Workbook,
    page: &'w Page,
    limits: Limits,
    links_left: u32,
    full: Vec<Worksheet>,
    current: DataSheet,
}

impl<'w> FindingSheets<'w> {
    /// Begins the first sheet.
    pub(crate) fn begin(
        workbook: &'w mut Workbook,
        page: &'w Page,
        limits: Limits,
    ) -> Result<Self, RenderError> {
        let current = DataSheet::begin(workbook, NAME, FINDINGS, page)?;
        Ok(Self { workbook, page, limits, links_left: limits.links, full: vec![], current })
    }

    /// Writes one more row.
    pub(crate) fn add(&mut self, record: &FindingRecord<'_>, fitter: &mut Fitter) -> Result<(), RenderError> {
        if self.current.rows() == self.limits.rows || self.current.weight() >= self.limits.weight {
            self.turn_over()?;
        }
        self.current.row(record, fitter, &mut self.links_left)
    }

    /// The finished sheets, in order. There is always one.
    pub(crate) fn finish(self) -> Result<Vec<Worksheet>, RenderError> {
        let mut sheets = self.full;
        sheets.push(self.current.end()?);
        Ok(sheets)
    }

    fn turn_over(&mut self) -> Result<(), RenderError> {
        let name = format!("{NAME} ({})", self.full.len() + 2);
        let next = DataSheet::begin(self.workbook, &name, FINDINGS, self.page)?;
        let full = std::mem::replace(&mut self.current, next);
        self.full.push(full.end()?);
        Ok(())
    }
}
