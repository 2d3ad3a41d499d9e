//! Findings that are not open, and why.

use export_templates::format;
use export_templates::view::{NotOpenGroup, ReportView};
use export_typeset::{Cell, Column, Flow, Row, Run};

use super::Done;
use super::parts::{id, tallied, text};

/// Findings that someone or something has closed.
pub(super) fn rows(flow: &mut Flow<'_>, view: &ReportView) -> Done {
    if !view.not_open.iter().any(|group| !group.rows.is_empty()) {
        return counts(flow, view);
    }
    flow.heading(2, "Not shown as open")?;
    view.not_open.iter().try_for_each(|group| closed(flow, group))
}

fn closed(flow: &mut Flow<'_>, group: &NotOpenGroup) -> Done {
    tallied(flow, 3, &group.title, group.rows.len(), group.total)?;
    let who = group.who.as_ref().map(|who| format!(" Said by {who}.")).unwrap_or_default();
    flow.caption(&[Run::new(format!("{}{who}", group.meaning)).quiet()])?;
    if group.rows.is_empty() {
        return Ok(());
    }
    let named = group.rows.iter().any(|row| row.who.is_some());
    let dated = group.rows.iter().any(|row| row.until.is_some() || row.when.is_some());
    let mut columns = vec![
        Column::mm("", 8.0),
        Column::mm("Finding", 36.0).head(),
        Column::mm("In", if named { 46.0 } else { 56.0 }),
    ];
    columns.extend(named.then(|| Column::mm("Who", 30.0)));
    columns.push(Column::rest("Why"));
    columns.extend(dated.then(|| Column::mm("Until", 20.0)));
    let mut table = flow.table(&columns)?;
    for row in &group.rows {
        let mut cells = vec![
            Cell::mark(row.mark),
            Cell::new(id(&row.id, row.link.as_ref())),
            Cell::new(row.place.as_str()),
        ];
        cells.extend(named.then(|| text(row.who.as_deref())));
        let mut why = Cell::new(row.why.as_deref().unwrap_or("no reason given"));
        if let Some(when) = &row.when {
            why = why.line(vec![Run::new(when.as_str()).quiet()]);
        }
        cells.push(why);
        cells.extend(dated.then(|| text(row.until.as_deref())));
        table.row(&Row::new(cells))?;
    }
    Ok(table.finish()?)
}

/// How many they are.
pub(super) fn counts(flow: &mut Flow<'_>, view: &ReportView) -> Done {
    if view.not_open.is_empty() {
        return Ok(());
    }
    flow.heading(2, "Not shown as open")?;
    let mut table = flow.table(&[
        Column::mm("State", 34.0).head(),
        Column::mm("Findings", 22.0).right(),
        Column::rest("What it says"),
    ])?;
    for group in &view.not_open {
        table.row(&Row::new([
            Cell::new(Run::new(group.title.as_str()).semibold()),
            Cell::new(format::count(group.total)),
            Cell::new(group.meaning.as_str()),
        ]))?;
    }
    Ok(table.finish()?)
}
