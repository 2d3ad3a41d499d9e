//! The renderers' suite, read back by the `csv` crate; and Python's reader, which must see the same cells.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

use std::borrow::Cow;
use std::process::Command;
use std::sync::Arc;

use export_contract::renderers::{self, Files, Subject};
use export_contract::{MemorySnapshot, corpus};
use export_core::catalogue::{ExportType, Format};
use export_core::code::Code;
use export_core::finding::Finding;
use export_core::id::{ExportId, TenantId};
use export_core::ports::{Brief, Rendered, Renderer as _};
use export_core::record::FindingRecord;
use export_core::request::{CsvOptions, FormulaEscape, Options};
use export_render_csv::CsvRenderer;
use export_render_kit::cell::Cell;
use export_render_kit::columns::{
    CHANGES, COMPARED_VULNERABILITIES, Column, ColumnKind, FINDINGS, SCANS, UPGRADES, VULNERABILITIES,
};
use export_render_kit::{list, spreadsheet};

export_contract::renderers_suite!(open);

fn open() -> (Subject, ()) {
    let listing = &[ExportType::VulnerabilityReport];
    (Subject { renderer: Arc::new(CsvRenderer), listing, check, streams: true }, ())
}

fn check(bytes: &[u8], records: &[FindingRecord<'static>]) -> Result<(), String> {
    let rows = read(bytes, b',')?;
    let (head, rows) = rows.split_first().ok_or("there is no head")?;
    if *head != FINDINGS.iter().map(|column| column.name).collect::<Vec<_>>() || rows.len() != records.len() {
        return Err(format!("{} rows of {} records below {head:?}", rows.len(), records.len()));
    }
    records.iter().zip(rows).try_for_each(|(record, row)| {
        let finding = &record.finding;
        // The records themselves, whatever the columns say.
        for (name, expected) in [
            ("id", &*finding.id),
            ("image", &*finding.image),
            ("rule_id", finding.rule()),
            ("title", &*finding.title),
            ("fixed_version", &*finding.fix.versions),
            ("primary_url", finding.primary_url.as_deref().unwrap_or_default()),
            ("description", &*finding.description),
        ] {
            same(name, spreadsheet::unescape(cell(row, name)), expected)?;
        }
        let references: Vec<String> = finding.references.iter().map(ToString::to_string).collect();
        same("references", &list::split(spreadsheet::unescape(cell(row, "references"))), &references)?;
        FINDINGS.iter().zip(row).try_for_each(|(column, found)| holds(column, found, record))
    })
}

fn cell<'a>(row: &'a [String], name: &str) -> &'a str {
    &row[FINDINGS.iter().position(|column| column.name == name).unwrap()]
}

fn same<A: PartialEq<B> + std::fmt::Debug + ?Sized, B: std::fmt::Debug + ?Sized>(
    name: &str,
    found: &A,
    expected: &B,
) -> Result<(), String> {
    if found == expected { Ok(()) } else { Err(format!("{name} is {found:?}, not {expected:?}")) }
}

/// Whether a cell that was read is the column's value, and safe in a spreadsheet.
fn holds(column: &Column, found: &str, record: &FindingRecord<'static>) -> Result<(), String> {
    let expected = match (column.cell)(record) {
        Cell::Empty => Cow::Borrowed(""),
        Cell::Text(text) => {
            same(column.name, spreadsheet::unescape(found), &*text)?;
            spreadsheet::escape(&text).into_owned().into()
        }
        Cell::Number(number) => number.to_string().into(),
        Cell::Date(at) => at.to_string().into(),
        Cell::Flag(flag) => flag.to_string().into(),
    };
    same(column.name, found, &*expected)
}

fn read(bytes: &[u8], delimiter: u8) -> Result<Vec<Vec<String>>, String> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).delimiter(delimiter).from_reader(bytes);
    let rows = reader.records().map(|row| row.map(|row| row.iter().map(str::to_owned).collect()));
    rows.collect::<Result<_, _>>().map_err(|error| error.to_string())
}

/// The files that a request comes to.
fn files(snapshot: &MemorySnapshot, kind: ExportType, options: Options) -> (Rendered, Files) {
    let mut request = renderers::request(kind, Format::Csv);
    request.options = options;
    let tenant: TenantId = "acme".parse().unwrap();
    let brief = Brief {
        export_id: ExportId::new(corpus::AT, &[5; 10]),
        tenant: &tenant,
        request: &request,
        created_at: corpus::AT,
        template: None,
        seal: None,
        pulse: &renderers::WitnessPulse::default(),
    };
    let mut out = Files::new();
    let rendered = CsvRenderer.render(&brief, snapshot, &mut out).unwrap();
    (rendered, out)
}

/// The file of all findings.
fn render(records: Vec<FindingRecord<'static>>, csv: CsvOptions) -> Vec<u8> {
    let options = Options { csv, ..Options::default() };
    let (_, files) = files(&MemorySnapshot::new(records), ExportType::VulnerabilityReport, options);
    let (name, bytes) = &files.further()[0];
    assert_eq!(name, "findings.csv");
    bytes.clone()
}

