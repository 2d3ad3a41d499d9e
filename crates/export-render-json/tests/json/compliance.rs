//! Policy compliance.

use export_contract::{MemorySnapshot, corpus};
use export_core::catalogue::ExportType;
use export_core::compliance::{ComplianceFacts, RuleTotals, Standings};
use export_core::finding::{Decision, Verdict, Waiver};
use export_core::ports::{RecordKind, Snapshot as _};
use export_core::record::FindingRecord;
use export_core::time::Timestamp;
use serde_json::{Value, json};

use crate::support::{document, render, validate};

const KIND: ExportType = ExportType::PolicyCompliance;

fn verdict(
    policy: &'static str,
    rule: &'static str,
    decision: Decision,
    until: Option<i64>,
) -> Verdict<'static> {
    let waiver = (decision == Decision::Waived).then(|| Waiver {
        by: "ann".into(),
        reason: "not reachable".into(),
        expires_at: until.map(Timestamp::from_millis),
    });
    Verdict {
        subject: None,
        policy_set: "production".into(),
        policy: policy.into(),
        rule: rule.into(),
        decision,
        reason: "because".into(),
        evaluated_at: Some(corpus::AT),
        waiver,
    }
}

/// Verdicts about a finding of each of three scans; the last has none.
fn snapshot() -> MemorySnapshot {
    let with = |seed: u64, verdicts: Vec<Verdict<'static>>| {
        let record = corpus::record(seed);
        FindingRecord::join(record.finding, None, verdicts, corpus::AT)
    };
    let records = vec![
        with(0, vec![verdict("a", "x", Decision::Pass, None), verdict("a", "y", Decision::Waived, None)]),
        with(1, vec![verdict("a", "y", Decision::Waived, Some(0)), verdict("b", "z", Decision::Warn, None)]),
        with(2, vec![]),
    ];
    let snapshot = MemorySnapshot::new(records);
    let compliance = compliance(&snapshot);
    snapshot.with_facts(|facts| facts.compliance = Some(compliance))
}

/// Counted by hand, and not by whoever counts in a snapshot.
fn compliance(snapshot: &MemorySnapshot) -> ComplianceFacts {
    let mut facts = ComplianceFacts::default();
    for (policy, rule) in [("a", "x"), ("a", "y"), ("b", "z")] {
        let mut totals = RuleTotals {
            policy_set: "production".into(),
            policy: policy.into(),
            rule: rule.into(),
            ..RuleTotals::default()
        };
        for record in snapshot.records() {
            let of_rule = record.verdicts.iter().filter(|it| it.policy == policy && it.rule == rule);
            of_rule.for_each(|verdict| totals.standings.add(verdict, corpus::AT));
        }
        totals.failing_scans = totals.standings.decision(Decision::Fail);
        facts.rules.push(totals);
    }
    for scan in &snapshot.facts().scans {
        let mut standings = Standings::default();
        let own = snapshot.records().iter().filter(|it| *it.finding.scan_id == *scan.scan.id.as_str());
        own.flat_map(|record| &record.verdicts).for_each(|verdict| standings.add(verdict, corpus::AT));
        facts.scans.push(standings);
    }
    facts
}

#[test]
fn a_waiver_that_has_run_out_is_a_failure() {
    let document = document(KIND, &snapshot());
    let overall = &document["overall"];
    assert_eq!(overall["by_decision"], json!({"fail": 1, "error": 0, "warn": 1, "waived": 1, "pass": 1}));
    assert_eq!(overall["compliance"], json!({"percent": 75.0, "allowing": 3, "verdicts": 4}));
    assert_eq!((&overall["expired_waivers"], &overall["evaluated"]), (&json!(1), &json!(4)));
    assert_eq!(overall["images"], json!({"compliant": 1, "evaluated": 2, "without_verdicts": 1}));
    let compliant: Vec<_> =
        document["images"].as_array().unwrap().iter().map(|it| it["compliant"].clone()).collect();
    assert_eq!(compliant, [json!(true), json!(false), Value::Null]);
    assert_eq!(document["images"][2]["compliance"], Value::Null);
}

#[test]
fn rules_stand_in_their_policies_and_sets() {
    let document = document(KIND, &snapshot());
    let set = &document["policy_sets"][0];
    assert_eq!((&set["policy_set"], &set["evaluated"]), (&json!("production"), &json!(4)));
    let policy = &set["policies"][0];
    assert_eq!((&policy["policy"], &policy["evaluated"]), (&json!("a"), &json!(3)));
    let rules: Vec<_> = policy["rules"].as_array().unwrap().iter().map(|it| it["rule"].clone()).collect();
    assert_eq!(rules, ["x", "y"]);
    assert_eq!(policy["rules"][1]["failing_images"], 1);
}

#[test]
fn every_verdict_is_told_as_it_was_read_and_as_it_stands() {
    let snapshot = snapshot();
    let (rendered, text) = render(KIND, &snapshot, "{}");
    assert_eq!((rendered.rows, rendered.lists), (Some(4), vec![(RecordKind::Verdict, 4)]));
    let document: Value = serde_json::from_str(&text).unwrap();
    let verdicts = document["verdicts"].as_array().unwrap();
    assert_eq!(verdicts.len(), 4);
    let expired = verdicts.iter().find(|it| it["waiver"]["expired"] == true).unwrap();
    assert_eq!((&expired["decision"], &expired["standing"]), (&json!("waived"), &json!("fail")));
    assert_eq!(expired["waiver"]["by"], "ann");
    assert_eq!(expired["reason"], "because");
    let image = &document["images"].as_array().unwrap().iter().find(|it| it["scan_id"] == expired["scan_id"]);
    assert_eq!(image.unwrap()["image"], expired["image"]);
    let (_, lines) = render(KIND, &snapshot, r#"{"json_lines":true}"#);
    assert!(lines.ends_with("{\"end\":{\"verdicts\":4}}\n"), "{lines}");
}

#[test]
fn nothing_evaluated_is_neither_all_nor_nothing() {
    let empty =
        MemorySnapshot::new(vec![]).with_facts(|facts| facts.compliance = Some(ComplianceFacts::default()));
    let document = document(KIND, &empty);
    assert_eq!(
        (&document["overall"]["evaluated"], &document["overall"]["compliance"]),
        (&json!(0), &Value::Null)
    );
    assert!(document["overall"].as_object().unwrap().contains_key("compliance"));
    assert_eq!((&document["policy_sets"], &document["verdicts"]), (&json!([]), &json!([])));
}

#[test]
fn the_schema_refuses_what_it_does_not_know() {
    let good = document(KIND, &snapshot());
    for (pointer, wrong) in [
        ("/overall/compliance/percent", json!(100.5)),
        ("/verdicts/0/standing", json!("ok")),
        ("/policy_sets/0/policies/0/rules", json!([])),
        ("/images/0/compliant", json!("yes")),
    ] {
        let mut changed = good.clone();
        *changed.pointer_mut(pointer).unwrap() = wrong;
        assert!(validate(&changed).is_err(), "{pointer}");
    }
}
