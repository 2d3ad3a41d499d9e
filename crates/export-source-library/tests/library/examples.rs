//! The examples and schemas that the documentation shows, and the demo library.

use std::collections::BTreeMap;
use std::fs;

use export_core::finding::{Decision, Finding, Severity};
use export_core::ports::{IntelligenceSource as _, ScanSource as _, VerdictSource as _, VexSource as _};
use export_core::request::OnSourceError;
use export_core::request::Scope;
use serde_json::Value;

use crate::common::{Library, at, collect, tenant, workspace};

fn verdict_schema() -> jsonschema::Validator {
    let text = fs::read_to_string(workspace().join("docs/contracts/verdicts.schema.json")).unwrap();
    jsonschema::validator_for(&serde_json::from_str(&text).unwrap()).unwrap()
}

#[tokio::test]
async fn the_example_library_is_read_as_documented() {
    let library = at(&workspace().join("fixtures/contracts/library"));
    let found = library.resolve(&tenant(), &Scope::default(), OnSourceError::Fail).await.unwrap();
    let scan = &found.scans[0];
    assert_eq!(
        (found.scans.len(), scan.id.as_str(), scan.tool.as_str()),
        (1, "example-scan", "trivy 0.69.1")
    );

    let findings =
        collect(library.findings(&tenant(), scan, OnSourceError::Fail).await.unwrap()).await.unwrap();
    let rules: Vec<_> = findings.items.iter().map(Finding::rule).collect();
    assert_eq!(rules, ["CVE-2021-44228", "DS-0002"]);
    assert!(findings.warnings.is_empty());

    let verdicts =
        collect(library.verdicts(&tenant(), scan, OnSourceError::Fail).await.unwrap()).await.unwrap();
    let decisions: Vec<_> = verdicts.items.iter().map(|verdict| verdict.decision).collect();
    assert_eq!(decisions, [Decision::Pass, Decision::Waived, Decision::Fail, Decision::Error]);
    let about = verdicts.items[1].subject.as_ref().unwrap();
    assert_eq!(findings.items[0].component.as_ref().unwrap().purl.as_ref(), Some(&about.purl));

    let statements =
        collect(library.statements(&tenant(), scan, OnSourceError::Fail).await.unwrap()).await.unwrap();
    assert_eq!(statements.items[0].products[0].subcomponents, [about.purl.as_str()]);
    let known = collect(library.intelligence(&tenant(), OnSourceError::Fail).await.unwrap()).await.unwrap();
    assert_eq!(known.items.len(), 2);
}

#[test]
fn the_examples_are_valid_by_their_schema() {
    let schema = verdict_schema();
    let path = workspace().join("fixtures/contracts/library/example-scan/checkout.verdicts.ndjson");
    for line in fs::read_to_string(path).unwrap().lines() {
        let errors: Vec<_> =
            schema.iter_errors(&serde_json::from_str(line).unwrap()).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}\n{line}");
    }
}

#[tokio::test]
async fn the_schema_and_the_reader_agree() {
    let schema = verdict_schema();
    let whole =
        r#"{"policy_set":"a","policy":"b","rule":"c","decision":"pass","finding":{"vulnerability":"v"}}"#;
    for (line, valid) in [
        (whole.to_owned(), true),
        (whole.replace("\"v\"", "\"\""), false),
        (whole.replace("\"pass\"", "\"maybe\""), false),
        (whole.replace("\"rule\":\"c\",", ""), false),
        (whole.replace("\"b\"", "1"), false),
        (whole.replace("\"rule\"", "\"reason\":null,\"waiver\":null,\"x\":1,\"rule\""), true),
        (whole.replace("{\"vulnerability\":\"v\"}", "null"), true),
        (whole.replace("{\"vulnerability\":\"v\"}", "{}"), false),
        (whole.replace("{\"vulnerability\":\"v\"}", "\"v\""), false),
    ] {
        let value: Value = serde_json::from_str(&line).unwrap();
        assert_eq!(schema.is_valid(&value), valid, "schema: {line}");
        let library = Library::with(&[("s/v", format!("{whole}\n{line}"))]);
        assert_eq!(library.verdicts("s").await.is_ok(), valid, "reader: {line}");
    }
}

#[tokio::test]
async fn the_demo_library_has_the_totals_that_it_says() {
    let folder = workspace().join("fixtures/library");
    let expected = fs::read_to_string(workspace().join("fixtures/demo/expected.json")).unwrap();
    let expected: Value = serde_json::from_str(&expected).unwrap();
    let library = at(&folder);
    let scans = library.resolve(&tenant(), &Scope::default(), OnSourceError::Fail).await.unwrap().scans;
    assert_eq!(scans.len(), expected["scans"].as_object().unwrap().len());

    let mut severities: BTreeMap<Severity, u64> = BTreeMap::new();
    let mut decisions: BTreeMap<Decision, u64> = BTreeMap::new();
    let (mut suppressed, mut statements) = (0, 0);
    for scan in &scans {
        let findings =
            collect(library.findings(&tenant(), scan, OnSourceError::Fail).await.unwrap()).await.unwrap();
        assert!(findings.warnings.is_empty(), "{:?}", findings.warnings);
        for finding in findings.items {
            if finding.suppression.is_some() {
                suppressed += 1;
            } else {
                *severities.entry(finding.severity).or_default() += 1;
            }
        }
        for verdict in collect(library.verdicts(&tenant(), scan, OnSourceError::Fail).await.unwrap())
            .await
            .unwrap()
            .items
        {
            *decisions.entry(verdict.decision).or_default() += 1;
        }
        let read =
            collect(library.statements(&tenant(), scan, OnSourceError::Fail).await.unwrap()).await.unwrap();
        assert!(read.warnings.is_empty(), "{:?}", read.warnings);
        statements += read.items.len();
    }
    let total = &expected["total"];
    for (severity, count) in severities {
        assert_eq!(total["findings"]["by_severity"][severity.as_str().to_uppercase()], count, "{severity}");
    }
    for (decision, count) in decisions {
        assert_eq!(total["verdicts"][decision.as_str()], count, "{decision:?}");
    }
    assert_eq!(total["suppressed"], suppressed);
    assert!(statements > 0);
    let known = collect(library.intelligence(&tenant(), OnSourceError::Fail).await.unwrap()).await.unwrap();
    assert!(known.warnings.is_empty() && known.items.len() > 100, "{:?}", known.warnings);
}
