//! What a document says of the artifact that it describes.

use export_core::error::PortError;

use super::component::image_digest;
use super::first::describes;
use crate::about::About;
use crate::formats::sbom::spdx::agent::{Agent, AgentKind};
use crate::formats::sbom::spdx::element::Object;
use crate::formats::sbom::spdx::members::text_of;
use crate::input::Input;
use crate::json::JsonReader;

/// Packages that may be the artifact and are remembered until it is known which one is.
const HELD: usize = 64;

/// A package that may be the artifact.
struct Candidate {
    id: String,
    names: Vec<String>,
    digest: Option<String>,
}

/// What one document says; the element that it describes is usually told last.
pub(crate) fn about(input: Input) -> Result<About, PortError> {
    let mut reader = JsonReader::new(input);
    let mut about = About::default();
    let (mut candidates, mut described) = (Vec::new(), Vec::new());
    reader.object()?;
    while let Some(member) = reader.member()? {
        match member.as_str() {
            "name" => about.image = reader.value::<Option<String>>()?.unwrap_or_default(),
            "creationInfo" => creation(&reader.value::<Option<Object>>()?.unwrap_or_default(), &mut about),
            "documentDescribes" => {
                described.extend(reader.value::<Option<Vec<String>>>()?.unwrap_or_default());
            }
            "packages" => items(&mut reader, |package| {
                if candidates.len() < HELD {
                    candidates.extend(candidate(package));
                }
            })?,
            "relationships" => items(&mut reader, |relationship| {
                if described.len() < HELD {
                    described.extend(describes(relationship));
                }
            })?,
            _ => reader.skip()?,
        }
    }
    if let Some(artifact) = candidates.into_iter().find(|candidate| described.contains(&candidate.id)) {
        about.image_digest = artifact.digest;
        about.aliases = artifact.names;
    }
    Ok(about)
}

fn items(reader: &mut JsonReader, mut each: impl FnMut(&Object)) -> Result<(), PortError> {
    let entered = reader.array()?;
    while entered && reader.item()? {
        each(&reader.value()?);
    }
    Ok(())
}

fn creation(creation: &Object, about: &mut About) {
    about.created_at = text_of(creation, "created").parse().ok();
    let creators = creation.get("creators").and_then(|creators| creators.as_array());
    let mut agents = creators.into_iter().flatten().filter_map(|creator| Agent::parse(creator.as_str()?));
    if let Some(tool) = agents.find(|agent| agent.kind == AgentKind::Tool) {
        let (name, version) = tool.name_and_version();
        about.tool = [Some(name), version].into_iter().flatten().collect::<Vec<_>>().join(" ");
    }
}

fn candidate(package: &Object) -> Option<Candidate> {
    let digest = image_digest(package);
    if digest.is_none() && text_of(package, "primaryPackagePurpose") != "CONTAINER" {
        return None;
    }
    let (name, version) = (text_of(package, "name"), text_of(package, "versionInfo"));
    let tagged =
        Some(version).filter(|version| !version.is_empty()).map(|version| format!("{name}:{version}"));
    let names = [name.to_owned()].into_iter().chain(tagged).collect();
    Some(Candidate { id: text_of(package, "SPDXID").to_owned(), names, digest })
}
