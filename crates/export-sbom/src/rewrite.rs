//! Takes an object to another version: what that version has no place for is dropped or changed, and told.

use std::collections::HashSet;

use serde_json::{Map, Value};

use crate::check::{broken_rule, is_of};
use crate::form::Form;
use crate::path::Path;
use crate::reshape;
use crate::table::{EXPRESSION_CHOICE, LICENCE_CHOICE, Member, Object, Type, Words};
use crate::version::Version::{self, V1_5, V1_6};

/// Something that another version cannot hold as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loss {
    /// The kind of place, the same for all objects: `.licenses[].license.licensing`; empty for the object itself.
    pub field: String,
    /// The JSON pointer below the object, as it was before anything was dropped.
    pub pointer: String,
    /// What became of it.
    pub fate: Fate,
    /// Why.
    pub why: String,
}

/// What became of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is gone.
    Dropped,
    /// It is there in another shape.
    Changed,
}

/// Where an object is taken.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// The version.
    pub version: Version,
    /// Whether references in it were renamed, which no signature survives.
    pub is_renamed: bool,
}

impl From<Version> for Target {
    fn from(version: Version) -> Self {
        Self { version, is_renamed: false }
    }
}

/// Makes `value`, a valid object of this kind in any version, valid in `target`. False if nothing of it can be
/// kept, of which `note` is told too.
///
/// A signature is kept where its object stays as it is: it signs the canonical JSON of that object (RFC 8785), not
/// the bytes.
pub fn rewrite(
    value: &mut Value,
    kind: &'static Object,
    target: impl Into<Target>,
    note: &mut dyn FnMut(Loss),
) -> bool {
    let Target { version, is_renamed } = target.into();
    let mut rewriting = Rewriting { target: version, is_renamed, notes: 0, note };
    match rewriting.object(value, kind, &Path::ROOT) {
        Ok(()) => true,
        Err(why) => {
            rewriting.dropped(&Path::ROOT, why);
            false
        }
    }
}

/// Why a value cannot be kept; whoever holds it drops it and tells.
pub(crate) type Reason = String;

pub(crate) struct Rewriting<'n> {
    pub(crate) target: Version,
    is_renamed: bool,
    notes: u64,
    note: &'n mut dyn FnMut(Loss),
}