/// What the corpus lacks: texts that begin with each character of the rule, and a NUL.
fn more_hostile() -> Vec<FindingRecord<'static>> {
    let texts = [
        "\0=1",
        "a\0b",
        "\n=1",
        "＋1",
        "－1",
        "＠x",
        " =1",
        "\u{a0}=1",
        "\u{feff}=1",
        "\u{200b}=1",
        "''",
        "\"\"",
        "\"",
        "\";=1+1",
    ];
    texts
        .iter()
        .enumerate()
        .map(|(index, text)| {
            let record = corpus::record(1_000 + index as u64);
            let finding = Finding { title: (*text).into(), description: (*text).into(), ..record.finding };
            FindingRecord { finding, ..record }
        })
        .collect()
}

fn options() -> impl Iterator<Item = CsvOptions> {
    [',', ';', '\t', '|'].into_iter().flat_map(|delimiter| {
        [(false, FormulaEscape::On), (true, FormulaEscape::Off)].map(|(bom, formula_escape)| CsvOptions {
            delimiter,
            bom,
            formula_escape,
        })
    })
}

#[test]
fn python_reads_back_every_cell_in_every_dialect() {
    const READ: &str = "import csv, json, sys\n\
        csv.field_size_limit(sys.maxsize)\n\
        with open(sys.argv[1], encoding=sys.argv[3], newline='') as file:\n\
        \x20   json.dump(list(csv.reader(file, delimiter=sys.argv[2], strict=True)), sys.stdout)\n";
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("report.csv");
    let records: Vec<_> = corpus::hostile_records().into_iter().chain(more_hostile()).collect();
    for options in options() {
        let bytes = render(records.clone(), options);
        std::fs::write(&path, &bytes).unwrap();
        let encoding = if options.bom { "utf-8-sig" } else { "utf-8" };
        let mut python = Command::new("python3");
        python.args(["-c", READ]).arg(&path).args([&options.delimiter.to_string(), encoding]);
        let Ok(output) = python.output() else {
            println!("SKIPPED: python3 is not installed");
            return;
        };
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let rows: Vec<Vec<String>> = serde_json::from_slice(&output.stdout).unwrap();
        let ours = read(&bytes, u8::try_from(options.delimiter).unwrap()).unwrap();
        assert!(rows == ours, "{options:?}: two readers see other cells");
        let snapshot = MemorySnapshot::new(records.clone());
        for (record, row) in snapshot.records().iter().zip(&rows[1..]) {
            let title = cell(row, "title");
            let expected = if options.formula_escape == FormulaEscape::On {
                spreadsheet::unescape(title)
            } else {
                title
            };
            assert_eq!(expected, &*record.finding.title, "{options:?}");
        }
    }
}

#[test]
fn nothing_that_a_spreadsheet_calculates_is_left() {
    let records: Vec<_> = corpus::hostile_records().into_iter().chain(more_hostile()).collect();
    let rows = read(&render(records, CsvOptions::default()), b',').unwrap();
    for row in &rows {
        for (column, found) in FINDINGS.iter().zip(row).filter(|(column, _)| column.kind == ColumnKind::Text)
        {
            let active = spreadsheet::needs_escape(found) && !found.starts_with('\'');
            assert!(!active, "{} is {found:?}", column.name);
        }
    }
}

#[test]
fn every_line_ends_as_the_standard_says_and_texts_are_quoted() {
    let bytes = render(corpus::records(20), CsvOptions { bom: true, ..CsvOptions::default() });
    let text = std::str::from_utf8(&bytes).unwrap().strip_prefix('\u{feff}').unwrap();
    assert!(text.starts_with("\"id\",\"scan_id\",\"image\","));
    assert_eq!(text.matches("\r\n").count(), 21);
    assert!(text.ends_with("\"\r\n"));
    assert!(text.contains(",true,") || text.contains(",false,"));
}

#[test]
fn fewer_records_than_the_totals_count_are_an_error() {
    let snapshot = MemorySnapshot::new(corpus::records(3)).with_facts(|facts| facts.totals.findings = 4);
    let request = renderers::request(ExportType::VulnerabilityReport, Format::Csv);
    let brief = Brief {
        export_id: ExportId::new(corpus::AT, &[5; 10]),
        tenant: &"acme".parse().unwrap(),
        request: &request,
        created_at: corpus::AT,
        template: None,
        seal: None,
        pulse: &renderers::WitnessPulse::default(),
    };
    let short = CsvRenderer.render(&brief, &snapshot, &mut std::io::sink()).map(drop).unwrap_err();
    assert_eq!(short.code, Code::StorageCorrupt);
}

#[test]
fn the_documentation_has_every_column_in_order() {
    fn rows<A>(columns: &[Column<A>]) -> impl Iterator<Item = String> {
        columns.iter().map(|it| format!("| `{}` | {} | {} |", it.name, it.kind.as_str(), it.description))
    }
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/formats/csv.md");
    let page = std::fs::read_to_string(path).unwrap();
    let told: Vec<&str> = page.lines().filter(|line| line.starts_with("| `")).collect();
    let last = VULNERABILITIES.len() - 1;
    let compared = rows(&CHANGES[..4]).chain(rows(&COMPARED_VULNERABILITIES[last..last + 5]));
    let all = rows(VULNERABILITIES).chain(rows(FINDINGS)).chain(compared);
    let all = all.chain(rows(UPGRADES)).chain(rows(SCANS));
    assert_eq!(told, all.collect::<Vec<_>>());
}
