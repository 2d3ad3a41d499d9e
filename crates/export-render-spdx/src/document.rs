//! What the source documents say of themselves, put together for one SPDX document.

use export_core::code::Code;
use export_core::ports::{Brief, RenderError};
use export_core::sbom::SbomSection;
use export_core::time::Timestamp;
use export_render_kit::conversion::{Fate, Losses};
use serde_json::Value;
use uuid::Uuid;

use crate::agent::{Agent, AgentKind};
use crate::object::{Object, text};
use crate::walk::Walk;

/// The tool that makes the document, as the standard writes tools.
pub(crate) const TOOL: &str = concat!("export-center-", env!("CARGO_PKG_VERSION"));

/// What the SPDX document says of itself.
pub(crate) struct Document {
    pub(crate) name: String,
    /// A URI for this document alone, without a fragment.
    pub(crate) namespace: String,
    /// When the export was asked for, to the second, as SPDX wants it.
    pub(crate) created: String,
    /// Who made the source documents, each once.
    pub(crate) agents: Vec<Agent>,
    /// What it was made from.
    pub(crate) comment: String,
    /// What SPDX has no member for, by document: a name and JSON.
    pub(crate) rest: Vec<(usize, String, String)>,
    /// What the only source document kept of SPDX.
    pub(crate) kept: Vec<(String, String)>,
}

impl Document {
    pub(crate) fn of(
        brief: &Brief<'_>,
        walk: &Walk<'_>,
        version: &str,
        losses: &mut Losses,
    ) -> Result<Self, RenderError> {
        let mut document = Self {
            name: name(walk),
            namespace: namespace(brief, walk, version)?,
            created: seconds(brief.created_at),
            agents: Vec::new(),
            comment: comment(walk),
            rest: Vec::new(),
            kept: Vec::new(),
        };
        for at in 0..walk.documents().len() {
            document.head(walk, at, version, losses);
        }
        let mut seen = Vec::new();
        document.agents.retain(|agent| {
            let is_new = !seen.contains(agent);
            seen.push(agent.clone());
            is_new
        });
        Ok(document)
    }

    /// The value that the only source document kept of a member.
    pub(crate) fn kept(&self, member: &str) -> Option<&str> {
        self.all_kept(member).next()
    }

    /// The values that the only source document kept of a member that is a list.
    pub(crate) fn all_kept(&self, member: &str) -> impl Iterator<Item = &str> {
        self.kept.iter().filter(move |(name, _)| name == member).map(|(_, value)| value.as_str())
    }

    fn head(&mut self, walk: &Walk<'_>, at: usize, target: &str, losses: &mut Losses) {
        let mut others: Vec<(String, String)> = Vec::new();
        let place = &walk.documents()[at].place;
        let rest = &mut self.rest;
        let mut keep = |member: String, value: &Value| {
            let why = "SPDX has no such member: it stands beside the document as JSON";
            losses.note(&member, Fate::Changed, why, place);
            rest.push((at, format!("cyclonedx:{member}"), value.to_string()));
        };
        for (member, value) in walk.head(at).iter().filter(|(member, _)| !is_told(member)) {
            keep(member.clone(), value);
        }
        for (member, value) in walk.metadata(at).into_iter().flatten() {
            match member.as_str() {
                "timestamp" | "component" => {}
                "licenses" if *value == serde_json::json!([{"license": {"id": "CC0-1.0"}}]) => {}
                "tools" => {
                    self.agents.extend(tools(value).filter_map(Agent::of_tool));
                    if tools(value).any(|tool| {
                        tool.keys().any(|it| !["type", "name", "version", "bom-ref"].contains(&it.as_str()))
                    }) {
                        keep(format!("metadata.{member}"), value);
                    }
                }
                "authors" => self.agents.extend(objects(value).filter_map(Agent::of_contact)),
                "manufacturer" | "manufacture" => {
                    self.agents.extend(value.as_object().and_then(Agent::of_entity));
                }
                "properties" if walk.generation(at) != 0 && walk.documents().len() == 1 => {
                    let (restored, other) =
                        objects(value).filter_map(kept).partition(|(it, _)| is_restored(it, target));
                    self.kept = restored;
                    others = other;
                }
                _ => keep(format!("metadata.{member}"), value),
            }
        }
        for (member, value) in others {
            let why = "the document that is written has its own: this one stands beside it";
            losses.note(&format!("metadata.properties[] (spdx:{member})"), Fate::Changed, why, place);
            self.rest.push((at, format!("spdx:{member}"), value));
        }
        let creators = ["creators", "createdBy", "createdUsing"];
        let kept = self.kept.iter().filter(|(member, _)| creators.contains(&member.as_str()));
        let kept: Vec<Agent> = kept.filter_map(|(_, text)| Agent::of_text(text)).collect();
        self.agents.extend(kept.into_iter().filter(|agent| agent.kind != AgentKind::Tool));
    }
}

