//! What to do: the upgrades over all images.

use export_templates::format;
use export_templates::view::{ReportView, Upgrade};
use export_typeset::{Cell, Column, Flow, Row, Run};

use super::Done;
use super::parts::{and_more, count, counted, findings, id};

/// Upgrades, best first, and what none of them ends.
pub(super) fn section(flow: &mut Flow<'_>, view: &ReportView) -> Done {
    let Some(section) = &view.remediation else { return Ok(()) };
    flow.heading(2, "What to do")?;
    flow.paragraph(&[Run::new(section.sentence.as_str())])?;
    if !section.upgrades.is_empty() {
        let mut table = flow.table(&[
            Column::mm("", 8.0),
            Column::mm("Upgrade", 58.0).head(),
            Column::mm("From → to", 68.0),
            Column::rest("Ends"),
        ])?;
        for row in &section.upgrades {
            table.row(&upgrade(row))?;
        }
        table.finish()?;
    }
    if section.more > 0 {
        let more = counted(section.more, "more upgrade ends", "more upgrades end");
        flow.aside(&format!("{more} fewer or milder findings."))?;
    }
    if section.remaining.is_empty() {
        return Ok(());
    }
    flow.heading(3, "What no upgrade here ends")?;
    let mut table = flow.table(&[
        Column::mm("Known of a fix", 50.0).head(),
        Column::mm("Findings", 22.0).right(),
        Column::rest("What can be done"),
    ])?;
    for row in &section.remaining {
        table.row(&Row::new([
            Cell::new(row.what.as_str()),
            count(row.findings),
            Cell::new(row.action.as_str()),
        ]))?;
    }
    Ok(table.finish()?)
}

fn upgrade(row: &Upgrade) -> Row<'_> {
    let mut name = vec![Run::new(row.name.as_str()).semibold()];
    name.extend(row.kind.as_deref().map(|kind| Run::new(format!("  {kind}")).quiet()));
    if row.known_exploited {
        name.push(Run::new("  known exploited").semibold().alert());
    }
    let versions =
        vec![Run::new(row.installed.as_str()).mono(), Run::new(" → "), Run::new(row.fixed.as_str()).mono()];
    let ends = if row.ends < row.open {
        format!("{} of {}", format::count(row.ends), findings(row.open))
    } else {
        findings(row.open)
    };
    let mut under = Vec::new();
    for (index, (text, link)) in row.ids.iter().enumerate() {
        if index > 0 {
            under.push(Run::new(", ").quiet());
        }
        under.push(id(text, link.as_ref()).small());
    }
    if row.more_ids {
        under.push(Run::new(" and more").quiet());
    }
    if !row.images.is_empty() {
        under.push(Run::new(format!(", in {}", and_more(&row.images, row.more_images))).quiet());
    }
    let cells = [Cell::mark(row.mark), Cell::runs(name), Cell::runs(versions), Cell::new(ends)];
    Row::new(cells).under(1, 4, Cell::runs(under))
}
