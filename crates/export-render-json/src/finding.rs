//! A finding as JSON. What is unknown or empty is left out; what holds text of any length comes last.

use export_core::finding::{
    Component, Decision, FixState, Location, Severity, Subject, Suppression, Verdict,
};
use export_core::record::{BaselineState, FindingRecord, FindingStatus};
use export_core::text::Text;
use export_core::time::Timestamp;
use export_render_kit::vex::VexJson;
use serde::Serialize;

use crate::baseline::ChangeJson;
use crate::each::Each;
use crate::guard::GuardJson;
use crate::remediation::RemediationJson;
use crate::statement::VerdictJson;
use crate::subject::{CodeJson, LicenceJson, MisconfigurationJson, SecretJson, VulnerabilityJson};

/// A [`FindingRecord`] as JSON.
#[derive(Serialize)]
pub(crate) struct FindingJson<'r> {
    id: &'r str,
    scan_id: &'r str,
    image: &'r str,
    target: &'r str,
    kind: &'static str,
    rule_id: &'r str,
    #[serde(skip_serializing_if = "str::is_empty")]
    title: &'r str,
    severity: Severity,
    #[serde(skip_serializing_if = "Option::is_none")]
    severity_source: Option<&'r str>,
    status: FindingStatus,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline_state: Option<BaselineState>,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline_change: Option<ChangeJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vulnerability: Option<VulnerabilityJson<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    misconfiguration: Option<MisconfigurationJson<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<SecretJson<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    licence: Option<LicenceJson<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<CodeJson<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    guard: Option<GuardJson<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    component: Option<ComponentJson<'r>>,
    #[serde(skip_serializing_if = "Each::is_empty")]
    locations: Each<'r, Location<'r>, LocationJson<'r>>,
    fix: FixJson<'r>,
    #[serde(skip_serializing_if = "Option::is_none")]
    remediation: Option<RemediationJson<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    published: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    modified: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    suppression: Option<SuppressionJson<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vex: Option<VexJson<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    verdict: Option<&'static str>,
    #[serde(skip_serializing_if = "Each::is_empty")]
    verdicts: Each<'r, Verdict<'r>, VerdictJson<'r>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    primary_url: Option<&'r str>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    references: &'r [Text<'r>],
    #[serde(skip_serializing_if = "str::is_empty")]
    description: &'r str,
}

impl<'r> FindingJson<'r> {
    /// The finding of `record`; with what to do about it, if that is asked for.
    pub(crate) fn of(record: &'r FindingRecord<'r>, include_remediation: bool) -> Self {
        let finding = &record.finding;
        let mut json = Self {
            id: &finding.id,
            scan_id: &finding.scan_id,
            image: &finding.image,
            target: &finding.target,
            kind: finding.kind().as_str(),
            rule_id: finding.rule(),
            title: &finding.title,
            severity: finding.severity,
            severity_source: finding.severity_source.as_deref(),
            status: record.status,
            baseline_state: record.baseline,
            baseline_change: ChangeJson::of(record.change),
            vulnerability: None,
            misconfiguration: None,
            secret: None,
            licence: None,
            code: None,
            guard: None,
            component: finding.component.as_ref().map(ComponentJson::of),
            locations: Each::new(&finding.locations, LocationJson::of),
            fix: FixJson { state: finding.fix.state, versions: &finding.fix.versions },
            remediation: include_remediation.then(|| RemediationJson::of(record)),
            published: finding.published,
            modified: finding.modified,
            suppression: finding.suppression.as_ref().map(SuppressionJson::of),
            vex: record.vex.as_ref().map(VexJson::of),
            verdict: record.decision().map(Decision::as_str),
            verdicts: Each::new(&record.verdicts, VerdictJson::of),
            primary_url: finding.primary_url.as_deref(),
            references: &finding.references,
            description: &finding.description,
        };
        match &finding.subject {
            Subject::Vulnerability(it) => json.vulnerability = Some(VulnerabilityJson::of(it)),
            Subject::Misconfiguration(it) => json.misconfiguration = Some(MisconfigurationJson::of(it)),
            Subject::Secret(it) => json.secret = Some(SecretJson::of(it)),
            Subject::Licence(it) => json.licence = Some(LicenceJson::of(it)),
            Subject::Code(it) => {
                json.code = Some(CodeJson::of(it));
                json.guard = it.guard.as_ref().map(GuardJson::of);
            }
        }
        json
    }
}

#[derive(Serialize)]
struct ComponentJson<'r> {
    name: &'r str,
    #[serde(skip_serializing_if = "str::is_empty")]
    version: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    purl: Option<&'r str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    ecosystem: &'r str,
}

impl<'r> ComponentJson<'r> {
    fn of(it: &'r Component<'r>) -> Self {
        Self { name: &it.name, version: &it.version, purl: it.purl.as_deref(), ecosystem: &it.ecosystem }
    }
}

#[derive(Serialize)]
struct LocationJson<'r> {
    #[serde(skip_serializing_if = "str::is_empty")]
    path: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    layer: Option<&'r str>,
}

impl<'r> LocationJson<'r> {
    fn of(it: &'r Location<'r>) -> Self {
        Self { path: &it.path, start_line: it.start_line, end_line: it.end_line, layer: it.layer.as_deref() }
    }
}

#[derive(Serialize)]
struct FixJson<'r> {
    state: FixState,
    #[serde(skip_serializing_if = "str::is_empty")]
    versions: &'r str,
}

#[derive(Serialize)]
struct SuppressionJson<'r> {
    status: &'r str,
    #[serde(skip_serializing_if = "str::is_empty")]
    reason: &'r str,
    #[serde(skip_serializing_if = "str::is_empty")]
    source: &'r str,
}

impl<'r> SuppressionJson<'r> {
    fn of(it: &'r Suppression<'r>) -> Self {
        Self { status: &it.status, reason: &it.reason, source: &it.source }
    }
}
