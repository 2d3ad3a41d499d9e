//! Rules, what breaks them, and who accepted that.

use export_templates::format;
use export_templates::view::{BrokenRule, Compliance, ReportView, Verdict, VerdictRow, WaiverRow};
use export_typeset::{Cell, Column, Flow, Row, Run, Table};

use super::parts::{count, counted, strong_count, tallied, tally_cells, tally_columns};
use super::{Done, stream};
use crate::engine::Page;

const NO_VERDICTS: &str = "No rule was asked: there are no verdicts about what this scope names.";
const NOTHING_BROKEN: &str = "Nothing: no rule is broken, and none could not be evaluated.";

/// Compliance by image.
pub(super) fn images(flow: &mut Flow<'_>, view: &ReportView) -> Done {
    let Some(section) = view.compliance.as_ref().filter(|it| !it.images.is_empty()) else { return Ok(()) };
    flow.heading(2, "Compliance by image")?;
    let mut columns = vec![Column::rest("Image").head(), Column::mm("State", 28.0)];
    columns.extend(tally_columns());
    let mut table = flow.table(&columns)?;
    for row in &section.images {
        let mut name = vec![Run::new(row.name.as_str()).semibold()];
        if let Some(digest) = &row.digest {
            name.extend([Run::new("  "), Run::new(digest.as_str()).mono().quiet()]);
        }
        let state = Run::new(row.state.as_str());
        let state = match row.state.as_str() {
            "not compliant" => state.semibold(),
            "compliant" => state.semibold().accent(),
            _ => state.quiet(),
        };
        let mut cells = vec![Cell::runs(name), Cell::new(state)];
        cells.extend(tally_cells(&row.tally));
        table.row(&Row::new(cells))?;
    }
    table.finish()?;
    if section.more_images > 0 {
        let more = counted(section.more_images, "more image is", "more images are");
        flow.aside(&format!("{more} not listed: see the detailed report."))?;
    }
    Ok(())
}

/// The sets with all their rules.
pub(super) fn rules(flow: &mut Flow<'_>, view: &ReportView) -> Done {
    let Some(section) = &view.compliance else { return Ok(()) };
    flow.heading(2, "Policy sets and rules")?;
    if section.sets.is_empty() {
        return Ok(flow.paragraph(&[Run::new(NO_VERDICTS)])?);
    }
    for set in &section.sets {
        flow.heading(3, &format!("{} – {} of its verdicts allow", set.name, set.share))?;
        let mut columns =
            vec![Column::rest("Policy and rule").head(), Column::mm("Images failing", 24.0).right()];
        columns.extend(tally_columns());
        let mut table = flow.table(&columns)?;
        for row in &set.rules {
            let name = vec![
                Run::new(row.policy.as_str()).semibold(),
                Run::new("  "),
                Run::new(row.rule.as_str()).quiet(),
            ];
            let mut cells = vec![Cell::runs(name), count(row.failing_scans)];
            cells.extend(tally_cells(&row.tally));
            table.row(&Row::new(cells))?;
        }
        if set.rules.len() > 1 {
            let mut cells = vec![Cell::new(Run::new("All rules").semibold()), Cell::default()];
            cells.extend(tally_cells(&set.tally));
            table.row(&Row::new(cells))?;
        }
        table.finish()?;
    }
    Ok(())
}

/// What breaks the rules: from the view, or from the snapshot where the view has no room for all.
pub(super) fn broken(flow: &mut Flow<'_>, page: &Page<'_>) -> Done {
    match page.stream.filter(|_| page.view.compliance.is_some()) {
        Some(rows) => stream::verdicts(flow, rows),
        None => listed(flow, page.view),
    }
}

/// What the view lists of it.
pub(super) fn listed(flow: &mut Flow<'_>, view: &ReportView) -> Done {
    let Some(section) = &view.compliance else { return Ok(()) };
    flow.heading(2, "What breaks the rules")?;
    if let Some(unlisted) = &view.unlisted {
        flow.callout(&[Run::new(unlisted.as_str())])?;
    }
    if section.broken.is_empty() {
        return nothing(flow, section);
    }
    for rule in &section.broken {
        tallied(flow, 3, &format!("{} {}", rule.policy, rule.rule), rule.rows.len(), rule.total)?;
        if section.sets.len() > 1 {
            flow.caption(&[Run::new(format!("Set {}", rule.set)).quiet()])?;
        }
        let mut table = verdict_table(flow)?;
        for row in &rule.rows {
            verdict_row(&mut table, row)?;
        }
        table.finish()?;
    }
    Ok(())
}

fn nothing(flow: &mut Flow<'_>, section: &Compliance) -> Done {
    let text = if section.verdicts > 0 { NOTHING_BROKEN } else { NO_VERDICTS };
    Ok(flow.paragraph(&[Run::new(text)])?)
}

/// The table that verdicts stand in.
pub(super) fn verdict_table<'t, 'f>(flow: &'t mut Flow<'f>) -> Result<Table<'t, 'f>, super::Fault> {
    Ok(flow.table(&[
        Column::mm("Verdict", 18.0),
        Column::mm("Image", 42.0).head(),
        Column::mm("About", 60.0),
        Column::rest("Why"),
    ])?)
}

