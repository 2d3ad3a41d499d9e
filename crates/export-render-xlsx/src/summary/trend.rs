//! Native charts of many scans, drawn from the sheets behind the summary.

use export_core::finding::Severity;
use export_render_kit::charts::Mark;
use export_render_kit::charts::tokens::{INK, RULE};
use export_render_kit::columns::{Column, IMAGES, TREND};
use rust_xlsxwriter::{
    Chart, ChartAxisTickType, ChartDataLabel, ChartFont, ChartFormat, ChartLegendPosition, ChartLine,
    ChartSolidFill, ChartType, ColNum, RowNum, XlsxError,
};

use super::board::Board;
use super::words::words;
use crate::history::{IMAGES_SHEET, TREND_SHEET};
use crate::look::colour;

/// As wide as the page, in pixels.
const WIDTH: u32 = 880;
const TREND_HEIGHT: u32 = 240;
/// Bars of images, and how high each is with its share of the rest.
const BARS: usize = 10;
const BAR_HEIGHT: u32 = 24;
const REST_HEIGHT: u32 = 60;
/// The height of a row that has none of its own.
const ROW_PIXELS: u32 = 20;
/// Points whose values can be written on them without touching.
const LABELLED: usize = 24;
/// A value of nothing is not written.
const VALUE: &str = "#,##0;;";

/// Stacked bars of the worst images, the worst on top.
pub(super) fn by_image(board: &mut Board<'_>, images: usize) -> Result<(), XlsxError> {
    let shown = images.min(BARS);
    let mut chart =
        stacked(ChartType::BarStacked, &Source { sheet: IMAGES_SHEET, rows: shown, labelled: true }, IMAGES);
    chart.y_axis().set_reverse();
    chart.x_axis().set_major_gridlines(false).set_hidden(true).set_min(0);
    let height = u32::try_from(shown).expect("at most ten") * BAR_HEIGHT + REST_HEIGHT;
    chart.set_alt_text("Open findings of the worst images by severity; the numbers are on the sheet Images");
    put(board, chart, height)
}

/// Stacked columns, one for each day or time.
pub(super) fn over_time(board: &mut Board<'_>, points: usize, by_day: bool) -> Result<(), XlsxError> {
    let source = Source { sheet: TREND_SHEET, rows: points, labelled: points <= LABELLED };
    let mut chart = stacked(ChartType::ColumnStacked, &source, TREND);
    let time = if by_day { "yyyy-mm-dd" } else { "hh:mm" };
    chart.x_axis().set_text_axis(true).set_num_format(time);
    let mut rule = ChartLine::new();
    rule.set_color(colour(RULE));
    chart.y_axis().set_min(0).set_num_format("#,##0").set_major_gridlines_line(&rule);
    chart.set_alt_text(
        "Open findings of all images over time by severity; the numbers are on the sheet Trend",
    );
    put(board, chart, TREND_HEIGHT)
}

/// Where the numbers are.
struct Source {
    sheet: &'static str,
    rows: usize,
    labelled: bool,
}

/// A series for each severity, worst first.
fn stacked<A>(kind: ChartType, source: &Source, columns: &[Column<A>]) -> Chart {
    let mut chart = Chart::new(kind);
    let last = RowNum::try_from(source.rows).unwrap_or(RowNum::MAX);
    for severity in Severity::ALL {
        let mark = Mark::from(severity);
        let mut fill = ChartFormat::new();
        fill.set_solid_fill(ChartSolidFill::new().set_color(colour(mark.fill())));
        let series = chart.add_series();
        let at = place(columns, &format!("open_{}", severity.as_str()));
        series
            .set_name(words(severity.as_str()).as_str())
            .set_categories((source.sheet, 1, 0, last, 0))
            .set_values((source.sheet, 1, at, last, at))
            .set_format(&mut fill)
            .set_gap(40)
            .set_overlap(100);
        if source.labelled {
            let mut labels = ChartDataLabel::new();
            labels.show_value().set_num_format(VALUE).set_font(&font(mark.on_fill()));
            series.set_data_label(&labels);
        }
    }
    chart.legend().set_position(ChartLegendPosition::Bottom).set_font(&font(INK));
    let mut bare = ChartFormat::new();
    bare.set_no_border().set_no_fill();
    chart.chart_area().set_format(&mut bare.clone());
    chart.plot_area().set_format(&mut bare);
    for axis in [true, false] {
        let mut rule = ChartFormat::new();
        rule.set_line(ChartLine::new().set_color(colour(RULE)));
        let axis = if axis { chart.x_axis() } else { chart.y_axis() };
        axis.set_font(&font(INK)).set_format(&mut rule).set_major_tick_type(ChartAxisTickType::None);
    }
    chart
}

fn put(board: &mut Board<'_>, mut chart: Chart, height: u32) -> Result<(), XlsxError> {
    chart.set_width(WIDTH).set_height(height);
    board.chart(board.row(), 0, &chart)?;
    board.down(height.div_ceil(ROW_PIXELS) + 1);
    Ok(())
}

fn place<A>(columns: &[Column<A>], name: &str) -> ColNum {
    let at = columns.iter().position(|column| column.name == name);
    ColNum::try_from(at.expect("each severity has a column")).expect("fewer columns than Excel has")
}

fn font(token: &'static str) -> ChartFont {
    let mut font = ChartFont::new();
    font.set_size(9).set_color(colour(token));
    font
}
