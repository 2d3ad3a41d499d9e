//! Rows that come from the snapshot while they are written.

use export_core::finding::Severity;
use export_core::totals::Totals;
use export_render_kit::charts::Mark;
use export_templates::format;
use export_typeset::{Cell, Column, Flow, Row, Run, Table};

use super::parts::{exploited, id, text, verdict};
use super::{Done, Fault, compliance, findings, vulnerabilities};
use crate::report::{Listed, Rows, Which};

/// All findings, worst first, headed by their severity.
pub(super) fn findings(flow: &mut Flow<'_>, rows: &Rows<'_>) -> Done {
    flow.heading(2, "Detail")?;
    let totals = &rows.facts().totals;
    if totals.findings == 0 {
        return findings::nothing(flow);
    }
    let told = "Every finding, open or not: the worst first, those known to be exploited before the others.";
    flow.caption(&[Run::new(told).quiet()])?;
    let mut table = table(flow)?;
    let mut group = None;
    rows.findings(Which::All, |one| -> Done {
        if group.replace(one.severity) != Some(one.severity) {
            head(&mut table, one.severity, totals)?;
        }
        Ok(table.row(&finding(one))?)
    })?;
    Ok(table.finish()?)
}

fn head(table: &mut Table<'_, '_>, severity: Severity, totals: &Totals) -> Done {
    let name = Mark::from(severity).word();
    let all = totals.severity(severity);
    let open = totals.open_severity(severity);
    let counts = format!("  {}, {} open", super::parts::findings(all), format::count(open));
    let cell = Cell::runs(vec![Run::new(name).semibold(), Run::new(counts).quiet()]);
    Ok(table.group(&cell, &format!("{name}, continued"))?)
}

fn table<'t, 'f>(flow: &'t mut Flow<'f>) -> Result<Table<'t, 'f>, Fault> {
    Ok(flow.table(&[
        Column::mm("", 8.0),
        Column::mm("Finding", 38.0).head(),
        Column::mm("Score", 11.0).right(),
        Column::mm("EPSS", 15.0).right(),
        Column::mm("Exploited", 17.0),
        Column::rest("Fixed in"),
        Column::mm("VEX", 22.0),
        Column::mm("State", 22.0),
        Column::mm("Verdict", 12.0),
    ])?)
}

fn finding(one: &Listed) -> Row<'_> {
    let row = &one.row;
    let state = Run::new(one.state.as_str());
    let cells = [
        Cell::mark(row.mark),
        Cell::new(id(&row.id, row.link.as_ref())),
        text(row.score.as_deref()),
        text(row.epss.as_deref()),
        exploited(row.known_exploited),
        findings::fixed(row).clip(3),
        findings::vex(row.vex),
        Cell::new(if one.open { state } else { state.quiet() }),
        verdict(row.verdict),
    ];
    let place = match (&one.what, &one.image) {
        (Some(what), Some(image)) => format!("{what} in {image}"),
        (Some(what), None) => what.clone(),
        (None, Some(image)) => image.clone(),
        (None, None) => String::new(),
    };
    let mut under = Cell::default();
    if let Some(title) = &row.title {
        under = under.line(vec![Run::new(title.as_str())]);
    }
    if !place.is_empty() {
        under = under.line(vec![Run::new(place).quiet()]);
    }
    Row::new(cells).under(1, 7, under.clip(4))
}

/// All vulnerabilities, and behind them the findings that they do not tell.
pub(super) fn vulnerabilities(flow: &mut Flow<'_>, rows: &Rows<'_>) -> Done {
    let mut table = vulnerabilities::table(flow)?;
    rows.vulnerabilities(|one| -> Done { Ok(table.row(&vulnerabilities::row(one))?) })?;
    table.finish()?;
    let totals = &rows.facts().totals;
    let told = totals.by_kind[0].min(totals.open);
    if totals.findings == told && totals.open == totals.findings {
        return Ok(());
    }
    flow.heading(2, "Closed findings, and those of other kinds")?;
    let mut table = self::table(flow)?;
    rows.findings(Which::Beside, |one| -> Done { Ok(table.row(&finding(one))?) })?;
    Ok(table.finish()?)
}

/// All verdicts that do not simply allow, scan after scan.
pub(super) fn verdicts(flow: &mut Flow<'_>, rows: &Rows<'_>) -> Done {
    let broken = rows.facts().compliance.as_ref().map_or(0, |known| {
        let total = known.total();
        total.verdicts() - total.by_decision[3] - total.by_decision[4]
    });
    flow.heading(2, &compliance::heading("What breaks the rules", broken))?;
    let mut table = compliance::verdict_table(flow)?;
    let mut group = String::new();
    rows.verdicts(|rule, row| -> Done {
        if group != rule {
            rule.clone_into(&mut group);
            let cell = Cell::new(Run::new(rule.to_owned()).semibold());
            table.group(&cell, &format!("{rule}, continued"))?;
        }
        compliance::verdict_row(&mut table, row)
    })?;
    Ok(table.finish()?)
}
