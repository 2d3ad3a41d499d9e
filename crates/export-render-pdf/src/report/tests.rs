//! What a report says, as a view: no browser needed.

use std::sync::Arc;

use export_contract::corpus::{self, AT};
use export_contract::{MemorySnapshot, corpus::scan};
use export_core::finding::{
    Component, Finding, Fix, KnownExploited, Probability, Severity, Subject, VexAssertion, VexStatus,
};
use export_core::id::{ExportId, TenantId};
use export_core::manifest::TemplateRecord;
use export_core::ports::{Brief, Interrupt, Pulse, RecordKind};
use export_core::record::FindingRecord;
use export_core::request::ExportRequest;
use export_render_kit::brand::{Accent, Brand, Logo};

use super::{Report, Room, build};

mod sections;

struct Calm;

impl Pulse for Calm {
    fn beat(&self, _: u64) -> Result<(), Interrupt> {
        Ok(())
    }
}

fn report(options: &str, template: &str, records: Vec<FindingRecord<'static>>) -> Report {
    branded((options, template), &Brand::default(), records)
}

fn branded((options, template): (&str, &str), brand: &Brand, records: Vec<FindingRecord<'static>>) -> Report {
    worn("scan_report", (options, template), brand, &MemorySnapshot::new(records))
}

/// The report of `kind`, with 5,000 rows at most.
fn report_of(kind: &str, options: &str, template: &str, snapshot: &MemorySnapshot) -> Report {
    worn(kind, (options, template), &Brand::default(), snapshot)
}

fn worn(kind: &str, (options, template): (&str, &str), brand: &Brand, snapshot: &MemorySnapshot) -> Report {
    let body = format!(
        r#"{{"type":"{kind}","format":"pdf","scope":{{"scan_ids":["scan-0"]}},"options":{{{options}}}}}"#
    );
    let request = ExportRequest::parse(body.as_bytes()).unwrap();
    let tenant: TenantId = "acme".parse().unwrap();
    let export_id = ExportId::new(AT, &[5; 10]);
    let brief = Brief {
        export_id,
        tenant: &tenant,
        request: &request,
        created_at: AT,
        template: None,
        seal: None,
        pulse: &Calm,
    };
    let digest = export_core::digest::Digest::of(b"");
    let template = TemplateRecord { name: template.to_owned(), digest };
    let room = Room { most: 5_000, streams: false };
    build(&brief, snapshot, &template, room, brand).unwrap()
}

fn detailed(records: Vec<FindingRecord<'static>>) -> Report {
    report("", "compliance-detailed", records)
}

/// Vulnerability `id` in `openssl` 3.0.11 of one of three images.
fn vulnerability(image: u32, id: &str, severity: Severity) -> Finding<'static> {
    let plain = corpus::finding(&scan(image), 4);
    let component = Component { name: "openssl".into(), version: "3.0.11".into(), ..Component::default() };
    let Subject::Vulnerability(mut subject) = plain.subject else { panic!("seed 4 is a vulnerability") };
    (subject.id, subject.epss, subject.known_exploited) = (id.to_owned().into(), None, None);
    subject.ratings.clear();
    Finding {
        id: format!("fnd-{image}-{id}").into(),
        severity,
        subject: Subject::Vulnerability(subject),
        component: Some(component),
        fix: Fix::default(),
        suppression: None,
        ..plain
    }
}

fn fixed_in(version: &'static str, finding: Finding<'static>) -> Finding<'static> {
    Finding { fix: Fix { versions: version.into(), ..Fix::default() }, ..finding }
}

