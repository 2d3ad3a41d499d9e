//! Templates as answers.

use export_core::catalogue::Format;
use export_core::digest::Digest;
use export_core::template::Template;
use export_core::time::Timestamp;
use serde::Serialize;

/// A page of templates.
#[derive(Serialize)]
pub(super) struct TemplatePage<'t> {
    pub(super) templates: Vec<TemplateJson<'t>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) next_cursor: Option<String>,
}

/// One template.
#[derive(Serialize)]
pub(super) struct TemplateJson<'t> {
    name: &'t str,
    built_in: bool,
    format: Format,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<Digest>,
    description: &'t str,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_by: Option<&'t str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<&'t str>,
}

impl<'t> TemplateJson<'t> {
    /// One that comes with the program.
    pub(super) fn built_in(name: &'t str, format: Format, text: Option<&'t str>) -> Self {
        Self {
            name,
            built_in: true,
            format,
            version: None,
            sha256: text.map(|text| Digest::of(text.as_bytes())),
            description: described(name),
            created_at: None,
            created_by: None,
            text,
        }
    }

    /// One of the tenant's, with its text or without.
    pub(super) fn own(template: &'t Template, with_text: bool) -> Self {
        Self {
            name: &template.name,
            built_in: false,
            format: Format::Pdf,
            version: Some(template.version),
            sha256: Some(template.digest),
            description: &template.description,
            created_at: Some(template.created_at),
            created_by: Some(&template.created_by),
            text: with_text.then_some(&*template.text),
        }
    }
}

fn described(name: &str) -> &'static str {
    match name {
        "compliance-detailed" => "Everything, each record with a row: for those who act on findings",
        "compliance-executive" => "The state, the picture and what to do: for those who decide",
        "audit-evidence" => {
            "Provenance with whole digests, and who decided what: for those who have to prove it"
        }
        "developer-sarif" => {
            "Rules with what they mean and what ends them: for those who read results in their editor"
        }
        _ => "",
    }
}
