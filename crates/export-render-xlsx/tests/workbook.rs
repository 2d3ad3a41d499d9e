//! What a workbook looks like, read by openpyxl, and by LibreOffice where it is installed.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

mod reader;

use std::sync::Arc;

use export_contract::renderers::{self, WitnessPulse};
use export_contract::{MemorySnapshot, corpus};
use export_core::catalogue::{ExportType, Format};
use export_core::finding::{Component, Finding, FindingKind, Severity};
use export_core::id::ExportId;
use export_core::ports::{Brief, RecordKind, Rendered, Renderer as _, Snapshot as _};
use export_core::record::{FindingRecord, FindingStatus};
use export_core::time::Timestamp;
use export_core::totals::Totals;
use export_core::warning::{Warning, WarningCode};
use export_render_kit::brand::{Accent, Brand, Branding};
use export_render_kit::charts::{Mark, tokens};
use export_render_kit::columns::{ColumnKind, FINDINGS};
use export_render_xlsx::XlsxRenderer;
use serde_json::{Value, json};

/// The texts of the spreadsheet-injection vectors, and what else may be taken for something that it is not.
const TEXTS: [&str; 34] = [
    "a",
    "=1+1",
    "=cmd|'/C calc'!A0",
    "@SUM(1+1)",
    "+1",
    "-1",
    "-5",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    " =1",
    "\u{a0}=1",
    "\u{feff}=1",
    "\u{200b}=1",
    "'=1",
    "'x",
    "a=1",
    "1-2",
    "a,=1+1",
    "\";=1+1",
    "@babel/traverse",
    "_x0041_",
    "_x000D_",
    "_x005F_x0041_",
    "_x0041_x0042_",
    "1.10",
    "1e5",
    "TRUE",
    "#REF!",
    "{=1}",
];

fn render(snapshot: &MemorySnapshot) -> (Rendered, Vec<u8>) {
    render_branded(snapshot, Branding::default())
}

fn render_branded(snapshot: &MemorySnapshot, branding: Branding) -> (Rendered, Vec<u8>) {
    let scratch = tempfile::tempdir().unwrap();
    let mut request = renderers::request(ExportType::VulnerabilityReport, Format::Xlsx);
    let fields = [("classification", "=internal & secret"), ("Ticket", "@SUM(1)")];
    let fields = fields.map(|(name, value)| (name.to_owned(), value.to_owned()));
    request.options.custom_fields = fields.into_iter().collect();
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
    let renderer = XlsxRenderer::new(scratch.path()).branded(Arc::new(branding));
    let rendered = renderer.render(&brief, snapshot, &mut out).unwrap();
    assert_eq!(std::fs::read_dir(scratch.path()).unwrap().count(), 0, "something was left behind");
    (rendered, out)
}

fn read(snapshot: &MemorySnapshot) -> (Rendered, Value) {
    let (rendered, bytes) = render(snapshot);
    (rendered, reader::read(&bytes).unwrap())
}

