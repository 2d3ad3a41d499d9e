//! Native charts: bars with their values written on them, so that no legend is needed.

use export_core::record::FindingStatus;
use export_core::totals::Totals;
use export_render_kit::charts::tokens::{INK, QUIET, RULE};
use rust_xlsxwriter::{
    Chart, ChartAxisTickType, ChartDataLabel, ChartFont, ChartFormat, ChartLine, ChartPoint, ChartSolidFill,
    Color, RowNum, XlsxError,
};

use super::NAME;
use super::board::{Board, LEFT};
use super::words::thousands;
use crate::look::{self, colour};

/// Where a chart begins, and how large it is, in pixels: three columns wide, and as high as the table beside it.
const AT: u16 = 3;
const WIDTH: u32 = 450;
const HEIGHT: u32 = 172;

/// One bar for each of six rows of the table beside it.
pub(super) struct Bars {
    /// What the bars are.
    pub(super) title: &'static str,
    /// The first row of the table; names stand in its first column, values in its second.
    pub(super) first: RowNum,
    /// The values again.
    pub(super) values: [u64; 6],
    /// The colour of each bar.
    pub(super) fills: [Color; 6],
}

/// Ink for what somebody has to act on, the accent for what is done with.
pub(super) fn status_fill(status: FindingStatus, accent: Color) -> Color {
    match status {
        FindingStatus::Open => colour(INK),
        FindingStatus::UnderInvestigation => colour(QUIET),
        FindingStatus::Fixed
        | FindingStatus::NotAffected
        | FindingStatus::Waived
        | FindingStatus::Suppressed => accent,
    }
}

/// Puts the chart beside its table. Nothing found is no picture.
pub(super) fn beside(board: &mut Board<'_>, totals: &Totals, bars: &Bars) -> Result<(), XlsxError> {
    if totals.findings == 0 {
        return Ok(());
    }
    // Level with the table's head.
    board.chart(bars.first - 1, AT, &chart(bars))
}

fn chart(bars: &Bars) -> Chart {
    let mut chart = Chart::new_bar();
    let last = bars.first + 5;
    let points: Vec<ChartPoint> =
        bars.fills.iter().map(|fill| ChartPoint::new().set_format(&mut filled(*fill))).collect();
    let mut labels = ChartDataLabel::new();
    labels.show_value().set_num_format(look::COUNT).set_font(&font(INK));
    chart
        .add_series()
        .set_name("Findings")
        .set_categories((NAME, bars.first, LEFT, last, LEFT))
        .set_values((NAME, bars.first, LEFT + 1, last, LEFT + 1))
        .set_points(&points)
        .set_data_label(&labels)
        .set_gap(40);
    chart.title().set_name(bars.title).set_font(font(QUIET).unset_bold()).set_overlay(false);
    plain(&mut chart);
    chart.set_width(WIDTH).set_height(HEIGHT).set_alt_text(description(bars));
    chart
}

/// No frame, no grid, no legend, no numbers on the axis: the values stand on the bars. The first is on top.
fn plain(chart: &mut Chart) {
    let mut bare = ChartFormat::new();
    bare.set_no_border().set_no_fill();
    chart.legend().set_hidden();
    chart.chart_area().set_format(&mut bare.clone());
    chart.plot_area().set_format(&mut bare);
    let mut rule = ChartFormat::new();
    rule.set_line(ChartLine::new().set_color(colour(RULE)));
    // In a chart of bars the library calls the upright axis, which has the names, y.
    chart.y_axis().set_reverse().set_font(&font(INK)).set_format(&mut rule);
    chart.y_axis().set_major_tick_type(ChartAxisTickType::None);
    chart.x_axis().set_major_gridlines(false).set_hidden(true).set_min(0);
}

fn filled(fill: Color) -> ChartFormat {
    let mut format = ChartFormat::new();
    format.set_solid_fill(ChartSolidFill::new().set_color(fill));
    format
}

fn font(token: &'static str) -> ChartFont {
    let mut font = ChartFont::new();
    font.set_size(9).set_color(colour(token));
    font
}

fn description(bars: &Bars) -> String {
    let values = bars.values.map(thousands).join(", ");
    format!("{}, from the top: {values}", bars.title)
}
