//! A `vulnerability_report`: summary, vulnerabilities, every finding, and upgrades where they are wanted.

use export_core::ports::{Brief, RecordKind, RenderError, Rendered, Snapshot};
use export_render_kit::columns::{FINDINGS, UPGRADES, VULNERABILITIES};
use export_render_kit::rows::for_each_finding;
use export_render_kit::upgrades::for_each_upgrade;
use export_render_kit::vulnerabilities::for_each_vulnerability;
use rust_xlsxwriter::{Workbook, Worksheet};

use crate::first::FirstThings;
use crate::fit::Fitter;
use crate::page::Page;
use crate::sheets::{Limits, Sheets, Table};
use crate::summary;

const FINDINGS_SHEET: &str = "Findings";

/// The sheets in order, and what is to be said of them.
pub(crate) fn write(
    workbook: &mut Workbook,
    page: &Page,
    limits: Limits,
    (brief, from): (&Brief<'_>, &dyn Snapshot),
) -> Result<(Vec<Worksheet>, Rendered), RenderError> {
    let (mut fitter, mut first) = (Fitter::default(), FirstThings::default());
    let table = Table { name: "Vulnerabilities", columns: VULNERABILITIES, pinned: 1 };
    let mut rows = Sheets::begin(workbook, table, page, limits)?;
    let listed = for_each_vulnerability(from, brief.pulse, |vulnerability| {
        let cells = VULNERABILITIES.iter().map(|column| (column.cell)(vulnerability));
        rows.add(workbook, cells, &mut fitter)
    })?;
    let mut sheets = rows.finish()?;

    let table = Table { name: FINDINGS_SHEET, columns: FINDINGS, pinned: 0 };
    let mut rows = Sheets::begin(workbook, table, page, limits)?;
    let findings = for_each_finding(from, brief.pulse, |record| {
        first.consider(record);
        rows.add(workbook, FINDINGS.iter().map(|column| (column.cell)(record)), &mut fitter)
    })?;
    sheets.extend(rows.finish()?);

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