fn titled(titles: &[&'static str]) -> MemorySnapshot {
    let record = |(seed, title): (u64, &&'static str)| {
        let record = corpus::record(seed);
        let component = Component { name: (*title).into(), ..Component::default() };
        let finding = Finding { title: (*title).into(), component: Some(component), ..record.finding };
        FindingRecord { finding, ..record }
    };
    MemorySnapshot::new((0..).zip(titles).map(record).collect())
}

fn column(name: &str) -> usize {
    FINDINGS.iter().position(|column| column.name == name).unwrap()
}

fn findings(book: &Value) -> &[Value] {
    &book["sheets"][2]["rows"].as_array().unwrap()[1..]
}

fn cells(book: &Value) -> impl Iterator<Item = &Value> {
    let sheets = book["sheets"].as_array().unwrap().iter();
    let rows = sheets.flat_map(|sheet| sheet["rows"].as_array().unwrap());
    rows.flat_map(|row| row.as_array().unwrap()).filter(|cell| !cell.is_null())
}

#[test]
fn no_text_becomes_a_formula_and_each_is_read_as_it_is() {
    let snapshot = titled(&TEXTS);
    let (rendered, book) = read(&snapshot);
    assert_eq!(rendered.warnings, []);
    assert!(cells(&book).all(|cell| cell[0] != "f" && cell[0] != "e"));
    for (record, row) in snapshot.records().iter().zip(findings(&book)) {
        let expected = json!(["s", &*record.finding.title]);
        assert_eq!((&row[column("title")], &row[column("package")]), (&expected, &expected));
    }
}

#[test]
fn what_a_spreadsheet_would_act_on_is_marked_as_text() {
    let (_, book) = read(&titled(&["=1+1", "@babel/traverse", "'x", "plain", "1-2"]));
    let rows = findings(&book).iter().enumerate();
    let marked = |(at, row): (usize, &Value)| {
        let quoted = book["sheets"][2]["quoted"].as_array().unwrap();
        (row[7][1].as_str().unwrap().to_owned(), quoted.contains(&json!(format!("H{}", at + 2))))
    };
    let mut marked: Vec<(String, bool)> = rows.map(marked).collect();
    marked.sort();
    let expected =
        [("'x", true), ("1-2", false), ("=1+1", true), ("@babel/traverse", true), ("plain", false)];
    assert_eq!(marked, expected.map(|(text, quoted)| (text.to_owned(), quoted)));
}

#[test]
fn a_data_sheet_is_frozen_filtered_wide_enough_and_unmerged() {
    let (_, book) = read(&MemorySnapshot::new(corpus::records(60)));
    let sheet = &book["sheets"][2];
    assert_eq!(sheet["freeze"], "A2");
    assert_eq!(sheet["filter"], "A1:AL61");
    assert_eq!(sheet["repeat"], "$1:$1");
    assert_eq!(sheet["merged"], json!([]));
    assert_eq!(sheet["rules"], 6, "a colour for each severity");
    assert_eq!(sheet["paper"][1], "landscape");
    for (column, width) in FINDINGS.iter().zip(sheet["widths"].as_array().unwrap()) {
        assert!(width.as_f64().unwrap() > column.name.len() as f64 + 3.0, "{}: {width}", column.name);
    }
    assert_eq!(book["created"], "2026-11-23T14:05:00");
}

#[test]
fn numbers_dates_and_flags_are_what_they_are() {
    let (_, book) = read(&MemorySnapshot::new(corpus::records(60)));
    let formats = book["sheets"][2]["formats"].as_array().unwrap();
    for (at, column) in FINDINGS.iter().enumerate() {
        let kinds = findings(&book).iter().map(|row| &row[at]).filter(|cell| !cell.is_null());
        let expected = match column.kind {
            ColumnKind::Text => "s",
            ColumnKind::Number => "n",
            ColumnKind::Date => "d",
            ColumnKind::Flag => "b",
        };
        assert!(kinds.clone().all(|cell| cell[0] == expected), "{}", column.name);
        if column.kind == ColumnKind::Date && kinds.count() > 0 && !findings(&book)[0][at].is_null() {
            assert_eq!(formats[at], "yyyy-mm-dd hh:mm \"UTC\"", "{}", column.name);
        }
    }
    let published = &findings(&book)[0][column("published")];
    assert_eq!(*published, json!(["d", "2026-11-23T14:05:00"]));
}

#[test]
fn a_date_that_excel_does_not_have_is_a_text() {
    let record = corpus::record(1);
    let published = Some("0999-05-01T10:00:00Z".parse::<Timestamp>().unwrap());
    let finding = Finding { published, modified: Some(corpus::AT), ..record.finding };
    let (_, book) = read(&MemorySnapshot::new(vec![FindingRecord { finding, ..record }]));
    assert_eq!(findings(&book)[0][column("published")], json!(["s", "0999-05-01T10:00:00Z"]));
    assert_eq!(findings(&book)[0][column("modified")], json!(["d", "2026-11-23T14:05:00"]));
}

#[test]
fn long_texts_are_cut_with_a_mark_and_one_warning() {
    let long = |seed| {
        let mut record = corpus::record(seed);
        record.finding.description = corpus::very_long().into();
        record.finding.references = vec![corpus::very_long().into()];
        record
    };
    let (rendered, book) = read(&MemorySnapshot::new(vec![long(1), long(2)]));
    assert_eq!(rendered.warnings.len(), 1);
    assert_eq!(rendered.warnings[0].code, WarningCode::TextShortened);
    let message = &rendered.warnings[0].message;
    assert!(message.starts_with("6 texts are") && message.contains("(description, references)"), "{message}");
    let cell = findings(&book)[0][column("description")][1].as_str().unwrap();
    let (head, more) = cell.split_once("… [shortened: ").unwrap();
    let more: usize = more.strip_suffix(" characters more]").unwrap().parse().unwrap();
    assert_eq!(head.chars().count() + more, corpus::very_long().chars().count());
    assert!(cells(&book).any(|cell| cell[1].as_str() == Some(message.as_str())), "the summary tells it too");
}

#[test]
fn forbidden_characters_are_replaced_with_one_warning() {
    let (rendered, book) = read(&titled(&["\u{1b}[31mred\u{1b}[0m", "not a character \u{ffff}", "a\0b"]));
    let codes: Vec<WarningCode> = rendered.warnings.iter().map(|it| it.code).collect();
    assert_eq!(codes, [WarningCode::CharactersReplaced]);
    let mut titles: Vec<&str> =
        findings(&book).iter().map(|row| row[column("title")][1].as_str().unwrap()).collect();
    titles.sort_unstable();
    assert_eq!(titles, ["a␀b", "not a character \u{fffd}", "␛[31mred␛[0m"]);
}

#[test]
fn the_summary_has_the_numbers_of_the_snapshot() {
    let snapshot = MemorySnapshot::new(corpus::records(300));
    let (_, book) = read(&snapshot);
    let totals = &snapshot.facts().totals;
    let row = |word: &str| -> Vec<Value> {
        let rows = book["sheets"][0]["rows"].as_array().unwrap();
        let tables = rows.iter().skip_while(|row| row[1][1] != "Findings by severity");
        let row = tables.into_iter().find(|row| row[1][1] == word).unwrap_or_else(|| panic!("no row {word}"));
        row.as_array().unwrap()[2..4].iter().filter(|it| !it.is_null()).cloned().collect()
    };
    for (severity, word) in
        Severity::ALL.into_iter().zip(["Critical", "High", "Medium", "Low", "None", "Unknown"])
    {
        let expected = [totals.open_severity(severity), totals.severity(severity)];
        assert_eq!(row(word), expected.map(|count| json!(["n", count])), "{word}");
    }
    assert_eq!(row("Under investigation"), [json!(["n", totals.status(FindingStatus::UnderInvestigation)])]);
    assert_eq!(row("Suppressed"), [json!(["n", totals.status(FindingStatus::Suppressed)])]);
    assert_eq!(book["sheets"][0]["charts"], 2);
    assert_eq!(book["sheets"][0]["paper"], json!([9, "portrait", true]));
    assert!(totals.kind(FindingKind::Vulnerability) > 0);
}

#[test]
fn nothing_found_is_said_and_drawn_by_nothing() {
    let (rendered, book) = read(&MemorySnapshot::new(vec![]).with_facts(|facts| {
        let scan = corpus::scan(0);
        facts.scans = vec![export_core::ports::ScanTotals { scan, totals: Totals::default() }];
    }));
    assert_eq!((rendered.rows, rendered.warnings.len()), (Some(0), 0));
    assert_eq!(rendered.lists, [(RecordKind::Vulnerability, 0), (RecordKind::Finding, 0)]);
    assert!(cells(&book).any(|cell| cell[1] == "Nothing was found in 1 image."));
    assert_eq!(book["sheets"][0]["charts"], 0);
    assert_eq!(book["sheets"][2]["filter"], "A1:AL1");
}

#[test]
fn warnings_of_the_snapshot_are_on_the_summary() {
    let warning = |at: usize| {
        Warning::new(WarningCode::SourceLenient, format!("=source {at} is odd\u{1b}"))
            .at("scan-0/trivy.json#/3")
    };
    let snapshot = MemorySnapshot::new(corpus::records(3))
        .with_facts(|facts| facts.warnings = (0..9).map(warning).collect());
    let (_, book) = read(&snapshot);
    let told = |text: &str| cells(&book).filter(|cell| cell[1] == text).count();
    assert_eq!(told("=source 5 is odd␛ (scan-0/trivy.json#/3)"), 1);
    assert_eq!(told("=source 6 is odd␛ (scan-0/trivy.json#/3)"), 0);
    assert_eq!(told("3 more warnings are in the manifest."), 1);
}

#[test]
fn a_workbook_wears_its_tenants_name_and_colour() {
    let brand = Brand {
        name: Some("=Aurora & Sons".to_owned()),
        accent: Some(Accent::parse("#4C1D95").unwrap()),
        ..Brand::default()
    };
    let branding = Branding::new(brand, std::collections::BTreeMap::new());
    let (_, bytes) = render_branded(&MemorySnapshot::new(corpus::records(60)), branding);
    let book = reader::read(&bytes).unwrap();
    let summary = &book["sheets"][0];
    assert_eq!(summary["rows"][0][1], json!(["s", "=Aurora & Sons"]), "the name is the heading");
    assert_eq!(
        (&summary["colours"]["B1"], &summary["header"]),
        (&json!("FF4C1D95"), &json!("=Aurora && Sons"))
    );
    let links = book["sheets"][1]["links"].as_object().unwrap();
    let first = links.keys().next().expect("some finding has an address");
    assert_eq!(book["sheets"][1]["colours"][first], "FF4C1D95");
    let default = reader::read(&render(&MemorySnapshot::new(corpus::records(3))).1).unwrap();
    assert_eq!(default["sheets"][0]["rows"][0][1], json!(["s", "acme"]));
    assert_eq!(default["sheets"][0]["colours"]["B1"], format!("FF{}", &tokens::ACCENT[1..]));
}

#[test]
fn charts_have_the_colours_of_our_marks() {
    let (_, book) = read(&MemorySnapshot::new(corpus::records(60)));
    let drawn = book["sheets"][0]["points"].as_array().unwrap();
    let marks: Vec<String> = Severity::ALL.map(|it| Mark::from(it).fill()[1..].to_owned()).into();
    assert_eq!(drawn[0], json!(marks));
    let last = FindingStatus::ALL.len() - 1;
    assert_eq!((&drawn[1][0], &drawn[1][last]), (&json!(tokens::INK[1..]), &json!(tokens::ACCENT[1..])));
}
