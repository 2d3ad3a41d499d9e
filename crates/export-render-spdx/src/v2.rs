//! SPDX 2.3 JSON: packages, files, snippets, licences and relationships are lists of their own, so each has a pass of its
//! own over the documents.

mod annotation;
mod file;
mod licences;
mod package;
mod relationship;

use export_core::ports::{Brief, Outlet, RenderError};
use export_core::sbom::SbomSection;
use export_render_kit::conversion::{Fate, Losses};
use export_render_kit::json_stream::{JsonStream, Layout};
use export_render_kit::rows::for_each_finding;
use serde_json::{Value, json};

use self::annotation::Stamp;
use crate::agent::{Agent, AgentKind};
use crate::document::{Document, TOOL, note_lists};
use crate::edges::{self, End};
use crate::ids::{self, Key, Token};
use crate::index::{Index, Top};
use crate::object::{Object, Put as _};
use crate::part::{Context, Part};
use crate::walk::{Found, Walk};

/// Lists of CycloneDX that SPDX 2.3 has no place for.
const WITHOUT: [SbomSection; 6] = [
    SbomSection::Services,
    SbomSection::ExternalReferences,
    SbomSection::Compositions,
    SbomSection::Vulnerabilities,
    SbomSection::Formulation,
    SbomSection::Citations,
];

/// Writes the document; it lists no findings.
pub(crate) fn write(
    brief: &Brief<'_>,
    walk: &Walk<'_>,
    index: Index,
    losses: &mut Losses,
    out: &mut dyn Outlet,
) -> Result<Option<u64>, RenderError> {
    let document = Document::of(brief, walk, "2.3", losses)?;
    note_lists(walk, &WITHOUT, "SPDX 2.3 has no such list", losses);
    let stamp = Stamp { date: document.created.clone() };
    let mut stream = JsonStream::begin(out, Layout::Document);
    head(&document, &mut stream)?;
    let mut second = Second { walk, index, stamp, losses, rows: 0, named: Vec::new(), has_files: false };
    second.packages(brief, &mut stream)?;
    if second.has_files {
        second.files(&mut stream)?;
    }
    second.snippets(&mut stream)?;
    licences::write(&second, &mut stream)?;
    second.relationships(&mut stream)?;
    annotation::write(&mut second, &document, &mut stream)?;
    stream.end()?;
    Ok(None)
}

/// The writing of one document.
struct Second<'a> {
    walk: &'a Walk<'a>,
    index: Index,
    stamp: Stamp,
    losses: &'a mut Losses,
    /// The findings that are done.
    rows: u64,
    /// Components that only findings name: the scan's number among what is described, and the component's token.
    named: Vec<(usize, Token)>,
    has_files: bool,
}

type Stream<'o> = JsonStream<&'o mut dyn Outlet>;

fn head(document: &Document, stream: &mut Stream<'_>) -> Result<(), RenderError> {
    let mut creators = vec![format!("Tool: {TOOL}")];
    creators.extend(document.agents.iter().map(Agent::to_text));
    let comments = [document.comment.as_str()].into_iter().chain(document.kept("creationInfo.comment"));
    let list_version = spdx::license_version().splitn(3, '.').take(2).collect::<Vec<_>>().join(".");
    let creation = json!({
        "comment": comments.collect::<Vec<_>>().join("\n"),
        "created": document.created,
        "creators": creators,
        "licenseListVersion": list_version,
    });
    stream.member("SPDXID", "SPDXRef-DOCUMENT")?;
    stream.member("spdxVersion", "SPDX-2.3")?;
    stream.member("dataLicense", "CC0-1.0")?;
    stream.member("name", &document.name)?;
    stream.member("documentNamespace", &document.namespace)?;
    stream.member("creationInfo", &creation)?;
    if let Some(comment) = document.kept("comment") {
        stream.member("comment", comment)?;
    }
    for member in ["externalDocumentRefs", "revieweds"] {
        let kept: Vec<Value> =
            document.all_kept(member).filter_map(|json| serde_json::from_str(json).ok()).collect();
        if !kept.is_empty() {
            stream.member(member, &kept)?;
        }
    }
    Ok(())
}

