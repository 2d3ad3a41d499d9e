//! Everything of a run but its results and rules, in the types of `serde-sarif`.

use std::collections::{BTreeMap, HashMap};

use export_core::catalogue::ExportType;
use export_core::digest::Digest;
use export_core::manifest::Generator;
use export_core::ports::{BaselineFacts, Brief, ScanTotals, SnapshotFacts};
use export_core::record::BaselineState;
use export_core::scan::ScanRef;
use export_core::totals::NamedTotals;
use export_core::warning::Warning;
use serde_json::{Value, json};
use serde_sarif::sarif::{
    ArtifactLocation, Invocation, Message, Notification, NotificationLevel, PropertyBag,
    ReportingDescriptorReference, RunAutomationDetails, ToolComponent,
};

use crate::escape;
use crate::result::BASE;
use crate::taxa::Taxa;
use crate::uri;

/// Names that an id may show; more are told by a digest.
const SUBJECT: usize = 80;

/// What the runs of an export have in common.
pub(crate) struct Head<'a> {
    brief: &'a Brief<'a>,
    facts: &'a SnapshotFacts,
    invocations: HashMap<&'a str, u32>,
    subject: String,
}

impl<'a> Head<'a> {
    pub(crate) fn new(brief: &'a Brief<'a>, facts: &'a SnapshotFacts) -> Self {
        let indices = facts.scans.iter().map(|it| it.scan.id.as_str()).zip(0..);
        Self { brief, facts, invocations: indices.collect(), subject: subject(&facts.scans) }
    }

    /// The place of a scan among the invocations.
    pub(crate) fn invocation(&self, scan: &str) -> Option<u32> {
        self.invocations.get(scan).copied()
    }

