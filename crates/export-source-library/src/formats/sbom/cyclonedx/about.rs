//! What a document says of its artifact: `metadata`, wherever it stands.

use export_core::error::PortError;
use export_core::finding::Purl;
use serde_json::Value;

use crate::about::About;
use crate::input::Input;
use crate::json::JsonReader;

/// Looks for `metadata`, and no further.
pub(in crate::formats::sbom) fn about(input: Input) -> Result<About, PortError> {
    let mut reader = JsonReader::new(input);
    reader.object()?;
    while let Some(name) = reader.member()? {
        if name == "metadata" {
            return Ok(of_metadata(&reader.value()?));
        }
        reader.skip()?;
    }
    Ok(About::default())
}

pub(in crate::formats::sbom) fn of_metadata(metadata: &Value) -> About {
    let component = &metadata["component"];
    let text = |name: &str| component[name].as_str().unwrap_or_default();
    let (name, version, purl) = (text("name"), text("version"), text("purl"));
    let is_digest = |text: &&str| text.starts_with("sha256:");
    let in_purl = Purl::of(purl).version().map(|version| version.replace("%3A", ":").replace("%3a", ":"));
    let digest = Some(version).filter(is_digest).or(in_purl.as_deref().filter(is_digest));
    let between = if text("type") == "container" { ':' } else { '@' };
    let image = match version {
        "" => name.to_owned(),
        _ if is_digest(&version) || name.ends_with(version) => name.to_owned(),
        _ => format!("{name}{between}{version}"),
    };
    let aliases = [name, purl].into_iter().filter(|it| !it.is_empty() && *it != image);
    About {
        aliases: aliases.map(str::to_owned).collect(),
        image_digest: digest.map(str::to_owned),
        created_at: metadata["timestamp"].as_str().and_then(|at| at.parse().ok()),
        tool: tool(&metadata["tools"]),
        scan_id: None,
        image,
    }
}

/// The first tool with its version: a list before 1.5, components and services since.
fn tool(tools: &Value) -> String {
    let first = [tools, &tools["components"], &tools["services"]].into_iter().find_map(|list| list.get(0));
    let text = |name: &str| first.and_then(|tool| tool[name].as_str()).unwrap_or_default();
    format!("{} {}", text("name"), text("version")).trim().to_owned()
}
