//! Streams of what is held, whole or cut off.

use export_core::digest::Digest;
use export_core::error::{ErrorKind, PortError};
use export_core::ports::{Flow, Flows};
use export_core::request::OnSourceError;
use export_core::scan::SourceDigest;
use export_core::warning::{Warning, WarningCode};
use futures::{StreamExt as _, stream};
use serde::Serialize;

/// How a document ends.
#[derive(Clone, Copy)]
pub(super) enum Cut {
    /// As it should.
    Whole,
    /// Too early, which is an error.
    Failing,
    /// Too early, and so it is left out.
    LeftOut,
}

pub(super) const fn cut(is_cut_off: bool, on_error: OnSourceError) -> Cut {
    match (is_cut_off, on_error) {
        (false, _) => Cut::Whole,
        (true, OnSourceError::Fail) => Cut::Failing,
        (true, OnSourceError::Warn) => Cut::LeftOut,
    }
}

/// The items, the one document that they stand in, and the end; or the error of a document that is cut off, or the word that it
/// is left out.
pub(super) fn flows<T>(what: &str, of: &str, mut items: Vec<T>, cut: Cut) -> Flows<T>
where
    T: Serialize + Send + 'static,
{
    let place = format!("{of}/{what}");
    let count = items.len() as u64;
    let end = match cut {
        Cut::Failing => {
            let error = PortError::new(ErrorKind::Invalid, "memory: read", "the document ends too early");
            vec![Err(error.at(format!("{place}#/{count}")))]
        }
        Cut::LeftOut => {
            items.clear();
            let warning = Warning::new(WarningCode::SourceRefused, "The document ends too early.");
            vec![Ok(Flow::Warning(warning.at(format!("{place}#/{count}")))), Ok(Flow::End { items: 0 })]
        }
        Cut::Whole if items.is_empty() => vec![Ok(Flow::End { items: 0 })],
        Cut::Whole => {
            let digest = Digest::of(&serde_json::to_vec(&items).unwrap());
            let document = SourceDigest { name: "memory".to_owned(), query: place, digest, records: count };
            vec![Ok(Flow::Document(document)), Ok(Flow::End { items: count })]
        }
    };
    let items = items.into_iter().map(|item| Ok(Flow::Item(item)));
    stream::iter(items.chain(end)).boxed()
}