    /// The members before the results, with their names.
    pub(crate) fn opening(&self) -> [(&'static str, Value); 4] {
        let base = ArtifactLocation::builder().description(BASE_DESCRIPTION).build();
        [
            ("originalUriBaseIds", json!({BASE: base})),
            ("columnKind", json!("utf16CodeUnits")),
            ("invocations", json!(self.invocations())),
            ("properties", json!(self.properties())),
        ]
    }

    /// The tool without its rules.
    pub(crate) fn driver() -> ToolComponent {
        let Generator { version, .. } = Generator::this();
        ToolComponent::builder()
            .name("Export Center")
            .full_name(format!("Export Center {version}"))
            .semantic_version(version.clone())
            .version(version)
            .short_description(&DRIVER_DESCRIPTION.to_owned())
            .supported_taxonomies([Taxa::reference()])
            .build()
    }

    /// What tells run number `run`, counted from 1, from others. What stands before the last `/` is the category, by which
    /// GitHub knows which earlier run this one replaces: it must be the same from export to export, and another one for each
    /// run of one export.
    pub(crate) fn automation(&self, run: u64) -> RunAutomationDetails {
        let part = if run == 1 { String::new() } else { format!("part-{run}/") };
        // A guard's report of a repository must not replace the scan report of it.
        let of_guards = self.brief.request.kind == ExportType::AiCodeGuardReport;
        let kind = if of_guards { "ai-code-guard/" } else { "" };
        let id = format!("export-center/{kind}{}/{part}{}", self.subject, self.brief.export_id);
        RunAutomationDetails::builder().id(id).build()
    }

    /// One for each scan; what was not as it should be stands in the first one.
    fn invocations(&self) -> Vec<Invocation> {
        let warnings: Vec<_> = self.facts.warnings.iter().map(notification).collect();
        let mut invocations: Vec<_> = self.facts.scans.iter().map(|it| invocation(&it.scan)).collect();
        if invocations.is_empty() {
            invocations.push(Invocation::builder().execution_successful(true).build());
        }
        if !warnings.is_empty() {
            invocations[0].tool_execution_notifications = Some(warnings);
        }
        invocations
    }

    fn properties(&self) -> PropertyBag {
        let Brief { export_id, tenant, request, created_at, .. } = self.brief;
        let properties = json!({
            "export": {"id": export_id, "type": request.kind, "tenant": tenant, "createdAt": created_at},
            "snapshot": {"digest": self.facts.digest, "takenAt": self.facts.taken_at},
            "totals": NamedTotals::from(&self.facts.totals),
            "customFields": request.options.custom_fields,
            "baseline": self.facts.baseline.as_ref().map(baseline),
        });
        bag(properties)
    }
}

const BASE_DESCRIPTION: &str = "The root of the repository, or of the image's file system.";
const DRIVER_DESCRIPTION: &str = "Findings of scanners, joined with VEX statements and policy verdicts. Each invocation names its scanner.";

/// What the results are compared with. Of one scan, its members stand here too: most comparisons have one.
fn baseline(facts: &BaselineFacts) -> Value {
    let count = |state: BaselineState| (state.as_str().to_owned(), json!(facts.count(state)));
    let counts: serde_json::Map<_, _> = BaselineState::ALL.map(count).into_iter().collect();
    let scan = |scan: &ScanRef| json!({"scanId": scan.id, "image": scan.image, "createdAt": scan.created_at});
    let mut told = match facts.scans.as_slice() {
        [one] => json!({"scanId": one.id, "image": one.image}),
        _ => json!({}),
    };
    told["scans"] = facts.scans.iter().map(scan).collect();
    told["results"] = counts.into();
    told["changed"] = json!({"severity": facts.changed_severity, "vex": facts.changed_vex});
    told
}

fn invocation(scan: &ScanRef) -> Invocation {
    let properties = json!({
        "scanId": scan.id, "tool": scan.tool, "image": scan.image, "imageDigest": scan.image_digest,
    });
    let invocation = Invocation::builder().execution_successful(true).properties(bag(properties)).build();
    Invocation { end_time_utc: scan.created_at.map(|at| at.to_string()), ..invocation }
}

fn notification(warning: &Warning) -> Notification {
    let mut text = String::new();
    escape::message(&mut text, &warning.to_string());
    Notification::builder()
        .level(NotificationLevel::Warning.to_string())
        .descriptor(ReportingDescriptorReference::builder().id(warning.code.as_str()).build())
        .message(Message::builder().text(text).build())
        .build()
}

fn bag(properties: Value) -> PropertyBag {
    let Value::Object(members) = properties else { unreachable!("bags are made of objects") };
    let known = members.into_iter().filter(|(_, value)| !value.is_null());
    PropertyBag::builder().additional_properties(known.collect::<BTreeMap<_, _>>()).build()
}

/// What was scanned, as a part of an id: the same for every build of it.
fn subject(scans: &[ScanTotals]) -> String {
    let mut names: Vec<_> = scans.iter().map(|it| uri::repository(&it.scan.image)).collect();
    names.sort_unstable();
    names.dedup();
    let all = names.join(",");
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._/,".contains(c);
    let plain: String = all.chars().map(|c| if is_plain(c) { c } else { '-' }).collect();
    if all.len() <= SUBJECT && plain == all && !all.is_empty() {
        return all;
    }
    format!("scans-{}", Digest::of(all.as_bytes()).short())
}

#[cfg(test)]
mod tests {
    use super::*;
    use export_contract::corpus;

    #[test]
    fn the_subject_is_the_same_for_every_build() {
        let scan = |image: &str| {
            let scan = ScanRef { image: image.to_owned(), ..corpus::scan(0) };
            ScanTotals { scan, totals: export_core::totals::Totals::default() }
        };
        let one = |image| subject(&[scan(image)]);
        assert_eq!(one("registry.example/app:1.0"), "registry.example/app");
        assert_eq!(one("registry.example/app:2.0"), "registry.example/app");
        assert_eq!(subject(&[scan("b:1"), scan("a:1"), scan("a:2")]), "a,b");
        assert!(one("<script>").starts_with("scans-") && one("").starts_with("scans-"));
        assert_ne!(one("größe"), one("grösse"));
    }
}
