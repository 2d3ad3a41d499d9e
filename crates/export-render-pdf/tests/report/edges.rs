//! Nothing, too much, very many images, and text that wants to be something else.

use export_contract::memory::GeneratedSnapshot;
use export_contract::{MemorySnapshot, corpus};
use export_core::finding::{Component, Finding};
use export_core::ports::{RecordKind, ScanTotals, Snapshot};
use export_core::record::FindingRecord;
use export_core::scan::ScanRef;
use export_core::totals::Totals;
use export_core::warning::WarningCode;

use super::reading::{check, render, renderer, request, squeezed};
use super::support::{has_browser, scratch, tool};

#[test]
fn what_has_no_row_is_told_in_the_report_and_outside() {
    if !has_browser() {
        return;
    }
    let folder = scratch();
    let snapshot = GeneratedSnapshot::new(12_345);
    let request = request("scan_report", r#""pdf_max_rows":70"#);
    let (rendered, pdf) = render(&renderer(folder.path()), &request, &snapshot).unwrap();
    assert_eq!((rendered.rows, rendered.lists), (Some(70), vec![(RecordKind::Finding, 70)]));
    let [warning] = rendered.warnings.as_slice() else { panic!("{:?}", rendered.warnings) };
    assert_eq!(warning.code, WarningCode::RowsTruncated);
    for part in ["the 70 worst of 12,345 findings", "12,275", "The JSON of the same scope"] {
        assert!(warning.message.contains(part), "{part} in {warning}");
    }
    let text = squeezed(&pdf);
    assert!(text.contains("70worstof12,345findings") && text.contains("Onethingwasnotdoneasasked"), "{text}");
    assert!(text.contains("12,345"), "the numbers are of all findings");
}

#[test]
fn a_long_report_has_no_tags_and_is_whole() {
    if !has_browser() {
        return;
    }
    let folder = scratch();
    let snapshot = MemorySnapshot::new(corpus::records(2_100));
    let (rendered, pdf) = render(&renderer(folder.path()), &request("scan_report", ""), &snapshot).unwrap();
    assert_eq!((rendered.rows, rendered.warnings), (Some(2_100), vec![]));
    assert!(tool("pdfinfo", &[], &pdf).contains("Tagged:          no"));
    check(&pdf, snapshot.records()).unwrap();
}

#[test]
fn an_empty_scope_is_a_result() {
    if !has_browser() {
        return;
    }
    let folder = scratch();
    let renderer = renderer(folder.path());
    let clean = |facts: &mut export_core::ports::SnapshotFacts| {
        facts.scans = vec![ScanTotals { scan: corpus::scan(0), totals: Totals::default() }];
    };
    let snapshot = MemorySnapshot::new(vec![]).with_facts(clean);
    let (rendered, pdf) = render(&renderer, &request("scan_report", ""), &snapshot).unwrap();
    assert_eq!((rendered.rows, rendered.warnings), (Some(0), vec![]));
    let text = squeezed(&pdf);
    for part in
        ["Nothingwasfoundintheoneimagethatwaslookedat.", "registry.example/app-0:1.0", "Noopenfindings."]
    {
        assert!(text.contains(part), "{part} in {text}");
    }
    let nowhere = MemorySnapshot::new(vec![]);
    render(&renderer, &request("vulnerability_report", ""), &nowhere).unwrap();
}

#[test]
fn three_hundred_images_are_all_named() {
    if !has_browser() {
        return;
    }
    let folder = scratch();
    let renderer = renderer(folder.path());
    let snapshot = many_images(300);
    let (rendered, pdf) = render(&renderer, &request("scan_report", ""), &snapshot).unwrap();
    assert_eq!((rendered.rows, rendered.warnings), (Some(200), vec![]));
    let text = squeezed(&pdf);
    for index in 0..300 {
        assert!(text.contains(&format!("registry.example/fleet/service-{index}:1")), "image {index}");
    }
    assert!(text.contains("and294more,alllistedunderMethodandproof"));

    let executive = request("scan_report", r#""template":"compliance-executive""#);
    let (_, pdf) = render(&renderer, &executive, &snapshot).unwrap();
    assert!(squeezed(&pdf).contains("moreimagesholdopenfindingsinpackages:seethedetailedreport."));
}

/// Images of which every third is clean.
fn many_images(count: u32) -> MemorySnapshot {
    let scan = |index: u32| ScanRef {
        id: format!("fleet-{index}").parse().expect("a scan's id"),
        image: format!("registry.example/fleet/service-{index}:1"),
        ..corpus::scan(index)
    };
    let record = |index: u32| {
        let component =
            Component { name: "openssl".into(), version: "3.0.11".into(), ..Component::default() };
        let finding = corpus::finding(&scan(index), 4);
        assert!(finding.vulnerability().is_some(), "seed 4 is a vulnerability");
        let finding = Finding {
            component: Some(component),
            id: format!("fnd-{index}").into(),
            suppression: None,
            ..finding
        };
        FindingRecord::join(finding, None, vec![], corpus::AT)
    };
    let records: Vec<_> = (0..count).filter(|index| index % 3 != 0).map(record).collect();
    let mut totals: Vec<Totals> = (0..count).map(|_| Totals::default()).collect();
    for record in &records {
        let index =
            record.finding.scan_id.strip_prefix("fleet-").and_then(|index| index.parse::<usize>().ok());
        let index = index.expect("the ids made above");
        totals[index].add(record);
    }
    let scans = (0..count).zip(totals).map(|(index, totals)| ScanTotals { scan: scan(index), totals });
    MemorySnapshot::new(records).with_facts(|facts| facts.scans = scans.collect())
}

#[test]
fn hostile_text_is_text_in_every_template() {
    if !has_browser() {
        return;
    }
    let folder = scratch();
    let renderer = renderer(folder.path());
    let snapshot = MemorySnapshot::new(corpus::hostile_records());
    for template in export_render_pdf::TEMPLATES {
        let request = request(
            "scan_report",
            &format!(r#""template":"{template}","custom_fields":{{"<b>":"<script>x</script>"}}"#),
        );
        let (rendered, pdf) = render(&renderer, &request, &snapshot).unwrap();
        // U+FFFE and U+FFFF are no characters, so no font has them.
        let codes: Vec<WarningCode> = rendered.warnings.iter().map(|warning| warning.code).collect();
        assert_eq!(codes, [WarningCode::GlyphsMissing], "{template}");
        let text = squeezed(&pdf);
        assert!(
            text.contains("<script>x</script>") && text.contains("</title></style><!--"),
            "{template}: {text}"
        );
        assert!(!String::from_utf8_lossy(&pdf).contains("javascript:"), "{template} has no such link");
    }
    assert!(snapshot.facts().totals.findings > 30);
}

#[test]
fn texts_without_end_are_cut_and_told() {
    if !has_browser() {
        return;
    }
    let folder = scratch();
    let mut record = corpus::record(4);
    let endless = corpus::very_long();
    record.finding.title = endless.clone().into();
    record.finding.description = endless.clone().into();
    record.finding.component =
        Some(Component { name: endless.clone().into(), version: endless.into(), ..Component::default() });
    let snapshot = MemorySnapshot::new(vec![record]);
    let (rendered, pdf) = render(&renderer(folder.path()), &request("scan_report", ""), &snapshot).unwrap();
    assert!(
        rendered.warnings.iter().any(|it| it.code == WarningCode::TextShortened),
        "{:?}",
        rendered.warnings
    );
    assert!(pdf.len() < 2 << 20, "{} bytes", pdf.len());
}
