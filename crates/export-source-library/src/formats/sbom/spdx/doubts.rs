//! What was not as SPDX wants it: one warning a kind, with its number.

use std::collections::BTreeMap;

use export_core::error::PortError;
use export_core::warning::{Warning, WarningCode};

use crate::emit::Emitter;

/// A kind of deviation whose meaning is clear all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Doubt {
    /// An element without an id.
    NoId,
    /// A package without `downloadLocation`.
    NoDownloadLocation,
    /// A number or a truth value where a text is wanted.
    NoText,
    /// A licence that is no expression of the standard.
    NoExpression,
    /// A word that is written otherwise, or that the standard does not have.
    UnknownWord,
    /// An agent without its kind.
    NoAgentKind,
    /// A reference to something that the document does not have.
    NoTarget,
    /// A time that is none.
    NoTime,
    /// An element that was made by others, or at another time, than the document.
    OwnCreation,
    /// An element of a kind that is not read.
    UnknownKind,
}

impl Doubt {
    const fn told(self) -> &'static str {
        match self {
            Self::NoId => "Elements have no id, so nothing can refer to them",
            Self::NoDownloadLocation => "Packages have no downloadLocation; it was read as NOASSERTION",
            Self::NoText => "Numbers or truth values stand where SPDX has texts; they were read as texts",
            Self::NoExpression => "Licences are no SPDX expression; they were read as the names of licences",
            Self::UnknownWord => {
                "Words are not SPDX's own, or written otherwise; they were kept as properties"
            }
            Self::NoAgentKind => "Agents have no `Person:` or `Organization:`; they were kept as properties",
            Self::NoTarget => "References lead to nothing in the document; they were kept as properties",
            Self::NoTime => "Times cannot be read; they were kept as properties",
            Self::OwnCreation => {
                "Elements have creation information of their own; CycloneDX has it for the document only, so it was left out"
            }
            Self::UnknownKind => "Elements are of a kind that is not read; they were kept as properties",
        }
    }
}

/// The doubts about one document.
#[derive(Debug, Default)]
pub(crate) struct Doubts {
    kinds: BTreeMap<Doubt, (u64, String)>,
    /// Kinds that were noted and have no place yet.
    unplaced: bool,
}

impl Doubts {
    /// Notes one about the element that is being read.
    pub(crate) fn note(&mut self, doubt: Doubt) {
        let (count, place) = self.kinds.entry(doubt).or_default();
        *count += 1;
        self.unplaced |= place.is_empty();
    }

    /// Tells where the element was that was read: `place` is asked only if something new was noted about it, for it costs
    /// more than an element.
    pub(crate) fn settle(&mut self, place: impl FnOnce() -> String) {
        if self.unplaced {
            let place = place();
            let unplaced = self.kinds.values_mut().filter(|(_, known)| known.is_empty());
            unplaced.for_each(|(_, known)| known.clone_from(&place));
            self.unplaced = false;
        }
    }

    /// Emits a warning for each kind, at the place of the first.
    pub(crate) fn tell<T>(self, emit: &mut Emitter<T>) -> Result<(), PortError> {
        self.kinds.into_iter().try_for_each(|(doubt, (count, place))| {
            let times = if count == 1 { "once".to_owned() } else { format!("{count} times") };
            let message = format!("{} ({times}).", doubt.told());
            emit.warning(Warning::new(WarningCode::SourceLenient, message).at(place))
        })
    }
}
