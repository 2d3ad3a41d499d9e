//! A `vulnerability_report`: summary, what changed where there is a baseline, vulnerabilities, every finding, and upgrades
//! where they are wanted.

use export_core::ports::{BaselineFacts, Brief, RecordKind, RenderError, Rendered, Snapshot};
use export_render_kit::columns::{
    CHANGES, COMPARED_FINDINGS, COMPARED_VULNERABILITIES, FINDINGS, UPGRADES, VULNERABILITIES,
};
use export_render_kit::rows::{for_each_change, for_each_finding};
use export_render_kit::upgrades::for_each_upgrade;
use export_render_kit::vulnerabilities::for_each_vulnerability;
use rust_xlsxwriter::{Workbook, Worksheet};

use crate::changes::Changed;
use crate::first::FirstThings;
use crate::fit::Fitter;
use crate::page::Page;
use crate::sheets::{Limits, Sheets, Table};
use crate::summary::{self, LISTED_ON};

const FINDINGS_SHEET: &str = "Findings";

/// The sheets in order, and what is to be said of them.
pub(crate) fn write(
    workbook: &mut Workbook,
    page: &Page,
    limits: Limits,
    (brief, from): (&Brief<'_>, &dyn Snapshot),
) -> Result<(Vec<Worksheet>, Rendered), RenderError> {
    let (mut fitter, mut first) = (Fitter::default(), FirstThings::default());
    let compares = from.facts().baseline.is_some();
    let columns = if compares { COMPARED_VULNERABILITIES } else { VULNERABILITIES };
    let table = Table { name: "Vulnerabilities", columns, pinned: 1 };
    let mut rows = Sheets::begin(workbook, table, page, limits)?;
    let listed = for_each_vulnerability(from, brief.pulse, |vulnerability| {
        let cells = columns.iter().map(|column| (column.cell)(vulnerability));
        rows.add(workbook, cells, &mut fitter)
    })?;
    let mut sheets = rows.finish()?;

    let columns = if compares { COMPARED_FINDINGS } else { FINDINGS };
    let table = Table { name: FINDINGS_SHEET, columns, pinned: 0 };
    let mut rows = Sheets::begin(workbook, table, page, limits)?;
    let findings = for_each_finding(from, brief.pulse, |record| {
        first.consider(record);
        rows.add(workbook, columns.iter().map(|column| (column.cell)(record)), &mut fitter)
    })?;
    sheets.extend(rows.finish()?);

    if let Some(baseline) = &from.facts().baseline {
        let (told, listed) = changes(workbook, (page, limits), (brief, from), baseline, &mut fitter)?;
        sheets.insert(0, told);
        sheets.extend(listed);
    }
    let mut warnings = Vec::from_iter(listed.warning("the sheet Findings"));
    if brief.request.options.include_remediation {
        let table = Table { name: "Upgrades", columns: UPGRADES, pinned: 0 };
        let mut rows = Sheets::begin(workbook, table, page, limits)?;
        let left_out = for_each_upgrade(from, brief.pulse, |upgrade| {
            rows.add(workbook, UPGRADES.iter().map(|column| (column.cell)(upgrade)), &mut fitter)
        })?;
        sheets.extend(rows.finish()?);
        warnings.extend(left_out.warnings());
    }
    let summary = summary::of_findings((brief, from.facts()), page, &first, &warnings, &mut fitter)?;
    sheets.insert(0, summary);
    warnings.extend(fitter.warnings());
    let lists = vec![(RecordKind::Vulnerability, listed.rows), (RecordKind::Finding, findings)];
    Ok((sheets, Rendered { rows: Some(listed.rows), lists, warnings, ..Rendered::default() }))
}

/// The sheet that tells what changed, and those that list all of it.
fn changes(
    workbook: &mut Workbook,
    (page, limits): (&Page, Limits),
    (brief, from): (&Brief<'_>, &dyn Snapshot),
    baseline: &BaselineFacts,
    fitter: &mut Fitter,
) -> Result<(Worksheet, Vec<Worksheet>), RenderError> {
    let mut changed = Changed::default();
    let table = Table { name: LISTED_ON, columns: CHANGES, pinned: 1 };
    let mut rows = Sheets::begin(workbook, table, page, limits)?;
    for_each_change(from, brief.pulse, |record| {
        changed.add(record);
        rows.add(workbook, CHANGES.iter().map(|column| (column.cell)(record)), fitter)
    })?;
    Ok((summary::of_changes(baseline, page, &changed, fitter)?, rows.finish()?))
}
