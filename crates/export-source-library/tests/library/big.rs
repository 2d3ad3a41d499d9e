//! Generated data: totals that must be right, and memory that must not grow.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use export_core::ports::{Flow, ScanSource as _};
use export_core::request::OnSourceError;
use futures::StreamExt as _;
use serde_json::Value;

use crate::common::{Library, at, scan, tenant, workspace};

/// Where the child of the memory test finds its library.
const LIBRARY: &str = "EXPORT_TEST_LIBRARY";

fn generate(library: &Library, arguments: &[&str]) -> PathBuf {
    let out = library.folder.path().join("big");
    let script = workspace().join("fixtures/make_big.py");
    let status = Command::new("python3").arg(script).arg("-o").arg(&out).args(arguments).status().unwrap();
    assert!(status.success());
    out
}

fn count_of(counts: &BTreeMap<String, u64>, expected: &Value) {
    for (word, count) in expected.as_object().unwrap() {
        if word != "(none)" {
            assert_eq!(counts.get(word).copied().unwrap_or(0), count.as_u64().unwrap(), "{word}");
        }
    }
}

#[tokio::test]
async fn generated_data_has_the_totals_that_it_says() {
    let library = Library::with::<&str>(&[]);
    let out = generate(&library, &["-n", "2000", "--control-chars"]);
    let expected: Value = serde_json::from_slice(&fs::read(out.join("expected.json")).unwrap()).unwrap();
    fs::remove_file(out.join("findings.ndjson")).unwrap();

    let findings = library.findings("big").await.unwrap();
    assert_eq!(findings.items.len(), 2000);
    let mut severities: BTreeMap<String, u64> = BTreeMap::new();
    let mut ids = HashSet::new();
    for finding in &findings.items {
        *severities.entry(finding.severity.as_str().to_uppercase()).or_default() += 1;
        assert!(ids.insert(finding.id.as_str()), "{} twice", finding.id);
    }
    count_of(&severities, &expected["by"]["severity"]);
    let with_fix = findings.items.iter().filter(|finding| finding.fix.is_available()).count();
    assert_eq!(with_fix as u64, expected["totals"]["with_fix"].as_u64().unwrap());
    let unscored = findings.items.iter().filter(|it| it.vulnerability().unwrap().ratings.is_empty()).count();
    assert_eq!(unscored as u64, expected["totals"]["without_cvss"].as_u64().unwrap());
    let digest = expected["files"].as_array().unwrap().iter().find(|it| it["file"] == "trivy.json").unwrap();
    assert_eq!(findings.documents[0].digest.to_string(), digest["sha256"].as_str().unwrap());

    let statements = library.statements("big").await.unwrap();
    assert_eq!(statements.items.len() as u64, expected["vex_statements"].as_u64().unwrap());
    let mut statuses: BTreeMap<String, u64> = BTreeMap::new();
    for statement in &statements.items {
        *statuses.entry(statement.assertion.status.to_string()).or_default() += 1;
    }
    count_of(&statuses, &expected["by"]["vex_statement_status"]);

    let verdicts = library.verdicts("big").await.unwrap();
    let mut decisions: BTreeMap<String, u64> = BTreeMap::new();
    for verdict in &verdicts.items {
        *decisions.entry(verdict.decision.as_str().to_owned()).or_default() += 1;
    }
    count_of(&decisions, &expected["by"]["policy_decision"]);
    assert!(
        verdicts.items.iter().any(|it| it.waiver.as_ref().is_some_and(|waiver| waiver.expires_at.is_some()))
    );
}

#[test]
fn a_report_of_thirty_megabytes_is_read_in_less_memory_than_it_has() {
    let library = Library::with::<&str>(&[]);
    let out = generate(&library, &["-n", "20000", "--only", "trivy"]);
    let size = fs::metadata(out.join("trivy.json")).unwrap().len();
    assert!(size > 28_000_000, "{size}");
    let peak = peak_of_reading(&library, 20_000);
    println!("{} MB of JSON, peak {} MB", size / 1_000_000, peak / 1000);
    assert!(peak < 24_000, "the peak is {peak} kB");
}

#[test]
fn a_log_of_fifty_megabytes_is_read_in_less_memory_than_it_has() {
    let library = Library::with::<&str>(&[]);
    let out = generate(&library, &["-n", "100000", "--only", "sarif"]);
    let size = fs::metadata(out.join("results.sarif")).unwrap().len();
    let peak = peak_of_reading(&library, 100_000);
    println!("{} MB of SARIF, peak {} MB", size / 1_000_000, peak / 1000);
    assert!(size > 40_000_000 && peak < 32_000, "the peak is {peak} kB of {size}");
}

/// The most memory, in kB, that a process of its own has while it reads so many findings.
fn peak_of_reading(library: &Library, findings: u64) -> u64 {
    let child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "big::read_as_a_child", "--ignored", "--nocapture"])
        .env(LIBRARY, library.folder.path())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&child.stdout).into_owned();
    assert!(child.status.success(), "{told}");
    let number = |name: &str| -> u64 {
        let line = told.lines().find_map(|line| line.split_once(name)).expect(name);
        line.1.split_whitespace().next().unwrap().parse().unwrap()
    };
    assert_eq!(number("findings="), findings);
    number("peak_kb=")
}

#[tokio::test]
#[ignore = "the child of the tests of memory"]
async fn read_as_a_child() {
    let Some(folder) = std::env::var_os(LIBRARY) else { return };
    let mut flows =
        at(Path::new(&folder)).findings(&tenant(), &scan("big"), OnSourceError::Fail).await.unwrap();
    let mut ended = 0;
    while let Some(flow) = flows.next().await {
        if let Flow::End { items } = flow.unwrap() {
            ended = items;
        }
    }
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    println!("\nfindings={ended}\npeak_kb={}", peak.trim().trim_end_matches(" kB"));
}