impl Rewriting<'_> {
    pub(crate) fn dropped(&mut self, path: &Path<'_>, why: Reason) {
        self.note(path, Fate::Dropped, why);
    }

    pub(crate) fn changed(&mut self, path: &Path<'_>, why: Reason) {
        self.note(path, Fate::Changed, why);
    }

    fn note(&mut self, path: &Path<'_>, fate: Fate, why: Reason) {
        self.notes += 1;
        (self.note)(Loss { field: path.field(), pointer: path.pointer(), fate, why });
    }

    fn object(&mut self, value: &mut Value, kind: &'static Object, path: &Path<'_>) -> Result<(), Reason> {
        let Value::Object(members) = value else { return Err("it is no object".into()) };
        let notes = self.notes;
        reshape::reshape(members, kind, path, self);
        let mut names: Vec<String> = members.keys().rev().cloned().collect();
        while let Some(name) = names.pop() {
            let path = path.member(&name);
            match kind.member(&name) {
                Some(member) if member.since <= self.target => self.member(members, member, &path)?,
                Some(member) => names.extend(self.too_new(members, member, &path)),
                None if kind.unknown.is_allowed(self.target) => {}
                None => {
                    members.remove(&name);
                    self.dropped(&path, format!("CycloneDX {} allows no other members", self.target));
                }
            }
        }
        self.complete(members, kind, path, notes)
    }

    fn member(
        &mut self,
        members: &mut Map<String, Value>,
        member: &'static Member,
        path: &Path<'_>,
    ) -> Result<(), Reason> {
        let Some(value) = members.get_mut(member.name) else { return Ok(()) };
        match self.value(value, &member.kind, path) {
            Ok(()) => Ok(()),
            Err(why) if member.is_required(self.target) => {
                Err(format!("its {} cannot be kept: {why}", member.name))
            }
            Err(why) => {
                members.remove(member.name);
                self.dropped(path, why);
                Ok(())
            }
        }
    }

    /// A member that came later moves to the one that held the same before, whose name is given, or goes.
    fn too_new(
        &mut self,
        members: &mut Map<String, Value>,
        member: &'static Member,
        path: &Path<'_>,
    ) -> Option<String> {
        let value = members.remove(member.name)?;
        match member.was {
            Some(older) if !members.contains_key(older) => {
                members.insert(older.to_owned(), value);
                self.changed(path, format!("it stands in {older}, as before CycloneDX {}", member.since));
                Some(older.to_owned())
            }
            Some(_) | None => {
                self.dropped(path, format!("it came with CycloneDX {}", member.since));
                None
            }
        }
    }

    /// Adds what the target needs, drops a signature if anything was told since `notes`, and tells if something is
    /// missing all the same.
    fn complete(
        &mut self,
        members: &mut Map<String, Value>,
        kind: &Object,
        path: &Path<'_>,
        notes: u64,
    ) -> Result<(), Reason> {
        let target = self.target;
        for member in kind.members.iter().filter(|member| member.is_required(target)) {
            if !members.contains_key(member.name) {
                let Some(default) = member.default else { return Err(format!("it has no {}", member.name)) };
                members.insert(member.name.to_owned(), default.into());
                self.changed(path, format!("CycloneDX {target} needs a {}", member.name));
            }
        }
        let signature = kind.members.iter().find(|member| matches!(member.kind, Type::Signature));
        let is_signed = signature.filter(|member| members.contains_key(member.name));
        if let Some(member) = is_signed.filter(|_| self.is_renamed || self.notes > notes) {
            members.remove(member.name);
            self.dropped(&path.member(member.name), "what it signs is no longer as it was".into());
        }
        broken_rule(members, kind).map_or(Ok(()), |complaint| Err(format!("it {complaint}")))
    }

    fn value(&mut self, value: &mut Value, kind: &'static Type, path: &Path<'_>) -> Result<(), Reason> {
        match (kind, value) {
            (Type::Formed(form), Value::String(text)) => self.formed(text, *form),
            (Type::Word(words), Value::String(word)) => self.word(word, words, path),
            (Type::Ref | Type::Link, Value::String(text)) if text.is_empty() && self.target >= V1_5 => {
                Err("it is empty".into())
            }
            (Type::Obj(kind), value) => self.object(value, kind, path),
            (Type::List(item), Value::Array(items)) => {
                self.list(items, item, path);
                Ok(())
            }
            (Type::Set(item), Value::Array(items)) => {
                self.list(items, item, path);
                self.without_repetitions(items, path);
                Ok(())
            }
            (Type::Filled(item), Value::Array(items)) => {
                self.list(items, item, path);
                if items.is_empty() { Err("nothing of it can be kept".into()) } else { Ok(()) }
            }
            (Type::Either(alternatives), value) => self.either(value, alternatives, path),
            (Type::Licences, Value::Array(choices)) => {
                self.licences(choices, path);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn formed(&self, text: &str, form: Form) -> Result<(), Reason> {
        if form.fits(text, self.target) { Ok(()) } else { Err(format!("it must be {}", form.wanted())) }
    }

    fn word(&mut self, word: &mut String, words: &Words, path: &Path<'_>) -> Result<(), Reason> {
        match words.since(word) {
            Some(since) if since <= self.target => Ok(()),
            _ => match words.fallback(word, self.target) {
                Some(older) => {
                    self.changed(
                        path,
                        format!("CycloneDX {} has no {word}; {older} comes nearest", self.target),
                    );
                    older.clone_into(word);
                    Ok(())
                }
                None => Err(format!("CycloneDX {} has no {word}", self.target)),
            },
        }
    }

    fn list(&mut self, items: &mut Vec<Value>, kind: &'static Type, path: &Path<'_>) {
        let mut index = 0;
        items.retain_mut(|value| {
            let path = path.item(index);
            index += 1;
            match self.value(value, kind, &path) {
                Ok(()) => true,
                Err(why) => {
                    self.dropped(&path, why);
                    false
                }
            }
        });
    }

    /// Items may have become the same by what they lost.
    fn without_repetitions(&mut self, items: &mut Vec<Value>, path: &Path<'_>) {
        let mut index = 0;
        let mut kept: HashSet<Value> = HashSet::new();
        items.retain(|item| {
            let is_new = kept.insert(item.clone());
            if !is_new {
                self.dropped(&path.item(index), "it became the same as another one".into());
            }
            index += 1;
            is_new
        });
    }

    fn either(
        &mut self,
        value: &mut Value,
        alternatives: &'static [(Version, Type)],
        path: &Path<'_>,
    ) -> Result<(), Reason> {
        match alternatives.iter().find(|(_, kind)| is_of(value, kind)) {
            Some((since, kind)) if *since <= self.target => self.value(value, kind, path),
            Some((since, _)) => Err(format!("its shape came with CycloneDX {since}")),
            None => Err("it has a shape of no version".into()),
        }
    }

    fn licences(&mut self, choices: &mut Vec<Value>, path: &Path<'_>) {
        if choices.len() > 1 && (V1_5..=V1_6).contains(&self.target) {
            reshape::name_expressions(choices, path, self);
        }
        let mut index = 0;
        choices.retain_mut(|choice| {
            let path = path.item(index);
            index += 1;
            let is_licence = choice.get("license").is_some();
            let kind = if is_licence { &LICENCE_CHOICE } else { &EXPRESSION_CHOICE };
            self.object(choice, kind, &path).map_err(|why| self.dropped(&path, why)).is_ok()
        });
    }
}

#[cfg(test)]
mod tests;
