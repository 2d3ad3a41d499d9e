//! A `vulnerability_report`: vulnerabilities, then every finding in a file of its own, what changed where there is a baseline, upgrades
//! where they are wanted.

use export_core::catalogue::Format;
use export_core::ports::{Brief, Outlet, RecordKind, RenderError, Rendered, Snapshot};
use export_render_kit::block::BlockWriter;
use export_render_kit::cell::Cell;
use export_render_kit::columns::{
    CHANGES, COMPARED_FINDINGS, COMPARED_VULNERABILITIES, Column, FINDINGS, UPGRADES, VULNERABILITIES,
};
use export_render_kit::rows::{for_each_change, for_each_finding};
use export_render_kit::upgrades::for_each_upgrade;
use export_render_kit::vulnerabilities::for_each_vulnerability;

use crate::dialect::Dialect;

/// The file of all findings, of whatever kind.
const FINDINGS_FILE: &str = "findings.csv";
/// The file of what came, went or changed since the baseline.
const CHANGES_FILE: &str = "changes.csv";
/// The file of upgrades.
const UPGRADES_FILE: &str = "upgrades.csv";

pub(crate) fn write(
    dialect: &Dialect,
    brief: &Brief<'_>,
    from: &dyn Snapshot,
    out: &mut dyn Outlet,
) -> Result<Rendered, RenderError> {
    let compares = from.facts().baseline.is_some();
    let columns = if compares { COMPARED_VULNERABILITIES } else { VULNERABILITIES };
    let mut table = Table::begin(dialect, columns, out);
    let listed = for_each_vulnerability(from, brief.pulse, |vulnerability| {
        table.row(columns.iter().map(|column| (column.cell)(vulnerability)))
    })?;
    table.end()?;

    out.next_file(FINDINGS_FILE, Format::Csv.media_type())?;
    let columns = if compares { COMPARED_FINDINGS } else { FINDINGS };
    let mut table = Table::begin(dialect, columns, out);
    let findings = for_each_finding(from, brief.pulse, |record| {
        table.row(columns.iter().map(|column| (column.cell)(record)))
    })?;
    table.end()?;

    let mut rendered = Rendered {
        rows: Some(listed.rows),
        further_rows: vec![findings],
        lists: vec![(RecordKind::Vulnerability, listed.rows), (RecordKind::Finding, findings)],
        warnings: listed.warning(FINDINGS_FILE).into_iter().collect(),
        template: None,
    };
    if compares {
        out.next_file(CHANGES_FILE, Format::Csv.media_type())?;
        let mut table = Table::begin(dialect, CHANGES, out);
        let changed = for_each_change(from, brief.pulse, |record| {
            table.row(CHANGES.iter().map(|column| (column.cell)(record)))
        })?;
        table.end()?;
        rendered.further_rows.push(changed);
    }
    if brief.request.options.include_remediation {
        out.next_file(UPGRADES_FILE, Format::Csv.media_type())?;
        let mut table = Table::begin(dialect, UPGRADES, out);
        let left_out = for_each_upgrade(from, brief.pulse, |upgrade| {
            table.row(UPGRADES.iter().map(|column| (column.cell)(upgrade)))
        })?;
        table.end()?;
        rendered.further_rows.push(left_out.upgrades);
        rendered.warnings.extend(left_out.warnings());
    }
    Ok(rendered)
}

/// A file with a head and rows.
pub(crate) struct Table<'a> {
    dialect: &'a Dialect,
    out: BlockWriter<&'a mut dyn Outlet>,
}

impl<'a> Table<'a> {
    /// A table with a head and no rows.
    pub(crate) fn begin<A>(dialect: &'a Dialect, columns: &[Column<A>], out: &'a mut dyn Outlet) -> Self {
        let mut out = BlockWriter::new(out);
        dialect.begin(out.block());
        dialect.head(columns, out.block());
        Self { dialect, out }
    }

    /// One more row.
    pub(crate) fn row<'r>(&mut self, cells: impl Iterator<Item = Cell<'r>>) -> Result<(), RenderError> {
        self.dialect.row(cells, self.out.block());
        Ok(self.out.settle()?)
    }

    /// Passes everything on.
    pub(crate) fn end(self) -> Result<(), RenderError> {
        Ok(self.out.finish()?)
    }
}
