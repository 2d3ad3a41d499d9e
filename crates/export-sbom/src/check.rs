//! Holds a value to the table, as strictly as the official schemas.

use std::collections::HashMap;
use std::fmt;

use serde_json::{Map, Value};

use crate::form::Form;
use crate::path::Path;
use crate::table::{EXPRESSION_CHOICE, LICENCE_CHOICE, Object, Rule, SIGNATURE, Type, Words};
use crate::version::Version::{self, V1_5, V1_6};

/// What breaks the standard, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// The JSON pointer below the value that was checked.
    pub pointer: String,
    /// What is wrong there, without the place.
    pub message: String,
    pub(crate) kind: Kind,
    depth: usize,
}

/// What kind of violation it is, as far as it may be mended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A text that has not its form.
    Form(Form),
    /// An item that its list has already.
    Repeated,
    Other,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.pointer, self.message)
    }
}

impl std::error::Error for Violation {}

/// Checks that `value` is an object of this kind in `version`.
///
/// # Errors
/// The first violation.
pub fn check(value: &Value, kind: &Object, version: Version) -> Result<(), Violation> {
    Check(version).object(value, kind, &Path::ROOT)
}

/// Whether `value` is of this type in the version of the interchange, in which alternatives are told apart.
pub(crate) fn is_of(value: &Value, kind: &Type) -> bool {
    Check(Version::INTERCHANGE).value(value, kind, &Path::ROOT).is_ok()
}

/// What the members of an object owe each other, if they do not pay it.
pub(crate) fn broken_rule(members: &Map<String, Value>, kind: &Object) -> Option<String> {
    kind.rules.iter().find_map(|rule| complaint(rule, members))
}

struct Check(Version);

impl Check {
    fn value(&self, value: &Value, kind: &Type, path: &Path<'_>) -> Result<(), Violation> {
        match kind {
            Type::Text => text(value, path).map(drop),
            Type::Formed(form) => {
                let fits = form.fits(text(value, path)?, self.0);
                let wanted = || format!("must be {}", form.wanted());
                holds(fits, path, wanted).map_err(|found| Violation { kind: Kind::Form(*form), ..found })
            }
            Type::Word(words) => self.word(text(value, path)?, words, path),
            Type::Bool => holds(value.is_boolean(), path, || "must be true or false".to_owned()),
            Type::Number => holds(value.is_number(), path, || "must be a number".to_owned()),
            Type::Share => {
                let fits = value.as_f64().is_some_and(|number| (0.0..=1.0).contains(&number));
                holds(fits, path, || "must be a number from 0 to 1".to_owned())
            }
            Type::Integer(least, most) => {
                let fits = is_integer_between(value, *least, *most);
                holds(fits, path, || "must be a whole number".to_owned() + &bounds(*least, *most))
            }
            Type::Obj(kind) => self.object(value, kind, path),
            Type::List(item) => self.list(value, item, path).map(drop),
            Type::Set(item) => without_repetitions(self.list(value, item, path)?, path),
            Type::Filled(item) => {
                let filled = !self.list(value, item, path)?.is_empty();
                holds(filled, path, || "must not be empty".to_owned())
            }
            Type::Either(alternatives) => self.either(value, alternatives, path),
            Type::Ref | Type::Link => {
                let fits = !text(value, path)?.is_empty() || self.0 < V1_5;
                holds(fits, path, || "must not be empty".to_owned())
            }
            Type::Licences => self.licences(value, path),
            Type::Signature => self.value(value, &SIGNATURE, path),
        }
    }

    fn object(&self, value: &Value, kind: &Object, path: &Path<'_>) -> Result<(), Violation> {
        let Value::Object(members) = value else {
            return Err(violation(path, "must be an object"));
        };
        for (name, value) in members {
            let path = path.member(name);
            match kind.member(name) {
                Some(member) if member.since <= self.0 => self.value(value, &member.kind, &path)?,
                Some(member) => {
                    return Err(violation(&path, format!("exists only since version {}", member.since)));
                }
                None if kind.unknown.is_allowed(self.0) => {}
                None => return Err(violation(&path, "is not allowed here")),
            }
        }
        let missing = kind.members.iter().find(|it| it.is_required(self.0) && !members.contains_key(it.name));
        if let Some(member) = missing {
            return Err(violation(path, format!("`{}` is missing", member.name)));
        }
        broken_rule(members, kind).map_or(Ok(()), |complaint| Err(violation(path, complaint)))
    }

    fn list<'v>(&self, value: &'v Value, item: &Type, path: &Path<'_>) -> Result<&'v [Value], Violation> {
        let Value::Array(items) = value else {
            return Err(violation(path, "must be a list"));
        };
        for (index, value) in items.iter().enumerate() {
            self.value(value, item, &path.item(index))?;
        }
        Ok(items)
    }

