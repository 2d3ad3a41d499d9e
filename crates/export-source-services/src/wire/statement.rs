//! VEX statements, as VexLens has applied them to a scan.

use export_core::finding::{Product, VexAssertion, VexStatement, VexStatus};
use export_core::scan::ScanRef;
use export_core::time::Timestamp;
use serde::Deserialize;

use super::{Record, Wrong, all, nullable, required, some};
use crate::records::Names;

#[derive(Debug, Deserialize)]
pub(crate) struct Line {
    vulnerability: String,
    #[serde(default, deserialize_with = "nullable")]
    aliases: Vec<String>,
    products: Vec<RawProduct>,
    status: VexStatus,
    #[serde(default)]
    justification: Option<String>,
    #[serde(default)]
    impact: Option<String>,
    #[serde(default)]
    action: Option<String>,
    author: String,
    #[serde(default)]
    timestamp: Option<Timestamp>,
    #[serde(default, deserialize_with = "nullable")]
    document: String,
}

#[derive(Debug, Deserialize)]
struct RawProduct {
    id: String,
    #[serde(default, deserialize_with = "nullable")]
    subcomponents: Vec<String>,
}

impl Record for VexStatement<'static> {
    type Wire = Line;

    const NAMES: Names = Names { one: "statement", many: "statements", head: None };

    fn read(wire: Line, _: &ScanRef) -> Result<Self, Wrong> {
        let product = |it: RawProduct| -> Result<_, Wrong> {
            let id = required(it.id, ("holds a product without an id", "/products"))?;
            Ok(Product { id, subcomponents: all(it.subcomponents) })
        };
        Ok(VexStatement {
            vulnerability: required(wire.vulnerability, ("must not be empty", "/vulnerability"))?,
            aliases: all(wire.aliases),
            products: wire.products.into_iter().map(product).collect::<Result<_, _>>()?,
            assertion: VexAssertion {
                status: wire.status,
                justification: some(wire.justification),
                impact: some(wire.impact),
                action: some(wire.action),
                author: wire.author.into(),
                timestamp: wire.timestamp,
                document: wire.document.into(),
            },
        })
    }
}
