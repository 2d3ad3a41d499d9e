//! Images and scans over time.

use export_templates::format;
use export_templates::view::{ImageRow, ReportView, ScanRow, Trend};
use export_typeset::{Cell, Column, Flow, Row, Run};

use super::parts::{count, counted, severity_cells, severity_columns, text, verdict};
use super::{Done, picture};

/// The trend, and the images by their newest scan.
pub(super) fn opening(flow: &mut Flow<'_>, view: &ReportView) -> Done {
    let Some(history) = &view.history else { return Ok(()) };
    if let Some(trend) = &history.trend {
        picture::one(flow, 2, trend)?;
    }
    if history.worst.is_empty() {
        return Ok(());
    }
    flow.heading(2, if history.worst.len() > 1 { "Images, worst first" } else { "The image" })?;
    let mut columns = vec![Column::rest("Image").head()];
    columns.extend(severity_columns(13.0));
    columns.extend([
        Column::mm("With a fix", 15.0).right(),
        Column::mm("Known exploited", 17.0).right(),
        Column::mm("Change", 15.0).right(),
        Column::mm("Scanned", 19.0).right(),
    ]);
    let with_verdicts = history.worst.iter().any(|row| row.verdict.is_some());
    columns.extend(with_verdicts.then(|| Column::mm("Policy", 13.0)));
    let mut table = flow.table(&columns)?;
    for row in &history.worst {
        table.row(&Row::new(image(row, with_verdicts)))?;
    }
    table.finish()?;
    let mut note =
        "Open findings of the newest scan; the change is that of all open findings since the scan before."
            .to_owned();
    if history.more_images > 0 {
        let more = counted(history.more_images, "more image has", "more images have");
        note.push_str(&format!(" {more} fewer or milder ones."));
    }
    Ok(flow.aside(&note)?)
}

fn image(row: &ImageRow, with_verdict: bool) -> Vec<Cell<'_>> {
    let mut name = vec![Run::new(row.name.as_str()).semibold()];
    if row.scans > 1 {
        name.push(Run::new(format!("  {} scans", row.scans)).quiet());
    }
    let mut cells = vec![Cell::runs(name)];
    cells.extend(severity_cells(&row.counts));
    let exploited = match row.known_exploited {
        0 => count(0),
        some => Cell::new(Run::new(format::count(some)).semibold().alert()),
    };
    let change = row.change.as_ref().map_or_else(
        || Cell::new(super::parts::NONE),
        |change| {
            let run = Run::new(change.text.as_str());
            Cell::new(match change.trend {
                Trend::Better => run.semibold().accent(),
                Trend::Same => run.quiet(),
                Trend::Worse => run.semibold(),
            })
        },
    );
    cells.extend([count(row.with_fix), exploited, change, text(row.scanned.as_deref())]);
    cells.extend(with_verdict.then(|| verdict(row.verdict)));
    cells
}

/// Every scan.
pub(super) fn scans(flow: &mut Flow<'_>, view: &ReportView) -> Done {
    let Some(history) = view.history.as_ref().filter(|it| !it.rows.is_empty()) else { return Ok(()) };
    flow.heading(2, "All scans")?;
    if let Some(unlisted) = &view.unlisted {
        flow.callout(&[Run::new(unlisted.as_str())])?;
    }
    let mut columns = vec![Column::rest("Scan").head()];
    columns.extend(severity_columns(13.5));
    columns.extend([
        Column::mm("With a fix", 16.0).right(),
        Column::mm("Known exploited", 17.0).right(),
        Column::mm("Findings in all", 17.0).right(),
    ]);
    let mut table = flow.table(&columns)?;
    for row in &history.rows {
        table.row(&Row::new(scan(row)))?;
    }
    if let Some(sum) = &history.sum {
        let head = Cell::new(Run::new(sum.image.as_str()).semibold())
            .line(vec![Run::new("An image that was scanned twice counts twice.").quiet()]);
        let mut cells = scan(sum);
        cells[0] = head;
        table.row(&Row::new(cells))?;
    }
    Ok(table.finish()?)
}

fn scan(row: &ScanRow) -> Vec<Cell<'_>> {
    let mut place = vec![Run::new(row.id.as_str()).mono().quiet()];
    for more in [&row.scanned, &row.tool].into_iter().flatten() {
        place.push(Run::new(format!(", {more}")).quiet());
    }
    let mut cells = vec![Cell::new(Run::new(row.image.as_str()).semibold()).line(place)];
    cells.extend(severity_cells(&row.counts));
    cells.extend([count(row.with_fix), count(row.known_exploited), count(row.findings)]);
    cells
}
