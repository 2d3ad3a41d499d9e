//! What `opa eval` prints: the values of expressions. Which of them decide is told by the names of rules that policies of OPA,
//! Conftest and Gatekeeper use: `deny`, `violation`, `warn`, `allow`, and names that begin so.

use export_core::digest::Digest;
use export_core::error::PortError;
use export_core::finding::{Decision, Verdict};
use export_core::text::Text;
use serde_json::Value;

use super::verdict;
use crate::about::About;
use crate::document::Document;
use crate::emit::Emitter;
use crate::format::{Authority, Format};
use crate::json::{JsonReader, members};
use crate::kit::Doubts;
use crate::shape::Root;

/// How deep packages are looked into.
const DEEPEST: usize = 16;
const UNCLEAR: &str =
    "the meaning of this value is not clear: rules called deny, violation, warn or allow are read";
const OTHERS: &str =
    "A package has rules that are not called deny, violation, warn or allow, which were left out";

/// OPA.
pub(crate) static OPA: Format = Format {
    key: "opa",
    name: "a result of `opa eval`",
    is: |it| it.root == Root::Object && it.has_in("result", "expressions"),
    about: Some(|_| Ok(About { tool: "opa".into(), ..About::default() })),
    authority: Authority::Policy,
    verdicts: Some(|document, _, emit| read(document, emit)),
    ..Format::NOTHING
};

members! {
    struct Query<'a> {
        expressions: Vec<Expression<'a>> = "expressions",
    }
    struct Expression<'a> {
        value: Value = "value",
        text: Text<'a> = "text",
    }
}

fn read(document: &Document, emit: &mut Emitter<Verdict<'static>>) -> Result<Digest, PortError> {
    let mut reader = JsonReader::new(document.open()?);
    let mut doubts = Doubts::default();
    reader.object()?;
    while let Some(member) = reader.member()? {
        if member != "result" {
            reader.skip()?;
            continue;
        }
        let entered = reader.array()?;
        while entered && reader.item()? {
            let span = reader.span()?;
            let Query { expressions } = reader.parse(&span)?;
            for (index, Expression { value, text }) in expressions.iter().enumerate() {
                let path = if *text == "data" { "" } else { text.strip_prefix("data.").unwrap_or(text) };
                let mut verdicts = Vec::new();
                let mut others = false;
                if !decide(path, value, 0, &mut verdicts, &mut others) {
                    return Err(reader.invalid_in(&span, UNCLEAR, &format!("/expressions/{index}/value")));
                }
                if others {
                    doubts.add(OTHERS, || reader.place());
                }
                verdicts.into_iter().try_for_each(|verdict| emit.item(verdict, 256))?;
            }
        }
    }
    doubts.tell(emit)?;
    reader.finish()
}

/// Adds what the value at `path` decides; false if it decides nothing. `others` is set if a part of it decides nothing.
fn decide(
    path: &str,
    value: &Value,
    depth: usize,
    verdicts: &mut Vec<Verdict<'static>>,
    others: &mut bool,
) -> bool {
    let (package, rule) = path.rsplit_once('.').unwrap_or(("", path));
    if let Some(kind) = Kind::of(rule)
        && let Some(found) = kind.decide(value)
    {
        let package = if package.is_empty() { "data" } else { package };
        let names = || (package.to_owned().into(), package.to_owned().into(), rule.to_owned().into());
        verdicts.extend(found.into_iter().map(|(decision, reason)| verdict(names(), decision, reason)));
        return true;
    }
    let Value::Object(members) = value else { return false };
    let mut decides = false;
    for (name, inner) in members {
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        let inner = depth < DEEPEST && decide(&path, inner, depth + 1, verdicts, others);
        *others |= !inner;
        decides |= inner;
    }
    decides
}

/// What a rule says by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Deny,
    Warn,
    Allow,
}

impl Kind {
    fn of(rule: &str) -> Option<Self> {
        let begins =
            |name: &str| rule.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'));
        match rule {
            _ if begins("deny") || begins("violation") => Some(Self::Deny),
            _ if begins("warn") => Some(Self::Warn),
            _ if begins("allow") => Some(Self::Allow),
            _ => None,
        }
    }

    /// The decisions with their reasons; none if the value is of no known form.
    fn decide(self, value: &Value) -> Option<Vec<(Decision, String)>> {
        let broken = if self == Self::Warn { Decision::Warn } else { Decision::Fail };
        match (self, value) {
            (_, Value::Bool(value)) => {
                let is_kept = *value == (self == Self::Allow);
                Some(vec![(if is_kept { Decision::Pass } else { broken }, String::new())])
            }
            (Self::Deny | Self::Warn, Value::Array(all)) if all.is_empty() => {
                Some(vec![(Decision::Pass, String::new())])
            }
            (Self::Deny | Self::Warn, Value::Array(all)) => {
                Some(all.iter().map(|item| (broken, message(item))).collect())
            }
            _ => None,
        }
    }
}

fn message(item: &Value) -> String {
    let text = [item, &item["msg"], &item["message"]].into_iter().find_map(Value::as_str);
    text.map_or_else(|| item.to_string(), str::to_owned)
}
