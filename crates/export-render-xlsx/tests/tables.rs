//! Vulnerabilities, upgrades, and summaries of many scans, read by openpyxl.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

mod reader;

use export_contract::renderers::{self, WitnessPulse};
use export_contract::{MemorySnapshot, corpus};
use export_core::catalogue::{ExportType, Format};
use export_core::id::ExportId;
use export_core::ports::{Brief, RecordKind, Rendered, Renderer as _, ScanTotals, Snapshot as _};
use export_core::request::Options;
use export_core::scan::ScanRef;
use export_core::time::Timestamp;
use export_core::totals::Totals;
use export_render_kit::columns::{Column, IMAGES, SCANS, TREND, UPGRADES, VULNERABILITIES};
use export_render_xlsx::XlsxRenderer;
use serde_json::{Value, json};

fn read(snapshot: &MemorySnapshot, kind: ExportType, options: Options) -> (Rendered, Value) {
    let scratch = tempfile::tempdir().unwrap();
    let mut request = renderers::request(kind, Format::Xlsx);
    request.options = options;
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
    let rendered = XlsxRenderer::new(scratch.path()).render(&brief, snapshot, &mut out).unwrap();
    (rendered, reader::read(&out).unwrap())
}

fn sheet<'b>(book: &'b Value, name: &str) -> &'b Value {
    book["sheets"].as_array().unwrap().iter().find(|it| it["name"] == name).unwrap()
}

fn names(book: &Value) -> Vec<&str> {
    book["sheets"].as_array().unwrap().iter().map(|it| it["name"].as_str().unwrap()).collect()
}

/// The values of a sheet in one column, below its head.
fn column<A>(sheet: &Value, columns: &[Column<A>], name: &str) -> Vec<Value> {
    let at = columns.iter().position(|it| it.name == name).unwrap();
    let rows = sheet["rows"].as_array().unwrap();
    assert_eq!(rows[0][at], json!(["s", name]));
    rows[1..].iter().map(|row| row[at][1].clone()).collect()
}

fn has(book: &Value, text: &str) -> bool {
    let rows = book["sheets"][0]["rows"].as_array().unwrap();
    rows.iter().flat_map(|row| row.as_array().unwrap()).any(|cell| cell[1] == text)
}

#[test]
fn vulnerabilities_and_upgrades_have_sheets_of_their_own() {
    let snapshot = MemorySnapshot::new(corpus::records(300));
    let fields = [("Ticket", "@SUM(1)".to_owned()), ("Purpose", "because ".repeat(120))];
    let fields = fields.map(|(name, value)| (name.to_owned(), value)).into();
    let options = Options { include_remediation: true, custom_fields: fields, ..Options::default() };
    let (rendered, book) = read(&snapshot, ExportType::VulnerabilityReport, options);
    assert_eq!(names(&book), ["Summary", "Vulnerabilities", "Findings", "Upgrades"]);
    let vulnerabilities = sheet(&book, "Vulnerabilities");
    let count = snapshot.facts().records(RecordKind::Vulnerability);
    assert_eq!(rendered.lists, [(RecordKind::Vulnerability, count), (RecordKind::Finding, 300)]);
    let found: i64 =
        column(vulnerabilities, VULNERABILITIES, "findings").iter().map(|it| it.as_i64().unwrap()).sum();
    assert_eq!(
        found as u64,
        snapshot.records().iter().filter(|it| it.finding.vulnerability().is_some()).count() as u64
    );
    assert_eq!((&vulnerabilities["freeze"], &vulnerabilities["rules"]), (&json!("B2"), &json!(6)));
    let upgrades = sheet(&book, "Upgrades");
    assert!(column(upgrades, UPGRADES, "ends").iter().any(|it| it.as_u64().unwrap() > 0));
    assert!(has(&book, "@SUM(1)") && has(&book, &"because ".repeat(120)), "custom fields are there, whole");
}

fn history() -> MemorySnapshot {
    let scan = |(at, image): (i64, usize)| {
        let scan = ScanRef {
            id: format!("scan-{image}-{at}").parse().unwrap(),
            image: format!("registry.example/team/service-{image:02}:1.4.2"),
            image_digest: Some(format!("sha256:{image:064x}")),
            created_at: Some(Timestamp::from_millis(corpus::AT.as_millis() - at * 86_400_000)),
            tool: "trivy 0.67.0".to_owned(),
        };
        let part =
            |of: usize| (image as u64 * 7 + of as u64 * 3 + at.unsigned_abs() * 5) % (6 + 9 * of as u64);
        let open_by_severity = std::array::from_fn(part);
        let open = open_by_severity.iter().sum();
        ScanTotals {
            scan,
            totals: Totals {
                findings: open + 2,
                open,
                open_by_severity,
                open_with_fix: open / 2,
                ..Totals::default()
            },
        }
    };
    let scans: Vec<_> = (0..12).flat_map(|at| (0..14).map(move |image| (at, image))).map(scan).collect();
    MemorySnapshot::new(vec![]).with_facts(|facts| facts.scans = scans)
}

#[test]
fn a_summary_shows_images_scans_and_the_trend() {
    let snapshot = history();
    let (rendered, book) = read(&snapshot, ExportType::ScanSummary, Options::default());
    assert_eq!(names(&book), ["Summary", "Images", "Scans", "Trend"]);
    assert_eq!((rendered.rows, rendered.lists.as_slice()), (Some(168), &[(RecordKind::Scan, 168)][..]));
    let images = sheet(&book, "Images");
    let criticals: Vec<i64> =
        column(images, IMAGES, "open_critical").iter().map(|it| it.as_i64().unwrap()).collect();
    assert_eq!(criticals.len(), 14);
    assert!(criticals.is_sorted_by(|one, two| one >= two), "worst first: {criticals:?}");
    assert_eq!(column(sheet(&book, "Scans"), SCANS, "scan_id").len(), 168);
    assert_eq!(column(sheet(&book, "Trend"), TREND, "images"), vec![json!(14); 12]);
    let summary = sheet(&book, "Summary");
    assert_eq!((&summary["charts"], &summary["paper"]), (&json!(2), &json!([9, "portrait", true])));
    assert!(has(&book, "Worst images") && has(&book, "4 more images are on the sheet Images."));
}

#[test]
fn one_scan_has_no_trend_and_none_are_a_result() {
    let one = history().with_facts(|facts| facts.scans.truncate(1));
    let (_, book) = read(&one, ExportType::ScanSummary, Options::default());
    assert_eq!(sheet(&book, "Summary")["charts"], 1);
    assert!(has(&book, "first scan"));
    let (rendered, book) = read(&MemorySnapshot::new(vec![]), ExportType::ScanSummary, Options::default());
    assert_eq!((rendered.rows, &sheet(&book, "Summary")["charts"]), (Some(0), &json!(0)));
    assert!(has(&book, "Nothing was looked at: the scope has no scan."));
}
