//! Tables of vulnerabilities, upgrades and scans, read back by the `csv` crate.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

use std::collections::BTreeMap;

use export_contract::renderers::{Files, WitnessPulse, request};
use export_contract::{MemorySnapshot, corpus};
use export_core::catalogue::{ExportType, Format};
use export_core::finding::{Component, Finding, Fix, FixState, Severity, Subject, Vulnerability};
use export_core::id::ExportId;
use export_core::ports::{Brief, RecordKind, Rendered, Renderer as _, ScanTotals, Snapshot as _};
use export_core::record::FindingRecord;
use export_core::request::Options;
use export_core::scan::ScanRef;
use export_core::time::Timestamp;
use export_core::totals::Totals;
use export_core::warning::WarningCode;
use export_render_csv::CsvRenderer;

type Row = BTreeMap<String, String>;

fn render(snapshot: &MemorySnapshot, kind: ExportType, options: Options) -> (Rendered, Files) {
    let mut request = request(kind, Format::Csv);
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
    let mut out = Files::new();
    let rendered = CsvRenderer.render(&brief, snapshot, &mut out).unwrap();
    (rendered, out)
}

fn rows(bytes: &[u8]) -> Vec<Row> {
    csv::Reader::from_reader(bytes).deserialize().map(Result::unwrap).collect()
}

fn cells<'r>(row: &'r Row, names: &[&str]) -> Vec<&'r str> {
    names.iter().map(|name| row[*name].as_str()).collect()
}

/// An open finding of `id` in openssl 3.0.11 of a scan, fixed in `fixed`.
fn finding(seed: u64, scan: u32, id: &str, fixed: &str) -> FindingRecord<'static> {
    let scan = corpus::scan(scan);
    let finding = Finding {
        severity: Severity::High,
        subject: Subject::Vulnerability(Vulnerability {
            id: id.to_owned().into(),
            ..Vulnerability::default()
        }),
        component: Some(Component {
            name: "openssl".into(),
            version: "3.0.11".into(),
            purl: Some("pkg:deb/debian/openssl@3.0.11".into()),
            ecosystem: "debian".into(),
        }),
        fix: Fix { state: FixState::Fixed, versions: fixed.to_owned().into() },
        suppression: None,
        ..corpus::finding(&scan, seed)
    };
    FindingRecord::join(finding, None, vec![], corpus::AT)
}

#[test]
fn a_vulnerability_is_one_row_with_all_that_it_affects() {
    let records =
        vec![finding(1, 0, "CVE-1", "3.0.15"), finding(2, 1, "CVE-1", "3.0.15"), finding(3, 1, "CVE-2", "")];
    let snapshot = MemorySnapshot::new(records);
    let (rendered, files) = render(&snapshot, ExportType::VulnerabilityReport, Options::default());
    assert_eq!((rendered.rows, rendered.further_rows.as_slice()), (Some(2), &[3][..]));
    assert_eq!(rendered.lists, [(RecordKind::Vulnerability, 2), (RecordKind::Finding, 3)]);
    assert_eq!(rendered.warnings, []);
    let all = rows(files.main());
    let row = all.iter().find(|row| row["vulnerability"] == "CVE-1").unwrap();
    let names =
        ["severity", "findings", "open", "open_with_fix", "scans", "images", "fix_available", "not_listed"];
    assert_eq!(cells(row, &names), ["high", "2", "2", "2", "2", "2", "true", "0"]);
    let lists = ["affected_images", "components", "purls", "fixes"];
    let expected = [
        "registry.example/app-0:1.0|registry.example/app-1:1.1",
        "openssl 3.0.11",
        "pkg:deb/debian/openssl@3.0.11",
        "openssl 3.0.11 -> 3.0.15",
    ];
    assert_eq!(cells(row, &lists), expected);
    let row = all.iter().find(|row| row["vulnerability"] == "CVE-2").unwrap();
    assert_eq!(
        cells(row, &["images", "fixes", "fix_available", "known_exploited"]),
        ["1", "", "false", "false"]
    );
    assert_eq!((files.further().len(), files.further()[0].0.as_str()), (1, "findings.csv"));
    assert_eq!(rows(&files.further()[0].1).len(), 3);
}

