//! Which engine prints what, and that both say the same.

use export_contract::memory::GeneratedSnapshot;
use export_contract::{MemorySnapshot, corpus};
use export_core::code::Code;
use export_core::warning::WarningCode;
use export_render_pdf::{PdfRenderer, PdfSettings};

use super::reading::{check, render, renderer, request, squeezed};
use super::support::{has_browser, scratch, tool};

/// Rows that the designed report holds here.
const DESIGNED: u64 = 30;

#[test]
fn one_row_more_than_the_designed_report_holds_is_for_the_other_engine() {
    if !has_browser() {
        return;
    }
    let folder = scratch();
    let renderer =
        PdfRenderer::new(PdfSettings { designed_rows: DESIGNED, ..PdfSettings::new(folder.path()) });
    for (rows, by_browser) in [(DESIGNED, true), (DESIGNED + 1, false)] {
        let snapshot = MemorySnapshot::new(corpus::records(rows));
        let (rendered, pdf) = render(&renderer, &request("scan_report", ""), &snapshot).unwrap();
        let simplified = rendered.warnings.iter().find(|it| it.code == WarningCode::PdfSimplified);
        assert_eq!(simplified.is_none(), by_browser, "{rows}: {:?}", rendered.warnings);
        assert_eq!(tool("pdfinfo", &[], &pdf).contains("Skia/PDF"), by_browser, "{rows}");
        assert_eq!(rendered.rows, Some(rows));
        check(&pdf, snapshot.records()).unwrap();
        if let Some(warning) = simplified {
            assert!(warning.message.contains("31 rows") && warning.message.contains("holds 30"), "{warning}");
        }
    }
}

#[test]
fn what_streams_is_whole_and_the_same_bytes_again() {
    let folder = scratch();
    let snapshot = GeneratedSnapshot::new(12_000);
    let (rendered, pdf) = render(&renderer(folder.path()), &request("scan_report", ""), &snapshot).unwrap();
    assert_eq!(rendered.rows, Some(12_000));
    let text = squeezed(&pdf);
    assert!(text.contains("12,000"), "the totals name all");
    let again = render(&renderer(folder.path()), &request("scan_report", ""), &snapshot).unwrap().1;
    assert!(pdf == again, "the same snapshot and times give the same bytes");
    let some = request("scan_report", r#""pdf_max_rows":6000"#);
    let (rendered, _) = render(&renderer(folder.path()), &some, &snapshot).unwrap();
    assert_eq!(rendered.rows, Some(6_000));
    assert!(
        rendered.warnings.iter().any(|it| it.code == WarningCode::RowsTruncated),
        "{:?}",
        rendered.warnings
    );
}

#[test]
fn archival_reports_are_accessible_and_made_to_last() {
    let folder = scratch();
    let snapshot = MemorySnapshot::new(corpus::records(60));
    for kind in ["scan_report", "vulnerability_report", "scan_summary", "policy_compliance"] {
        let archival = request(kind, r#""pdf_profile":"archival""#);
        let (rendered, pdf) = render(&renderer(folder.path()), &archival, &snapshot).unwrap();
        assert!(rendered.warnings.iter().all(|it| it.code != WarningCode::PdfSimplified), "it was asked for");
        let told = tool("pdfinfo", &[], &pdf);
        assert!(told.contains("Tagged:          yes"), "{told}");
        let metadata = tool("pdfinfo", &["-meta"], &pdf);
        for part in ["pdfaid:part", "pdfuaid:part"] {
            assert!(metadata.contains(part), "{kind}: {part} in {metadata}");
        }
        let fonts = tool("pdffonts", &[], &pdf);
        assert!(fonts.lines().skip(2).all(|line| line.contains(" yes yes ")), "{fonts}");
        if kind == "scan_report" {
            check(&pdf, snapshot.records()).unwrap();
        }
    }
}

#[test]
fn an_archival_report_that_would_be_too_long_is_refused_with_what_to_do() {
    let folder = scratch();
    let snapshot = GeneratedSnapshot::new(20_001);
    let archival = request("scan_report", r#""pdf_profile":"archival""#);
    let error = render(&renderer(folder.path()), &archival, &snapshot).unwrap_err();
    assert_eq!(error.code, Code::FormatLimit);
    assert!(error.message.contains("20001") && error.message.contains("pdf_max_rows"), "{error}");
    let some = request("scan_report", r#""pdf_profile":"archival","pdf_max_rows":100"#);
    assert_eq!(render(&renderer(folder.path()), &some, &snapshot).unwrap().0.rows, Some(100));
}

#[test]
fn both_engines_name_the_same_totals() {
    if !has_browser() {
        return;
    }
    let folder = scratch();
    let snapshot = MemorySnapshot::new(corpus::records(400));
    let renderer = renderer(folder.path());
    for kind in ["scan_report", "vulnerability_report", "scan_summary", "policy_compliance"] {
        let [designed, simple] = ["", r#""pdf_profile":"archival""#].map(|options| {
            let (rendered, pdf) = render(&renderer, &request(kind, options), &snapshot).unwrap();
            (rendered.rows, rendered.lists, severities(&pdf))
        });
        assert_eq!(designed, simple, "{kind}");
    }
}

/// What the first page says of each severity: the numbers beside their names.
fn severities(pdf: &[u8]) -> Vec<String> {
    let first = tool("pdftotext", &["-raw", "-f", "1", "-l", "1"], pdf);
    let mut found: Vec<String> = Vec::new();
    for name in ["Critical", "High", "Medium", "Low"] {
        let lines = first.lines().filter(|line| line.contains(name));
        let numbers =
            lines.flat_map(|line| line.split_whitespace().filter(|word| word.parse::<u64>().is_ok()));
        found.extend(numbers.take(1).map(|number| format!("{name} {number}")));
    }
    found
}
