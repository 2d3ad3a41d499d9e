//! What a document says of the artifact that it is about.

use std::collections::HashMap;

use export_core::error::PortError;

use super::agents;
use super::node::{self, Node};
use crate::about::About;
use crate::formats::sbom::spdx::agent::{Agent, AgentKind};
use crate::formats::sbom::spdx::members::text_of;
use crate::input::Input;
use crate::json::JsonReader;

/// Elements that are remembered until it is known which are meant.
const HELD: usize = 1_000;

/// What one document says; who made it and what it is about may be told last.
pub(crate) fn about(input: Input) -> Result<About, PortError> {
    let mut reader = JsonReader::new(input);
    let mut seen = Seen::default();
    node::each(&mut reader, |_, node, _| {
        seen.add(node);
        Ok(())
    })?;
    Ok(seen.about())
}

#[derive(Default)]
struct Seen {
    document: Node,
    held: HashMap<String, Node>,
    agents: HashMap<String, Agent>,
}

impl Seen {
    fn add(&mut self, node: Node) {
        match node.kind() {
            "SpdxDocument" => self.document = node,
            "CreationInfo" | "software_Sbom" | "Bom" | "Bundle" => self.hold(node),
            "software_Package" if is_image(&node) => self.hold(node),
            _ => {
                if let Some(agent) = agents::agent(&node).filter(|_| self.agents.len() < HELD) {
                    self.agents.insert(node.id().to_owned(), agent);
                }
            }
        }
    }

    fn hold(&mut self, node: Node) {
        if self.held.len() < HELD {
            self.held.insert(node.id().to_owned(), node);
        }
    }

    fn about(&self) -> About {
        let mut about = About { image: self.document.text("name").to_owned(), ..About::default() };
        if let Some(creation) = self.document.ids("creationInfo").next().and_then(|id| self.held.get(id)) {
            about.created_at = creation.text("created").parse().ok();
            let makers = ["createdUsing", "createdBy"].into_iter().flat_map(|member| creation.ids(member));
            let mut tools =
                makers.filter_map(|id| self.agents.get(id)).filter(|agent| agent.kind == AgentKind::Tool);
            about.tool = tools.next().map(tool).unwrap_or_default();
        }
        let held =
            |node: &Node| node.ids("rootElement").filter_map(|id| self.held.get(id)).collect::<Vec<_>>();
        let roots = held(&self.document);
        let inner = roots.iter().flat_map(|root| held(root)).collect::<Vec<_>>();
        if let Some(root) = roots.into_iter().chain(inner).find(|node| node.kind() == "software_Package") {
            about.image_digest = digest(root);
            let (name, version) = (root.text("name"), root.text("software_packageVersion"));
            about.aliases = vec![name.to_owned(), format!("{name}:{version}")];
            if about.image.is_empty() {
                name.clone_into(&mut about.image);
            }
        }
        about
    }
}

fn tool(agent: &Agent) -> String {
    let (name, version) = agent.name_and_version();
    [Some(name), version].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn is_image(node: &Node) -> bool {
    node.text("software_primaryPurpose") == "container" || digest(node).is_some()
}

/// A digest by which an image is known.
fn digest(node: &Node) -> Option<String> {
    let version = Some(node.text("software_packageVersion")).filter(|version| version.starts_with("sha256:"));
    let of_hash = || {
        let mut hashes = node.objects("verifiedUsing").filter(|hash| text_of(hash, "algorithm") == "sha256");
        hashes.next().map(|hash| format!("sha256:{}", text_of(hash, "hashValue")))
    };
    let is_container = node.text("software_primaryPurpose") == "container";
    version.map(str::to_owned).or_else(|| if is_container { of_hash() } else { None })
}
