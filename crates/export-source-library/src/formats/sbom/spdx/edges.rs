//! The dependency graph, gathered so that each component's dependencies stand in one entry.

use std::collections::BTreeMap;

use export_core::error::PortError;
use export_core::sbom::{SbomPart, SbomSection};
use serde_json::Value;

use super::element::Element;
use crate::emit::Emitter;

/// The bytes that are held. A larger graph is emitted in parts, and a component may then have several
/// entries, which CycloneDX allows.
const HELD: usize = 64 << 20;
/// What the node of a map costs that a component's first edge needs.
const COMPONENT: usize = 400;
/// What an edge costs besides its text.
const EDGE: usize = 64;

/// How a document says that there is an edge.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Said {
    /// As a dependency, and no more.
    pub(crate) plainly: bool,
    /// By a relationship that says more, which is kept as a property too.
    pub(crate) better: bool,
}

/// Edges that were not emitted so far.
#[derive(Debug)]
pub(crate) struct Edges {
    by_ref: BTreeMap<String, BTreeMap<String, Said>>,
    bytes: usize,
    /// The property that keeps a plain dependency. It is needed where the same edge is said better too, for a writer of
    /// SPDX takes such an edge for nothing but that.
    plain: fn(&str, &str) -> Value,
}

impl Edges {
    /// No edges; `plain` makes the property that keeps a plain dependency.
    pub(crate) const fn new(plain: fn(&str, &str) -> Value) -> Self {
        Self { by_ref: BTreeMap::new(), bytes: 0, plain }
    }

    /// Adds that `from` depends on `to`.
    pub(crate) fn add(
        &mut self,
        from: &str,
        to: &str,
        said: Said,
        emit: &mut Emitter<SbomPart<'static>>,
    ) -> Result<(), PortError> {
        let targets = self.targets(from);
        match targets.get_mut(to) {
            Some(known) => {
                *known = Said { plainly: known.plainly || said.plainly, better: known.better || said.better };
            }
            None => {
                targets.insert(to.to_owned(), said);
                self.bytes += to.len() + EDGE;
            }
        }
        if self.bytes > HELD { self.flush(emit) } else { Ok(()) }
    }

    /// Adds that it is known what `from` depends on, be it nothing.
    pub(crate) fn targets(&mut self, from: &str) -> &mut BTreeMap<String, Said> {
        if !self.by_ref.contains_key(from) {
            self.bytes += from.len() + COMPONENT;
            self.by_ref.insert(from.to_owned(), BTreeMap::new());
        }
        self.by_ref.get_mut(from).expect("it was just put there")
    }

    /// Emits all that is held.
    pub(crate) fn flush(&mut self, emit: &mut Emitter<SbomPart<'static>>) -> Result<(), PortError> {
        self.bytes = 0;
        std::mem::take(&mut self.by_ref).into_iter().try_for_each(|(from, targets)| {
            for (to, _) in targets.iter().filter(|(_, said)| said.plainly && said.better) {
                let kept = Element::from((self.plain)(&from, to));
                kept.emit(SbomSection::Properties, from.len() + to.len(), emit)?;
            }
            let bytes = from.len() + targets.keys().map(String::len).sum::<usize>();
            let mut entry = Element::default();
            entry.put("ref", from);
            entry.put("dependsOn", targets.into_keys().collect::<Vec<_>>());
            entry.emit(SbomSection::Dependencies, bytes, emit)
        })
    }
}
