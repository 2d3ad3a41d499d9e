//! Everything of a document but its lists.

use std::collections::HashMap;

use export_core::error::PortError;
use export_core::sbom::SbomSection;
use export_sbom::{Object, Version, check, is_serial_number, mend, rewrite};
use serde_json::{Map, Value};

use super::leniency::Leniency;
use crate::input::{Input, Position};
use crate::json::JsonReader;

/// The head of a document, as version 1.7.
pub(super) struct Head {
    /// The version of the document itself.
    pub(super) version: Version,
    /// The document without its lists, and without what names its format.
    pub(super) json: Value,
}

/// The section that a member of a document is.
pub(super) fn section_of(member: &str) -> Option<SbomSection> {
    SbomSection::ALL.into_iter().find(|section| section.as_str() == member)
}

impl Head {
    /// Reads the head of `input`, wherever in it the lists stand.
    ///
    /// # Errors
    /// `Invalid` with the place if it breaks the standard.
    pub(super) fn read(input: Input, leniency: &mut Leniency) -> Result<Self, PortError> {
        let mut reader = JsonReader::new(input);
        let mut members = Map::new();
        let mut positions: HashMap<String, Position> = HashMap::new();
        reader.object()?;
        let mut lists: Vec<String> = Vec::new();
        while let Some(name) = reader.member()? {
            if members.contains_key(&name) || lists.contains(&name) {
                reader.skip()?;
                return Err(reader.invalid("the document has this member twice"));
            }
            if section_of(&name).is_some() {
                reader.skip()?;
                lists.push(name);
                continue;
            }
            let span = reader.span()?;
            let value: Value = reader.parse(&span)?;
            positions.insert(name.clone(), reader.position_of(&span));
            members.insert(name, value);
        }
        Self::of(members, leniency).map_err(|(pointer, what)| {
            let member = pointer.split('/').nth(1).unwrap_or_default();
            reader.invalid_at(&what, &pointer, positions.get(member).copied().unwrap_or_default())
        })
    }

    fn of(mut members: Map<String, Value>, leniency: &mut Leniency) -> Result<Self, (String, String)> {
        let version = version(&members)?;
        serial_number(&mut members, leniency);
        let mut json = Value::Object(members);
        while let Err(violation) = check(&json, Object::DOCUMENT, version) {
            let Some(what) = mend(&mut json, &violation) else {
                return Err((violation.pointer, violation.message));
            };
            leniency.note(what, || violation.pointer);
        }
        rewrite(&mut json, Object::DOCUMENT, Version::INTERCHANGE, &mut |loss| {
            leniency.note(&loss.why, || loss.pointer);
        });
        for name in ["$schema", "bomFormat", "specVersion"] {
            json.as_object_mut().map(|members| members.remove(name));
        }
        Ok(Self { version, json })
    }
}

/// The version of a document that is CycloneDX.
fn version(members: &Map<String, Value>) -> Result<Version, (String, String)> {
    if members.get("bomFormat").is_none_or(|format| format != "CycloneDX") {
        return Err(("/bomFormat".into(), "must be CycloneDX".into()));
    }
    let version = members.get("specVersion").and_then(Value::as_str).unwrap_or_default();
    version.parse().map_err(|error: export_sbom::UnknownVersion| ("/specVersion".into(), error.to_string()))
}

/// A serial number that was never meant to be a URN of a UUID is completed or left out; one that is a broken URN
/// stays, to be refused.
fn serial_number(members: &mut Map<String, Value>, leniency: &mut Leniency) {
    let Some(Value::String(number)) = members.get("serialNumber") else { return };
    let completed = match number.get(..9) {
        Some(scheme) if scheme.eq_ignore_ascii_case("urn:uuid:") => number.to_ascii_lowercase(),
        _ => format!("urn:uuid:{}", number.to_ascii_lowercase()),
    };
    let place = || "/serialNumber".to_owned();
    if completed == *number {
        return;
    }
    if is_serial_number(&completed) {
        members.insert("serialNumber".into(), completed.into());
        leniency.note("a serial number that is a UUID was made a URN in small letters", place);
    } else if !number.starts_with("urn:") {
        members.remove("serialNumber");
        leniency.note("a serial number that is no UUID was left out", place);
    }
}
