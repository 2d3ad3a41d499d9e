//! What all parts of the renderer share: the data, the version, and what was lost so far.

use export_core::ports::{Brief, RenderError, Snapshot, SnapshotFacts};
use export_core::sbom::SbomSection;
use export_render_kit::conversion::{Fate, Losses};
use export_sbom::{Object, Target, Version, each_ref, rewrite};
use serde_json::Value;

/// One rendering.
pub(crate) struct Work<'a> {
    pub(crate) brief: &'a Brief<'a>,
    pub(crate) from: &'a dyn Snapshot,
    pub(crate) version: Version,
    losses: Losses,
}

/// Where something comes from, for those who look up what was lost.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Origin<'a> {
    /// The kind of place: `components[]`, `metadata`.
    pub(crate) field: &'a str,
    /// The place itself: `app.cdx.json#/components/3`.
    pub(crate) place: &'a str,
}

impl<'a> Work<'a> {
    pub(crate) fn new(brief: &'a Brief<'a>, from: &'a dyn Snapshot, version: Version) -> Self {
        Self { brief, from, version, losses: Losses::default() }
    }

    pub(crate) fn facts(&self) -> &'a SnapshotFacts {
        self.from.facts()
    }

    pub(crate) fn into_losses(self) -> Losses {
        self.losses
    }

    /// Whether elements of several documents meet in one file.
    pub(crate) fn merges(&self) -> bool {
        self.facts().sboms.len() > 1
    }

    /// Whether the version has this list.
    pub(crate) fn has(&self, section: SbomSection) -> bool {
        Object::list_since(section) <= self.version
    }

    /// Makes the names of document number `document` differ from those of the others.
    pub(crate) fn rename(&self, value: &mut Value, kind: &'static Object, document: usize) {
        if self.merges() {
            each_ref(value, kind, &mut |_, name, _| *name = self.name_of(name, document));
        }
    }

    /// The name in the file of what document number `document` calls `name`. Links to other documents stay what
    /// they are.
    pub(crate) fn name_of(&self, name: &str, document: usize) -> String {
        if self.merges() && !name.starts_with("urn:cdx:") {
            format!("{}:{name}", document + 1)
        } else {
            name.to_owned()
        }
    }

    /// Takes `value` to the version that is written. False if nothing of it can be kept.
    pub(crate) fn fit(&mut self, value: &mut Value, kind: &'static Object, origin: Origin<'_>) -> bool {
        let target = Target { version: self.version, is_renamed: self.merges() };
        let losses = &mut self.losses;
        rewrite(value, kind, target, &mut |loss| {
            let fate = match loss.fate {
                export_sbom::Fate::Dropped => Fate::Dropped,
                export_sbom::Fate::Changed => Fate::Changed,
            };
            let field = format!("{}{}", origin.field, loss.field);
            losses.note(
                field.trim_start_matches('.'),
                fate,
                &loss.why,
                &format!("{}{}", origin.place, loss.pointer),
            );
        })
    }

    /// Notes that something is not in the file.
    pub(crate) fn dropped(&mut self, origin: Origin<'_>, why: &str) {
        self.losses.note(origin.field, Fate::Dropped, why, origin.place);
    }

    /// Tells that rendering goes on, and that no finding is written yet.
    pub(crate) fn beat(&self) -> Result<(), RenderError> {
        Ok(self.brief.pulse.beat(0)?)
    }
}
