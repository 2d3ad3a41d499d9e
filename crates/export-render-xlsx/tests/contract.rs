//! The renderers' suite, read back by openpyxl.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

mod reader;

use std::sync::Arc;

use export_contract::renderers::Subject;
use export_core::catalogue::ExportType;
use export_core::record::FindingRecord;
use export_core::time::Timestamp;
use export_render_kit::cell::Cell;
use export_render_kit::columns::{Column, FINDINGS};
use export_render_kit::list;
use export_render_xlsx::XlsxRenderer;
use serde_json::{Value, json};
use tempfile::TempDir;

export_contract::renderers_suite!(open);

fn open() -> (Subject, TempDir) {
    let scratch = tempfile::tempdir().unwrap();
    let renderer = Arc::new(XlsxRenderer::new(scratch.path()));
    let listing = &[ExportType::VulnerabilityReport];
    // A workbook is packed when all its rows are known.
    (Subject { renderer, listing, check, streams: false }, scratch)
}

fn check(bytes: &[u8], records: &[FindingRecord<'static>]) -> Result<(), String> {
    let book = reader::read(bytes)?;
    let names: Vec<&Value> = book["sheets"].as_array().unwrap().iter().map(|it| &it["name"]).collect();
    same("sheets", &names, &["Summary", "Vulnerabilities", "Findings"])?;
    let rows = book["sheets"][2]["rows"].as_array().unwrap();
    let (head, rows) = rows.split_first().ok_or("there is no head")?;
    same("head", head, &FINDINGS.iter().map(|it| json!(["s", it.name])).collect::<Value>())?;
    same("rows", &rows.len(), &records.len())?;
    records.iter().zip(rows).try_for_each(|(record, row)| {
        // The records themselves, whatever the columns say.
        let finding = &record.finding;
        for (name, expected) in [
            ("id", &*finding.id),
            ("image", &*finding.image),
            ("rule_id", finding.rule()),
            ("title", &*finding.title),
            ("fixed_version", &*finding.fix.versions),
            ("description", &*finding.description),
        ] {
            let at = FINDINGS.iter().position(|column| column.name == name).unwrap();
            same(name, &row[at], &text(expected))?;
        }
        let at = FINDINGS.iter().position(|column| column.name == "references").unwrap();
        let references: Vec<String> = finding.references.iter().map(|it| visible(it)).collect();
        same("references", &list::split(row[at][1].as_str().unwrap_or_default()), &references)?;
        FINDINGS
            .iter()
            .zip(row.as_array().unwrap())
            .try_for_each(|(column, found)| holds(column, found, record))
    })
}

fn holds(column: &Column, found: &Value, record: &FindingRecord<'static>) -> Result<(), String> {
    let expected = match (column.cell)(record) {
        Cell::Empty => Value::Null,
        Cell::Text(it) => text(&it),
        Cell::Number(number) => json!(["n", number.as_f64()]),
        Cell::Date(at) => json!(["d", date(at)]),
        Cell::Flag(flag) => json!(["b", flag]),
    };
    // openpyxl reads a whole number as one.
    let whole = |it: &Value| it[0] == "n" && it[1].as_f64() == expected[1].as_f64();
    if whole(found) { Ok(()) } else { same(column.name, found, &expected) }
}

/// A text in a cell; an empty one leaves the cell empty.
fn text(text: &str) -> Value {
    if text.is_empty() { Value::Null } else { json!(["s", visible(text)]) }
}

/// What XML forbids is there as signs.
fn visible(text: &str) -> String {
    let sign = |c: char| match c {
        '\t' | '\n' | '\r' => c,
        '\u{0}'..='\u{1f}' => char::from_u32(0x2400 + u32::from(c)).unwrap(),
        '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
        c => c,
    };
    text.chars().map(sign).collect()
}

fn date(at: Timestamp) -> String {
    at.to_string().trim_end_matches('Z').to_owned()
}

fn same<A: PartialEq<B> + std::fmt::Debug + ?Sized, B: std::fmt::Debug + ?Sized>(
    name: &str,
    found: &A,
    expected: &B,
) -> Result<(), String> {
    if found == expected { Ok(()) } else { Err(format!("{name} is {found:?}, not {expected:?}")) }
}
