//! What was read although it breaks the standard.

use std::collections::BTreeMap;

use export_core::error::PortError;
use export_core::warning::{Warning, WarningCode};

use crate::emit::Emitter;

/// What was mended in one document: each kind with its number and its first place. Its size does not grow with the
/// document.
#[derive(Debug, Default)]
pub(super) struct Leniency(BTreeMap<String, (u64, String)>);

impl Leniency {
    /// Notes that something was mended at `place`, the JSON pointer in the document.
    pub(super) fn note(&mut self, what: &str, place: impl FnOnce() -> String) {
        match self.0.get_mut(what) {
            Some((count, _)) => *count += 1,
            None => drop(self.0.insert(what.to_owned(), (1, place()))),
        }
    }

    /// Tells of everything that was mended in `file`, one warning for each kind.
    pub(super) fn tell<T>(self, file: &str, emit: &mut Emitter<T>) -> Result<(), PortError> {
        self.0.into_iter().try_for_each(|(what, (count, first))| {
            let message = match count {
                1 => format!("Read although it breaks the standard: {what}."),
                _ => format!(
                    "Read although it breaks the standard, in {count} places: {what}. This is the first."
                ),
            };
            emit.warning(Warning::new(WarningCode::SourceLenient, message).at(format!("{file}#{first}")))
        })
    }
}
