//! Where the facts come from, how they were decided, and how to check them.

use export_core::manifest::{Generator, TemplateRecord};
use export_core::ports::{Brief, SnapshotFacts};
use export_templates::view::{Fact, Method, Source, Step};

use super::cover::period;
use super::plan::Plan;
use super::seal;
use super::words::{counted, time};

/// Names of a list that a line shows.
const NAMED: usize = 8;
/// Sources that a report for those who decide shows.
const SOURCES: usize = 20;

/// The last part of a report.
pub(super) fn method(
    brief: &Brief<'_>,
    facts: &SnapshotFacts,
    template: &TemplateRecord,
    plan: &Plan,
) -> Method {
    let most = if plan.is_short() { SOURCES } else { usize::MAX };
    let source = |it: &export_core::scan::SourceDigest| Source {
        name: it.name.clone(),
        query: it.query.clone(),
        records: it.records,
        digest: Some(it.digest.short()),
        whole_digest: Some(it.digest.to_string()),
    };
    Method {
        taken_at: time(facts.taken_at),
        sources: facts.sources.iter().take(most).map(source).collect(),
        more_sources: facts.sources.len().saturating_sub(most) as u64,
        request: request(brief),
        decided: decided(facts),
        verify: verify(brief, facts),
        generator: format!("Export Center {}", Generator::this().version),
        template: format!("{} ({})", template.name, template.digest.short()),
    }
}

fn request(brief: &Brief<'_>) -> Vec<Fact> {
    let request = brief.request;
    let scope = &request.scope;
    let scans: Vec<&str> = scope.scan_ids.iter().map(export_core::id::ScanId::as_str).collect();
    let images: Vec<&str> = scope.image_refs.iter().map(String::as_str).collect();
    let sets: Vec<&str> = scope.policy_sets.iter().map(String::as_str).collect();
    let facts = [
        ("Export", Some(brief.export_id.to_string())),
        ("Asked at", Some(time(brief.created_at))),
        ("Type and format", Some(format!("{}, {}", request.kind, request.format))),
        ("Scans", listed(&scans)),
        ("Images", listed(&images)),
        ("Policy sets", listed(&sets)),
        ("Period", scope.date_range.as_ref().map(period)),
        ("Rows at most", request.options.pdf_max_rows.map(|rows| rows.to_string())),
    ];
    let known = facts.into_iter().filter_map(|(label, value)| Some((label, value?)));
    known.map(|(label, value)| Fact { label: label.to_owned(), value }).collect()
}

fn listed(names: &[&str]) -> Option<String> {
    let shown = names.iter().take(NAMED).copied().collect::<Vec<_>>().join(", ");
    match names.len() {
        0 => None,
        count if count <= NAMED => Some(shown),
        count => Some(format!("{shown} and {}", counted((count - NAMED) as u64, "more", "more"))),
    }
}

fn decided(facts: &SnapshotFacts) -> Vec<String> {
    let mut paragraphs: Vec<String> = [
        "A finding is one weakness in one component at one place of an image. It keeps its id from scan to scan as long as \
         these stay the same.",
        "The severity is the scanner's. The score is that of the newest CVSS version; of several, the highest. EPSS is FIRST's \
         probability that a vulnerability is used within 30 days. Known exploited means listed in a catalogue of known \
         exploited vulnerabilities, such as CISA's.",
        "A finding is open unless the scanner was told to leave it out, or the newest VEX statement about it says not affected \
         or fixed, or a waiver that had not run out covers every policy that refuses it.",
        "The version in an upgrade line is, of the fixed versions that the scanner names for the package, the one that ends most \
         findings. A finding counts as ended only if it is fixed in that version, or in an earlier one of the same release line \
         or of every line; one without a fixed version never counts.",
    ]
    .map(str::to_owned)
    .into();
    paragraphs.extend(unmatched(facts));
    paragraphs
}

fn unmatched(facts: &SnapshotFacts) -> Option<String> {
    let statements = (facts.unmatched_statements > 0)
        .then(|| counted(facts.unmatched_statements, "VEX statement", "VEX statements"));
    let verdicts =
        (facts.unmatched_verdicts > 0).then(|| counted(facts.unmatched_verdicts, "verdict", "verdicts"));
    let parts: Vec<String> = statements.into_iter().chain(verdicts).collect();
    let one = facts.unmatched_statements + facts.unmatched_verdicts == 1;
    let verb = if one { "speaks" } else { "speak" };
    (!parts.is_empty())
        .then(|| format!("{} {verb} of nothing that was found in this scope.", parts.join(" and ")))
}

fn verify(brief: &Brief<'_>, facts: &SnapshotFacts) -> Vec<Step> {
    if let Some(seal) = brief.seal {
        return seal::steps(seal);
    }
    let name = brief.request.main_artifact();
    vec![
        Step {
            text: format!("Put {name} and its manifest.json into one folder. The file is whole and unchanged if this prints OK."),
            command: Some(r#"jq -r '.artifacts[] | "\(.sha256)  \(.name)"' manifest.json | sha256sum --check --ignore-missing"#.to_owned()),
        },
        Step {
            text: format!(
                "The manifest's snapshot.digest is {}. Every file with the same one was made from the same findings.",
                facts.digest
            ),
            command: None,
        },
        Step {
            text: "The digests above are SHA-256 over the bytes of each source as they were read.".to_owned(),
            command: None,
        },
    ]
}
