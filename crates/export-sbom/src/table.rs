//! The standard as one table: which members an object has, of which type, and since which version.
//!
//! A row says what the official schemas say, once for all versions. Everything else in this crate follows from the
//! rows: what is checked, what another version has no place for, and where references stand. `tests/schemas.rs`
//! holds the table to the schemas, member by member.

mod common;
mod component;
mod crypto;
mod crypto_names;
mod data;
mod declaration;
mod document;
mod formulation;
mod licence;
mod model;
mod patent;
mod service;
mod signature;
mod vulnerability;

use export_core::sbom::SbomSection;

pub(crate) use self::licence::{EXPRESSION_CHOICE, LICENCE_CHOICE};
pub(crate) use self::signature::SIGNATURE;
use crate::form::Form;
use crate::version::Version;

/// A kind of object.
///
/// The functions of this crate take a kind by its place in a document: [`Object::of`] for the elements of a list,
/// [`Object::DOCUMENT`] for a document with or without its lists.
pub struct Object {
    pub(crate) members: &'static [Member],
    pub(crate) rules: &'static [Rule],
    pub(crate) unknown: Unknown,
}

impl Object {
    /// A document. Its lists may be left out, to be checked element by element.
    pub const DOCUMENT: &'static Self = &document::DOCUMENT;
    /// `metadata` of a document.
    pub const METADATA: &'static Self = &document::METADATA;

    /// The elements of one list of a document.
    #[must_use]
    pub fn of(section: SbomSection) -> &'static Self {
        match section {
            SbomSection::Components => &component::COMPONENT,
            SbomSection::Services => &service::SERVICE,
            SbomSection::ExternalReferences => &common::EXTERNAL_REFERENCE,
            SbomSection::Dependencies => &document::DEPENDENCY,
            SbomSection::Compositions => &document::COMPOSITION,
            SbomSection::Vulnerabilities => &vulnerability::VULNERABILITY,
            SbomSection::Annotations => &document::ANNOTATION,
            SbomSection::Formulation => &formulation::FORMULA,
            SbomSection::Properties => &common::PROPERTY,
            SbomSection::Citations => &document::CITATION,
        }
    }

    /// The version that brought a member; none if no version has it.
    #[must_use]
    pub fn since(&self, member: &str) -> Option<Version> {
        self.member(member).map(|member| member.since)
    }

    /// The version that brought a list of documents.
    #[must_use]
    pub fn list_since(section: SbomSection) -> Version {
        Self::DOCUMENT.since(section.as_str()).expect("every section is a member of a document")
    }

    pub(crate) fn member(&self, name: &str) -> Option<&'static Member> {
        self.members.iter().find(|member| member.name == name)
    }

    pub(crate) fn is_component(&self) -> bool {
        self.is(&component::COMPONENT)
    }

    /// Whether it is what documents are about: a component or a service.
    pub(crate) fn is_part(&self) -> bool {
        self.is_component() || self.is(&service::SERVICE)
    }

    pub(crate) fn has_tools(&self) -> bool {
        self.is(&document::METADATA) || self.is(&vulnerability::VULNERABILITY)
    }

    pub(crate) fn has_identity(&self) -> bool {
        self.is(&component::EVIDENCE)
    }

    pub(crate) fn has_transforms(&self) -> bool {
        self.is(&crypto::IKE_TRANSFORMS)
    }

    fn is(&self, other: &Self) -> bool {
        std::ptr::eq(self, other)
    }

    const fn rules(self, rules: &'static [Rule]) -> Self {
        Self { rules, ..self }
    }

    const fn unknown(self, unknown: Unknown) -> Self {
        Self { unknown, ..self }
    }
}

/// A member of an object.
pub(crate) struct Member {
    pub(crate) name: &'static str,
    pub(crate) kind: Type,
    /// The version that brought it. The first version of a whole object stands at the member that holds the object.
    pub(crate) since: Version,
    /// The versions that need it, both included.
    pub(crate) required: Option<(Version, Version)>,
    /// The member that held the same before it came.
    pub(crate) was: Option<&'static str>,
    /// What stands there where it is needed and the source has none.
    pub(crate) default: Option<&'static str>,
}

impl Member {
    const fn since(self, since: Version) -> Self {
        Self { since, ..self }
    }

    const fn required(self, first: Version, last: Version) -> Self {
        Self { required: Some((first, last)), ..self }
    }

