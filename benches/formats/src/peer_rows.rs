//! The rows of the table formats for other programs: a line for each finding, which is the JSON array of its cells.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use export_core::ports::Snapshot;
use export_engine::AttemptPulse;
use export_render_kit::cell::Cell;
use export_render_kit::columns::FINDINGS;
use export_render_kit::rows::for_each_finding;
use serde_json::{Value, json};

use crate::Failure;

/// Writes the columns' names and then every row; the bytes of the file.
pub fn write(from: &dyn Snapshot, path: &Path) -> Result<u64, Failure> {
    let mut out = BufWriter::with_capacity(1 << 20, File::create(path)?);
    let names: Vec<&str> = FINDINGS.iter().map(|column| column.name).collect();
    writeln!(out, "{}", json!(names))?;
    let written = for_each_finding(from, &AttemptPulse::default(), |record| {
        let cells: Vec<Value> = FINDINGS.iter().map(|column| value((column.cell)(record))).collect();
        writeln!(out, "{}", Value::Array(cells))?;
        Ok(())
    });
    written.map_err(|error| error.to_string())?;
    Ok(out.into_inner()?.metadata()?.len())
}

fn value(cell: Cell<'_>) -> Value {
    match cell {
        Cell::Empty => Value::Null,
        Cell::Text(text) => text.into_owned().into(),
        Cell::Number(number) => number.as_f64().into(),
        Cell::Date(at) => at.to_string().into(),
        Cell::Flag(flag) => flag.into(),
    }
}
