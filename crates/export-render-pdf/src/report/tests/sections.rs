//! The sections that only some types have.

use export_core::finding::{Decision, Verdict as Decided, Waiver};
use export_core::ports::{BaselineFacts, RecordKind, ScanTotals, Snapshot as _};
use export_core::record::{BaselineState, FindingStatus};
use export_core::time::Timestamp;
use export_templates::view::{Trend, Verdict};

use super::*;

const DETAILED: &str = "compliance-detailed";
const EXECUTIVE: &str = "compliance-executive";

fn decided(rule: &str, decision: Decision, until: Option<i64>) -> Decided<'static> {
    let waiver = (decision == Decision::Waived).then(|| Waiver {
        by: "R. Okafor".into(),
        reason: "replaced next month".into(),
        expires_at: until.map(Timestamp::from_millis),
    });
    Decided {
        subject: None,
        policy_set: "baseline".into(),
        policy: "policy".into(),
        rule: rule.to_owned().into(),
        decision,
        reason: "because".into(),
        evaluated_at: Some(AT),
        waiver,
    }
}

/// A finding of its own image with these verdicts.
fn judged(n: u32, verdicts: Vec<Decided<'static>>) -> FindingRecord<'static> {
    let finding = vulnerability(n % 3, &format!("CVE-{n}"), Severity::High);
    FindingRecord::join(finding, None, verdicts, AT)
}

#[test]
fn a_waiver_that_has_run_out_fails_in_every_number_and_says_so() {
    let day = 86_400_000;
    let waived = |until: i64| decided("fix", Decision::Waived, Some(AT.as_millis() + until));
    let records = vec![
        judged(0, vec![waived(-day)]),
        judged(1, vec![waived(day)]),
        judged(2, vec![decided("fix", Decision::Pass, None)]),
        judged(3, vec![decided("sign", Decision::Warn, None)]),
    ];
    let report = report_of("policy_compliance", "", DETAILED, &MemorySnapshot::new(records));
    let compliance = report.view.compliance.unwrap();
    assert_eq!((compliance.allowing, compliance.verdicts, compliance.share.as_str()), (3, 4, "75\u{A0}%"));
    assert_eq!((compliance.compliant, compliance.evaluated), (2, 3));
    let names: Vec<(&str, u64)> = compliance.broken.iter().map(|it| (it.rule.as_str(), it.total)).collect();
    assert_eq!(names, [("fix", 1), ("sign", 1)], "what refuses first");
    let row = &compliance.broken[0].rows[0];
    assert_eq!((row.decision, row.image.as_str()), (Verdict::Fail, "app-0:1.0"));
    assert!(row.note.as_ref().unwrap().starts_with("The waiver by R. Okafor ran out on "), "{:?}", row.note);
    let ended: Vec<bool> = compliance.waivers.iter().map(|it| it.ended).collect();
    assert_eq!((ended, compliance.waivers_total), (vec![true, false], 2), "what has run out first");
    let states: Vec<&str> = compliance.images.iter().map(|it| it.state.as_str()).collect();
    assert_eq!(states, ["not compliant", "compliant", "compliant"]);
    let values: Vec<&str> = report.view.glance.figures.iter().map(|it| it.value.as_str()).collect();
    assert_eq!(values, ["75\u{A0}%", "2 of 3", "1", "0", "1", "1"]);
    assert_eq!(
        report.view.glance.sentence,
        "1 of 3 images breaks a rule. policy / fix is broken most: 1 verdict in 1 image."
    );
    assert_eq!((report.listed, report.warnings.len()), (None, 0));
}

#[test]
fn of_too_many_verdicts_the_mildest_have_no_row_and_that_is_told() {
    let mut records: Vec<_> = (0..30).map(|n| judged(n, vec![decided("a", Decision::Warn, None)])).collect();
    records.extend((30..50).map(|n| judged(n, vec![decided("b", Decision::Fail, None)])));
    let snapshot = MemorySnapshot::new(records);
    let report = report_of("policy_compliance", r#""pdf_max_rows":25"#, DETAILED, &snapshot);
    let compliance = report.view.compliance.unwrap();
    let rows: Vec<(&str, usize, u64)> =
        compliance.broken.iter().map(|it| (it.rule.as_str(), it.rows.len(), it.total)).collect();
    assert_eq!(rows, [("b", 20, 20), ("a", 5, 30)]);
    let [warning] = report.warnings.as_slice() else { panic!("{:?}", report.warnings) };
    assert!(warning.message.starts_with("25 verdicts that do not simply allow"), "{warning}");
    assert_eq!(report.view.unlisted.as_ref(), Some(&warning.message));

    let short = report_of("policy_compliance", "", EXECUTIVE, &snapshot);
    let examples: Vec<usize> = short.view.compliance.unwrap().broken.iter().map(|it| it.rows.len()).collect();
    assert_eq!((examples, short.warnings.len()), (vec![3, 3], 0));
}

#[test]
fn vulnerabilities_stand_once_with_all_that_they_are_in() {
    let known = |image, id: &str| known(fixed_in("3.0.15", vulnerability(image, id, Severity::Critical)));
    let records = vec![
        open(known(0, "CVE-1")),
        open(known(1, "CVE-1")),
        open(vulnerability(2, "CVE-2", Severity::Low)),
        judged(8, vec![decided("a", Decision::Waived, None)]),
    ];
    let report = report_of("vulnerability_report", "", DETAILED, &MemorySnapshot::new(records.clone()));
    assert_eq!(report.listed, Some((RecordKind::Vulnerability, 3)));
    let rows = report.view.vulnerabilities.unwrap().rows;
    let ids: Vec<&str> = rows.iter().map(|it| it.id.as_str()).collect();
    assert_eq!(ids, ["CVE-1", "CVE-2", "CVE-8"], "closed ones last");
    assert_eq!((rows[0].findings, rows[0].open, rows[0].known_exploited), (2, 2, true));
    assert_eq!(rows[0].images, ["app-0:1.0", "app-1:1.1"]);
    let [component] = rows[0].components.as_slice() else { panic!("{:?}", rows[0].components) };
    assert_eq!((component.fixed.as_deref(), component.images), (Some("3.0.15"), 2));
    assert_eq!((rows[2].open, rows[2].statuses[0].what.as_str()), (0, "waived"));
    assert!(report.view.images.is_empty() && report.warnings.is_empty());
    assert_eq!(report.view.not_open[0].rows.len(), 1);
    assert_eq!(report.view.glance.figures[0].note.as_deref(), Some("in 3 open findings"));

    let part =
        report_of("vulnerability_report", r#""pdf_max_rows":1"#, DETAILED, &MemorySnapshot::new(records));
    assert_eq!(part.listed, Some((RecordKind::Vulnerability, 1)));
    let told: Vec<&str> = part.warnings.iter().map(|it| it.message.as_str()).collect();
    assert!(told[0].contains("the 1 worst of 3 vulnerabilities"), "{told:?}");
    assert!(told[1].contains("the 0 worst of 1 finding that is closed"), "{told:?}");
}

#[test]
fn upgrades_over_all_images_and_what_they_leave_are_all_that_is_open() {
    let records: Vec<_> = corpus::records(300);
    let report = report_of("vulnerability_report", "", EXECUTIVE, &MemorySnapshot::new(records));
    let whole = report_of(
        "scan_report",
        r#""include_remediation":true"#,
        DETAILED,
        &MemorySnapshot::new(corpus::records(300)),
    );
    assert_eq!(report.view.remediation.unwrap().upgrades.len(), 10);
    let remediation = whole.view.remediation.unwrap();
    let left: u64 = remediation.remaining.iter().map(|it| it.findings).sum();
    let in_packages: u64 = whole.view.images.iter().map(|it| it.counts.total()).sum();
    let (ended, rest) = remediation.sentence.split_once(" of ").expect("a sentence with numbers");
    let ended: u64 = ended.rsplit(' ').next().unwrap().parse().unwrap();
    assert!(rest.starts_with(&format!("{in_packages} open findings")), "{}", remediation.sentence);
    assert_eq!(ended + left, in_packages);
    assert!(remediation.upgrades.windows(2).all(|two| two[0].known_exploited >= two[1].known_exploited));
    assert!(whole.view.first_things.len() == 10 && report.view.images.is_empty());
}

#[test]
fn a_summary_tells_of_the_newest_scan_of_each_image() {
    let older = |it: &ScanTotals| {
        let mut scan = it.scan.clone();
        scan.id = format!("{}-before", scan.id).parse().unwrap();
        scan.created_at = scan.created_at.map(|at| Timestamp::from_millis(at.as_millis() - 86_400_000));
        let mut totals = it.totals.clone();
        totals.open_by_severity[0] += 5;
        totals.open += 5;
        ScanTotals { scan, totals }
    };
    let snapshot = MemorySnapshot::new(corpus::records(90)).with_facts(|facts| {
        let before: Vec<ScanTotals> = facts.scans.iter().map(older).collect();
        facts.scans.extend(before);
    });
    let report = report_of("scan_summary", "", DETAILED, &snapshot);
    let history = report.view.history.unwrap();
    assert_eq!((history.images, history.scans, history.worst.len(), history.rows.len()), (3, 6, 3, 6));
    assert_eq!(report.listed, Some((RecordKind::Scan, 6)));
    assert!(history.trend.is_some());
    let change = history.worst[0].change.as_ref().unwrap();
    assert_eq!((change.text.as_str(), change.trend), ("\u{2212}5", Trend::Better));
    let figures = &report.view.glance.figures;
    assert_eq!((figures[0].value.as_str(), figures[0].note.as_deref()), ("3", Some("6 scans")));
    assert_eq!(figures[1].value, snapshot.facts().totals.open.to_string());
    assert_eq!(figures[1].change.as_ref().unwrap().text, "\u{2212}15");
    assert_eq!(figures[2].change.as_ref().unwrap().text, "\u{2212}15");
    assert_eq!(history.sum.unwrap().findings, 90, "the sum is that of the snapshot");
    assert_eq!(report_of("scan_summary", "", EXECUTIVE, &snapshot).listed, None);
}

#[test]
fn what_came_went_and_changed_is_told_in_numbers_and_in_a_few_rows() {
    let mut records: Vec<_> =
        (0..40).map(|n| open(vulnerability(0, &format!("CVE-{n}"), Severity::High))).collect();
    for (n, record) in records.iter_mut().enumerate() {
        record.baseline = Some(if n % 2 == 0 { BaselineState::New } else { BaselineState::Unchanged });
    }
    records[1].baseline = Some(BaselineState::Updated);
    records[1].change.severity_before = Some(Severity::Medium);
    records[1].change.vex_before = Some(Some(VexStatus::Affected));
    records[3].baseline = Some(BaselineState::Updated);
    records[3].change.status_before = Some(FindingStatus::NotAffected);
    let snapshot = MemorySnapshot::new(records).with_facts(|facts| {
        let scans = vec![scan(1)];
        facts.baseline =
            Some(BaselineFacts { scans, by_state: [20, 2, 18, 3], changed_severity: 1, changed_vex: 2 });
    });
    let view = report_of("scan_report", "", DETAILED, &snapshot).view;
    let changes = view.changes.unwrap();
    let figures: Vec<u64> = changes.figures.iter().map(|(_, count)| *count).collect();
    assert_eq!(figures, [20, 3, 1, 2, 18]);
    let parts: Vec<(&str, u64, usize)> =
        changes.parts.iter().map(|it| (it.title.as_str(), it.total, it.rows.len())).collect();
    let expected = [
        ("Introduced", 20, 10),
        ("Fixed", 3, 0),
        ("Changed severity", 1, 1),
        ("Changed VEX or status", 2, 2),
    ];
    assert_eq!(parts, expected);
    assert_eq!(changes.parts[0].rows[0].place, "openssl 3.0.11", "the one image goes without saying");
    assert_eq!(changes.parts[2].rows[0].state, "medium → high");
    let mut states: Vec<&str> = changes.parts[3].rows.iter().map(|row| row.state.as_str()).collect();
    states.sort_unstable();
    assert_eq!(states, ["VEX: affected → none", "not affected → open"]);
    assert_eq!(changes.note.as_deref(), Some("1 finding changed in both, and counts in both numbers."));
    let line = view.glance.baseline.unwrap();
    let told = "20 findings are introduced, 3 fixed, 1 changed in severity, 2 in VEX or status.";
    assert!(line.contains(told), "{line}");
    assert!(detailed(vec![]).view.changes.is_none());
}

#[test]
fn evidence_is_only_gathered_for_those_who_prove_and_charts_only_for_others() {
    for kind in ["scan_report", "vulnerability_report", "scan_summary", "policy_compliance"] {
        let snapshot = MemorySnapshot::new(corpus::records(60));
        let proof = report_of(kind, "", "audit-evidence", &snapshot);
        let evidence = proof.view.evidence.unwrap();
        assert_eq!(evidence.snapshot, format!("sha256:{}", snapshot.facts().digest));
        assert!(evidence.code.is_some() && evidence.scans.len() == 3, "{kind}");
        assert!(proof.view.charts.is_empty() && proof.view.glance.distribution.is_none(), "{kind}");
        assert!(proof.view.first_things.is_empty() && proof.listed.is_none(), "{kind}");
        let decided: usize = proof.view.not_open.iter().map(|it| it.rows.len()).sum();
        let totals = &snapshot.facts().totals;
        assert_eq!(decided as u64, totals.findings - totals.open, "{kind}");
        for template in [DETAILED, EXECUTIVE] {
            assert!(report_of(kind, "", template, &snapshot).view.evidence.is_none(), "{kind}");
        }
        let own = report_of(kind, "", "custom-acme", &snapshot);
        assert!(own.view.evidence.is_some() && own.view.glance.distribution.is_some(), "{kind}");
    }
}
