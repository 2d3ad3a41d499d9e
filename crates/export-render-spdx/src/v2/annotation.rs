//! Annotations (SPDX 2.3, 12), and what they hold that SPDX has no member for.

use export_core::ports::RenderError;
use export_core::sbom::SbomSection;
use export_render_kit::conversion::Fate;
use serde_json::{Value, json};

use super::{Second, Stream, annotator};
use crate::agent::AgentKind;
use crate::document::{Document, TOOL, seconds};
use crate::object::{Object, text};
use crate::relation::Relation;

/// Who annotates, and when.
pub(super) struct Stamp {
    pub(super) date: String,
}

impl Stamp {
    /// The annotation that holds CycloneDX properties, if there are any. Readers find them again by its first words.
    pub(super) fn properties(&self, properties: &[(String, String)]) -> Option<Value> {
        if properties.is_empty() {
            return None;
        }
        let list: Vec<Value> =
            properties.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
        Some(self.annotation(&format!("CycloneDX properties: {}", Value::from(list))))
    }

    fn annotation(&self, comment: &str) -> Value {
        annotation(&format!("Tool: {TOOL}"), &self.date, comment)
    }
}

fn annotation(annotator: &str, date: &str, comment: &str) -> Value {
    json!({"annotator": annotator, "annotationDate": date, "annotationType": "OTHER", "comment": comment})
}

/// What an SPDX 2 document kept in a property of a list's name.
pub(super) fn kept(property: &Object, member: &str) -> Option<Object> {
    let is_it = text(property, "name").strip_prefix("spdx:") == Some(member);
    serde_json::from_str(text(property, "value")).ok().filter(|_| is_it)
}

/// Writes the annotations of the document itself.
pub(super) fn write(
    from: &mut Second<'_>,
    document: &Document,
    stream: &mut Stream<'_>,
) -> Result<(), RenderError> {
    let mut annotations = stream.array("annotations", "annotation")?;
    for kept in document.all_kept("annotations").filter_map(|json| serde_json::from_str::<Object>(json).ok())
    {
        annotations.item(&kept)?;
    }
    for (_, name, value) in &document.rest {
        annotations.item(&from.stamp.properties(&[(name.clone(), value.clone())]))?;
    }
    from.walk.elements(SbomSection::Properties, from.rows, &mut |at, property| {
        let is_written =
            ["snippets", "hasExtractedLicensingInfos"].iter().any(|member| kept(&property, member).is_some());
        let is_spdx = from.walk.generation(at) == 2;
        if Relation::of_property(&property).is_some() && from.walk.generation(at) != 0
            || is_spdx && is_written
        {
            return Ok(());
        }
        let why = "SPDX 2.3 has no properties: an annotation of the document holds them as JSON";
        from.losses.note("properties[]", Fate::Changed, why, &from.walk.documents()[at].place);
        let property = (text(&property, "name").to_owned(), text(&property, "value").to_owned());
        Ok(annotations.item(&from.stamp.properties(&[property]))?)
    })?;
    from.walk.elements(SbomSection::Annotations, from.rows, &mut |at, element| {
        let why = "it stands at the document, because a package of SPDX 2.3 has its annotations in itself";
        from.losses.note("annotations[]", Fate::Changed, why, &from.walk.documents()[at].place);
        let date = text(&element, "timestamp").parse().map_or_else(|_| from.stamp.date.clone(), seconds);
        Ok(annotations.item(&annotation(&who(&element), &date, &about(&element)))?)
    })?;
    annotations.end();
    Ok(())
}

/// The text, behind what it is about.
fn about(element: &Object) -> String {
    let subjects =
        element.get("subjects").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    format!("About {}: {}", subjects.collect::<Vec<_>>().join(", "), text(element, "text"))
}

fn who(element: &Object) -> String {
    let by = |member: &str| element.get("annotator")?.get(member)?.as_object();
    let name = |object: &Object| text(object, "name").to_owned();
    match (by("individual"), by("organization"), by("component").or_else(|| by("service"))) {
        (Some(person), _, _) => annotator(AgentKind::Person, &name(person), Some(text(person, "email"))),
        (_, Some(organization), _) => annotator(AgentKind::Organization, &name(organization), None),
        (_, _, Some(tool)) => {
            annotator(AgentKind::Tool, &format!("{} {}", name(tool), text(tool, "version")), None)
        }
        _ => annotator(AgentKind::Tool, "", None),
    }
}