impl Second<'_> {
    /// A component in SPDX's terms, with its id. `losses` is told what is lost, by one of the passes.
    fn part(&self, found: Found<'_>, losses: &mut Losses) -> (String, u8, Part) {
        let document = found.key.document;
        let source = self.walk.generation(document);
        let place = match found.is_root {
            true => format!("{}#/metadata/component", self.walk.documents()[document].place),
            false => format!("{}#/components/{}", self.walk.documents()[document].place, found.index),
        };
        let context = Context { target: 2, source, prefix: &self.prefix(document), place: &place };
        let part = Part::of(found.object, &context, losses);
        (self.id(&self.index.own(found.key)), source, part)
    }

    /// What tells the licences of several documents apart.
    fn prefix(&self, document: usize) -> String {
        if self.index.several { format!("{}-", document + 1) } else { String::new() }
    }

    fn id(&self, key: &Key) -> String {
        ids::second(key, self.index.several)
    }

    fn end_id(&self, end: &End) -> String {
        match end {
            End::Document => "SPDXRef-DOCUMENT".to_owned(),
            End::Component(key) => self.id(key),
            End::Artifact(scan) => format!("SPDXRef-Artifact-{}", scan + 1),
            End::Named(token) => format!("SPDXRef-Named-{}", export_core::id::base32(*token)),
            End::Nothing => "NONE".to_owned(),
            End::Unknown => "NOASSERTION".to_owned(),
        }
    }

    fn packages(&mut self, brief: &Brief<'_>, stream: &mut Stream<'_>) -> Result<(), RenderError> {
        let mut packages = stream.array("packages", "package")?;
        let mut losses = std::mem::take(self.losses);
        let mut has_files = false;
        self.walk.components(0, &mut |found| {
            let (id, source, mut part) = self.part(found, &mut losses);
            if file::is_file(&part, source) {
                has_files = true;
                return Ok(());
            }
            Ok(packages.item(&package::package(&id, source, &mut part, &self.stamp, &mut losses))?)
        })?;
        *self.losses = losses;
        self.has_files = has_files;
        for top in &self.index.tops {
            if let Top::Artifact(scan) = top {
                let id = self.end_id(&End::from(top));
                packages.item(&package::artifact(&id, &self.walk.from.facts().scans[*scan].scan))?;
            }
        }
        self.rows = for_each_finding(self.walk.from, brief.pulse, |record| {
            let finding = &record.finding;
            let field = format!("findings[] ({})", finding.kind().as_str());
            self.losses.note(&field, Fate::Dropped, "SPDX 2.3 has no place for findings", &finding.id);
            let Some(component) = finding.listed_component() else { return Ok(()) };
            if self.index.named(&finding.scan_id, component).is_some() {
                return Ok(());
            }
            let token = self.index.add_named(&finding.scan_id, component);
            self.named.extend(self.index.top_of(&finding.scan_id).map(|top| (top, token)));
            let id = self.end_id(&End::Named(token));
            Ok(packages.item(&package::named(&id, component, self.losses))?)
        })?;
        packages.end();
        Ok(())
    }

    fn files(&self, stream: &mut Stream<'_>) -> Result<(), RenderError> {
        let mut files = stream.array("files", "file")?;
        // The pass over the packages told of everything that is lost.
        let mut told = Losses::default();
        self.walk.components(self.rows, &mut |found| {
            let (id, source, part) = self.part(found, &mut told);
            if file::is_file(&part, source) {
                files.item(&file::file(&id, &part, &self.stamp))?;
            }
            Ok(())
        })?;
        files.end();
        Ok(())
    }

    /// Snippets that an SPDX 2 document kept, with the ids that their files have now.
    fn snippets(&self, stream: &mut Stream<'_>) -> Result<(), RenderError> {
        let mut snippets: Vec<Value> = Vec::new();
        self.walk.elements(SbomSection::Properties, self.rows, &mut |document, property| {
            let kept =
                annotation::kept(&property, "snippets").filter(|_| self.walk.generation(document) == 2);
            snippets.extend(kept.map(|snippet| self.snippet(document, snippet).into()));
            Ok(())
        })?;
        if !snippets.is_empty() {
            stream.member("snippets", &snippets)?;
        }
        Ok(())
    }

    fn snippet(&self, document: usize, mut snippet: Object) -> Object {
        let renamed = |value: &Value| {
            let id = value.as_str().unwrap_or_default();
            self.id(&Key { document, ordinal: 0, bom_ref: Some(id.to_owned()) })
        };
        for member in ["SPDXID", "snippetFromFile"] {
            if let Some(id) = snippet.get(member).map(renamed) {
                snippet.put(member, id);
            }
        }
        for range in snippet.get_mut("ranges").and_then(Value::as_array_mut).into_iter().flatten() {
            for pointer in ["/startPointer/reference", "/endPointer/reference"] {
                if let Some(reference) = range.pointer_mut(pointer) {
                    *reference = renamed(reference).into();
                }
            }
        }
        snippet
    }

    fn relationships(&mut self, stream: &mut Stream<'_>) -> Result<(), RenderError> {
        let mut relationships = stream.array("relationships", "relationship")?;
        let mut losses = std::mem::take(self.losses);
        edges::all(self.walk, &self.index, self.rows, &mut losses, &mut |edge| {
            let written = relationship::relationship(edge, |end| self.end_id(end));
            Ok(relationships.item(&written)?)
        })?;
        *self.losses = losses;
        for (top, token) in &self.named {
            let contains =
                edges::plain(End::from(&self.index.tops[*top]), "CONTAINS", "contains", End::Named(*token));
            relationships.item(&relationship::relationship(contains, |end| self.end_id(end)))?;
        }
        relationships.end();
        Ok(())
    }
}

/// The annotator of a text that is not a tool's.
fn annotator(kind: AgentKind, name: &str, email: Option<&str>) -> String {
    Agent::new(kind, name, email).map_or_else(|| format!("Tool: {TOOL}"), |agent| agent.to_text())
}
