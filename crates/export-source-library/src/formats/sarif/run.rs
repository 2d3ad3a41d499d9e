//! What a run says about itself (section 3.14), without its results.

use std::collections::BTreeMap;

use export_core::error::PortError;
use export_core::text::Text;
use export_core::time::Timestamp;
use serde_json::{Map, Value};

use super::message::{Message, Strings};
use super::rule::{Bag, RawRule, Rules, texts};
use crate::json::{JsonReader, members};
use crate::kit::GivenTime;

members! {
    struct Provenance<'a> {
        repository: Text<'a> = "repositoryUri",
    }
    struct Artifact<'a> {
        location: Uri<'a> = "location",
    }
    struct Uri<'a> {
        uri: Text<'a> = "uri",
    }
    struct Taxonomy<'a> {
        name: Text<'a> = "name",
        taxa: Vec<Taxon<'a>> = "taxa",
    }
    struct Taxon<'a> {
        id: Text<'a> = "id",
    }
}

/// One execution of the tool (3.20).
#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Invocation {
    start_time_utc: Option<GivenTime>,
    end_time_utc: Option<GivenTime>,
    execution_successful: Option<bool>,
}

/// A run.
#[derive(Debug, Default)]
pub(super) struct Run {
    pub(super) tool: String,
    pub(super) version: String,
    pub(super) rules: Rules,
    /// `globalMessageStrings` of the driver.
    pub(super) strings: Strings,
    pub(super) extensions: Vec<String>,
    pub(super) ended: Option<Timestamp>,
    /// Where the code lies, without credentials.
    pub(super) repository: String,
    pub(super) base_ids: BTreeMap<String, String>,
    pub(super) artifacts: Vec<String>,
    /// Names of taxonomies, and the ids of their classes.
    pub(super) taxonomies: Vec<(String, Vec<String>)>,
    pub(super) properties: Map<String, Value>,
    pub(super) has_results: bool,
    pub(super) has_failed: bool,
    /// Whether texts of rules, or names of artifacts, were more than are held.
    pub(super) is_shortened: bool,
}

impl Run {
    /// Reads a run; its results are gone past.
    ///
    /// # Errors
    /// If one of its members has a wrong type.
    pub(super) fn of(reader: &mut JsonReader) -> Result<Self, PortError> {
        let mut run = Self::default();
        reader.object()?;
        while let Some(member) = reader.member()? {
            match member.as_str() {
                "tool" => run.tool(reader)?,
                "results" => {
                    run.has_results = reader.peek()? == Some(b'[');
                    reader.skip()?;
                }
                "invocations" => each(reader, |reader| run.invocation(reader))?,
                "versionControlProvenance" => each(reader, |reader| {
                    let told: Provenance<'_> = reader.value()?;
                    if run.repository.is_empty() {
                        run.repository = without_credentials(&told.repository);
                    }
                    Ok(())
                })?,
                "originalUriBaseIds" => {
                    let told: Option<BTreeMap<String, Option<Uri<'_>>>> = reader.value()?;
                    let told = told.unwrap_or_default().into_iter();
                    run.base_ids =
                        told.map(|(id, it)| (id, it.unwrap_or_default().uri.into_string())).collect();
                }
                "artifacts" => each(reader, |reader| run.artifact(reader))?,
                "taxonomies" => each(reader, |reader| {
                    let told: Taxonomy<'_> = reader.value()?;
                    let ids = told.taxa.into_iter().map(|taxon| taxon.id.into_string()).collect();
                    run.taxonomies.push((told.name.into_string(), ids));
                    Ok(())
                })?,
                "properties" => run.properties = reader.value::<Bag>()?.unwrap_or_default(),
                _ => reader.skip()?,
            }
        }
        Ok(run)
    }

    /// The tool's name and version.
    pub(super) fn tool_name(&self) -> String {
        format!("{} {}", self.tool, self.version).trim().to_owned()
    }

    /// The image that Trivy says was looked at.
    pub(super) fn image(&self) -> Option<&str> {
        self.properties.get("imageName").and_then(Value::as_str).filter(|name| !name.is_empty())
    }

