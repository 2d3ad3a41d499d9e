//! What predicates are, as documents of their own.

use std::sync::Arc;

use export_core::error::{ErrorKind, PortError};
use serde_json::Value;
use serde_json::value::RawValue;

use super::envelope::each;
use super::statement::Statement;
use super::{OPERATION, open};
use crate::document::Document;
use crate::json::{JsonReader, members};
use crate::kit::Doubts;
use crate::recognise::{Content, recognise};

/// What the documents inside one file may have together, for they are in memory.
const MOST: usize = 64 << 20;

members! {
    struct Predicate<'a> {
        scanner: Option<Scanner<'a>> = "scanner",
        data: Option<&'a RawValue> = "Data",
    }
    struct Scanner<'a> {
        result: Option<&'a RawValue> = "result",
    }
}

/// The predicates of a file that are documents of a known format.
pub(super) fn documents(document: &Document) -> Result<Vec<Document>, PortError> {
    let (mut found, mut bytes) = (Vec::new(), 0);
    each(document, &mut Doubts::default(), |wrapped| {
        let statement = Statement::of(document, &wrapped)?;
        let part = wrapped.part("/predicate");
        if let Some((inner, length)) = of(document, &part, &statement.predicate)? {
            bytes += length;
            if bytes > MOST {
                let what = "the documents inside the attestations of one file are larger than 64 MiB";
                return Err(PortError::new(ErrorKind::Limit, OPERATION, what).at(document.name.clone()));
            }
            found.push(inner);
        }
        Ok(())
    })?;
    Ok(found)
}

/// What the predicate that a file is has inside.
pub(super) fn of_predicate(document: &Document) -> Result<Vec<Document>, PortError> {
    let mut reader = JsonReader::new(document.open()?);
    let span = reader.span()?;
    reader.parse::<serde::de::IgnoredAny>(&span)?;
    let found = of(document, "", reader.text(&span))?;
    Ok(found.into_iter().map(|(inner, _)| inner).collect())
}

/// The document that a predicate is, or has inside; and its length.
fn of(document: &Document, part: &str, predicate: &[u8]) -> Result<Option<(Document, usize)>, PortError> {
    let inner: Option<Predicate<'_>> = serde_json::from_slice(predicate).ok();
    let (result, data) = match inner {
        Some(Predicate { scanner, data }) => (scanner.and_then(|scanner| scanner.result), data),
        None => (None, None),
    };
    let (below, bytes): (&str, Arc<[u8]>) = match (result, data) {
        (Some(result), _) => ("/scanner/result", plain(result.get().as_bytes())),
        (None, Some(data)) => ("/Data", plain(data.get().as_bytes())),
        (None, None) => ("", plain(predicate)),
    };
    let part = format!("{part}{below}");
    // What no reader knows stays in the attestation.
    match recognise(open(document, &part, Arc::clone(&bytes))?) {
        Ok(Content::Known(format)) => {
            let length = bytes.len();
            Ok(Some((Document::within(document, &part, OPERATION, bytes, format), length)))
        }
        Ok(Content::Other(_)) | Err(_) => Ok(None),
    }
}

/// A document that is written as a text is what the text says.
fn plain(json: &[u8]) -> Arc<[u8]> {
    match json.first() {
        Some(b'"') => match serde_json::from_slice::<Value>(json) {
            Ok(Value::String(text)) => text.into_bytes().into(),
            Ok(_) | Err(_) => json.into(),
        },
        _ => json.into(),
    }
}