fn kept(property: &Object) -> Option<(String, String)> {
    let member = text(property, "name").strip_prefix("spdx:")?;
    Some((member.to_owned(), text(property, "value").to_owned()))
}

/// Members of an SPDX document that are written again.
fn is_restored(member: &str, target: &str) -> bool {
    const ALWAYS: [&str; 6] =
        ["name", "comment", "creationInfo.comment", "creators", "createdBy", "createdUsing"];
    // Ours is told in its place.
    const REPLACED: [&str; 1] = ["creationInfo.licenseListVersion"];
    const SECOND: [&str; 3] = ["annotations", "externalDocumentRefs", "revieweds"];
    ALWAYS.contains(&member) || REPLACED.contains(&member) || (target == "2.3" && SECOND.contains(&member))
}

/// Members of a CycloneDX document that only tell which document it is.
fn is_told(member: &str) -> bool {
    matches!(member, "metadata" | "version" | "bomFormat" | "specVersion" | "$schema")
}

fn objects(value: &Value) -> impl Iterator<Item = &Object> {
    value.as_array().into_iter().flatten().filter_map(Value::as_object)
}

/// Tools in the shape of CycloneDX 1.5, and in the one before it.
fn tools(value: &Value) -> impl Iterator<Item = &Object> {
    let members = ["components", "services"].into_iter().filter_map(|member| value.get(member));
    members.flat_map(objects).chain(objects(value))
}

fn name(walk: &Walk<'_>) -> String {
    let facts = walk.from.facts();
    let own = |member: &Object| {
        let mut properties = member.get("properties").map(objects)?.filter_map(kept);
        properties.find(|(member, name)| member == "name" && !name.is_empty()).map(|(_, name)| name)
    };
    match (walk.documents().len(), &facts.scans[..]) {
        (1, _) if walk.generation(0) != 0 && walk.metadata(0).is_some_and(|it| own(it).is_some()) => {
            walk.metadata(0).and_then(own).unwrap_or_default()
        }
        (_, [scan]) if !scan.scan.image.is_empty() => scan.scan.image.clone(),
        (_, scans) => format!("SBOM of {} scans", scans.len()),
    }
}

fn comment(walk: &Walk<'_>) -> String {
    let made = |at: usize| {
        let document = &walk.documents()[at];
        let made = walk.metadata(at).map_or("", |metadata| text(metadata, "timestamp"));
        let made = if made.is_empty() { String::new() } else { format!(", made {made}") };
        format!("{} ({} {}{made})", document.place, document.family.title(), document.spec_version)
    };
    match walk.documents().len() {
        0 => "Made from the components that findings name.".to_owned(),
        count => format!("Made from {}.", (0..count).map(made).collect::<Vec<_>>().join(", ")),
    }
}

/// A UUID (RFC 9562, 5.8) of the data, the version of SPDX and the time of the export: another document has another one.
fn namespace(brief: &Brief<'_>, walk: &Walk<'_>, version: &str) -> Result<String, RenderError> {
    let facts = walk.from.facts();
    let sources: Vec<String> = facts.sources.iter().map(|source| source.digest.to_string()).collect();
    let parts =
        [facts.digest.to_string(), sources.concat(), version.to_owned(), brief.created_at.to_string()];
    let digest = export_core::digest::Digest::of(parts.join("\0").as_bytes());
    let head = digest.as_bytes().first_chunk::<16>();
    let bytes = head.ok_or_else(|| RenderError::new(Code::Internal, "a digest has 32 bytes"))?;
    let uuid: Uuid = uuid::Builder::from_custom_bytes(*bytes).into_uuid();
    Ok(format!("https://export-center.invalid/spdx/{uuid}"))
}

/// A time as SPDX writes it: UTC, to the second.
pub(crate) fn seconds(at: Timestamp) -> String {
    at.to_utc().format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Tells of lists that no version of SPDX has a place for.
pub(crate) fn note_lists(walk: &Walk<'_>, sections: &[SbomSection], why: &str, losses: &mut Losses) {
    for document in walk.documents() {
        for section in sections {
            for _ in 0..document.count(*section) {
                losses.note(&format!("{}[]", section.as_str()), Fate::Dropped, why, &document.place);
            }
        }
    }
}
