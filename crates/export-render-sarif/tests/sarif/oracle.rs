//! Microsoft's SARIF validator, which knows the standard and what GitHub's code scanning asks for beyond it.

use std::path::{Path, PathBuf};
use std::process::Command;

use export_contract::{MemorySnapshot, corpus};
use export_core::catalogue::ExportType;
use serde_json::Value;

use crate::guard;
use crate::support::{render, render_as, text};

/// The validator's program; `npm` would start it through a script that needs a shell.
fn multitool() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let program = root.join(".npm-tools/node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool");
    assert!(program.exists(), "{} is missing: run scripts/setup.sh test", program.display());
    program
}

/// What the validator says of a file, as `level rule place: message`.
fn validate(bytes: &[u8]) -> Vec<String> {
    let dir = tempfile::tempdir().unwrap();
    let (file, answer) = (dir.path().join("report.sarif"), dir.path().join("answer.sarif"));
    std::fs::write(&file, bytes).unwrap();
    let mut tool = Command::new(multitool());
    // Without this it needs a library for the languages of the world, which a small machine does not have.
    tool.env("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1");
    tool.args([
        "validate",
        "--rule-kind",
        "Sarif;Ghas",
        "--level",
        "Error;Warning",
        "--log",
        "ForceOverwrite",
    ]);
    tool.arg("--output").arg(&answer).arg(&file);
    // One of its rules would follow every link; no proxy listens here.
    tool.envs(
        ["http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"].map(|name| (name, "http://127.0.0.1:9")),
    );
    let output = tool.output().unwrap();
    // It ends with 0 whatever it finds: only its answer tells.
    let answer =
        std::fs::read(&answer).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stdout)));
    let answer: Value = serde_json::from_slice(&answer).unwrap();
    let notifications = answer.pointer("/runs/0/invocations/0/toolExecutionNotifications");
    assert!(notifications.is_none(), "{notifications:?}");
    let results = answer["runs"][0]["results"].as_array().unwrap();
    let told = |result: &Value| {
        let message = result["message"].to_string();
        format!("{} {} {message}", level(result), text(&result["ruleId"]))
    };
    results.iter().map(told).collect()
}

/// A result without a level is a warning (section 3.27.10).
fn level(result: &Value) -> &str {
    result["level"].as_str().unwrap_or("warning")
}

/// Holds a log to the validator, which may make these remarks and no others.
fn assert_valid(bytes: &[u8], remarks: &[&str]) {
    let told = validate(bytes);
    let is_known = |line: &&String| remarks.iter().any(|rule| line.starts_with(&format!("warning {rule} ")));
    let unknown: Vec<_> = told.iter().filter(|line| !is_known(line)).collect();
    assert!(unknown.is_empty(), "{unknown:#?}");
    assert!(!told.is_empty(), "it always remarks that we have no page of our own; did it read the file?");
}

/// The tool names no page.
const NO_PAGE: &str = "SARIF2005";
/// A place has no line. Only GitHub is told one that is not known.
const NO_LINE: &str = "SARIF2017";

#[test]
fn the_validator_finds_no_error() {
    let records = corpus::hostile_records().into_iter().chain(corpus::records(60)).collect();
    let snapshot = MemorySnapshot::new(records);
    let (_, github) = render(&snapshot, r#"{"sarif_profile":"github"}"#).unwrap();
    assert_valid(github.main(), &[NO_PAGE]);
    let (_, full) = render(&snapshot, "{}").unwrap();
    assert_valid(full.main(), &[NO_PAGE, NO_LINE]);
}

#[test]
fn the_validator_finds_no_error_in_a_log_without_results() {
    let (_, files) = render(&MemorySnapshot::new(vec![]), "{}").unwrap();
    assert_valid(files.main(), &[NO_PAGE]);
}

#[test]
fn the_validator_finds_no_error_in_a_report_of_guards() {
    for options in ["{}", r#"{"sarif_profile":"github"}"#] {
        let (_, files) = render_as(ExportType::AiCodeGuardReport, &guard::snapshot(), options).unwrap();
        assert_valid(files.main(), &[NO_PAGE]);
    }
}

#[test]
fn the_validator_finds_what_is_wrong() {
    let (_, files) = render(&MemorySnapshot::new(corpus::records(3)), "{}").unwrap();
    let mut log: Value = serde_json::from_slice(files.main()).unwrap();
    log["runs"][0]["results"][1]["ruleIndex"] = 7.into();
    log["runs"][0]["tool"]["driver"]["rules"][0].as_object_mut().unwrap().remove("help");
    let told = validate(log.to_string().as_bytes());
    for rule in ["error GH2012", "error SARIF1009"] {
        assert!(told.iter().any(|line| line.starts_with(rule)), "{rule} is not in {told:#?}");
    }
}
