//! A template that a tenant wrote, checked as far as that goes without parsing it.

use export_core::template::{MAX_TEMPLATE_BYTES, is_custom};

use crate::error::{TemplateError, TemplateErrorKind};
use crate::templates::Templates;

/// A template of a tenant: it has a name that no built-in one has, and is of bounded size. Whose it is, and what that
/// tenant may call it, is the store's business.
///
/// It may extend and include the built-in templates and their parts, `_base` above all, whose blocks it overrides.
/// Only a [`crate::sandbox::Sandbox`] parses and renders it: a long chain of operators is enough to take all the
/// stack of the process that parses it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomTemplate {
    name: String,
    source: String,
}

impl CustomTemplate {
    /// Checks name and size. [`crate::sandbox::Sandbox::check`] checks the syntax.
    ///
    /// # Errors
    /// Of kind [`TemplateErrorKind::Name`] or [`TemplateErrorKind::Text`].
    pub fn new(name: impl Into<String>, source: impl Into<String>) -> Result<Self, TemplateError> {
        let (name, source) = (name.into(), source.into());
        if !is_custom(&name) {
            return Err(TemplateError::whole(&name, TemplateErrorKind::Name));
        }
        if source.len() > MAX_TEMPLATE_BYTES {
            return Err(TemplateError::whole(&name, TemplateErrorKind::Text));
        }
        Ok(Self { name, source })
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its text.
    #[must_use]
    pub fn source(&self) -> &str {
        &self.source
    }

    /// What [`Templates::digest`] says: it follows this text and the built-in ones that it includes.
    #[must_use]
    pub fn digest(&self) -> String {
        let templates = Templates::of_tenant(&self.name, self.source.clone());
        templates.digest(&self.name).expect("the set has this template")
    }
}