    /// Of several violations, the one deepest in the value tells best what was meant.
    fn either(&self, value: &Value, all: &[(Version, Type)], path: &Path<'_>) -> Result<(), Violation> {
        let mut matches = 0;
        let mut deepest: Option<Violation> = None;
        for (_, kind) in all.iter().filter(|(since, _)| *since <= self.0) {
            match self.value(value, kind, path) {
                Ok(()) => matches += 1,
                Err(found) if deepest.as_ref().is_none_or(|known| known.depth < found.depth) => {
                    deepest = Some(found);
                }
                Err(_) => {}
            }
        }
        match (matches, deepest) {
            (1, _) => Ok(()),
            (0, Some(violation)) => Err(violation),
            (0, None) => Err(violation(path, "has a shape that this version does not have")),
            _ => Err(violation(path, "can be read in two ways: it lacks a member that tells which")),
        }
    }

    fn word(&self, word: &str, words: &Words, path: &Path<'_>) -> Result<(), Violation> {
        let fits = words.since(word).is_some_and(|since| since <= self.0);
        holds(fits, path, || {
            let known = words.all().filter(|(since, _)| *since <= self.0).map(|(_, word)| word);
            let known: Vec<&str> = known.collect();
            let (some, more) = if known.len() > 14 { (&known[..12], ", ...") } else { (&known[..], "") };
            format!("must be one of {}{more}", some.join(", "))
        })
    }

    fn licences(&self, value: &Value, path: &Path<'_>) -> Result<(), Violation> {
        const EITHER: Type = Type::Either(&[
            (Version::V1_2, Type::Obj(&LICENCE_CHOICE)),
            (Version::V1_2, Type::Obj(&EXPRESSION_CHOICE)),
        ]);
        let choices = self.list(value, &EITHER, path)?;
        let expression = choices.iter().position(|choice| choice.get("expression").is_some());
        match expression {
            Some(index) if choices.len() > 1 && (V1_5..=V1_6).contains(&self.0) => {
                let message = "an expression must be the only item";
                Err(violation(&path.item(index), message))
            }
            Some(_) | None => Ok(()),
        }
    }
}

fn text<'v>(value: &'v Value, path: &Path<'_>) -> Result<&'v str, Violation> {
    value.as_str().ok_or_else(|| violation(path, "must be a text"))
}

fn holds(holds: bool, path: &Path<'_>, complaint: impl FnOnce() -> String) -> Result<(), Violation> {
    if holds { Ok(()) } else { Err(violation(path, complaint())) }
}

fn violation(path: &Path<'_>, message: impl Into<String>) -> Violation {
    Violation { pointer: path.pointer(), message: message.into(), kind: Kind::Other, depth: path.depth() }
}

/// Whether it is a whole number, however it is written: JSON Schema takes 1.0 for one.
fn is_integer_between(value: &Value, least: i64, most: i64) -> bool {
    #[expect(clippy::cast_precision_loss, reason = "the bounds that matter are small")]
    let between = |number: f64| number.fract() == 0.0 && number >= least as f64 && number <= most as f64;
    match value.as_i64() {
        Some(number) => (least..=most).contains(&number),
        None => value.as_f64().is_some_and(between),
    }
}

fn bounds(least: i64, most: i64) -> String {
    match (least, most) {
        (i64::MIN, i64::MAX) => String::new(),
        (least, i64::MAX) => format!(" of at least {least}"),
        (least, most) => format!(" from {least} to {most}"),
    }
}

fn without_repetitions(items: &[Value], path: &Path<'_>) -> Result<(), Violation> {
    let mut first: HashMap<&Value, usize> = HashMap::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        if let Some(earlier) = first.insert(item, index) {
            let message = format!("is the same as item {earlier}");
            let found = violation(&path.item(index), message);
            return Err(Violation { kind: Kind::Repeated, ..found });
        }
    }
    Ok(())
}

fn complaint(rule: &Rule, members: &Map<String, Value>) -> Option<String> {
    let has = |name: &&str| members.contains_key(*name);
    let listed = |groups: &[&[&str]]| {
        let groups: Vec<String> = groups.iter().map(|group| group.join(" with ")).collect();
        groups.join(", ")
    };
    match rule {
        Rule::OneOf(groups) => {
            let there = groups.iter().filter(|group| group.iter().all(has)).count();
            (there != 1).then(|| format!("must have exactly one of {}", listed(groups)))
        }
        Rule::AnyOf(names) => {
            (!names.iter().any(has)).then(|| format!("must have one of {}", names.join(", ")))
        }
        Rule::Apart(one, other) => {
            (has(one) && has(other)).then(|| format!("must not have both {one} and {other}"))
        }
        Rule::OnlyWhere(name, flag) => {
            let is_set = members.get(*flag) == Some(&Value::Bool(true));
            (has(name) && !is_set).then(|| format!("may have {name} only where {flag} is true"))
        }
    }
}
