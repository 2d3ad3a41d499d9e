//! The records as the services write them (`docs/contracts/services.md`), and what they are here.
//!
//! Members that are not known are skipped, so that services may add some; `null` is the same as absent.

mod finding;
mod scan;
mod statement;
mod subject;
mod verdict;

use export_core::scan::ScanRef;
use export_core::text::Text;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};

pub(crate) use self::scan::{Listed, Scan};

use crate::records::Names;

/// A kind of record.
pub(crate) trait Record: Sized + Send + 'static {
    /// As the service writes it.
    type Wire: DeserializeOwned + Send;

    /// How it is called.
    const NAMES: Names;

    /// The record, of an answer about `scan`.
    ///
    /// # Errors
    /// What is wrong, and the JSON pointer of it.
    fn read(wire: Self::Wire, scan: &ScanRef) -> Result<Self, Wrong>;
}

/// What is wrong, and the JSON pointer of it in the record.
pub(crate) type Wrong = (&'static str, &'static str);

/// `null` is the same as absent.
fn nullable<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(from: D) -> Result<T, D::Error> {
    Ok(Option::deserialize(from)?.unwrap_or_default())
}

/// A text that must not be empty.
fn required(text: String, wrong: Wrong) -> Result<Text<'static>, Wrong> {
    if text.is_empty() { Err(wrong) } else { Ok(text.into()) }
}

fn some(text: Option<String>) -> Option<Text<'static>> {
    text.filter(|text| !text.is_empty()).map(Text::from)
}

fn all(texts: Vec<String>) -> Vec<Text<'static>> {
    texts.into_iter().map(Text::from).collect()
}
