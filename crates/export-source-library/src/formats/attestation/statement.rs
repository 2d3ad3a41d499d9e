//! A statement: what it is about, and what its predicate is (in-toto Attestation Framework, "Statement").

use std::fmt;
use std::sync::Arc;

use export_core::attestation::AttestationSubject;
use export_core::error::PortError;
use export_core::text::Text;
use serde::{Deserialize, Deserializer, de};

use super::envelope::Wrapped;
use super::open;
use crate::about::About;
use crate::document::Document;
use crate::json::{JsonReader, members};
use crate::kit::own;

members! {
    struct Subject<'a> {
        name: Text<'a> = "name",
        uri: Text<'a> = "uri",
        digests: Digests = "digest",
    }
}

/// Algorithms and values, in the order of the statement.
#[derive(Debug, Default)]
struct Digests(Vec<Text<'static>>);

impl<'de> Deserialize<'de> for Digests {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;

        impl<'de> de::Visitor<'de> for Pairs {
            type Value = Digests;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object of digests")
            }

            fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Digests, A::Error> {
                let mut digests = Digests::default();
                while let Some((algorithm, value)) = map.next_entry::<Text<'de>, Text<'de>>()? {
                    digests.0.push(format!("{algorithm}:{value}").into());
                }
                Ok(digests)
            }
        }

        deserializer.deserialize_map(Pairs)
    }
}

/// A statement.
pub(super) struct Statement {
    pub(super) predicate_type: String,
    pub(super) subjects: Vec<AttestationSubject<'static>>,
    /// The predicate, which is JSON; empty if there is none.
    pub(super) predicate: Arc<[u8]>,
}

impl Statement {
    /// Reads the statement that was in an envelope of `document`.
    ///
    /// # Errors
    /// `Invalid` with the place if it is no statement.
    pub(super) fn of(document: &Document, wrapped: &Wrapped) -> Result<Self, PortError> {
        let part = wrapped.part("");
        let mut statement = Self { predicate_type: String::new(), subjects: vec![], predicate: Arc::new([]) };
        let mut reader = JsonReader::new(open(document, &part, Arc::clone(&wrapped.statement))?);
        reader.object()?;
        while let Some(member) = reader.member()? {
            match member.as_str() {
                "predicateType" => {
                    statement.predicate_type = reader.value::<Option<String>>()?.unwrap_or_default();
                }
                "subject" => {
                    let subjects: Option<Vec<Subject<'_>>> = reader.value()?;
                    let subjects = subjects.unwrap_or_default().into_iter();
                    statement.subjects = subjects.map(Subject::read).collect();
                }
                "predicate" => {
                    let span = reader.span()?;
                    reader.parse::<de::IgnoredAny>(&span)?;
                    statement.predicate = reader.text(&span).into();
                }
                _ => reader.skip()?,
            }
        }
        if statement.predicate_type.is_empty() {
            return Err(reader.invalid("the statement has no predicateType"));
        }
        reader.finish()?;
        Ok(statement)
    }

    /// What it is about, as far as its first subject says.
    pub(super) fn about(&self) -> About {
        let with_digest = self.subjects.iter().find(|subject| digest(subject).is_some());
        let Some(subject) = with_digest.or(self.subjects.first()) else { return About::default() };
        let names = self.subjects.iter().flat_map(|it| it.digests.iter().chain([&it.name]));
        About {
            image: subject.name.to_string(),
            image_digest: digest(subject).map(str::to_owned),
            aliases: names.map(ToString::to_string).collect(),
            ..About::default()
        }
    }
}

impl Wrapped {
    /// The place of a part of the statement, behind the `#` of the file.
    pub(super) fn part(&self, below: &str) -> String {
        let line = self.line.map_or_else(String::new, |line| format!("L{line}"));
        format!("{line}{}{below}", self.pointer)
    }
}

fn digest<'s>(subject: &'s AttestationSubject<'_>) -> Option<&'s str> {
    subject.digests.iter().map(Text::as_str).find(|digest| digest.starts_with("sha256:"))
}

impl Subject<'_> {
    fn read(self) -> AttestationSubject<'static> {
        let name = if self.name.is_empty() { self.uri } else { self.name };
        AttestationSubject { name: own(name), digests: self.digests.0 }
    }
}
