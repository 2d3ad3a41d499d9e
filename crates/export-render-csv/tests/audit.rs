//! The audit trail as CSV, read back by the `csv` crate.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

use std::collections::BTreeMap;

use export_contract::renderers::{self, WitnessPulse};
use export_contract::{MemorySnapshot, corpus};
use export_core::catalogue::{ExportType, Format};
use export_core::code::Code;
use export_core::id::ExportId;
use export_core::ports::{Brief, RecordKind, RenderError, Rendered, Renderer as _};
use export_core::request::{CsvOptions, FormulaEscape};
use export_render_csv::{AUDIT, CsvRenderer, TrailColumn};
use export_render_kit::spreadsheet;

fn snapshot(events: u64) -> MemorySnapshot {
    MemorySnapshot::new(vec![]).with_audit(corpus::audit::trail(events))
}

fn render(snapshot: &MemorySnapshot, options: CsvOptions) -> Result<(Rendered, Vec<u8>), RenderError> {
    let mut request = renderers::request(ExportType::AuditLog, Format::Csv);
    request.options.csv = options;
    let brief = Brief {
        export_id: ExportId::new(corpus::AT, &[5; 10]),
        tenant: &"acme".parse().unwrap(),
        request: &request,
        created_at: corpus::AT,
        template: None,
        seal: None,
        pulse: &WitnessPulse::default(),
    };
    let mut out = Vec::new();
    let rendered = CsvRenderer.render(&brief, snapshot, &mut out)?;
    Ok((rendered, out))
}

fn read(bytes: &[u8], delimiter: u8) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).from_reader(bytes);
    reader.deserialize().map(Result::unwrap).collect()
}

#[test]
fn every_event_is_a_row_that_says_what_it_was() {
    let (rendered, bytes) = render(&snapshot(60), CsvOptions::default()).unwrap();
    assert_eq!((rendered.rows, rendered.lists), (Some(60), vec![(RecordKind::AuditEvent, 60)]));
    let rows = read(&bytes, b',');
    assert_eq!(rows.len(), 60);
    for (event, row) in corpus::audit::trail(60).iter().zip(&rows) {
        let entry = &event.entry;
        assert_eq!((row["seq"].as_str(), &row["at"]), (&*event.seq.to_string(), &event.at.to_string()));
        assert_eq!(spreadsheet::unescape(&row["actor"]), &*entry.actor);
        assert_eq!(spreadsheet::unescape(&row["target"]), &*entry.target);
        assert_eq!((&*row["action"], &row["hash"]), (entry.action.as_str(), &event.hash.to_string()));
        let detail: BTreeMap<String, String> = serde_json::from_str(&row["detail"]).unwrap();
        let expected = entry.detail.iter().map(|(name, value)| (name.to_string(), value.to_string()));
        assert_eq!(detail, expected.collect());
        for name in ["type", "format", "artifact", "sha256", "code"] {
            let told = detail.get(name).map_or("", String::as_str);
            assert_eq!(spreadsheet::unescape(&row[name]), told, "{name}");
        }
    }
}

#[test]
fn nothing_that_a_spreadsheet_calculates_is_left() {
    let (_, bytes) = render(&snapshot(60), CsvOptions::default()).unwrap();
    for row in read(&bytes, b',') {
        for (name, found) in row {
            assert!(!spreadsheet::needs_escape(&found) || found.starts_with('\''), "{name} is {found:?}");
        }
    }
    assert!(bytes.windows(13).any(|window| window == b"\"'=HYPERLINK("));
}

#[test]
fn options_are_those_of_every_csv_file() {
    let options = CsvOptions { delimiter: ';', bom: true, formula_escape: FormulaEscape::Off };
    let (_, bytes) = render(&snapshot(8), options).unwrap();
    let rows = read(bytes.strip_prefix("\u{feff}".as_bytes()).unwrap(), b';');
    assert_eq!(rows[3]["actor"], "=HYPERLINK(\"http://x\")");
    assert!(bytes.ends_with(b"\r\n"));
}

#[test]
fn an_empty_trail_is_a_head() {
    let (_, bytes) = render(&snapshot(0), CsvOptions::default()).unwrap();
    let names: Vec<_> = AUDIT.iter().map(|column| format!("\"{}\"", column.name)).collect();
    assert_eq!(String::from_utf8(bytes).unwrap(), format!("{}\r\n", names.join(",")));
}

#[test]
fn fewer_events_than_are_counted_are_an_error() {
    let short = snapshot(3).with_facts(|facts| facts.audit.as_mut().unwrap().events = 4);
    let error = render(&short, CsvOptions::default()).map(drop).unwrap_err();
    assert_eq!(error.code, Code::StorageCorrupt);
}

#[test]
fn the_documentation_has_every_column_in_order() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/formats/audit-log.md");
    let page = std::fs::read_to_string(path).unwrap();
    let table = page.split("| column | kind |").nth(1).unwrap();
    let told: Vec<&str> = table.lines().filter(|line| line.starts_with("| `")).collect();
    let row = |it: &TrailColumn| format!("| `{}` | {} | {} |", it.name, it.kind.as_str(), it.description);
    assert_eq!(told, AUDIT.iter().map(row).collect::<Vec<_>>());
}
