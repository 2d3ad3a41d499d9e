//! A vulnerability that somebody analysed, as a VEX statement.

use export_core::error::PortError;
use export_core::finding::{Product, VexAssertion, VexStatement, VexStatus};
use export_core::text::Text;
use export_core::time::Timestamp;

use super::components::{Components, Known, local};
use super::vulnerability::{Analysis, Vulnerability};
use crate::document::Document;
use crate::json::{JsonReader, members};
use crate::kit::{Doubts, own};

const NOTHING: &str = "An analysis names no component that it is about, so it applies to nothing";

/// The reasons of CycloneDX, the nearest of OpenVEX 0.2.0, and whether that says as much.
const JUSTIFICATIONS: [(&str, &str, bool); 9] = [
    ("code_not_present", "vulnerable_code_not_present", true),
    ("code_not_reachable", "vulnerable_code_not_in_execute_path", true),
    ("requires_configuration", "vulnerable_code_cannot_be_controlled_by_adversary", false),
    ("requires_dependency", "vulnerable_code_cannot_be_controlled_by_adversary", false),
    ("requires_environment", "vulnerable_code_cannot_be_controlled_by_adversary", true),
    ("protected_by_compiler", "inline_mitigations_already_exist", false),
    ("protected_at_runtime", "inline_mitigations_already_exist", false),
    ("protected_at_perimeter", "inline_mitigations_already_exist", false),
    ("protected_by_mitigating_control", "inline_mitigations_already_exist", true),
];

members! {
    struct Metadata<'a> {
        timestamp: Option<Timestamp> = "timestamp",
        authors: Vec<Named<'a>> = "authors",
        manufacturer: Named<'a> = "manufacturer" | "manufacture",
        supplier: Named<'a> = "supplier",
    }
    struct Named<'a> {
        name: Text<'a> = "name",
        email: Text<'a> = "email",
    }
}

/// What a document says for all its statements.
#[derive(Debug, Default)]
pub(super) struct Head {
    id: String,
    author: String,
    timestamp: Option<Timestamp>,
}

impl Head {
    /// Reads it, wherever it stands.
    pub(super) fn of(document: &Document) -> Result<Self, PortError> {
        let mut head = Self { id: document.name.clone(), ..Self::default() };
        let mut reader = JsonReader::new(document.open()?);
        reader.object()?;
        while let Some(member) = reader.member()? {
            match member.as_str() {
                "serialNumber" => {
                    let number: Option<String> = reader.value()?;
                    head.id = number.unwrap_or(head.id);
                }
                "metadata" => head.add(reader.value::<Option<Metadata<'_>>>()?.unwrap_or_default()),
                _ => reader.skip()?,
            }
        }
        Ok(head)
    }

    fn add(&mut self, metadata: Metadata<'_>) {
        self.timestamp = metadata.timestamp;
        let mut named = metadata.authors.into_iter().chain([metadata.manufacturer, metadata.supplier]);
        let name = named.find_map(|it| [it.name, it.email].into_iter().find(|text| !text.is_empty()));
        self.author = name.unwrap_or_default().to_string();
    }

    /// The statement; none if nobody analysed the vulnerability, or what is wrong and where.
    pub(super) fn statement(
        &self,
        mut raw: Vulnerability<'_>,
        components: &Components,
        doubts: &mut Doubts,
        place: &dyn Fn() -> String,
    ) -> Result<Option<VexStatement<'static>>, (&'static str, &'static str)> {
        let Some(analysis) = raw.analysis.take().filter(|analysis| !analysis.state.is_empty()) else {
            return Ok(None);
        };
        let status = status(&analysis.state).ok_or(("the state is none of CycloneDX", "/analysis/state"))?;
        if raw.id.is_empty() {
            return Err(("the vulnerability has no id", ""));
        }
        let references = raw.affects.iter().map(|it| it.reference.as_str());
        let products: Vec<Product<'static>> = references.flat_map(|it| products(it, components)).collect();
        if products.is_empty() {
            doubts.add(NOTHING, place);
            return Ok(None);
        }
        let timestamp = analysis.last_updated.or(analysis.first_issued).or(self.timestamp);
        let (justification, impact, action) = words(status, &analysis, &raw);
        Ok(Some(VexStatement {
            aliases: raw.aliases(),
            vulnerability: own(raw.id),
            products,
            assertion: VexAssertion {
                status,
                justification: justification.map(Text::from),
                impact,
                action,
                author: self.author.clone().into(),
                timestamp,
                document: self.id.clone().into(),
            },
        }))
    }
}

fn status(state: &str) -> Option<VexStatus> {
    match state {
        "resolved" | "resolved_with_pedigree" => Some(VexStatus::Fixed),
        "exploitable" => Some(VexStatus::Affected),
        "in_triage" => Some(VexStatus::UnderInvestigation),
        "false_positive" | "not_affected" => Some(VexStatus::NotAffected),
        _ => None,
    }
}

/// Justification, impact and action. Words of CycloneDX that OpenVEX does not have stand before the text.
fn words(
    status: VexStatus,
    analysis: &Analysis<'_>,
    raw: &Vulnerability<'_>,
) -> (Option<&'static str>, Option<Text<'static>>, Option<Text<'static>>) {
    let known = JUSTIFICATIONS.iter().find(|(word, _, _)| analysis.justification == **word);
    let mut impact: Vec<&str> = Vec::new();
    if matches!(analysis.state.as_str(), "false_positive" | "resolved_with_pedigree") {
        impact.push(&analysis.state);
    }
    if known.is_none_or(|(_, _, is_the_same)| !is_the_same) {
        impact.push(&analysis.justification);
    }
    let responses: Vec<&str> = analysis.response.iter().map(Text::as_str).collect();
    let responses = responses.join(", ");
    let mut action: Vec<&str> = vec![&responses];
    if status == VexStatus::Affected {
        action.extend([analysis.detail.as_str(), &raw.workaround, &raw.recommendation]);
    } else {
        impact.push(&analysis.detail);
    }
    (known.map(|(_, nearest, _)| *nearest), lines(&impact), lines(&action))
}

fn lines(texts: &[&str]) -> Option<Text<'static>> {
    let texts: Vec<&str> = texts.iter().copied().filter(|text| !text.is_empty()).collect();
    (!texts.is_empty()).then(|| texts.join("\n").into())
}

/// The products that a reference means: what the component is called elsewhere.
fn products(reference: &str, components: &Components) -> Vec<Product<'static>> {
    let names: Vec<Text<'static>> = match components.find(reference) {
        None if reference.is_empty() => vec![],
        None => vec![local(reference).into_owned().into()],
        Some(Known { component, cpe, is_artifact }) => {
            let version = &component.version;
            let between = if is_artifact && !version.starts_with("sha256:") { ':' } else { '@' };
            let plain = match version.as_str() {
                "" => component.name.to_string(),
                version => format!("{}{between}{version}", component.name),
            };
            // Findings of a component without a package URL are known by its name.
            let named = component.purl.is_none() || is_artifact;
            component.purl.into_iter().chain(cpe).chain(named.then(|| plain.into())).collect()
        }
    };
    names.into_iter().map(|id| Product { id, subcomponents: vec![] }).collect()
}
