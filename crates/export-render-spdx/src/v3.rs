//! SPDX 3.0.1 JSON-LD: one flat graph, element after element.
//!
//! An element that others refer to, an agent or a licence say, is written where it is first needed.

mod annotation;
mod assessment;
mod component;
mod creation;
mod finding;
mod graph;
mod licence;
mod relationship;
mod told;
mod vulnerability;

use export_core::ports::{Brief, Outlet, RenderError};
use export_core::sbom::{SbomDocument, SbomSection};
use export_render_kit::conversion::Losses;
use export_render_kit::json_stream::{JsonStream, Layout};
use export_render_kit::rows::for_each_finding;

use self::graph::Graph;
use self::relationship::Relationships;
use self::vulnerability::Vulnerabilities;
use crate::document::{Document, note_lists};
use crate::edges::{self, End};
use crate::index::{Index, Top};
use crate::object::{Object, text};
use crate::part::{Context, Part};
use crate::relation::Relation;
use crate::walk::Walk;

/// The context that gives the members their meaning.
const CONTEXT: &str = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld";

/// Lists of CycloneDX that SPDX 3.0.1 has no place for.
const WITHOUT: [SbomSection; 5] = [
    SbomSection::Services,
    SbomSection::ExternalReferences,
    SbomSection::Compositions,
    SbomSection::Formulation,
    SbomSection::Citations,
];

/// Writes the document; the findings that are vulnerabilities are in it.
pub(crate) fn write(
    brief: &Brief<'_>,
    walk: &Walk<'_>,
    mut index: Index,
    losses: &mut Losses,
    out: &mut dyn Outlet,
) -> Result<Option<u64>, RenderError> {
    let document = Document::of(brief, walk, "3.0.1", losses)?;
    note_lists(walk, &WITHOUT, "SPDX 3.0.1 has no such element, or this export does not write it", losses);
    let mut stream = JsonStream::begin(out, Layout::Document);
    stream.member("@context", CONTEXT)?;
    let mut nodes = stream.array("@graph", "element")?;
    let mut sink = |node: &Object| nodes.item(node);
    let mut graph = Graph::new(&mut sink, &document.namespace, std::mem::take(losses));
    creation::write(&document, &index, &mut graph)?;
    components(walk, &index, &mut graph)?;
    let mut relationships = Relationships::default();
    let are_told = |it: &SbomDocument| it.count(SbomSection::Vulnerabilities) > 0;
    let mut vulnerabilities = Vulnerabilities::new(walk.documents().iter().any(are_told));
    let mut listed = 0;
    let rows = for_each_finding(walk.from, brief.pulse, |record| {
        let written = finding::write(record, &mut index, &mut vulnerabilities, &mut graph)?;
        listed += u64::from(written);
        Ok(())
    })?;
    told::write(walk, &index, rows, &mut vulnerabilities, &mut graph)?;
    annotation::write(walk, &index, rows, &mut graph)?;
    document_properties(walk, &document, rows, &mut graph)?;
    *losses = std::mem::take(&mut graph.losses);
    edges::all(walk, &index, rows, losses, &mut |edge| relationships.add(edge, &mut graph))?;
    relationships.flush(&mut graph)?;
    nodes.end();
    stream.end()?;
    Ok(Some(listed))
}

fn components(walk: &Walk<'_>, index: &Index, graph: &mut Graph<'_>) -> Result<(), RenderError> {
    walk.components(0, &mut |found| {
        let document = found.key.document;
        let source = walk.generation(document);
        let place = match found.is_root {
            true => format!("{}#/metadata/component", walk.documents()[document].place),
            false => format!("{}#/components/{}", walk.documents()[document].place, found.index),
        };
        let prefix = if index.several { format!("{}-", document + 1) } else { String::new() };
        let context = Context { target: 3, source, prefix: &prefix, place: &place };
        let part = Part::of(found.object, &context, &mut graph.losses);
        let id = graph.end_id(&End::Component(index.own(found.key)));
        component::write(&id, source, part, graph)
    })?;
    for top in &index.tops {
        if let Top::Artifact(scan) = top {
            let id = graph.end_id(&End::from(top));
            graph.write(&component::artifact(&id, &walk.from.facts().scans[*scan].scan))?;
        }
    }
    Ok(())
}

/// What documents say that SPDX has no member for: an annotation of the document each.
fn document_properties(
    walk: &Walk<'_>,
    document: &Document,
    rows: u64,
    graph: &mut Graph<'_>,
) -> Result<(), RenderError> {
    for (at, name, value) in &document.rest {
        annotation::property(*at, name, value, graph)?;
    }
    walk.elements(SbomSection::Properties, rows, &mut |at, property| {
        let source = walk.generation(at);
        if source != 0 && Relation::of_property(&property).is_some() {
            return Ok(());
        }
        let (name, value) = (text(&property, "name"), text(&property, "value"));
        // Told with the components that have the licences.
        if source == 2 && name == "spdx:hasExtractedLicensingInfos" {
            return Ok(());
        }
        let why = "SPDX 3.0.1 has properties of components only: an annotation of the document holds it";
        graph.change("properties[]", why, &walk.documents()[at].place);
        annotation::property(at, name, value, graph)
    })
}
