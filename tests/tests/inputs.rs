//! Every file of the shared data, as tools of all kinds wrote it: what is in it agrees with a count that is not ours, or it is
//! refused with the place. None is silently empty, and none panics. Skipped, visibly, where the data is absent.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test fails by panicking, and tells what it skips"
)]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use export_source_library::{Inspection, inspect};
use serde_json::Value;

/// Documents that hold nothing, and are right in that.
const EMPTY: &[&str] = &["pairs/grype-presenters/empty.grype.json", "conformance/cyclonedx/"];

/// Documents that break their standard where its own examples say that they must be refused: CycloneDX's invalid ones, and a tool
/// that writes `service` as the type of a component.
const BROKEN: &[&str] = &["/conformance/cyclonedx/", "own/ai/generated/ai-bom."];

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn shared() -> Option<PathBuf> {
    let root = std::env::var_os("EXPORT_SHARED_DATA")
        .map_or_else(|| workspace().join("../shared/data"), PathBuf::from);
    if root.is_dir() {
        return Some(root);
    }
    println!("SKIPPED: {} is absent", root.display());
    None
}

fn files(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, into) } else { into.push(path) }
    }
}

/// What `tests/readers/count_inputs.py` counts in the files of these folders.
fn counted(folders: &[PathBuf]) -> BTreeMap<String, Value> {
    let script = workspace().join("tests/readers/count_inputs.py");
    let output = Command::new("python3").arg(script).args(folders).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn every_file_agrees_with_an_independent_count_or_is_refused_with_its_place() {
    let Some(root) = shared() else { return };
    let folders = [root.join("own"), root.join("reference")];
    let counted = counted(&folders);
    let mut all = Vec::new();
    folders.iter().for_each(|folder| files(folder, &mut all));
    let (mut read, mut refused, mut wrong) = (0, 0, Vec::new());
    for file in all {
        let it = inspect(&file);
        if it.is_readable() {
            read += 1;
        } else {
            refused += 1;
        }
        wrong.extend(check(&it, &file, &counted[&file.display().to_string()]));
    }
    println!("{read} files were read, {refused} refused");
    assert!(wrong.is_empty(), "{} files:\n{}", wrong.len(), wrong.join("\n"));
    assert!(read > 250 && refused > 100, "{read} read, {refused} refused");
}

/// What is wrong with how a file was read.
fn check(it: &Inspection, file: &Path, counted: &Value) -> Vec<String> {
    let name = file.display().to_string();
    let mut wrong = Vec::new();
    if let Some(refused) = &it.refused {
        if refused.place.is_none() || refused.message.is_empty() {
            wrong.push(format!("{name}: refused without a place or a word: {refused:?}"));
        }
        let breaks_its_standard = BROKEN.iter().any(|part| name.contains(part));
        if counted.is_object() && !breaks_its_standard {
            wrong.push(format!("{name}: refused, and holds {counted}: {refused:?}"));
        }
        return wrong;
    }
    let records = it.told.records() + it.inside.iter().map(|inner| inner.told.records()).sum::<u64>();
    if records == 0 && !EMPTY.iter().any(|part| name.contains(part)) {
        wrong.push(format!("{name}: {} is empty", it.is));
    }
    let sum = |counts: &BTreeMap<&'static str, u64>| counts.values().sum::<u64>();
    let ours = |what: &str| match what {
        "findings" => it.told.findings,
        "statements" => sum(&it.told.statements),
        "components" => it.told.elements.get("components").copied().unwrap_or(0),
        "intelligence" => it.told.intelligence,
        "attestations" => it.told.attestations.values().sum(),
        decision => it.told.verdicts.get(decision).copied().unwrap_or(0),
    };
    for (what, count) in counted.as_object().into_iter().flatten() {
        let Some(count) = count.as_u64() else { continue };
        let fits = match what.as_str() {
            "components_at_least" => ours("components") >= count,
            "components_at_most" => ours("components") <= count && ours("components") > 0,
            // Components within components come inside their parent.
            "components" => ours("components") <= count && (count == 0 || ours("components") > 0),
            what => ours(what) == count,
        };
        if !fits {
            wrong.push(format!("{name}: {what} must be {count}: {:?}", it.told));
        }
    }
    wrong
}
