//! VEX statements as an OpenVEX 0.2.0 document, streamed.

use std::io::{self, Write};

use export_core::finding::{Product, VexStatement, VexStatus};
use export_core::text::Text;
use export_core::time::Timestamp;
use serde::Serialize;

use crate::render::Order;

/// Everything of the document but its statements.
#[derive(Serialize)]
pub(super) struct DocumentJson {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(rename = "@id")]
    id: String,
    author: &'static str,
    role: &'static str,
    timestamp: Timestamp,
    version: u32,
}

impl DocumentJson {
    pub(super) fn of(order: &Order, scan: &str) -> Self {
        Self {
            context: "https://openvex.dev/ns/v0.2.0",
            id: format!("urn:export-center:{}:vex:{scan}", order.export_id),
            author: "Export Center",
            role: "Aggregator",
            timestamp: order.snapshot.facts().taken_at,
            version: 1,
        }
    }

    /// Writes the document up to its first statement.
    pub(super) fn open(&self, out: &mut impl Write) -> io::Result<()> {
        let mut head = serde_json::to_vec(self)?;
        head.pop(); // the closing brace: the statements come before it
        out.write_all(&head)?;
        out.write_all(b",\"statements\":[")
    }
}

/// A statement; who made it, in which document, stands in its notes, for OpenVEX has one author a document.
#[derive(Serialize)]
pub(super) struct StatementJson<'s> {
    vulnerability: VulnerabilityJson<'s>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timestamp: Option<Timestamp>,
    products: Vec<ProductJson<'s>>,
    status: VexStatus,
    status_notes: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    justification: Option<&'s str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    impact_statement: Option<&'s str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    action_statement: Option<&'s str>,
}

#[derive(Serialize)]
struct VulnerabilityJson<'s> {
    name: &'s str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    aliases: &'s [Text<'s>],
}

#[derive(Serialize)]
struct ProductJson<'s> {
    #[serde(rename = "@id")]
    id: &'s str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    subcomponents: Vec<ComponentJson<'s>>,
}

#[derive(Serialize)]
struct ComponentJson<'s> {
    #[serde(rename = "@id")]
    id: &'s str,
}

impl<'s> StatementJson<'s> {
    pub(super) fn of(it: &'s VexStatement<'s>) -> Self {
        let said = &it.assertion;
        Self {
            vulnerability: VulnerabilityJson { name: &it.vulnerability, aliases: &it.aliases },
            timestamp: said.timestamp,
            products: it.products.iter().map(ProductJson::of).collect(),
            status: said.status,
            status_notes: format!("Stated by {} in {}", said.author, said.document),
            justification: said.justification.as_deref(),
            impact_statement: said.impact.as_deref(),
            action_statement: said.action.as_deref(),
        }
    }
}

impl<'s> ProductJson<'s> {
    fn of(it: &'s Product<'s>) -> Self {
        let subcomponents = it.subcomponents.iter().map(|id| ComponentJson { id }).collect();
        Self { id: &it.id, subcomponents }
    }
}
