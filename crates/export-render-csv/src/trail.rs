//! The audit trail as rows: one event each, with the details that auditors filter by in columns of their own.

use std::borrow::Cow;

use export_core::audit::AuditEvent;
use export_core::ports::{Brief, Outlet, RecordKind, RenderError, Rendered, Snapshot};
use export_core::text::Text;
use export_render_kit::block::BlockWriter;
use export_render_kit::cell::Cell;
use export_render_kit::columns::ColumnKind;
use export_render_kit::json;
use export_render_kit::rows::for_each_event;

use crate::dialect::Dialect;

/// A column of the audit trail.
#[derive(Debug, Clone, Copy)]
pub struct TrailColumn {
    /// Its name, in the head.
    pub name: &'static str,
    /// What its cells are.
    pub kind: ColumnKind,
    /// What it tells.
    pub description: &'static str,
}

const fn column(name: &'static str, kind: ColumnKind, description: &'static str) -> TrailColumn {
    TrailColumn { name, kind, description }
}

/// The columns, in order. `docs/formats/audit-log.md` has the same, held by a test.
pub const AUDIT: &[TrailColumn] = &[
    column("seq", ColumnKind::Number, "Its place in the tenant's trail: from 1, without gaps"),
    column("at", ColumnKind::Date, "When"),
    column("actor", ColumnKind::Text, "Who: the token's subject, `system`, or `link` for whoever holds one"),
    column("action", ColumnKind::Text, "What was done"),
    column("target", ColumnKind::Text, "With what: an export's id, a template's name"),
    column("type", ColumnKind::Text, "The export's type"),
    column("format", ColumnKind::Text, "The export's format"),
    column("artifact", ColumnKind::Text, "The artifact's name"),
    column("sha256", ColumnKind::Text, "SHA-256 of the artifact, or of a template's text"),
    column("code", ColumnKind::Text, "Why an export failed"),
    column("detail", ColumnKind::Text, "All details as JSON, those of the columns too"),
    column("hash", ColumnKind::Text, "Its hash in the tenant's chain"),
];

pub(crate) fn write(
    brief: &Brief<'_>,
    from: &dyn Snapshot,
    out: &mut dyn Outlet,
    dialect: &Dialect,
) -> Result<Rendered, RenderError> {
    let mut out = BlockWriter::new(out);
    dialect.begin(out.block());
    dialect.row(AUDIT.iter().map(|column| Cell::text(Some(column.name))), out.block());
    let rows = for_each_event(from, brief.pulse, |event| {
        let mut detail = Vec::new();
        json::write(&event.entry.detail, &mut detail).map_err(std::io::Error::from)?;
        let detail = std::str::from_utf8(&detail).expect("JSON is UTF-8");
        // A row begins with the only number of its kind, which no decimal holds.
        out.block().extend_from_slice(event.seq.to_string().as_bytes());
        dialect.rest(cells(event, detail).into_iter(), out.block());
        Ok(out.settle()?)
    })?;
    out.finish()?;
    Ok(Rendered { rows: Some(rows), lists: vec![(RecordKind::AuditEvent, rows)], ..Rendered::default() })
}

/// The cells behind `seq`.
fn cells<'r>(event: &'r AuditEvent<'_>, detail: &'r str) -> [Cell<'r>; 11] {
    let entry = &event.entry;
    let told = |name: &'static str| Cell::text(entry.detail.get(&name.into()).map(Text::as_str));
    [
        Cell::Date(event.at),
        Cell::text(Some(&entry.actor)),
        Cell::text(Some(entry.action.as_str())),
        Cell::text(Some(&entry.target)),
        told("type"),
        told("format"),
        told("artifact"),
        told("sha256"),
        told("code"),
        Cell::Text(Cow::Borrowed(detail)),
        Cell::Text(Cow::Owned(event.hash.to_string())),
    ]
}
