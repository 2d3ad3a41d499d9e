//! Vulnerabilities over all images, each once.

use export_templates::format;
use export_templates::view::{ReportView, VulnerabilityRow};
use export_typeset::{Cell, Column, Flow, Row, Run, Table};

use super::parts::{and_more, count, counted, exploited, id, text, verdict};
use super::{Done, Fault, findings, stream};
use crate::engine::Page;

/// The list: from the view, or from the snapshot where the view has no room for all.
pub(super) fn section(flow: &mut Flow<'_>, page: &Page<'_>) -> Done {
    let view = page.view;
    if view.vulnerabilities.is_none() {
        return Ok(());
    }
    flow.heading(2, "Vulnerabilities")?;
    if let Some(unlisted) = &view.unlisted {
        flow.callout(&[Run::new(unlisted.as_str())])?;
    }
    match page.stream {
        Some(rows) => stream::vulnerabilities(flow, rows),
        None => listed(flow, view),
    }
}

fn listed(flow: &mut Flow<'_>, view: &ReportView) -> Done {
    let rows = view.vulnerabilities.as_ref().map_or(&[][..], |it| &it.rows);
    if rows.is_empty() {
        return findings::nothing(flow);
    }
    let mut table = table(flow)?;
    for one in rows {
        table.row(&row(one))?;
    }
    Ok(table.finish()?)
}

/// The table that vulnerabilities stand in.
pub(super) fn table<'t, 'f>(flow: &'t mut Flow<'f>) -> Result<Table<'t, 'f>, Fault> {
    let told = "Each once, over all images: those with open findings first, the worst first.";
    flow.caption(&[Run::new(told).quiet()])?;
    Ok(flow.table(&[
        Column::mm("", 8.0),
        Column::mm("Vulnerability", 38.0).head(),
        Column::mm("Score", 12.0).right(),
        Column::mm("EPSS", 16.0).right(),
        Column::mm("Exploited", 17.0),
        Column::mm("Open", 14.0).right(),
        Column::mm("Images", 16.0).right(),
        Column::mm("Closed", 41.0),
        Column::rest("Verdict"),
    ])?)
}

/// A row of it.
pub(super) fn row(one: &VulnerabilityRow) -> Row<'_> {
    let closed: Vec<String> = one
        .statuses
        .iter()
        .filter(|status| status.what != "open")
        .map(|status| format!("{} {}", format::count(status.count), status.what))
        .collect();
    let closed = if closed.is_empty() { Cell::new(super::parts::NONE) } else { Cell::new(closed.join(", ")) };
    let mut under = Cell::default();
    for line in [&one.title, &one.description].into_iter().flatten() {
        under = under.line(vec![Run::new(line.as_str())]);
    }
    under = under.line(components(one)).line(vec![Run::new(place(one)).quiet()]).clip(12);
    Row::new([
        Cell::mark(one.mark),
        Cell::new(id(&one.id, one.link.as_ref())),
        text(one.score.as_deref()),
        text(one.epss.as_deref()),
        exploited(one.known_exploited),
        count(one.open),
        count(one.images.len() as u64 + one.more_images),
        closed,
        verdict(one.verdict),
    ])
    .under(1, 9, under)
}

fn components(one: &VulnerabilityRow) -> Vec<Run<'_>> {
    let mut runs = Vec::new();
    for (index, part) in one.components.iter().enumerate() {
        if index > 0 {
            runs.push(Run::new("; "));
        }
        runs.push(Run::new(part.name.as_str()).semibold());
        if let Some(installed) = &part.installed {
            runs.push(Run::new(format!(" {installed}")));
        }
        runs.push(Run::new(" → "));
        runs.push(match &part.fixed {
            Some(fixed) => Run::new(fixed.as_str()),
            None => Run::new(part.unfixed.as_str()).quiet(),
        });
    }
    if one.more_components > 0 {
        let more = counted(one.more_components, "more component", "more components");
        runs.push(Run::new(format!(" and {more}")));
    }
    runs
}

fn place(one: &VulnerabilityRow) -> String {
    let mut parts = Vec::new();
    if !one.images.is_empty() {
        parts.push(format!("in {}", and_more(&one.images, one.more_images)));
    }
    parts.extend(one.published.as_ref().map(|day| format!("published {day}")));
    parts.extend(one.aliases.iter().cloned());
    parts.join(" · ")
}