#[test]
fn upgrades_say_what_they_end_and_what_stays() {
    let records = vec![
        finding(1, 0, "CVE-1", "3.0.13"),
        finding(2, 0, "CVE-2", "3.0.15"),
        finding(3, 0, "CVE-3", ""),
        finding(4, 1, "CVE-3", ""),
    ];
    let options = Options { include_remediation: true, ..Options::default() };
    let (rendered, files) = render(&MemorySnapshot::new(records), ExportType::VulnerabilityReport, options);
    assert_eq!(
        (rendered.further_rows.as_slice(), files.further()[1].0.as_str()),
        (&[4, 2][..], "upgrades.csv")
    );
    let upgrades = rows(&files.further()[1].1);
    let names = [
        "scan_id",
        "package",
        "installed_version",
        "upgrade_to",
        "ends",
        "remaining",
        "ended_ids",
        "remaining_ids",
    ];
    let expected = [
        ["scan-0", "openssl", "3.0.11", "3.0.15", "2", "1", "CVE-1|CVE-2", "CVE-3"],
        ["scan-1", "openssl", "3.0.11", "", "0", "1", "", "CVE-3"],
    ];
    assert_eq!(upgrades.iter().map(|row| cells(row, &names)).collect::<Vec<_>>(), expected);
    assert!(upgrades[0]["references"].contains("https://advisories.example/"), "{:?}", upgrades[0]);
}

#[test]
fn more_components_than_a_list_has_room_for_are_counted_and_told() {
    let record = |number: u64| {
        let record = finding(number, 0, "CVE-1", "");
        let component = Component { name: format!("part-{number}").into(), ..Component::default() };
        let finding = Finding { component: Some(component), ..record.finding };
        FindingRecord { finding, ..record }
    };
    let snapshot = MemorySnapshot::new((0..10_002).map(record).collect());
    let (rendered, files) = render(&snapshot, ExportType::VulnerabilityReport, Options::default());
    let codes: Vec<WarningCode> = rendered.warnings.iter().map(|it| it.code).collect();
    assert_eq!(codes, [WarningCode::TextShortened]);
    assert!(
        rendered.warnings[0].message.contains("findings.csv has every finding"),
        "{}",
        rendered.warnings[0]
    );
    let row = &rows(files.main())[0];
    assert_eq!(cells(row, &["findings", "not_listed"]), ["10002", "2"]);
    assert_eq!(row["components"].split('|').count(), 10_000);
}

#[test]
fn a_summary_has_one_row_for_each_scan_with_the_change() {
    let scan = |id: &str, hours: i64, open: u64, critical: u64| {
        let scan = ScanRef {
            id: id.parse().unwrap(),
            image: "=app:1".to_owned(),
            image_digest: None,
            created_at: Some(Timestamp::from_millis(hours * 3_600_000)),
            tool: "trivy 0.67.0".to_owned(),
        };
        let open_by_severity = [critical, open - critical, 0, 0, 0, 0];
        ScanTotals { scan, totals: Totals { findings: 9, open, open_by_severity, ..Totals::default() } }
    };
    let scans = vec![scan("new", 48, 3, 1), scan("old", 24, 7, 2)];
    let snapshot = MemorySnapshot::new(vec![]).with_facts(|facts| facts.scans = scans);
    let (rendered, files) = render(&snapshot, ExportType::ScanSummary, Options::default());
    assert_eq!((rendered.rows, rendered.lists.as_slice()), (Some(2), &[(RecordKind::Scan, 2)][..]));
    assert_eq!(snapshot.facts().records(RecordKind::Scan), 2);
    let names = [
        "scan_id",
        "image",
        "scanned_at",
        "findings",
        "open",
        "open_critical",
        "previous_scan_id",
        "open_change",
        "critical_change",
    ];
    let expected = [
        ["new", "'=app:1", "1970-01-03T00:00:00Z", "9", "3", "1", "old", "-4", "-1"],
        ["old", "'=app:1", "1970-01-02T00:00:00Z", "9", "7", "2", "", "", ""],
    ];
    let all = rows(files.main());
    assert_eq!(all.iter().map(|row| cells(row, &names)).collect::<Vec<_>>(), expected);
}
