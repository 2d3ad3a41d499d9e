//! `exportctl inspect`: what a file is, what is in it, and what is odd about it.

use std::collections::BTreeMap;
use std::path::PathBuf;

use clap::Args;
use export_boot::{Inspection, inspect};
use export_core::finding::{FindingKind, Severity};

use crate::bytes;
use crate::failure::Failure;
use crate::output::Output;

/// Say what files are, what is in them, and what is odd about them
///
/// Every file is read to its end, as `convert` would read it: what is told here is what an export holds. Files are recognised by
/// content, packed or not (gzip, bzip2, xz, zstd). The exit code is 1 if a file cannot be read, with the place in it.
#[derive(Args)]
#[command(after_help = "Examples:
  exportctl inspect trivy.json
  exportctl inspect scans/*.json
  exportctl --json inspect report.sarif.gz | jq '.[0].told'")]
pub(crate) struct Inspect {
    /// Files
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

impl Inspect {
    pub(crate) fn run(&self, output: Output) -> Result<(), Failure> {
        for file in &self.files {
            if !file.is_file() {
                return Err(Failure::usage(format!("{} is not a file", file.display())));
            }
        }
        let all: Vec<Inspection> = self.files.iter().map(|file| inspect(file)).collect();
        output.result(&all, || all.iter().map(|it| human(it, 0)).collect::<Vec<_>>().join("\n"));
        match all.iter().filter(|it| !it.is_readable()).count() {
            0 => Ok(()),
            1 if all.len() == 1 => Err(Failure::new("the file cannot be read")),
            unreadable => Err(Failure::new(format!("{unreadable} of {} files cannot be read", all.len()))),
        }
    }
}

fn human(it: &Inspection, depth: usize) -> String {
    let margin = "  ".repeat(depth);
    let packed = it.packed.map(|how| format!(", packed with {how}")).unwrap_or_default();
    let mut text = format!("{margin}{}: {}{packed}\n", it.file, it.is);
    let mut line = |name: &str, value: &str| {
        if !value.is_empty() {
            text += &format!("{margin}  {name:<13} {value}\n");
        }
    };
    if let Some(scan) = &it.scan {
        // A document that does not name its artifact is called after its scan, which has no name here.
        if scan.image != scan.id.as_str() {
            line("about", &scan.image);
        }
        line("digest", scan.image_digest.as_deref().unwrap_or_default());
        line("made by", &scan.tool);
        line("made at", &scan.created_at.map(|at| at.to_string()).unwrap_or_default());
    }
    line("findings", &findings(it));
    line("statements", &counts(&it.told.statements));
    line("verdicts", &counts(&it.told.verdicts));
    line("SBOM", &counts(&it.told.elements));
    line("attestations", &counts(&it.told.attestations));
    if it.told.intelligence > 0 {
        line("known of", &format!("{} vulnerabilities", bytes::count(it.told.intelligence)));
    }
    if it.refused.is_none() && it.told.records() == 0 && it.inside.is_empty() {
        line("content", "nothing: it is empty");
    }
    line("sha256", &it.sha256.map(|digest| digest.to_string()).unwrap_or_default());
    for warning in &it.warnings {
        line("odd", &warning.to_string());
    }
    if let Some(refused) = &it.refused {
        let place = refused.place.as_deref().map(|place| format!(" ({place})")).unwrap_or_default();
        line("refused", &format!("{}{place}", refused.message));
    }
    it.inside.iter().for_each(|inner| text += &human(inner, depth + 1));
    text
}

/// `3 vulnerabilities, 1 secret; 2 critical, 2 low; 1 suppressed`: kinds and severities in the order of reports.
fn findings(it: &Inspection) -> String {
    let told = &it.told;
    if told.findings == 0 {
        return String::new();
    }
    let count = |counts: &BTreeMap<&'static str, u64>, word: &str| counts.get(word).copied().unwrap_or(0);
    let kinds = FindingKind::ALL.map(|kind| (count(&told.by_kind, kind.as_str()), of_kind(kind)));
    let kinds = kinds.into_iter().filter(|(count, _)| *count > 0);
    let kinds = kinds.map(|(count, (one, many))| {
        format!("{} {}", bytes::count(count), if count == 1 { one } else { many })
    });
    let severities = Severity::ALL.map(|it| (count(&told.by_severity, it.as_str()), it));
    let severities = severities.into_iter().filter(|(count, _)| *count > 0);
    let severities = severities.map(|(count, severity)| format!("{} {severity}", bytes::count(count)));
    let hidden = match told.suppressed {
        0 => String::new(),
        count => format!("; {} suppressed", bytes::count(count)),
    };
    let joined = |parts: Vec<String>| parts.join(", ");
    format!("{}; {}{hidden}", joined(kinds.collect()), joined(severities.collect()))
}

const fn of_kind(kind: FindingKind) -> (&'static str, &'static str) {
    match kind {
        FindingKind::Vulnerability => ("vulnerability", "vulnerabilities"),
        FindingKind::Misconfiguration => ("misconfiguration", "misconfigurations"),
        FindingKind::Secret => ("secret", "secrets"),
        FindingKind::Licence => ("licence", "licences"),
        FindingKind::Code => ("weakness in code", "weaknesses in code"),
    }
}

fn counts<K: std::fmt::Display>(counts: &BTreeMap<K, u64>) -> String {
    let each: Vec<String> =
        counts.iter().map(|(what, count)| format!("{} {what}", bytes::count(*count))).collect();
    each.join(", ")
}
