//! Every type in every template: what each has to say of the demo library, read back from its pages.

use std::collections::BTreeSet;

use export_contract::corpus::AT;
use export_contract::{MemorySnapshot, corpus};
use export_core::compliance::standing;
use export_core::finding::Decision;
use export_core::ports::{RecordKind, Said, ScanTotals, Snapshot};
use export_core::totals::Totals;
use export_render_pdf::TEMPLATES;
use export_snapshot::SpooledSnapshot;

use super::demo::demo;
use super::reading::{render, renderer, request, squeezed, without_spaces};
use super::support::{has_browser, scratch, tool};

const TYPES: [&str; 4] = ["scan_report", "vulnerability_report", "scan_summary", "policy_compliance"];

struct Printed {
    snapshot: SpooledSnapshot,
    lists: Vec<(RecordKind, u64)>,
    pdf: Vec<u8>,
    text: String,
    _scratch: tempfile::TempDir,
}

/// The demo library as `kind` in `template`; it has no warnings.
fn printed(kind: &str, template: &str) -> Printed {
    let folder = scratch();
    let request = request(kind, &format!(r#""template":"{template}""#));
    let snapshot = demo(&request.scope, AT, folder.path());
    let (rendered, pdf) = render(&renderer(folder.path()), &request, &snapshot).expect("a report");
    assert_eq!(rendered.warnings, vec![], "{kind} {template}");
    assert_eq!(rendered.rows, rendered.lists.first().map(|(_, rows)| *rows), "{kind} {template}");
    Printed { snapshot, lists: rendered.lists, text: squeezed(&pdf), pdf, _scratch: folder }
}

impl Printed {
    fn assert_has(&self, part: &str) {
        assert!(self.text.contains(&without_spaces(part)), "{part} is missing in {}", self.text);
    }
}

#[test]
fn each_vulnerability_has_its_row_with_its_numbers() {
    if !has_browser() {
        return;
    }
    let printed = printed("vulnerability_report", TEMPLATES[0]);
    let different = printed.snapshot.facts().vulnerabilities.unwrap();
    assert_eq!(printed.lists, [(RecordKind::Vulnerability, different)]);
    let mut cursor = printed.snapshot.vulnerabilities().unwrap();
    let (mut read, mut findings) = (0, 0);
    while let Some(record) = cursor.next().unwrap() {
        printed.assert_has(&record.id);
        let components: BTreeSet<&str> = record.affected.iter().map(|it| &*it.component).collect();
        if let [component] = components.into_iter().collect::<Vec<_>>()[..] {
            printed.assert_has(component);
        }
        read += 1;
        findings += record.findings;
    }
    assert_eq!(read, different);
    let first = tool("pdftotext", &["-raw", "-f", "1", "-l", "1"], &printed.pdf);
    let open = printed.snapshot.facts().totals.open;
    assert!(without_spaces(&first).contains(&format!("in{open}openfindings")), "{first}");
    assert!(findings > 400, "{findings}");
}

#[test]
fn each_scan_has_its_row_and_the_sum_is_that_of_the_snapshot() {
    if !has_browser() {
        return;
    }
    let printed = printed("scan_summary", TEMPLATES[0]);
    let facts = printed.snapshot.facts();
    let scans = facts.scans.len();
    assert_eq!(printed.lists, [(RecordKind::Scan, scans as u64)]);
    for it in &facts.scans {
        printed.assert_has(it.scan.id.as_str());
        printed.assert_has(&it.scan.image);
    }
    let text = tool("pdftotext", &["-layout"], &printed.pdf);
    let sum =
        text.lines().find(|line| line.contains(&format!("All {scans} scans"))).expect("the row of the sum");
    let numbers: Vec<&str> = sum.split_whitespace().skip(3).collect();
    let totals = &facts.totals;
    let [critical, high, medium, low, none, unknown] = totals.open_by_severity;
    let known = totals.open_known_exploited;
    let expected =
        [critical, high, medium, low, none + unknown, totals.open_with_fix, known, totals.findings];
    assert_eq!(numbers, expected.map(|number| number.to_string()), "{sum}");
}

#[test]
fn each_verdict_that_does_not_allow_and_each_waiver_stands_in_the_report() {
    if !has_browser() {
        return;
    }
    for template in [TEMPLATES[0], TEMPLATES[2]] {
        let printed = printed("policy_compliance", template);
        let facts = printed.snapshot.facts();
        let total = facts.compliance.as_ref().unwrap().total();
        printed.assert_has(&format!("{} of {} verdicts allow", total.allowing(), total.verdicts()));
        let mut cursor = printed.snapshot.annotations().unwrap();
        let mut by_decision = [0; 5];
        while let Some(annotation) = cursor.next().unwrap() {
            let Said::Verdict(verdict) = annotation.said else { continue };
            let decision = standing(&verdict, facts.taken_at);
            by_decision[decision as usize] += 1;
            printed.assert_has(&verdict.rule);
            if decision != Decision::Pass {
                printed
                    .assert_has(verdict.subject.as_ref().map_or("the whole image", |it| &it.vulnerability));
            }
            if let Some(waiver) = &verdict.waiver {
                printed.assert_has(&waiver.by);
                printed.assert_has(&waiver.reason);
            }
        }
        assert_eq!(by_decision, total.by_decision);
        let text = tool("pdftotext", &["-layout"], &printed.pdf);
        let rows = text.lines().filter(|line| line.trim_start().starts_with("fail ")).count() as u64;
        assert_eq!(rows, total.decision(Decision::Fail), "{template}");
    }
}

#[test]
fn evidence_has_whole_digests_and_who_decided_what() {
    if !has_browser() {
        return;
    }
    for kind in TYPES {
        let printed = printed(kind, TEMPLATES[2]);
        let facts = printed.snapshot.facts();
        assert_eq!(printed.lists, [], "{kind}");
        printed.assert_has(&format!("sha256:{}", facts.digest));
        for source in &facts.sources {
            printed.assert_has(&source.digest.to_string());
        }
        for it in &facts.scans {
            // A repository that was scanned has none.
            it.scan.image_digest.as_deref().iter().for_each(|digest| printed.assert_has(digest));
        }
        let mut cursor = printed.snapshot.findings().unwrap();
        let mut decisions = 0;
        while let Some(record) = cursor.next().unwrap() {
            if !record.status.is_open() {
                decisions += 1;
                printed.assert_has(record.finding.rule());
            }
            if let Some(vex) = &record.vex {
                printed.assert_has(&vex.document);
            }
        }
        assert!(decisions > 20, "{decisions}");
    }
}

#[test]
fn reports_for_those_who_decide_are_short() {
    if !has_browser() {
        return;
    }
    for kind in TYPES {
        let printed = printed(kind, TEMPLATES[1]);
        let info = tool("pdfinfo", &[], &printed.pdf);
        let pages = info.lines().find_map(|line| line.strip_prefix("Pages:")).expect("a number of pages");
        let pages: u32 = pages.trim().parse().unwrap();
        assert!((2..=8).contains(&pages), "{kind} has {pages} pages");
        assert_eq!(printed.lists, [], "{kind}");
    }
}

#[test]
fn nothing_and_nowhere_are_results_in_every_type_and_template() {
    if !has_browser() {
        return;
    }
    let folder = scratch();
    let renderer = renderer(folder.path());
    let nowhere = MemorySnapshot::new(vec![]);
    let clean = MemorySnapshot::new(vec![]).with_facts(|facts| {
        facts.scans = vec![ScanTotals { scan: corpus::scan(0), totals: Totals::default() }];
        facts.compliance.as_mut().expect("a compliance").scans.resize_with(1, Default::default);
    });
    for kind in TYPES {
        for template in TEMPLATES {
            let request = request(kind, &format!(r#""include_remediation":true,"template":"{template}""#));
            for snapshot in [&nowhere, &clean] {
                let (rendered, pdf) = render(&renderer, &request, snapshot).unwrap();
                assert_eq!(rendered.warnings, vec![], "{kind} {template}");
                let text = squeezed(&pdf);
                assert!(text.contains("Methodandproof"), "{kind} {template}: {text}");
                let said = ["Nothingwas", "Norulewas"].iter().any(|part| text.contains(part));
                assert!(said, "{kind} {template}: {text}");
            }
        }
    }
}
