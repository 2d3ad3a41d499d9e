//! What happens at the limits, shown with small ones.

#[path = "../tests/reader/mod.rs"]
mod reader;

use std::process::Command;

use export_contract::renderers::{self, WitnessPulse};
use export_contract::{MemorySnapshot, corpus};
use export_core::code::Code;
use export_core::finding::Finding;
use export_core::id::ExportId;
use export_core::ports::{Interrupt, RecordKind};
use export_core::record::FindingRecord;
use serde_json::{Value, json};

use super::*;

fn render(records: Vec<FindingRecord<'static>>, limits: Limits) -> Result<(Rendered, Vec<u8>), RenderError> {
    render_with(records, limits, &WitnessPulse::default())
}

fn render_with(
    records: Vec<FindingRecord<'static>>,
    limits: Limits,
    pulse: &WitnessPulse<'_>,
) -> Result<(Rendered, Vec<u8>), RenderError> {
    let scratch = tempfile::tempdir().unwrap();
    let renderer = XlsxRenderer { limits, ..XlsxRenderer::new(scratch.path()) };
    let request = renderers::request(ExportType::VulnerabilityReport, Format::Xlsx);
    let brief = Brief {
        export_id: ExportId::new(corpus::AT, &[5; 10]),
        tenant: &"acme".parse().unwrap(),
        request: &request,
        created_at: corpus::AT,
        template: None,
        seal: None,
        pulse,
    };
    let mut out = Vec::new();
    let rendered = renderer.render(&brief, &MemorySnapshot::new(records), &mut out)?;
    Ok((rendered, out))
}

/// The summary and the sheets of findings.
fn read(records: &[FindingRecord<'static>], limits: Limits) -> Vec<Value> {
    let (rendered, bytes) = render(records.to_vec(), limits).unwrap();
    assert_eq!(rendered.lists[1], (RecordKind::Finding, records.len() as u64));
    let mut book = reader::read(&bytes).unwrap();
    let mut sheets = std::mem::take(book["sheets"].as_array_mut().unwrap());
    sheets.retain(|sheet| !sheet["name"].as_str().unwrap().starts_with("Vulnerabilities"));
    sheets
}

#[test]
fn a_full_sheet_is_followed_by_another_like_it() {
    let records = corpus::records(25);
    let sheets = read(&records, Limits { rows: 10, ..Limits::EXCEL });
    let told = |member: &str| sheets[1..].iter().map(|it| it[member].clone()).collect::<Value>();
    assert_eq!(told("name"), json!(["Findings", "Findings (2)", "Findings (3)"]));
    assert_eq!(told("filter"), json!(["A1:AL11", "A1:AL11", "A1:AL6"]));
    assert_eq!(told("freeze"), json!(["A2", "A2", "A2"]));
    assert_eq!(told("rules"), json!([6, 6, 6]));
    let heads = sheets[1..].iter().map(|it| &it["rows"][0]);
    assert!(heads.clone().all(|head| head == &sheets[1]["rows"][0]));
    let rows = sheets[1..].iter().flat_map(|it| it["rows"].as_array().unwrap().iter().skip(1));
    let ids: Vec<&str> = rows.map(|row| row[0][1].as_str().unwrap()).collect();
    assert_eq!(ids, records.iter().map(|it| &*it.finding.id).collect::<Vec<_>>());
}

#[test]
fn exactly_full_is_not_too_full() {
    assert_eq!(read(&corpus::records(10), Limits { rows: 10, ..Limits::EXCEL }).len(), 2);
    assert_eq!(read(&corpus::records(11), Limits { rows: 10, ..Limits::EXCEL }).len(), 3);
}

#[test]
fn a_heavy_sheet_is_followed_by_another_too() {
    let sheets = read(&corpus::records(40), Limits { weight: 20_000, ..Limits::EXCEL });
    assert!(sheets.len() > 2, "40 records take more than 20,000 bytes");
    let rows: usize = sheets[1..].iter().map(|it| it["rows"].as_array().unwrap().len() - 1).sum();
    assert_eq!(rows, 40);
}

#[test]
fn the_first_rows_have_links_and_the_others_the_same_text() {
    let sheets = read(&corpus::records(25), Limits { rows: 10, links: 12, ..Limits::EXCEL });
    let links = |at: usize| sheets[at]["links"].as_object().unwrap();
    assert_eq!([links(1).len(), links(2).len(), links(3).len()], [10, 2, 0]);
    let url = |at: usize, row: usize| sheets[at]["rows"][row][35][1].as_str().unwrap().to_owned();
    assert_eq!(links(1)["AJ2"], json!([url(1, 1), null]));
    assert!(url(3, 1).starts_with("https://advisories.example/"));
}

#[test]
fn a_fragment_stays_part_of_the_link() {
    let record = corpus::record(1);
    let finding = Finding { primary_url: Some("https://a.example/x#y".into()), ..record.finding };
    let sheets = read(&[FindingRecord { finding, ..record }], Limits::EXCEL);
    assert_eq!(sheets[1]["rows"][1][35], json!(["s", "https://a.example/x#y"]));
    assert_eq!(sheets[1]["links"]["AJ2"], json!(["https://a.example/x", "y"]));
}

#[test]
fn packing_beats_too_and_obeys() {
    let records = corpus::records(2_000);
    let pulse = WitnessPulse::default();
    render_with(records.clone(), Limits::EXCEL, &pulse).unwrap();
    let unpacked = pulse.told().iter().filter(|rows| **rows < 2_000).count() as u64;
    assert!(pulse.beats() > unpacked + 3, "{:?}", pulse.told());
    for beat in unpacked + 1..=pulse.beats() {
        let pulse = WitnessPulse::default().stopping_at(beat, Interrupt::Deadline);
        let stopped = render_with(records.clone(), Limits::EXCEL, &pulse).map(drop).unwrap_err();
        assert_eq!((stopped.code, pulse.beats()), (Code::RenderTimeout, beat));
    }
}

/// Runs `in_a_process_that_writes_no_large_file` where a scratch disk that is full can be had without one: in a process
/// that may write no file of more than 16 KB.
#[test]
fn a_full_scratch_disk_is_an_error_and_no_panic() {
    let mut shell = Command::new("bash");
    shell
        .args(["-c", "trap '' XFSZ; ulimit -f 16; exec \"$@\"", "limited"])
        .arg(std::env::current_exe().unwrap());
    shell.args(["--exact", "tests::in_a_process_that_writes_no_large_file", "--ignored"]);
    let output = shell.output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && told.contains("1 passed"), "{told}");
}

#[test]
#[ignore = "started by a_full_scratch_disk_is_an_error_and_no_panic"]
fn in_a_process_that_writes_no_large_file() {
    let failed = render(corpus::records(400), Limits::EXCEL).map(drop).unwrap_err();
    assert_eq!(failed.code, Code::StorageUnavailable, "{failed}");
    assert!(failed.to_string().contains("scratch"), "{failed}");
}

#[test]
fn the_documentation_has_the_limits() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/formats/xlsx.md");
    let page = std::fs::read_to_string(path).unwrap();
    let Limits { rows, weight, links } = Limits::EXCEL;
    assert_eq!((rows, weight, links), (1_048_575, 3_500_000_000, 5_000));
    for told in ["| 1,048,575 rows, or 3.5 GB of XML,", "| 5,000 links of a table |", "32,767", "2,079"] {
        assert!(page.contains(told), "{told}");
    }
}
