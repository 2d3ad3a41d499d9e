//! The grid that the summary, and what changed, is laid out on: a narrow margin and six columns.

use std::borrow::Cow;

use export_core::time::Timestamp;
use export_render_kit::charts::tokens::{INK, QUIET, RULE};
use export_render_kit::spreadsheet;
use rust_xlsxwriter::{
    Chart, ColNum, Color, Format, FormatAlign, FormatBorder, FormatUnderline, RowNum, Url, Worksheet,
    XlsxError,
};

use crate::date;
use crate::fit::Fitter;
use crate::look::{self, colour};

/// The first column behind the margin.
pub(super) const LEFT: ColNum = 1;
const COLUMNS: ColNum = WIDTHS.len() as ColNum;
const MARGIN_WIDTH: u16 = 2;
/// Characters of each column. Together as wide as a full page is high, in the proportion of A4.
const WIDTHS: [u16; 6] = [18, 18, 22, 22, 22, 22];

/// A sheet while it is filled from top to bottom. Columns count from 0, behind the margin.
pub(super) struct Board<'s> {
    name: &'static str,
    sheet: &'s mut Worksheet,
    fitter: &'s mut Fitter,
    row: RowNum,
    accent: Color,
}

impl<'s> Board<'s> {
    /// An empty board on `sheet`, with its name and the tenant's colour.
    pub(super) fn new(
        name: &'static str,
        sheet: &'s mut Worksheet,
        fitter: &'s mut Fitter,
        accent: Color,
    ) -> Self {
        Self { name, sheet, fitter, row: 0, accent }
    }

    /// The colour of links and of what is good.
    pub(super) const fn accent(&self) -> Color {
        self.accent
    }

    /// The warnings so far.
    pub(super) fn warnings(&self) -> Vec<export_core::warning::Warning> {
        self.fitter.warnings()
    }

    /// The row that is written to.
    pub(super) const fn row(&self) -> RowNum {
        self.row
    }

    /// Goes `rows` down.
    pub(super) fn down(&mut self, rows: RowNum) {
        self.row += rows;
    }

    /// Gives the row a height of its own, in points.
    pub(super) fn height(&mut self, points: u16) -> Result<(), XlsxError> {
        self.sheet.set_row_height(self.row, points).map(drop)
    }

    /// A text, which is never a formula.
    pub(super) fn text(&mut self, at: ColNum, text: &str, format: &Format) -> Result<(), XlsxError> {
        let (text, format) = self.styled(text, format);
        self.sheet.write_string_with_format(self.row, LEFT + at, text, &format).map(drop)
    }

    /// A text over all columns, on as many lines as it takes.
    pub(super) fn paragraph(&mut self, text: &str, format: &Format) -> Result<(), XlsxError> {
        self.run(0, text, format)
    }

    /// A text over two or more columns.
    pub(super) fn span(
        &mut self,
        at: ColNum,
        last: ColNum,
        text: &str,
        format: &Format,
    ) -> Result<(), XlsxError> {
        self.sheet.merge_range(self.row, LEFT + at, self.row, LEFT + last, "", format)?;
        self.text(at, text, format)
    }

    /// A text from a column to the last, on as many lines as it takes.
    pub(super) fn run(&mut self, at: ColNum, text: &str, format: &Format) -> Result<(), XlsxError> {
        self.span(at, COLUMNS - 1, text, format)
    }

    /// A text that leads to `address`.
    pub(super) fn link(
        &mut self,
        at: ColNum,
        text: &str,
        address: &str,
        format: &Format,
    ) -> Result<(), XlsxError> {
        let (text, format) = self.styled(text, format);
        let url = Url::new(address).set_text(text);
        let format = format.set_font_color(self.accent).set_underline(FormatUnderline::Single);
        self.sheet.write_url_with_format(self.row, LEFT + at, url, &format).map(drop)
    }

    /// A whole number.
    pub(super) fn count(&mut self, at: ColNum, count: u64, format: &Format) -> Result<(), XlsxError> {
        #[expect(clippy::cast_precision_loss, reason = "nobody has 2^53 findings")]
        let number = count as f64;
        let format = format.clone().set_num_format(look::COUNT);
        self.sheet.write_number_with_format(self.row, LEFT + at, number, &format).map(drop)
    }

    /// How many more or fewer.
    pub(super) fn change(&mut self, at: ColNum, change: i64, format: &Format) -> Result<(), XlsxError> {
        #[expect(clippy::cast_precision_loss, reason = "nobody has 2^53 findings")]
        let number = change as f64;
        let format = format.clone().set_num_format(look::CHANGE);
        self.sheet.write_number_with_format(self.row, LEFT + at, number, &format).map(drop)
    }

    /// A point in time.
    pub(super) fn date(&mut self, at: ColNum, time: Timestamp, format: &Format) -> Result<(), XlsxError> {
        let Some(days) = date::serial(time) else {
            return self.text(at, &time.to_string(), format);
        };
        let format = format.clone().set_num_format(look::DATE).set_align(FormatAlign::Left);
        self.sheet.write_number_with_format(self.row, LEFT + at, days, &format).map(drop)
    }

    /// A chart whose upper left corner is at `row`.
    pub(super) fn chart(&mut self, row: RowNum, at: ColNum, chart: &Chart) -> Result<(), XlsxError> {
        self.sheet.insert_chart_with_offset(row, LEFT + at, chart, 12, 4).map(drop)
    }

    /// The head of a part.
    pub(super) fn head(&mut self, text: &str) -> Result<(), XlsxError> {
        self.down(1);
        self.height(20)?;
        let format =
            ink(13).set_bold().set_border_bottom(FormatBorder::Thin).set_border_bottom_color(colour(INK));
        for at in 1..COLUMNS {
            self.sheet.write_blank(self.row, LEFT + at, &format)?;
        }
        self.text(0, text, &format)?;
        self.down(1);
        Ok(())
    }

    fn styled<'t>(&mut self, text: &'t str, format: &Format) -> (Cow<'t, str>, Format) {
        let text = self.fitter.fit(Cow::Borrowed(text), self.name).text;
        let format = format.clone();
        let format = if spreadsheet::needs_escape(&text) { format.set_quote_prefix() } else { format };
        (text, format)
    }

    /// The last touch: one page, and nothing on the screen but what was written.
    pub(super) fn end(self) -> Result<(), XlsxError> {
        let last = LEFT + COLUMNS - 1;
        self.sheet.set_name(self.name)?;
        for (at, width) in (0..).zip([MARGIN_WIDTH].into_iter().chain(WIDTHS)) {
            self.sheet.set_column_width(at, width)?;
        }
        self.sheet.set_print_area(0, LEFT, self.row, last)?;
        self.sheet
            .set_screen_gridlines(false)
            .set_print_fit_to_pages(1, 1)
            .set_print_center_horizontally(true);
        Ok(())
    }
}

/// Text in ink, of so many points.
pub(super) fn ink(points: u16) -> Format {
    Format::new().set_font_size(points).set_font_color(colour(INK))
}

/// Text that explains.
pub(super) fn quiet(points: u16) -> Format {
    Format::new().set_font_size(points).set_font_color(colour(QUIET))
}

/// A cell of a table, with the thin rule below it.
pub(super) fn cell(points: u16) -> Format {
    ink(points).set_border_bottom(FormatBorder::Thin).set_border_bottom_color(colour(RULE))
}