fn known(mut finding: Finding<'static>) -> Finding<'static> {
    if let Subject::Vulnerability(subject) = &mut finding.subject {
        subject.known_exploited = Some(KnownExploited::default());
    }
    finding
}

fn epss(probability: f64, mut finding: Finding<'static>) -> Finding<'static> {
    if let Subject::Vulnerability(subject) = &mut finding.subject {
        let probability = Probability::new(probability).unwrap();
        subject.epss = Some(export_core::finding::Epss { probability, percentile: None });
    }
    finding
}

fn open(finding: Finding<'static>) -> FindingRecord<'static> {
    FindingRecord::join(finding, None, vec![], AT)
}

fn sentence(records: Vec<FindingRecord<'static>>) -> String {
    detailed(records).view.glance.sentence
}

#[test]
fn the_sentence_says_the_worst_that_is_true() {
    let critical = |image| vulnerability(image, "CVE-1", Severity::Critical);
    let low = |image| vulnerability(image, "CVE-2", Severity::Low);
    assert_eq!(
        sentence(vec![open(known(fixed_in("3.0.15", critical(0)))), open(known(low(1))), open(low(2))]),
        "2 of 3 images hold 2 known-exploited findings; 1 of them has a fix."
    );
    assert_eq!(
        sentence(vec![open(fixed_in("3.0.15", critical(0))), open(low(1))]),
        "1 of 2 images holds 1 critical finding; it has a fix. None is known to be exploited."
    );
    assert_eq!(
        sentence(vec![open(low(0))]),
        "1 finding is open, neither critical nor known to be exploited; it has no fix."
    );
    assert_eq!(sentence(vec![]), "Nothing was looked at: the scope has no image.");
    let vex = VexAssertion {
        status: VexStatus::NotAffected,
        justification: None,
        impact: None,
        action: None,
        author: "ann".into(),
        timestamp: Some(AT),
        document: "d".into(),
    };
    assert_eq!(
        sentence(vec![FindingRecord::join(critical(0), Some(vex), vec![], AT)]),
        "No finding is open: the one that was found is waived, suppressed, fixed, or not affecting the product."
    );
}

#[test]
fn first_comes_what_is_exploited_then_what_is_likely_and_one_row_is_one_thing_to_do() {
    let low = |image, id: &str| vulnerability(image, id, Severity::Low);
    let view = detailed(vec![
        open(epss(0.9, vulnerability(0, "CVE-likely", Severity::Medium))),
        open(vulnerability(0, "CVE-critical", Severity::Critical)),
        open(known(fixed_in("3.0.13", low(0, "CVE-known")))),
        open(known(fixed_in("3.0.13", low(1, "CVE-known")))),
        open(fixed_in("3.0.15", low(0, "CVE-later"))),
    ])
    .view;
    let ids: Vec<&str> = view.first_things.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(ids, ["CVE-known", "CVE-likely", "CVE-critical", "CVE-later"]);
    let first = &view.first_things[0];
    assert_eq!(first.place, "openssl 3.0.11 in app-0:1.0 and app-1:1.1");
    assert_eq!(first.reasons, ["Known exploited"]);
    assert_eq!(first.action, "Upgrade openssl to 3.0.15", "the one upgrade of the package in that image");
    assert_eq!(view.first_things[1].reasons, ["EPSS 90\u{A0}%"]);
    assert_eq!(view.first_things[2].reasons, ["Critical severity"]);
    assert!(view.first_things[2].action.starts_with("No fix yet"));
}

#[test]
fn no_more_than_ten_rows_come_first_whatever_there_is() {
    let many = |n: u32| open(vulnerability(0, &format!("CVE-{n:05}"), Severity::High));
    let mut records: Vec<_> = (0..2_500).map(many).collect();
    records.push(open(epss(0.1, vulnerability(1, "CVE-9", Severity::Low))));
    let first = detailed(records).view.first_things;
    let ids: Vec<&str> = first.iter().take(3).map(|row| row.id.as_str()).collect();
    assert_eq!((first.len(), ids), (10, vec!["CVE-9", "CVE-00000", "CVE-00001"]));
}

#[test]
fn packages_have_the_upgrade_that_ends_most() {
    let view = detailed(vec![
        open(fixed_in("3.0.13", vulnerability(0, "CVE-1", Severity::High))),
        open(fixed_in("3.0.15", vulnerability(0, "CVE-2", Severity::Low))),
        open(vulnerability(0, "CVE-3", Severity::Low)),
    ])
    .view;
    let package = &view.images[0].tables[0].packages[0];
    assert_eq!((package.fixed.as_deref(), package.ended, package.open), (Some("3.0.15"), 2, 3));
    let ids: Vec<&str> = package.findings.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(ids, ["CVE-1", "CVE-2", "CVE-3"]);
}

#[test]
fn every_record_has_one_row_or_is_counted() {
    let rows = |report: &Report| {
        let packages = report.view.images.iter().flat_map(|it| &it.tables).flat_map(|it| &it.packages);
        packages.map(|it| it.findings.len()).sum::<usize>()
            + report.view.other_findings.iter().map(|it| it.rows.len()).sum::<usize>()
            + report.view.not_open.iter().map(|it| it.rows.len()).sum::<usize>()
    };
    let whole = detailed(corpus::records(400));
    assert_eq!(
        (rows(&whole), whole.listed, whole.view.unlisted.as_deref()),
        (400, Some((RecordKind::Finding, 400)), None)
    );
    let part = report(r#""pdf_max_rows":90"#, "compliance-detailed", corpus::records(400));
    assert_eq!((rows(&part), part.listed, part.warnings.len()), (90, Some((RecordKind::Finding, 90)), 1));
    let totals: u64 = part.view.not_open.iter().map(|it| it.total).sum();
    assert!(
        totals > part.view.not_open.iter().map(|it| it.rows.len() as u64).sum(),
        "groups count what they do not list"
    );
    let executive = report("", "compliance-executive", corpus::records(400));
    assert_eq!((rows(&executive), executive.listed, executive.warnings.len()), (0, None, 0));
    assert!(executive.view.images.iter().any(|it| !it.tables.is_empty()), "packages without findings");
}

#[test]
fn a_limit_beyond_what_a_browser_can_do_is_told() {
    let report = report(r#""pdf_max_rows":1000000"#, "compliance-detailed", corpus::records(5_001));
    assert_eq!(report.listed, Some((RecordKind::Finding, 5_000)));
    assert!(report.warnings[0].message.contains("A PDF lists 5,000 at most."), "{}", report.warnings[0]);
}

#[test]
fn a_description_is_told_once() {
    let view = detailed(vec![
        open(vulnerability(0, "CVE-1", Severity::High)),
        open(vulnerability(1, "CVE-1", Severity::High)),
    ])
    .view;
    let packages = view.images.iter().flat_map(|it| &it.tables).flat_map(|it| &it.packages);
    let described = packages.flat_map(|it| &it.findings).filter(|it| it.description.is_some()).count();
    assert_eq!(described, 1);
}

#[test]
fn a_report_wears_its_tenants_name_colour_and_logo() {
    let plain = detailed(vec![]).view;
    assert_eq!((plain.cover.tenant.as_str(), plain.cover.logo), ("acme", None));
    let text = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1"><path d="M0 0h9"/></svg>"#;
    let brand = Brand {
        name: Some("Aurora Bank".to_owned()),
        accent: Some(Accent::parse("#4C1D95").unwrap()),
        logo: Some(Arc::new(Logo::check(text.as_bytes()).unwrap())),
    };
    let view = branded(("", "compliance-detailed"), &brand, vec![]).view;
    assert_eq!((view.cover.tenant.as_str(), view.accent.as_str()), ("Aurora Bank", "#4C1D95"));
    assert_eq!(view.cover.logo.unwrap().logo().size(), (2.0, 1.0));
}
