//! Findings: what all kinds have.

use export_core::finding::{
    Component, Finding, Fix, FixState, Location, Severity, Subject, Suppression, finding_id,
    vulnerability_finding_id,
};
use export_core::scan::{ScanRef, repository};
use export_core::time::Timestamp;
use serde::Deserialize;

use super::subject::{RawCode, RawLicence, RawMisconfiguration, RawSecret, RawVulnerability};
use super::{Record, Wrong, all, nullable, required, some};
use crate::records::Names;

#[derive(Debug, Deserialize)]
pub(crate) struct Line {
    #[serde(default)]
    id: Option<String>,
    #[serde(default)]
    scan_id: Option<String>,
    severity: Severity,
    #[serde(default)]
    severity_source: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    target: String,
    #[serde(default, deserialize_with = "nullable")]
    title: String,
    #[serde(default, deserialize_with = "nullable")]
    description: String,
    #[serde(default)]
    vulnerability: Option<RawVulnerability>,
    #[serde(default)]
    misconfiguration: Option<RawMisconfiguration>,
    #[serde(default)]
    secret: Option<RawSecret>,
    #[serde(default)]
    licence: Option<RawLicence>,
    #[serde(default)]
    code: Option<RawCode>,
    #[serde(default)]
    component: Option<RawComponent>,
    #[serde(default, deserialize_with = "nullable")]
    locations: Vec<RawLocation>,
    #[serde(default)]
    fix: Option<RawFix>,
    #[serde(default)]
    primary_url: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    references: Vec<String>,
    #[serde(default)]
    published: Option<Timestamp>,
    #[serde(default)]
    modified: Option<Timestamp>,
    #[serde(default)]
    suppression: Option<RawSuppression>,
}

#[derive(Debug, Deserialize)]
struct RawComponent {
    name: String,
    #[serde(default, deserialize_with = "nullable")]
    version: String,
    #[serde(default)]
    purl: Option<String>,
    #[serde(default, deserialize_with = "nullable")]
    ecosystem: String,
}

#[derive(Debug, Deserialize)]
struct RawLocation {
    #[serde(default, deserialize_with = "nullable")]
    path: String,
    #[serde(default)]
    start_line: Option<u32>,
    #[serde(default)]
    end_line: Option<u32>,
    #[serde(default)]
    layer: Option<String>,
}

#[derive(Debug, Deserialize)]
struct RawFix {
    state: FixState,
    #[serde(default, deserialize_with = "nullable")]
    versions: String,
}

#[derive(Debug, Deserialize)]
struct RawSuppression {
    status: String,
    #[serde(default, deserialize_with = "nullable")]
    reason: String,
    #[serde(default, deserialize_with = "nullable")]
    source: String,
}

impl Record for Finding<'static> {
    type Wire = Line;

    const NAMES: Names = Names { one: "finding", many: "findings", head: Some("scan") };

    fn read(wire: Line, scan: &ScanRef) -> Result<Self, Wrong> {
        if wire.scan_id.is_some_and(|id| id != scan.id.as_str()) {
            return Err(("is another scan than the one that was asked for", "/scan_id"));
        }
        let kinds = (wire.vulnerability, wire.misconfiguration, wire.secret, wire.licence, wire.code);
        let subject = match kinds {
            (Some(it), None, None, None, None) => it.read().map(Subject::Vulnerability),
            (None, Some(it), None, None, None) => it.read().map(Subject::Misconfiguration),
            (None, None, Some(it), None, None) => it.read().map(Subject::Secret),
            (None, None, None, Some(it), None) => it.read().map(Subject::Licence),
            (None, None, None, None, Some(it)) => it.read().map(Subject::Code),
            _ => Err(("must have one of vulnerability, misconfiguration, secret, licence, code", "")),
        }?;
        let component = wire.component.map(RawComponent::read).transpose()?;
        let mut finding = Finding {
            id: wire.id.unwrap_or_default().into(),
            scan_id: scan.id.to_string().into(),
            image: scan.image.clone().into(),
            target: wire.target.into(),
            severity: wire.severity,
            severity_source: some(wire.severity_source),
            title: wire.title.into(),
            description: wire.description.into(),
            subject,
            component,
            locations: wire.locations.into_iter().map(RawLocation::read).collect(),
            fix: wire.fix.map(RawFix::read).unwrap_or_default(),
            primary_url: some(wire.primary_url),
            references: all(wire.references),
            published: wire.published,
            modified: wire.modified,
            suppression: wire.suppression.map(RawSuppression::read),
        };
        if finding.id.is_empty() {
            finding.id = stable_id(&finding).into();
        }
        Ok(finding)
    }
}

/// The id of a finding that the service gives none.
fn stable_id(finding: &Finding<'_>) -> String {
    let (component, artifact) = (finding.component.as_ref(), repository(&finding.image));
    if let (Some(vulnerability), Some(component)) = (finding.vulnerability(), component) {
        let path = finding.locations.first().map(|it| it.path.as_str()).filter(|path| !path.is_empty());
        return vulnerability_finding_id(artifact, component, vulnerability, path.unwrap_or(&finding.target));
    }
    let named = component.map_or("", |it| it.purl.as_deref().unwrap_or(&it.name));
    let version = component.map_or("", |it| &it.version);
    let place = finding.locations.first().map_or_else(String::new, |it| {
        format!("{}:{}", it.path, it.start_line.map(|line| line.to_string()).unwrap_or_default())
    });
    let place = format!("{place}\0{version}");
    finding_id(finding.kind(), artifact, &finding.target, named, finding.rule(), &place)
}

impl RawComponent {
    fn read(self) -> Result<Component<'static>, Wrong> {
        Ok(Component {
            name: required(self.name, ("must not be empty", "/component/name"))?,
            version: self.version.into(),
            purl: some(self.purl),
            ecosystem: self.ecosystem.into(),
        })
    }
}

impl RawLocation {
    fn read(self) -> Location<'static> {
        let Self { path, start_line, end_line, layer } = self;
        Location { path: path.into(), start_line, end_line, layer: some(layer) }
    }
}

impl RawFix {
    fn read(self) -> Fix<'static> {
        Fix { state: self.state, versions: self.versions.into() }
    }
}

impl RawSuppression {
    fn read(self) -> Suppression<'static> {
        Suppression { status: self.status.into(), reason: self.reason.into(), source: self.source.into() }
    }
}
