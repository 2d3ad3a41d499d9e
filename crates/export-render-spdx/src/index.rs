//! The first pass: which ids there are, what each document is about, and which component a finding means.
//!
//! It holds some hundred bytes for each component, and no text of any.

use std::collections::{HashMap, HashSet};

use export_core::finding::{Component, Purl};
use export_core::ports::RenderError;
use export_core::sbom::SbomSection;
use export_render_kit::conversion::{Fate, Losses};

use crate::ids::{Key, Token, reference, token};
use crate::object::{Object, text};
use crate::relation::Relation;
use crate::walk::Walk;

/// What the first pass finds.
#[derive(Default)]
pub(crate) struct Index {
    /// Whether ids of several documents must be told apart.
    pub(crate) several: bool,
    /// What the documents and scans are about; each is described by the SPDX document.
    pub(crate) tops: Vec<Top>,
    known: HashSet<Token>,
    /// Components whose reference another one has already.
    renamed: HashSet<u64>,
    /// By scan and package URL, or name and version.
    by_name: HashMap<Token, Token>,
    /// Edges that a relationship of another type says better.
    said_better: HashSet<Token>,
    of_scan: HashMap<String, usize>,
}

/// What a document or scan is about.
pub(crate) enum Top {
    /// A component of a document.
    Component(Key),
    /// A scanned artifact, as an index into the snapshot's scans, that no document has as a component.
    Artifact(usize),
}

impl Index {
    pub(crate) fn of(walk: &Walk<'_>, losses: &mut Losses) -> Result<Self, RenderError> {
        let mut index = Self { several: walk.documents().len() > 1, ..Self::default() };
        let mut roots: Vec<Option<Key>> = vec![None; walk.documents().len()];
        walk.components(0, &mut |found| {
            let document = found.key.document;
            let key = index.add(found.key, losses);
            let scan = walk.documents()[document].scan_id.as_str();
            index.name(scan, &found.object, key.token());
            if found.is_root {
                roots[document] = Some(key);
            }
            Ok(())
        })?;
        let mut described = vec![false; walk.documents().len()];
        index.relations(walk, &mut described)?;
        index.find_tops(walk, roots, &described);
        Ok(index)
    }

    /// The key by which a component is written: without its reference if another one has that already.
    pub(crate) fn own(&self, key: Key) -> Key {
        if self.renamed.contains(&key.ordinal) { Key { bom_ref: None, ..key } } else { key }
    }

    /// The component that a reference of a document leads to.
    pub(crate) fn resolve(&self, document: usize, bom_ref: &str) -> Option<Key> {
        let key = Key { document, ordinal: 0, bom_ref: Some(bom_ref.to_owned()) };
        self.known.contains(&key.token()).then_some(key)
    }

    /// Whether an edge is said better by a relationship.
    pub(crate) fn is_said_better(&self, from: Token, to: Token) -> bool {
        self.said_better.contains(&edge(from, to))
    }

    /// The component that a finding of a scan means, if it is there.
    pub(crate) fn named(&self, scan: &str, component: &Component<'_>) -> Option<Token> {
        names(scan, component).find_map(|name| self.by_name.get(&name).copied())
    }

    /// Adds a component that no document has; its token.
    pub(crate) fn add_named(&mut self, scan: &str, component: &Component<'_>) -> Token {
        let first = names(scan, component).next().expect("a component has at least a name");
        let added = token(&["named", &first.to_string()]);
        for name in names(scan, component) {
            self.by_name.entry(name).or_insert(added);
        }
        added
    }

    /// What a scan is about, as an index into [`Index::tops`].
    pub(crate) fn top_of(&self, scan: &str) -> Option<usize> {
        self.of_scan.get(scan).copied()
    }

    fn add(&mut self, key: Key, losses: &mut Losses) -> Key {
        if self.known.insert(key.token()) {
            return key;
        }
        let why = "another component has the same reference, so it has an id of its own";
        losses.note("components[].bom-ref", Fate::Changed, why, key.bom_ref.as_deref().unwrap_or_default());
        self.renamed.insert(key.ordinal);
        let key = Key { bom_ref: None, ..key };
        self.known.insert(key.token());
        key
    }

    fn name(&mut self, scan: &str, object: &Object, token: Token) {
        let purl = Some(text(object, "purl")).filter(|purl| !purl.is_empty());
        let component = Component {
            name: text(object, "name").into(),
            version: text(object, "version").into(),
            purl: purl.map(Into::into),
            ecosystem: "".into(),
        };
        for name in names(scan, &component) {
            self.by_name.entry(name).or_insert(token);
        }
    }

    /// Looks for what relationships of SPDX documents say better than edges do.
    fn relations(&mut self, walk: &Walk<'_>, described: &mut [bool]) -> Result<(), RenderError> {
        walk.elements(SbomSection::Properties, 0, &mut |document, property| {
            let relation = Relation::of_property(&property).filter(|_| walk.generation(document) != 0);
            if let Some(relation) = relation {
                described[document] |= relation.row.is_some_and(super::relation::Row::describes);
                for (from, to) in relation.edges().filter(|_| relation.is_edge()) {
                    self.said_better.insert(edge(reference(document, from), reference(document, to)));
                }
            }
            Ok(())
        })
    }

    fn find_tops(&mut self, walk: &Walk<'_>, roots: Vec<Option<Key>>, described: &[bool]) {
        let facts = walk.from.facts();
        let scan_of = |id: &str| facts.scans.iter().position(|scan| scan.scan.id.as_str() == id);
        for (document, root) in roots.into_iter().enumerate() {
            let scan = facts.sboms[document].scan_id.as_str();
            let top = match (root, scan_of(scan)) {
                (Some(key), _) => Top::Component(key),
                (None, Some(at)) if !described[document] && !self.of_scan.contains_key(scan) => {
                    Top::Artifact(at)
                }
                (None, _) => continue,
            };
            self.of_scan.entry(scan.to_owned()).or_insert(self.tops.len());
            self.tops.push(top);
        }
        for (at, scan) in facts.scans.iter().enumerate() {
            let id = scan.scan.id.as_str();
            if !self.of_scan.contains_key(id) {
                self.of_scan.insert(id.to_owned(), self.tops.len());
                self.tops.push(Top::Artifact(at));
            }
        }
    }
}

fn edge(from: Token, to: Token) -> Token {
    token(&["edge", &from.to_string(), &to.to_string()])
}

/// What a component may be found by, the surest first: its package URL, that without qualifiers, its name with version.
fn names(scan: &str, component: &Component<'_>) -> impl Iterator<Item = Token> {
    let purl = component.purl.as_deref().filter(|purl| !purl.is_empty());
    // Scopes are written both ways.
    let plain = |purl: &str| purl.replace("%40", "@");
    let whole = purl.map(|purl| token(&["purl", scan, &plain(purl)]));
    let base = purl.map(|purl| token(&["purl", scan, &plain(Purl::of(purl).without_qualifiers())]));
    let name = purl.is_none().then(|| token(&["name", scan, &component.name, &component.version]));
    let base = base.filter(|base| Some(*base) != whole);
    [whole, base, name].into_iter().flatten()
}
