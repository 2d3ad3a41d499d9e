//! How results of policy engines become verdicts.

use std::fs;

use export_core::error::{ErrorKind, PortError};
use export_core::finding::{Decision, Verdict};
use export_core::warning::WarningCode;
use serde_json::{Value, json};

use crate::common::{Library, Read, ids, shared};

async fn read(content: &str) -> Result<Read<Verdict<'static>>, PortError> {
    Library::with(&[("s/p", content)]).verdicts("s").await
}

fn decisions<'r>(read: &'r Read<Verdict<'static>>) -> Vec<(&'r str, &'r str, &'r str, Decision)> {
    read.items.iter().map(|it| (&*it.policy_set, &*it.policy, &*it.rule, it.decision)).collect()
}

#[tokio::test]
async fn conftest() {
    let text = json!([{"filename": "a.yaml", "namespace": "main", "successes": 2,
        "failures": [{"msg": "no root", "metadata": {"query": "data.main.deny_root", "code": "K8S-1"}}, {"msg": "no tag"}],
        "warnings": null, "exceptions": [{"msg": "known"}]}]);
    let read_ = read(&text.to_string()).await.unwrap();
    assert_eq!(
        decisions(&read_),
        [
            ("main", "main.deny_root", "K8S-1", Decision::Fail),
            ("main", "main.deny", "no tag", Decision::Fail),
            ("main", "main.exception", "known", Decision::Waived),
            ("main", "main", "success", Decision::Pass),
            ("main", "main", "success", Decision::Pass)
        ]
    );
    assert_eq!(&*read_.items[0].reason, "no root (a.yaml)");
    let library = Library::with(&[("s/p", text.to_string())]);
    let found = library.resolve(&ids(&["s"])).await.unwrap().scans.remove(0);
    assert_eq!((&*found.image, &*found.tool), ("a.yaml", "conftest"));
    for (pointer, wrong) in
        [("/0/successes", json!("x")), ("/0/failures", json!({})), ("/0/failures/0/msg", json!(1))]
    {
        let mut value = text.clone();
        *value.pointer_mut(pointer).unwrap() = wrong;
        assert_eq!(read(&value.to_string()).await.unwrap_err().place, Some(format!("s/p#{pointer}")));
    }
    let error = read(r#"[{"filename":"a","namespace":"m","successes":100000000}]"#).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Limit);
}

#[tokio::test]
async fn opa() {
    let eval = |value: Value, text: &str| {
        json!({"result": [{"expressions": [{"value": value, "text": text}]}]}).to_string()
    };
    let read_ = read(&eval(
        json!({"main": {"deny": ["a", {"msg": "b"}], "warn_x": [], "helper": 1, "allow": true}}),
        "data",
    ))
    .await
    .unwrap();
    assert_eq!(
        decisions(&read_),
        [
            ("main", "main", "allow", Decision::Pass),
            ("main", "main", "deny", Decision::Fail),
            ("main", "main", "deny", Decision::Fail),
            ("main", "main", "warn_x", Decision::Pass)
        ]
    );
    assert_eq!((&*read_.items[2].reason, read_.warnings.len()), ("b", 1));
    for (value, text, decision) in [
        (json!(false), "data.k8s.allow", Decision::Fail),
        (json!(true), "data.k8s.violation", Decision::Fail),
        (json!([{"details": 1}]), "data.k8s.deny", Decision::Fail),
    ] {
        assert_eq!(read(&eval(value, text)).await.unwrap().items[0].decision, decision);
    }
    for (value, text) in [(json!(7), "1+6"), (json!({"a": 1}), "data.x"), (json!("x"), "data.x.deny")] {
        let error = read(&eval(value, text)).await.unwrap_err();
        assert_eq!(error.place.as_deref(), Some("s/p#/result/0/expressions/0/value"), "{error}");
    }
}

#[tokio::test]
async fn policy_reports() {
    let report = "apiVersion: wgpolicyk8s.io/v1alpha2\nkind: PolicyReport\nmetadata:\n  name: r\nscope: {kind: Pod, name: web, namespace: prod}\nresults:\n\
        - {policy: p, rule: a, result: pass, source: kyverno, timestamp: {seconds: 1767225600, nanos: 0}}\n\
        - {policy: p, rule: b, result: fail, source: kyverno, severity: high, message: no, resources: [{kind: Pod, name: x, namespace: n}]}\n\
        - {policy: p, result: warn}\n- {policy: p, result: error}\n- {policy: p, result: skip}\n";
    let expected = [
        ("kyverno", "p", "a", Decision::Pass),
        ("kyverno", "p", "b", Decision::Fail),
        ("r", "p", "p", Decision::Warn),
        ("r", "p", "p", Decision::Error),
    ];
    let read_ = read(report).await.unwrap();
    assert_eq!(decisions(&read_), expected);
    assert_eq!(&*read_.items[1].reason, "no\nseverity: high\nPod n/x");
    assert_eq!(read_.items[0].evaluated_at.unwrap().to_string(), "2026-01-01T00:00:00Z");
    assert_eq!((read_.warnings.len(), read_.warnings[0].code), (1, WarningCode::SourceLenient));
    let twice = format!("# two\n---\n{report}---\n{report}");
    assert_eq!(read(&twice).await.unwrap().items.len(), 8);
    let indented: String = report.lines().map(|line| format!("  {line}\n")).collect();
    let list = format!("apiVersion: v1\nkind: List\nitems:\n-{}", &indented[1..]);
    assert_eq!(decisions(&read(&list).await.unwrap()), expected);
    let json = json!({"apiVersion": "openreports.io/v1alpha1", "kind": "ClusterReport", "metadata": {"name": "c"},
        "results": [{"policy": "p", "result": "fail", "subjects": [{"kind": "Namespace", "name": "x"}]}]});
    assert_eq!(decisions(&read(&json.to_string()).await.unwrap()), [("c", "p", "p", Decision::Fail)]);
    let all = json!({"apiVersion": "v1", "items": [json], "kind": "List"});
    assert_eq!(read(&all.to_string()).await.unwrap().items.len(), 1);
    for (content, place) in [
        (report.replace("result: warn", "result: maybe"), "s/p#D1/results/2/result"),
        (report.replace("results:\n", "results: {a: [}\n"), "s/p#L6"),
        (report.replace("rule: a", "rule: [a]"), "s/p#D1/results/0/rule"),
    ] {
        let error = read(&content).await.unwrap_err();
        assert_eq!((error.kind, error.place.as_deref()), (ErrorKind::Invalid, Some(place)), "{error}");
    }
}

#[tokio::test]
async fn oscal() {
    let finding = |state: &str, risk: &str| json!({"title": "t", "description": "d", "target": {"type": "objective-id", "target-id": "ac-6.1", "status": {"state": state}}, "related-risks": [{"risk-uuid": risk}]});
    let text = json!({"assessment-results": {"metadata": {"title": "June", "last-modified": "2026-06-01T00:00:00Z"}, "import-ap": {"href": "./ap.xml"},
        "results": [{"title": "R", "start": "2026-06-01T00:00:00Z", "observations": [{"uuid": "o"}],
            "risks": [{"uuid": "1", "title": "big", "status": "open"}, {"uuid": "2", "title": "small", "status": "deviation-approved"}],
            "findings": [finding("satisfied", ""), finding("not-satisfied", "1"), finding("not-satisfied", "2")]}]}});
    let read_ = read(&text.to_string()).await.unwrap();
    assert_eq!(
        decisions(&read_),
        [
            ("./ap.xml", "R", "ac-6.1", Decision::Pass),
            ("./ap.xml", "R", "ac-6.1", Decision::Fail),
            ("./ap.xml", "R", "ac-6.1", Decision::Waived)
        ]
    );
    assert_eq!((&*read_.items[1].reason, read_.warnings.len()), ("t\nd\nRisk (open): big", 1));
    let error = read(&text.to_string().replace("\"satisfied\"", "\"perhaps\"")).await.unwrap_err();
    assert_eq!(
        error.place.as_deref(),
        Some("s/p#/assessment-results/results/0/findings/0/target/status/state")
    );
}

#[tokio::test]
async fn real_results_agree_with_a_count() {
    // jq '[.[] | (.failures, .warnings) | length] | add, [.[].successes] | add'
    for (path, fail, warn, pass) in [
        ("reference/scanners/defectdojo/conftest/conftest_many_vuln.json", 3, 1, 0),
        // grep -c 'result: fail'
        ("reference/policy/policyreport/samples/sample-co.yaml", 1, 1, 0),
        // jq '[."assessment-results".results[].findings[].target.status.state]'
        ("reference/policy/oscal/ar/json/ifa_assessment-results-example.json", 1, 0, 0),
    ] {
        let Some(file) = shared(path) else { continue };
        let read = read(&fs::read_to_string(file).unwrap()).await.unwrap();
        let count = |decision| read.items.iter().filter(|it| it.decision == decision).count();
        assert_eq!(
            (count(Decision::Fail), count(Decision::Warn), count(Decision::Pass)),
            (fail, warn, pass),
            "{path}"
        );
    }
}