    /// Texts of Trivy's about the image.
    pub(super) fn image_texts(&self, name: &str) -> impl Iterator<Item = &str> {
        texts(&self.properties, name)
    }

    fn tool(&mut self, reader: &mut JsonReader) -> Result<(), PortError> {
        if reader.peek()? == Some(b'n') {
            return reader.skip();
        }
        reader.object()?;
        while let Some(member) = reader.member()? {
            match member.as_str() {
                "driver" => self.component(reader, 0)?,
                "extensions" => {
                    let mut number = 0;
                    each(reader, |reader| {
                        number += 1;
                        self.component(reader, number)
                    })?;
                }
                _ => reader.skip()?,
            }
        }
        Ok(())
    }

    /// Reads a component of the tool: the driver is the first.
    fn component(&mut self, reader: &mut JsonReader, number: usize) -> Result<(), PortError> {
        let (mut name, mut versions) = (String::new(), [None, None]);
        reader.object()?;
        while let Some(member) = reader.member()? {
            match member.as_str() {
                "name" => name = reader.value::<Option<String>>()?.unwrap_or_default(),
                "semanticVersion" => versions[0] = reader.value::<Option<String>>()?,
                "version" => versions[1] = reader.value::<Option<String>>()?,
                "globalMessageStrings" if number == 0 => {
                    let told: Option<BTreeMap<String, Option<Message<'_>>>> = reader.value()?;
                    let told = told.unwrap_or_default().into_iter();
                    self.strings =
                        told.map(|(id, it)| (id, it.unwrap_or_default().plain().to_owned())).collect();
                }
                "rules" => each(reader, |reader| {
                    let rule: RawRule<'_> = reader.value()?;
                    self.is_shortened |= !self.rules.add(number, rule);
                    Ok(())
                })?,
                _ => reader.skip()?,
            }
        }
        if number > 0 {
            self.extensions.push(name);
            return Ok(());
        }
        self.tool = name;
        self.version = versions.into_iter().flatten().find(|version| !version.is_empty()).unwrap_or_default();
        Ok(())
    }

    fn invocation(&mut self, reader: &mut JsonReader) -> Result<(), PortError> {
        let told: Invocation = reader.value()?;
        let time = |given: Option<GivenTime>| given.and_then(|given| given.0);
        self.ended = self.ended.max(time(told.end_time_utc).or_else(|| time(told.start_time_utc)));
        self.has_failed |= told.execution_successful == Some(false);
        Ok(())
    }

    fn artifact(&mut self, reader: &mut JsonReader) -> Result<(), PortError> {
        let uri = reader.value::<Artifact<'_>>()?.location.uri.into_string();
        let is_held = self.rules.holds(uri.len() + 24);
        self.is_shortened |= !is_held;
        if is_held {
            self.artifacts.push(uri);
        }
        Ok(())
    }
}

/// Reads each item of a list with `read`.
pub(super) fn each(
    reader: &mut JsonReader,
    mut read: impl FnMut(&mut JsonReader) -> Result<(), PortError>,
) -> Result<(), PortError> {
    let entered = reader.array()?;
    while entered && reader.item()? {
        read(reader)?;
    }
    Ok(())
}

/// A URI without user and password.
fn without_credentials(uri: &str) -> String {
    match uri.split_once("://") {
        Some((scheme, rest)) => {
            let host = rest.find('/').unwrap_or(rest.len());
            let start = rest[..host].rfind('@').map_or(0, |at| at + 1);
            format!("{scheme}://{}", &rest[start..])
        }
        None => uri.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_no_part_of_a_repositorys_name() {
        for (uri, name) in [
            ("https://user:token@git.example/a/b.git", "https://git.example/a/b.git"),
            ("https://git.example/a@b", "https://git.example/a@b"),
            ("git@git.example:a/b", "git@git.example:a/b"),
            ("", ""),
        ] {
            assert_eq!(without_credentials(uri), name);
        }
    }
}
