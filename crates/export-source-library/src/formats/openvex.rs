//! OpenVEX documents, 0.2.0 and the 0.0.x before it, with what real documents make of them.

use std::collections::BTreeMap;

use export_core::digest::Digest;
use export_core::error::PortError;
use export_core::finding::{Product, VexAssertion, VexStatement, VexStatus};
use export_core::text::Text;
use export_core::time::Timestamp;
use export_core::warning::{Warning, WarningCode};
use serde::{Deserialize, Deserializer, de};

use crate::emit::Emitter;
use crate::format::Format;
use crate::input::Input;
use crate::json::{JsonReader, members};
use crate::kit::{own, tell_empty};
use crate::shape::Root;

/// OpenVEX.
pub(crate) static OPENVEX: Format = Format {
    key: "openvex",
    name: "an OpenVEX document",
    is: |it| it.root == Root::Object && it.value("@context").contains("openvex"),
    statements: Some(|document, _, emit| read(document.open()?, &|| document.open(), emit)),
    ..Format::NOTHING
};

/// What a document says for all its statements.
#[derive(Debug, Clone, Default)]
struct Head {
    id: Option<String>,
    author: Option<String>,
    timestamp: Option<Timestamp>,
    last_updated: Option<Timestamp>,
}

members! {
    struct Statement<'a> {
        vulnerability: Name<'a> = "vulnerability",
        products: Vec<Name<'a>> = "products",
        subcomponents: Vec<Name<'a>> = "subcomponents",
        status: Option<VexStatus> = "status",
        justification: Option<Text<'a>> = "justification",
        impact: Option<Text<'a>> = "impact_statement",
        action: Option<Text<'a>> = "action_statement",
        notes: Option<Text<'a>> = "status_notes",
        timestamp: Option<Timestamp> = "timestamp",
        last_updated: Option<Timestamp> = "last_updated",
    }
    /// A vulnerability, a product or a subcomponent as an object.
    struct NameMembers<'a> {
        id: Text<'a> = "@id",
        name: Text<'a> = "name",
        aliases: Vec<Text<'a>> = "aliases",
        identifiers: Identifiers<'a> = "identifiers",
        hashes: BTreeMap<Text<'a>, Text<'a>> = "hashes",
        subcomponents: Vec<Name<'a>> = "subcomponents",
    }
    struct Identifiers<'a> {
        purl: Text<'a> = "purl",
        cpe23: Text<'a> = "cpe23",
        cpe22: Text<'a> = "cpe22",
    }
}

/// The same as 0.0.x writes it, a text, or as 0.2.0 does, an object.
#[derive(Default)]
struct Name<'a>(NameMembers<'a>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> de::Visitor<'de> for Either {
            type Value = Name<'de>;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a text or an object")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Name<'de>, E> {
                Ok(Name(NameMembers { id: text.to_owned().into(), ..NameMembers::default() }))
            }

            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Name<'de>, A::Error> {
                NameMembers::deserialize(de::value::MapAccessDeserializer::new(map)).map(Name)
            }
        }

        deserializer.deserialize_any(Either)
    }
}

/// Reads the statements of `input` to its end; its digest. `reopen` opens the document once more.
fn read(
    input: Input,
    reopen: &dyn Fn() -> Result<Input, PortError>,
    emit: &mut Emitter<VexStatement<'static>>,
) -> Result<Digest, PortError> {
    let (file, before) = (input.file().to_owned(), emit.items());
    let mut reader = JsonReader::new(input);
    let mut head = Head::default();
    let mut entries = 0_u64;
    reader.object()?;
    while let Some(member) = reader.member()? {
        if member != "statements" {
            head.take(&member, &mut reader)?;
            continue;
        }
        if head.id.is_none() || head.author.is_none() || head.timestamp.is_none() {
            head = Head::of(reopen()?)?;
        }
        let entered = reader.array()?;
        while entered && reader.item()? {
            entries += 1;
            let span = reader.span()?;
            match reader.parse::<Statement<'_>>(&span)?.read(&head) {
                Ok(Some(statement)) => emit.item(statement, span.len())?,
                Ok(None) => {
                    let message = "A VEX statement names no product, so it applies to nothing.";
                    let warning = Warning::new(WarningCode::SourceLenient, message);
                    emit.warning(warning.at(reader.place()))?;
                }
                Err(what) => return Err(reader.invalid(what)),
            }
        }
    }
    if entries == 0 {
        tell_empty(emit, before, &file, "VEX statement")?;
    }
    reader.finish()
}

