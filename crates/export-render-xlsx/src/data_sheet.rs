//! One sheet of a table: a frozen head with a filter, a value a cell, nothing merged.

use std::borrow::Cow;

use export_core::finding::Severity;
use export_core::ports::RenderError;
use export_core::time::Timestamp;
use export_render_kit::cell::Cell;
use export_render_kit::columns::Column;
use export_render_kit::spreadsheet;
use rust_xlsxwriter::{
    ColNum, ConditionalFormatCell, ConditionalFormatCellRule, Format, IgnoreError, RowNum, Workbook,
    Worksheet, XlsxError,
};

use crate::columns::Look;
use crate::fault::fault;
use crate::fit::Fitter;
use crate::link::is_link;
use crate::page::Page;
use crate::{date, look};

/// A little more than the standard, so that the height is the row's own: a wrapped text does not raise it.
const ROW_PIXELS: u32 = 21;
const HEAD_PIXELS: u32 = 26;
/// What a cell takes besides its text, at most: `<c r="AL1048576" s="12" t="inlineStr"><is><t xml:space="preserve">...`.
const CELL_WEIGHT: u64 = 96;

/// A sheet in constant memory: a row is gone to disk when the next one begins.
///
/// The library drops what is written to a row that is gone, without an error. Here the next row is the only one that can
/// be written.
pub(crate) struct DataSheet {
    sheet: Worksheet,
    columns: Vec<(&'static str, Look)>,
    link: Format,
    next: RowNum,
    weight: u64,
}

impl DataSheet {
    /// A sheet with a head and no rows; its first `pinned` columns stay on the screen.
    pub(crate) fn begin<A>(
        workbook: &mut Workbook,
        (name, pinned): (&str, ColNum),
        columns: &'static [Column<A>],
        page: &Page,
    ) -> Result<Self, RenderError> {
        let sheet = workbook.new_worksheet_with_constant_memory().map_err(fault)?;
        let columns = columns.iter().map(|column| (column.name, Look::of(column))).collect();
        let mut begun = Self { sheet, columns, link: look::link(page.accent()), next: 1, weight: 0 };
        begun.set_up(name, pinned, page).map_err(fault)?;
        Ok(begun)
    }

    /// Rows without the head.
    pub(crate) const fn rows(&self) -> u32 {
        self.next - 1
    }

    /// About as many bytes as the rows take in XML, rather more than fewer.
    pub(crate) const fn weight(&self) -> u64 {
        self.weight
    }

    /// Writes the next row. Its address becomes a link while there are `links` left.
    pub(crate) fn row<'r>(
        &mut self,
        cells: impl Iterator<Item = Cell<'r>>,
        fitter: &mut Fitter,
        links: &mut u32,
    ) -> Result<(), RenderError> {
        for ((at, (name, look)), cell) in (0..).zip(&self.columns).zip(cells) {
            let (sheet, place) = (&mut self.sheet, (self.next, at));
            let written = match cell {
                Cell::Empty => continue,
                Cell::Text(text) => {
                    let fitted = fitter.fit(text, name);
                    self.weight += fitted.weight;
                    if look.linked && *links > 0 && is_link(&fitted.text) {
                        *links -= 1;
                        sheet.write_url_with_format(place.0, at, fitted.text.as_ref(), &self.link).map(drop)
                    } else {
                        put_text(sheet, place, fitted.text, look)
                    }
                }
                Cell::Date(time) => put_date(sheet, place, time),
                // A Decimal is a fraction of whole numbers: never infinite, never NaN, which would become a text.
                Cell::Number(number) => sheet.write_number(place.0, at, number.as_f64()).map(drop),
                Cell::Flag(flag) => sheet.write_boolean(place.0, at, flag).map(drop),
            };
            written.map_err(fault)?;
            self.weight += CELL_WEIGHT;
        }
        self.next += 1;
        Ok(())
    }

    /// The finished sheet, with what depends on its number of rows.
    pub(crate) fn end(mut self) -> Result<Worksheet, RenderError> {
        self.filter_and_colours().map_err(fault)?;
        Ok(self.sheet)
    }

    fn set_up(&mut self, name: &str, pinned: ColNum, page: &Page) -> Result<(), XlsxError> {
        let head = look::head();
        let sheet = &mut self.sheet;
        page.set_up(sheet);
        sheet.set_name(name)?.set_landscape().set_repeat_rows(0, 0)?.set_freeze_panes(1, pinned)?;
        sheet.set_default_row_height_pixels(ROW_PIXELS).set_row_height_pixels(0, HEAD_PIXELS)?;
        for (at, (name, look)) in (0..).zip(&self.columns) {
            sheet.set_column_width(at, look.width)?.set_column_format(at, &look.format)?;
            sheet.write_string_with_format(0, at, *name, &head)?;
        }
        Ok(())
    }

    fn filter_and_colours(&mut self) -> Result<(), XlsxError> {
        let last = self.next - 1;
        let last_column = ColNum::try_from(self.columns.len() - 1).expect("fewer columns than Excel has");
        self.sheet.autofilter(0, 0, last, last_column)?;
        // A version such as 3.10 is a text on purpose, and needs no green corner that says so.
        self.sheet.ignore_error_range(0, 0, last, last_column, IgnoreError::NumberStoredAsText)?;
        let coloured = (0..).zip(&self.columns).filter(|(_, (_, look))| look.coloured && last > 0);
        for (at, _) in coloured {
            for severity in Severity::ALL {
                let rule = ConditionalFormatCell::new()
                    .set_rule(ConditionalFormatCellRule::EqualTo(severity.as_str()))
                    .set_format(look::severity(severity));
                self.sheet.add_conditional_format(1, at, last, at, &rule)?;
            }
        }
        Ok(())
    }
}

/// A text is always a text: never a formula, never a number, whatever it looks like.
fn put_text(
    sheet: &mut Worksheet,
    (row, at): (RowNum, ColNum),
    text: Cow<'_, str>,
    look: &Look,
) -> Result<(), XlsxError> {
    if spreadsheet::needs_escape(&text) {
        sheet.write_string_with_format(row, at, text, &look.quoted).map(drop)
    } else {
        sheet.write_string(row, at, text).map(drop)
    }
}

fn put_date(sheet: &mut Worksheet, (row, at): (RowNum, ColNum), time: Timestamp) -> Result<(), XlsxError> {
    match date::serial(time) {
        Some(days) => sheet.write_number(row, at, days).map(drop),
        None => sheet.write_string(row, at, time.to_string()).map(drop),
    }
}
