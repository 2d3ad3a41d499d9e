//! What was read although it breaks its format: each kind once, with its first place and how often.

use export_core::error::PortError;
use export_core::warning::{Warning, WarningCode};

use crate::emit::Emitter;

/// The doubts about one document.
#[derive(Debug, Default)]
pub(crate) struct Doubts(Vec<Doubt>);

#[derive(Debug)]
struct Doubt {
    what: &'static str,
    place: String,
    times: u64,
}

impl Doubts {
    /// Notes a doubt; `what` completes "N ..." or "Once, ...": a whole clause that says how it was read.
    pub(crate) fn add(&mut self, what: &'static str, place: impl FnOnce() -> String) {
        match self.0.iter_mut().find(|doubt| doubt.what == what) {
            Some(doubt) => doubt.times += 1,
            None => self.0.push(Doubt { what, place: place(), times: 1 }),
        }
    }

    /// Tells of each kind once, at its first place.
    pub(crate) fn tell<T>(self, emit: &mut Emitter<T>) -> Result<(), PortError> {
        for Doubt { what, place, times } in self.0 {
            let message = if times == 1 { format!("{what}.") } else { format!("{what} ({times} times).") };
            emit.warning(Warning::new(WarningCode::SourceLenient, message).at(place))?;
        }
        Ok(())
    }
}