impl Head {
    fn of(input: Input) -> Result<Self, PortError> {
        let mut reader = JsonReader::new(input);
        let mut head = Self::default();
        reader.object()?;
        while let Some(member) = reader.member()? {
            head.take(&member, &mut reader)?;
        }
        Ok(head)
    }

    fn take(&mut self, member: &str, reader: &mut JsonReader) -> Result<(), PortError> {
        match member {
            "@id" => self.id = reader.value()?,
            "author" => self.author = reader.value()?,
            "timestamp" => self.timestamp = reader.value()?,
            "last_updated" => self.last_updated = reader.value()?,
            _ => reader.skip()?,
        }
        Ok(())
    }
}

impl Statement<'_> {
    /// The statement, none if it applies to nothing, or what is wrong.
    fn read(self, head: &Head) -> Result<Option<VexStatement<'static>>, &'static str> {
        let Name(vulnerability) = self.vulnerability;
        let name = if vulnerability.name.is_empty() { vulnerability.id } else { vulnerability.name };
        if name.is_empty() {
            return Err("the statement names no vulnerability");
        }
        let status = self.status.ok_or("the statement has no status")?;
        if self.products.is_empty() {
            return Ok(None);
        }
        let shared: Vec<Text<'static>> = self.subcomponents.into_iter().flat_map(ids).collect();
        // Notes may stand beside any status: they are kept where nothing else gives the reason.
        let (mut impact, mut action) = (self.impact.map(own), self.action.map(own));
        if impact.is_none() && action.is_none() {
            let is_affected = status == VexStatus::Affected;
            *(if is_affected { &mut action } else { &mut impact }) = self.notes.map(own);
        }
        let timestamp = self.last_updated.or(self.timestamp).or(head.last_updated).or(head.timestamp);
        Ok(Some(VexStatement {
            vulnerability: own(name),
            aliases: vulnerability.aliases.into_iter().map(own).collect(),
            products: self.products.into_iter().flat_map(|product| products(product, &shared)).collect(),
            assertion: VexAssertion {
                status,
                justification: self.justification.map(own),
                impact,
                action,
                author: head.author.clone().unwrap_or_default().into(),
                timestamp,
                document: head.id.clone().unwrap_or_default().into(),
            },
        }))
    }
}

/// One product for each of its identifiers. `shared` are the subcomponents of the statement, where 0.0.x has them.
fn products(mut product: Name<'_>, shared: &[Text<'static>]) -> Vec<Product<'static>> {
    let own_parts = std::mem::take(&mut product.0.subcomponents);
    let mut subcomponents: Vec<_> = own_parts.into_iter().flat_map(ids).collect();
    if subcomponents.is_empty() {
        subcomponents = shared.to_vec();
    }
    ids(product).into_iter().map(|id| Product { id, subcomponents: subcomponents.clone() }).collect()
}

/// All identifiers of a product or subcomponent, each once.
fn ids(Name(name): Name<'_>) -> Vec<Text<'static>> {
    let texts = [name.id, name.identifiers.purl, name.identifiers.cpe23, name.identifiers.cpe22];
    // An image is known by its digest, which registries write without the hyphen.
    let digests = name.hashes.into_iter().filter(|(_, digest)| !digest.is_empty());
    let digests = digests
        .map(|(algorithm, digest)| format!("{}:{digest}", algorithm.replacen("sha-", "sha", 1)).into());
    let mut ids: Vec<Text<'static>> = Vec::with_capacity(1);
    for id in texts.into_iter().chain(digests) {
        if !id.is_empty() && !ids.iter().any(|known| *known == *id) {
            ids.push(own(id));
        }
    }
    ids
}
