//! The demo library, from the files of the tools to the pages.

use export_contract::corpus::AT;
use export_core::ports::Snapshot;
use export_core::record::FindingRecord;

use super::demo::demo;
use super::reading::{check, render, renderer, request, squeezed};
use super::support::{has_browser, scratch, tool};

#[test]
fn every_finding_of_the_demo_library_has_its_row_and_page_one_has_the_numbers() {
    if !has_browser() {
        return;
    }
    let folder = scratch();
    let request = request("scan_report", "");
    let snapshot = demo(&request.scope, AT, folder.path());
    let (rendered, pdf) = render(&renderer(folder.path()), &request, &snapshot).unwrap();

    let totals = &snapshot.facts().totals;
    assert!(totals.findings > 500, "{}", totals.findings);
    assert_eq!((rendered.rows, rendered.warnings), (Some(totals.findings), vec![]));
    assert_eq!(rendered.template.unwrap().name, "compliance-detailed");
    check(&pdf, &records(&snapshot)).unwrap();

    let first = tool("pdftotext", &["-layout", "-f", "1", "-l", "1"], &pdf);
    let numbers =
        [totals.open, totals.open_severity(export_core::finding::Severity::Critical), totals.open_with_fix];
    for number in numbers {
        assert!(first.split_whitespace().any(|word| word == number.to_string()), "{number} in {first}");
    }
    assert!(first.contains("hold 12 known-exploited findings; all have a fix."), "{first}");
    let info = tool("pdfinfo", &["-rawdates"], &pdf);
    assert!(
        info.contains("Tagged:          yes") && info.matches("D:20261123140500+00'00'").count() == 2,
        "{info}"
    );
    assert!(String::from_utf8_lossy(&pdf).contains("/Outlines"));
}

#[test]
fn the_executive_report_has_the_state_and_no_findings() {
    if !has_browser() {
        return;
    }
    let folder = scratch();
    let request = request(
        "scan_report",
        r#""template":"compliance-executive","custom_fields":{"Classification":"Strictly private"}"#,
    );
    let snapshot = demo(&request.scope, AT, folder.path());
    let (rendered, pdf) = render(&renderer(folder.path()), &request, &snapshot).unwrap();
    assert_eq!((rendered.rows, rendered.warnings), (None, vec![]));
    let text = squeezed(&pdf);
    assert!(
        text.contains("Upgradesbyimage") && text.contains("log4j-coreknownexploited2.14.1→2.17.18findings"),
        "{text}"
    );
    let pages = text.matches("Strictlyprivate").count();
    assert!((3..=8).contains(&pages), "the label stands on every page, and there are few: {pages}");
}

#[test]
fn two_renderings_in_two_browsers_are_the_same_bytes() {
    if !has_browser() {
        return;
    }
    let folder = scratch();
    let request = request("scan_report", "");
    let snapshot = demo(&request.scope, AT, folder.path());
    let [first, second] = [(); 2].map(|()| render(&renderer(folder.path()), &request, &snapshot).unwrap().1);
    assert!(first == second, "{} and {} bytes differ", first.len(), second.len());
}

fn records(snapshot: &dyn Snapshot) -> Vec<FindingRecord<'static>> {
    let mut records = Vec::new();
    let mut cursor = snapshot.findings().expect("a spool");
    while let Some(record) = cursor.next().expect("a whole spool") {
        // Through JSON, which owns its texts.
        let json = serde_json::to_string(&record).expect("records are JSON");
        records.push(serde_json::from_str(Box::leak(json.into_boxed_str())).expect("as it was written"));
    }
    records
}