    const fn was(self, older: &'static str) -> Self {
        Self { was: Some(older), ..self }
    }

    const fn or(self, default: &'static str) -> Self {
        Self { default: Some(default), ..self }
    }

    pub(crate) fn is_required(&self, version: Version) -> bool {
        self.required.is_some_and(|(first, last)| (first..=last).contains(&version))
    }
}

/// What a value may be.
pub(crate) enum Type {
    /// Any string.
    Text,
    /// A string of a form.
    Formed(Form),
    /// One of some words.
    Word(&'static Words),
    Bool,
    Number,
    /// A number from 0 to 1.
    Share,
    /// A whole number between two, both included.
    Integer(i64, i64),
    Obj(&'static Object),
    List(&'static Self),
    /// A list without repetitions.
    Set(&'static Self),
    /// A list that is not empty.
    Filled(&'static Self),
    /// Exactly one of these, each since a version.
    Either(&'static [(Version, Self)]),
    /// `bom-ref`: the name of the object it stands in, unique in its document.
    Ref,
    /// The name of another object.
    Link,
    /// `licenses`. Versions 1.5 and 1.6 allow either licences or one expression, the others allow any mixture.
    Licences,
    /// A signature of the object it stands in (JSON Signature Format 0.82).
    Signature,
}

/// A closed set of words that grew with the versions.
pub(crate) struct Words {
    /// The words that each version brought, separated by a comma and a space.
    pub(crate) groups: &'static [(Version, &'static str)],
    /// What a word becomes where it does not exist yet; `*` stands for every other word.
    pub(crate) older: &'static [(&'static str, &'static str)],
}

impl Words {
    const fn or_else(self, older: &'static [(&'static str, &'static str)]) -> Self {
        Self { older, ..self }
    }

    /// Every word with the version that brought it.
    pub(crate) fn all(&self) -> impl Iterator<Item = (Version, &'static str)> {
        self.groups.iter().flat_map(|(since, words)| words.split(", ").map(|word| (*since, word)))
    }

    /// The version that brought `word`.
    pub(crate) fn since(&self, word: &str) -> Option<Version> {
        self.all().find(|(_, known)| *known == word).map(|(since, _)| since)
    }

    /// The nearest word that `version` has.
    pub(crate) fn fallback(&self, word: &str, version: Version) -> Option<&'static str> {
        let (_, older) = self.older.iter().find(|(from, _)| *from == word || *from == "*")?;
        match self.since(older) {
            Some(since) if since <= version => Some(older),
            Some(_) => self.fallback(older, version),
            None => None,
        }
    }
}

/// What the members of an object owe each other.
pub(crate) enum Rule {
    /// Exactly one of these groups of members is there as a whole.
    OneOf(&'static [&'static [&'static str]]),
    /// At least one of these members is there.
    AnyOf(&'static [&'static str]),
    /// Not both of these members.
    Apart(&'static str, &'static str),
    /// The first member only where the second one is `true`.
    OnlyWhere(&'static str, &'static str),
}

/// What becomes of members that no row names.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unknown {
    Refused,
    RefusedSince(Version),
    Allowed,
}

impl Unknown {
    pub(crate) fn is_allowed(self, version: Version) -> bool {
        match self {
            Self::Refused => false,
            Self::RefusedSince(first) => version < first,
            Self::Allowed => true,
        }
    }
}

const INTEGER: Type = Type::Integer(i64::MIN, i64::MAX);
const COUNT: Type = Type::Integer(0, i64::MAX);
const POSITIVE: Type = Type::Integer(1, i64::MAX);
const DATE: Type = Type::Formed(Form::Date);
const DATE_TIME: Type = Type::Formed(Form::DateTime);
const EMAIL: Type = Type::Formed(Form::Email);
const IRI: Type = Type::Formed(Form::Iri);
const VERSION: Type = Type::Formed(Form::Version);

const fn object(members: &'static [Member]) -> Object {
    Object { members, rules: &[], unknown: Unknown::Refused }
}

/// A member that may be left out.
const fn opt(name: &'static str, kind: Type) -> Member {
    Member { name, kind, since: Version::V1_2, required: None, was: None, default: None }
}

/// A member that every version needs.
const fn req(name: &'static str, kind: Type) -> Member {
    opt(name, kind).required(Version::V1_2, Version::V1_7)
}

const fn words(groups: &'static [(Version, &'static str)]) -> Words {
    Words { groups, older: &[] }
}

#[cfg(test)]
mod tests;
