//! Two tables with their pictures: findings by severity, and by status.

use export_core::finding::Severity;
use export_core::record::FindingStatus;
use export_core::totals::Totals;
use export_render_kit::charts::Mark;
use rust_xlsxwriter::{Format, FormatAlign, XlsxError};

use super::board::{Board, cell, ink, quiet};
use super::charts::{self, Bars};
use super::words::words;
use crate::look;

/// Open and all findings of each severity.
pub(super) fn by_severity(board: &mut Board<'_>, totals: &Totals) -> Result<(), XlsxError> {
    board.head("Findings by severity")?;
    heads(board, &["Severity", "Open", "All"])?;
    let first = board.row();
    for severity in Severity::ALL {
        let word = look::severity(severity).set_font_size(10);
        board.text(0, &words(severity.as_str()), &word)?;
        board.count(1, totals.open_severity(severity), &cell(10))?;
        board.count(2, totals.severity(severity), &cell(10))?;
        board.down(1);
    }
    sums(board, &[totals.open, totals.findings])?;
    let fills = Severity::ALL.map(|it| look::colour(Mark::from(it).fill()));
    let bars = Bars { title: "Open findings by severity", first, values: totals.open_by_severity, fills };
    charts::beside(board, totals, &bars)
}

/// All findings of each status.
pub(super) fn by_status(board: &mut Board<'_>, totals: &Totals) -> Result<(), XlsxError> {
    board.head("Findings by status")?;
    heads(board, &["Status", "Findings"])?;
    let first = board.row();
    for status in FindingStatus::ALL {
        board.text(0, &words(status.as_str()), &cell(10))?;
        board.count(1, totals.status(status), &cell(10))?;
        board.down(1);
    }
    sums(board, &[totals.findings])?;
    let accent = board.accent();
    let fills = FindingStatus::ALL.map(|status| charts::status_fill(status, accent));
    let bars = Bars { title: "All findings by status", first, values: totals.by_status, fills };
    charts::beside(board, totals, &bars)
}

fn heads(board: &mut Board<'_>, names: &[&str]) -> Result<(), XlsxError> {
    for (at, name) in (0..).zip(names) {
        let align = if at == 0 { FormatAlign::Left } else { FormatAlign::Right };
        board.text(at, name, &quiet(9).set_align(align))?;
    }
    board.down(1);
    Ok(())
}

fn sums(board: &mut Board<'_>, sums: &[u64]) -> Result<(), XlsxError> {
    let bold: Format = ink(10).set_bold();
    board.text(0, "Sum", &bold)?;
    for (at, sum) in (1..).zip(sums) {
        board.count(at, *sum, &bold)?;
    }
    board.down(1);
    Ok(())
}