/// A row of it.
pub(super) fn verdict_row(table: &mut Table<'_, '_>, row: &VerdictRow) -> Done {
    let decision = match row.decision {
        Verdict::Fail => Run::new("fail").semibold(),
        Verdict::Error => Run::new("undecided").semibold(),
        Verdict::Warn => Run::new("warn"),
        Verdict::Waived => Run::new("waived"),
        Verdict::Pass => Run::new("pass"),
    };
    let mut why = Cell::new(row.reason.as_str());
    if let Some(note) = &row.note {
        why = why.line(vec![Run::new(note.as_str()).semibold()]);
    }
    Ok(table.row(&Row::new([
        Cell::new(decision),
        Cell::new(row.image.as_str()),
        about(row.id.as_deref(), row.component.as_deref(), "the whole image"),
        why,
    ]))?)
}

fn about<'a>(id: Option<&'a str>, component: Option<&'a str>, otherwise: &'a str) -> Cell<'a> {
    match (id, component) {
        (Some(id), None) => Cell::new(Run::new(id).mono()),
        (Some(id), Some(component)) => Cell::new(Run::new(id).mono()).line(vec![Run::new(component).quiet()]),
        (None, Some(component)) => Cell::new(component),
        (None, None) => Cell::new(Run::new(otherwise).quiet()),
    }
}

/// The broken rules with examples.
pub(super) fn broken_short(flow: &mut Flow<'_>, view: &ReportView) -> Done {
    let Some(section) = &view.compliance else { return Ok(()) };
    flow.heading(2, "What breaks the rules")?;
    if section.broken.is_empty() {
        return nothing(flow, section);
    }
    let mut table = flow.table(&[
        Column::mm("Policy and rule", 52.0).head(),
        Column::mm("Images failing", 16.0).right(),
        Column::mm("Fail", 12.0).right(),
        Column::mm("Undecided", 19.0).right(),
        Column::mm("Warn", 13.0).right(),
        Column::rest("For example"),
    ])?;
    for rule in &section.broken {
        let place =
            if section.sets.len() > 1 { format!("{}, {}", rule.rule, rule.set) } else { rule.rule.clone() };
        table.row(&Row::new([
            Cell::new(Run::new(rule.policy.as_str()).semibold()).line(vec![Run::new(place).quiet()]),
            count(rule.failing_scans),
            strong_count(rule.tally.fail),
            count(rule.tally.error),
            count(rule.tally.warn),
            examples(rule),
        ]))?;
    }
    Ok(table.finish()?)
}

fn examples(rule: &BrokenRule) -> Cell<'_> {
    let mut cell = Cell::default();
    for row in &rule.rows {
        let mut runs = Vec::new();
        if let Some(id) = &row.id {
            runs.extend([Run::new(id.as_str()).mono(), Run::new(" ")]);
        }
        runs.push(Run::new(format!("in {}: {}", row.image, row.reason)));
        if let Some(note) = &row.note {
            runs.push(Run::new(format!(" {note}")).semibold());
        }
        cell = cell.line(runs);
    }
    cell.clip(9)
}

/// Accepted failures.
pub(super) fn waivers(flow: &mut Flow<'_>, view: &ReportView) -> Done {
    let Some(section) = view.compliance.as_ref().filter(|it| !it.waivers.is_empty()) else { return Ok(()) };
    tallied(flow, 2, "Waivers", section.waivers.len(), section.waivers_total)?;
    let told = "A rule is broken, and someone accepted that. One that has run out counts as the failure that it waived.";
    flow.caption(&[Run::new(told).quiet()])?;
    let mut table = flow.table(&[
        Column::mm("Until", 22.0),
        Column::mm("Rule", 44.0).head(),
        Column::mm("About", 48.0),
        Column::mm("Who", 28.0),
        Column::rest("Why"),
    ])?;
    for row in &section.waivers {
        table.row(&Row::new(waiver(row)))?;
    }
    Ok(table.finish()?)
}

fn waiver(row: &WaiverRow) -> [Cell<'_>; 5] {
    let mut until = Cell::new(row.until.as_str());
    if row.ended {
        until = until.line(vec![Run::new("run out").semibold()]);
    }
    let about = about(row.id.as_deref(), row.component.as_deref(), "the whole image");
    [
        until,
        Cell::new(row.rule.as_str()),
        about.line(vec![Run::new(row.image.as_str()).quiet()]),
        Cell::new(row.who.as_deref().unwrap_or("nobody named")),
        Cell::new(row.why.as_deref().unwrap_or("no reason given")),
    ]
}

/// What policies decided, in a report of another subject.
pub(super) fn policies(flow: &mut Flow<'_>, view: &ReportView) -> Done {
    if view.policies.is_empty() {
        return Ok(());
    }
    flow.heading(2, "Policies")?;
    let mut table = flow.table(&[
        Column::mm("Policy", 56.0).head(),
        Column::rest("Set"),
        Column::mm("Fail", 15.0).right(),
        Column::mm("Error", 15.0).right(),
        Column::mm("Warn", 15.0).right(),
        Column::mm("Waived", 16.0).right(),
        Column::mm("Pass", 15.0).right(),
    ])?;
    for row in &view.policies {
        table.row(&Row::new([
            Cell::new(Run::new(row.policy.as_str()).semibold()),
            Cell::new(row.set.as_str()),
            strong_count(row.fail),
            count(row.error),
            count(row.warn),
            count(row.waived),
            count(row.pass),
        ]))?;
    }
    Ok(table.finish()?)
}

/// How many rows a heading announces.
pub(super) fn heading(title: &str, total: u64) -> String {
    format!("{title} – {}", format::count(total))
}
