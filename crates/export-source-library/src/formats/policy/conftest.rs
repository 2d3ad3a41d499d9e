//! Conftest's JSON: a list of what was checked, each with what its policies said.

use export_core::digest::Digest;
use export_core::error::{ErrorKind, PortError};
use export_core::finding::{Decision, Verdict, Waiver};
use export_core::text::Text;
use serde::{Deserialize, Deserializer, de};
use serde_json::{Map, Value};

use super::verdict;
use crate::about::About;
use crate::document::Document;
use crate::emit::Emitter;
use crate::format::{Authority, Format};
use crate::json::{JsonReader, members};
use crate::kit::{file_path, tell_empty};
use crate::shape::Root;

/// Kept rules that one file may count: more is no result of a test run.
const MOST: u64 = 1_000_000;

/// Conftest.
pub(crate) static CONFTEST: Format = Format {
    key: "conftest",
    name: "a Conftest report",
    is: |it| {
        it.root == Root::List
            && it.has("filename")
            && (it.has("namespace") || it.has("successes"))
            && (it.has("successes") || it.has("failures") || it.has("warnings"))
    },
    about: Some(about),
    authority: Authority::Policy,
    verdicts: Some(|document, _, emit| read(document, emit)),
    ..Format::NOTHING
};

members! {
    struct Checked<'a> {
        file: Text<'a> = "filename",
        namespace: Text<'a> = "namespace",
        successes: Successes = "successes",
        failures: Vec<Result_<'a>> = "failures",
        warnings: Vec<Result_<'a>> = "warnings",
        exceptions: Vec<Result_<'a>> = "exceptions",
    }
    struct Result_<'a> {
        message: Text<'a> = "msg",
        metadata: Map<String, Value> = "metadata",
    }
}

/// A number, or the list that older versions write.
#[derive(Debug, Default)]
struct Successes(u64);

impl<'de> Deserialize<'de> for Successes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            Value::Array(all) => Ok(Self(all.len() as u64)),
            other => other.as_u64().map(Self).ok_or_else(|| de::Error::custom("expected a number or a list")),
        }
    }
}

fn about(document: &Document) -> Result<About, PortError> {
    let mut files: Vec<String> = Vec::new();
    each(document, |_, checked| {
        let file = file_path(&checked.file);
        if files.len() < 2 && !files.iter().any(|known| known == file) {
            files.push(file.to_owned());
        }
        Ok(())
    })?;
    // Of several files none is the artifact.
    let image = if files.len() == 1 { files.remove(0) } else { String::new() };
    Ok(About { image, tool: "conftest".into(), ..About::default() })
}

fn read(document: &Document, emit: &mut Emitter<Verdict<'static>>) -> Result<Digest, PortError> {
    let (mut successes, before) = (0, emit.items());
    let digest = each(document, |reader, checked| {
        successes += checked.successes.0;
        if successes > MOST {
            let mut error = reader.invalid("a report may count 1,000,000 rules that are kept");
            error.kind = ErrorKind::Limit;
            return Err(error);
        }
        checked.verdicts().try_for_each(|verdict| emit.item(verdict, 256))
    })?;
    tell_empty(emit, before, &document.name, "result")?;
    Ok(digest)
}

fn each(
    document: &Document,
    mut visit: impl FnMut(&JsonReader, &Checked<'_>) -> Result<(), PortError>,
) -> Result<Digest, PortError> {
    let mut reader = JsonReader::new(document.open()?);
    let entered = reader.array()?;
    while entered && reader.item()? {
        let span = reader.span()?;
        let checked: Checked<'_> = reader.parse(&span)?;
        visit(&reader, &checked)?;
    }
    reader.finish()
}

impl Checked<'_> {
    fn verdicts(&self) -> impl Iterator<Item = Verdict<'static>> {
        let lists = [
            (&self.failures, Decision::Fail, "deny"),
            (&self.warnings, Decision::Warn, "warn"),
            (&self.exceptions, Decision::Waived, "exception"),
        ];
        let told = lists.into_iter().flat_map(move |(list, decision, kind)| {
            list.iter().map(move |result| self.verdict(result, decision, kind))
        });
        let kept = (0..self.successes.0).map(|_| {
            let names = (self.set(), self.set(), "success".into());
            verdict(names, Decision::Pass, self.file.to_string())
        });
        told.chain(kept)
    }

    fn set(&self) -> Text<'static> {
        let namespace = if self.namespace.is_empty() { "main" } else { &self.namespace };
        namespace.to_owned().into()
    }

    fn verdict(&self, result: &Result_<'_>, decision: Decision, kind: &str) -> Verdict<'static> {
        let text = |member: &str| result.metadata.get(member).and_then(Value::as_str).unwrap_or_default();
        let query = text("query").strip_prefix("data.").unwrap_or_default();
        let policy = if query.is_empty() { format!("{}.{kind}", self.set()) } else { query.to_owned() };
        let named = ["id", "code", "rule", "policyID"].into_iter().map(text).find(|name| !name.is_empty());
        let rule = named.unwrap_or(&result.message).to_owned();
        let reason = format!("{} ({})", result.message, self.file);
        let waiver = (decision == Decision::Waived)
            .then(|| Waiver { by: "an exception of the policy".into(), ..Waiver::default() });
        Verdict { waiver, ..verdict((self.set(), policy.into(), rule.into()), decision, reason) }
    }
}
