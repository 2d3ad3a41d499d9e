//! The first pass: what must be known before the first element.

use std::collections::HashSet;

use export_core::error::{ErrorKind, PortError};
use export_core::text::Text;
use serde_json::Value;

use super::DOCUMENT;
use super::component::Source;
use crate::formats::sbom::spdx::element::Object;
use crate::formats::sbom::spdx::licence::{OwnLicence, OwnLicences};
use crate::formats::sbom::spdx::members::text_of;
use crate::formats::sbom::spdx::value::fingerprint;
use crate::input::Input;
use crate::json::{JsonReader, members};

/// Ids that are held to find references to nothing. References in larger documents are taken as they are.
const HELD_IDS: usize = 2_000_000;
/// Elements that a document may describe and that are looked at to find the one for the head.
const HELD_DESCRIBED: usize = 10_000;

/// What the first pass finds.
#[derive(Default)]
pub(super) struct First {
    /// The document's own members, without its long lists.
    pub(super) members: Object,
    /// Its licences that are not on the licence list.
    pub(super) licences: OwnLicences,
    /// `documentDescribes`.
    pub(super) described: Vec<String>,
    /// What the document describes by relationships.
    related: Vec<String>,
    ids: HashSet<u64>,
}

/// The element that a document is about.
pub(super) struct Root {
    pub(super) id: String,
    pub(super) place: (Source, usize),
    pub(super) object: Object,
}

members! {
    struct Id<'a> {
        id: Text<'a> = "SPDXID",
    }
}

impl First {
    pub(super) fn of(input: Input) -> Result<Self, PortError> {
        let mut reader = JsonReader::new(input);
        let mut first = Self::default();
        reader.object()?;
        while let Some(member) = reader.member()? {
            match member.as_str() {
                "packages" | "files" => first.ids(&mut reader)?,
                "snippets" => first.ids(&mut reader)?,
                "relationships" => first.relationships(&mut reader)?,
                "hasExtractedLicensingInfos" => first.licences(&mut reader)?,
                "documentDescribes" => first.described = reader.value::<Option<_>>()?.unwrap_or_default(),
                _ => {
                    let value: Value = reader.value()?;
                    first.members.insert(member, value);
                }
            }
        }
        first.described.truncate(HELD_DESCRIBED);
        Ok(first)
    }

    /// Whether an element of that id is in the document, as far as is known.
    pub(super) fn has(&self, id: &str) -> bool {
        self.ids.len() >= HELD_IDS || self.ids.contains(&fingerprint(id))
    }

    /// The element for the head: the first one that the document describes. Packages come before files in documents.
    pub(super) fn root(
        &self,
        reopen: &dyn Fn() -> Result<Input, PortError>,
    ) -> Result<Option<Root>, PortError> {
        let described: HashSet<&str> =
            self.described.iter().chain(&self.related).map(String::as_str).collect();
        if described.is_empty() {
            return Ok(None);
        }
        let mut reader = JsonReader::new(reopen()?);
        reader.object()?;
        while let Some(member) = reader.member()? {
            let found = match member.as_str() {
                "packages" => find(&mut reader, Source::Package, &described)?,
                "files" => find(&mut reader, Source::File, &described)?,
                _ => {
                    reader.skip()?;
                    None
                }
            };
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    fn ids(&mut self, reader: &mut JsonReader) -> Result<(), PortError> {
        let entered = reader.array()?;
        while entered && reader.item()? {
            let span = reader.span()?;
            let id: Id<'_> = reader.parse(&span)?;
            if self.ids.len() < HELD_IDS {
                self.ids.insert(fingerprint(&id.id));
            }
        }
        Ok(())
    }

    fn relationships(&mut self, reader: &mut JsonReader) -> Result<(), PortError> {
        let entered = reader.array()?;
        while entered && reader.item()? {
            let described = describes(&reader.value()?);
            if self.related.len() < HELD_DESCRIBED {
                self.related.extend(described);
            }
        }
        Ok(())
    }

    fn licences(&mut self, reader: &mut JsonReader) -> Result<(), PortError> {
        let entered = reader.array()?;
        while entered && reader.item()? {
            let span = reader.span()?;
            let object: Object = reader.parse(&span)?;
            let text =
                |name: &str| Some(text_of(&object, name)).filter(|text| !text.is_empty()).map(str::to_owned);
            let urls = object.get("seeAlsos").and_then(Value::as_array);
            let licence = OwnLicence {
                name: text("name").filter(|name| name != "NOASSERTION"),
                text: text("extractedText").filter(|text| text != "NOASSERTION"),
                url: urls.and_then(|urls| urls.first()?.as_str()).map(str::to_owned),
            };
            if !self.licences.add(text_of(&object, "licenseId").to_owned(), licence) {
                let mut error = reader.invalid("the document's licence texts are larger than 64 MiB");
                error.kind = ErrorKind::Limit;
                return Err(error);
            }
        }
        Ok(())
    }
}

/// What the document describes by a relationship, if it is one that says so.
pub(super) fn describes(relationship: &Object) -> Option<String> {
    let ends = (text_of(relationship, "spdxElementId"), text_of(relationship, "relatedSpdxElement"));
    match (text_of(relationship, "relationshipType"), ends) {
        ("DESCRIBES", (DOCUMENT, described)) | ("DESCRIBED_BY", (described, DOCUMENT)) => {
            Some(described.to_owned())
        }
        _ => None,
    }
}

/// The first element of a list that is described. The rest of the list is read only if there is none.
fn find(
    reader: &mut JsonReader,
    source: Source,
    described: &HashSet<&str>,
) -> Result<Option<Root>, PortError> {
    let entered = reader.array()?;
    let mut index = 0;
    while entered && reader.item()? {
        let span = reader.span()?;
        let id = reader.parse::<Id<'_>>(&span)?.id.into_string();
        if described.contains(id.as_str()) {
            let object = reader.parse(&span)?;
            return Ok(Some(Root { id, place: (source, index), object }));
        }
        index += 1;
    }
    Ok(None)
}
