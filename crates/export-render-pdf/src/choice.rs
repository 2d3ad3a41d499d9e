//! Which template a report is printed by.

use export_core::code::Code;
use export_core::manifest::TemplateRecord;
use export_core::ports::{Brief, RenderError};
use export_core::template::is_custom;
use export_core::warning::{Warning, WarningCode};
use export_templates::{CustomTemplate, Templates};

use crate::renderer::TEMPLATES;

/// A template, and what is to be said of the choice.
pub(crate) struct Choice {
    /// What the manifest says of it.
    pub(crate) record: TemplateRecord,
    /// Its text, if it is the tenant's own.
    pub(crate) own: Option<CustomTemplate>,
    /// Why it is not the one that was asked for.
    pub(crate) fallback: Option<Warning>,
}

/// The template that the request names, or the default one.
pub(crate) fn choose(brief: &Brief<'_>, templates: &Templates) -> Result<Choice, RenderError> {
    let name = brief.request.options.template.as_deref().unwrap_or(TEMPLATES[0]);
    if is_custom(name) {
        return Ok(custom(brief, name, templates));
    }
    if TEMPLATES.contains(&name) {
        return Ok(Choice { record: built_in(name, templates), own: None, fallback: None });
    }
    let message = format!("there is no template named {name:?}; there are: {}", TEMPLATES.join(", "));
    Err(RenderError::new(Code::TemplateError, message))
}

fn custom(brief: &Brief<'_>, name: &str, templates: &Templates) -> Choice {
    let Some(stored) = brief.template else {
        return instead(&format!("template {name:?}: it has been deleted"), templates);
    };
    match CustomTemplate::new(name, &*stored.text) {
        Ok(own) => {
            let digest = own.digest().parse().expect("templates give SHA-256 in lower-case hex");
            let record = TemplateRecord { name: name.to_owned(), digest };
            Choice { record, own: Some(own), fallback: None }
        }
        Err(error) => instead(&error.to_string(), templates),
    }
}

/// The default template, for one that cannot be used because of `what`, which has the place in it.
pub(crate) fn instead(what: &str, templates: &Templates) -> Choice {
    let message = format!(
        "The report is printed by the template {}, because the one that was asked for failed: {what}. Nothing is missing in \
         it; mend the template, and try it with its preview.",
        TEMPLATES[0]
    );
    let fallback = Some(Warning::new(WarningCode::TemplateFallback, message));
    Choice { record: built_in(TEMPLATES[0], templates), own: None, fallback }
}

fn built_in(name: &str, templates: &Templates) -> TemplateRecord {
    let digest = templates.digest(name).expect("it is one of the built-in ones");
    let digest = digest.parse().expect("templates give SHA-256 in lower-case hex");
    TemplateRecord { name: name.to_owned(), digest }
}
