//! The relationships of all documents, resolved to ids, whichever version is written.

use std::collections::HashSet;

use export_core::ports::RenderError;
use export_core::sbom::SbomSection;
use export_render_kit::conversion::{Fate, Losses};
use serde_json::Value;

use crate::ids::{Key, Token, token};
use crate::index::{Index, Top};
use crate::object::{Object, text};
use crate::relation::{Relation, Row};
use crate::walk::Walk;

/// An end of a relationship.
#[derive(Debug, Clone)]
pub(crate) enum End {
    /// The SPDX document that is written.
    Document,
    /// A component.
    Component(Key),
    /// What a scan is about.
    Artifact(usize),
    /// A component that only findings name.
    Named(Token),
    /// Nothing: `NONE`.
    Nothing,
    /// Nobody knows: `NOASSERTION`.
    Unknown,
}

impl From<&Top> for End {
    fn from(top: &Top) -> Self {
        match top {
            Top::Component(key) => Self::Component(key.clone()),
            Top::Artifact(scan) => Self::Artifact(*scan),
        }
    }
}

/// What a relationship says.
pub(crate) enum What {
    /// A type that both generations have.
    Row(Row),
    /// A type that the generation that is written does not have: `OTHER`, with the type as a comment.
    Other(String),
}

/// A relationship that is to be written.
pub(crate) struct Edge {
    pub(crate) from: End,
    pub(crate) to: End,
    pub(crate) what: What,
    /// The relationship as it was read, for members beside its ends and its type.
    pub(crate) object: Object,
}

/// Where relationships go.
pub(crate) type Visit<'v> = &'v mut dyn FnMut(Edge) -> Result<(), RenderError>;

/// A type that both generations have, by its name in SPDX 2.
pub(crate) fn plain(from: End, second: &'static str, third: &'static str, to: End) -> Edge {
    let row = Row { second, third, reversed: false, scope: "" };
    Edge { from, to, what: What::Row(row), object: Object::new() }
}

/// Calls `visit` with every relationship of the documents: what contains what, dependencies, and what readers kept.
pub(crate) fn all(
    walk: &Walk<'_>,
    index: &Index,
    rows: u64,
    losses: &mut Losses,
    visit: Visit<'_>,
) -> Result<(), RenderError> {
    for top in &index.tops {
        visit(plain(End::Document, "DESCRIBES", "describes", End::from(top)))?;
    }
    contained(walk, index, rows, visit)?;
    dependencies(walk, index, rows, losses, visit)?;
    kept(walk, index, rows, losses, visit)
}

/// SPDX documents say themselves what contains what; in CycloneDX it is where a component stands.
fn contained(walk: &Walk<'_>, index: &Index, rows: u64, visit: Visit<'_>) -> Result<(), RenderError> {
    walk.components(rows, &mut |found| {
        if found.is_root || (walk.generation(found.key.document) != 0 && found.parent.is_none()) {
            return Ok(());
        }
        let scan = walk.documents()[found.key.document].scan_id.as_str();
        let outer = match found.parent {
            Some(parent) => Some(End::Component(index.own(parent.clone()))),
            None => root(walk, index, found.key.document)
                .or_else(|| Some(End::from(&index.tops[index.top_of(scan)?]))),
        };
        match outer {
            Some(outer) => visit(plain(outer, "CONTAINS", "contains", End::Component(index.own(found.key)))),
            None => Ok(()),
        }
    })
}

fn root(walk: &Walk<'_>, index: &Index, document: usize) -> Option<End> {
    walk.root(document)?;
    let is_root = |top: &&Top| matches!(top, Top::Component(key) if key.document == document);
    index.tops.iter().find(is_root).map(End::from)
}

fn dependencies(
    walk: &Walk<'_>,
    index: &Index,
    rows: u64,
    losses: &mut Losses,
    visit: Visit<'_>,
) -> Result<(), RenderError> {
    walk.elements(SbomSection::Dependencies, rows, &mut |document, entry| {
        let from = text(&entry, "ref");
        let place = || format!("{}#/dependencies", walk.documents()[document].place);
        if entry.contains_key("provides") {
            losses.note("dependencies[].provides", Fate::Dropped, "SPDX has no such relationship", &place());
        }
        let targets = entry.get("dependsOn").and_then(Value::as_array);
        let Some(source) = index.resolve(document, from) else {
            losses.note(
                "dependencies[]",
                Fate::Dropped,
                "it is about no component of the document",
                &place(),
            );
            return Ok(());
        };
        if targets.is_some_and(Vec::is_empty) {
            return visit(plain(End::Component(source), "DEPENDS_ON", "dependsOn", End::Nothing));
        }
        for to in targets.into_iter().flatten().filter_map(Value::as_str) {
            match index.resolve(document, to) {
                Some(target) if index.is_said_better(source.token(), target.token()) => {}
                Some(target) => {
                    visit(plain(
                        End::Component(source.clone()),
                        "DEPENDS_ON",
                        "dependsOn",
                        End::Component(target),
                    ))?;
                }
                None => losses.note(
                    "dependencies[].dependsOn[]",
                    Fate::Dropped,
                    "it leads to no component of the document",
                    &place(),
                ),
            }
        }
        Ok(())
    })
}

fn kept(
    walk: &Walk<'_>,
    index: &Index,
    rows: u64,
    losses: &mut Losses,
    visit: Visit<'_>,
) -> Result<(), RenderError> {
    let mut seen = HashSet::new();
    walk.elements(SbomSection::Properties, rows, &mut |document, property| {
        let relation = Relation::of_property(&property).filter(|_| walk.generation(document) != 0);
        let Some(relation) = relation else { return Ok(()) };
        let from = end(walk, index, document, &relation.from);
        for to in &relation.to {
            let repeated = !seen.insert(token(&[
                &document.to_string(),
                &relation.from,
                &relation.kind,
                to,
                text(&relation.object, "comment"),
            ]));
            let (Some(from), Some(to), false) = (&from, end(walk, index, document, to), repeated) else {
                if !repeated {
                    let why = "it leads to something that is not in the file";
                    losses.note("relationships[]", Fate::Dropped, why, &walk.documents()[document].place);
                }
                continue;
            };
            let (from, to) = if relation.is_reversed() { (to, from.clone()) } else { (from.clone(), to) };
            let what = relation.row.map_or_else(|| What::Other(relation.kind.clone()), What::Row);
            visit(Edge { from, to, what, object: relation.object.clone() })?;
        }
        Ok(())
    })
}

/// The end that an id of an SPDX document stands for.
fn end(walk: &Walk<'_>, index: &Index, document: usize, id: &str) -> Option<End> {
    let is_document = id == "SPDXRef-DOCUMENT" || is_document(walk, document, id);
    match id {
        _ if is_document => Some(End::Document),
        "NONE" => Some(End::Nothing),
        "NOASSERTION" => Some(End::Unknown),
        _ if id.ends_with("/NoneElement") || id == "NoneElement" => Some(End::Nothing),
        _ if id.ends_with("/NoAssertionElement") || id == "NoAssertionElement" => Some(End::Unknown),
        _ => index.resolve(document, id).map(End::Component),
    }
}

/// Whether it is the id that an SPDX 3 document gives itself.
fn is_document(walk: &Walk<'_>, document: usize, id: &str) -> bool {
    let properties = walk.metadata(document).and_then(|metadata| metadata.get("properties")?.as_array());
    let mut properties = properties.into_iter().flatten().filter_map(Value::as_object);
    walk.generation(document) == 3
        && properties.any(|it| text(it, "name") == "spdx:spdxId" && text(it, "value") == id)
}
