//! A template that a tenant wrote, checked as far as that goes without parsing it.

use crate::error::{TemplateError, TemplateErrorKind};
use crate::templates::Templates;

/// Bytes of a tenant's template: the built-in ones and all their parts have a tenth of it.
pub const MAX_TEXT: usize = 256 << 10;

/// How the name of every tenant's template begins.
const PREFIX: &str = "custom-";

/// Bytes of a name.
const MAX_NAME: usize = 128;

/// A template of a tenant: it has a name that no built-in one has, and is of bounded size.
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
        if !is_name(&name) {
            return Err(TemplateError::whole(shown(&name), TemplateErrorKind::Name));
        }
        if source.len() > MAX_TEXT {
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

fn is_name(name: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    name.len() <= MAX_NAME
        && name.strip_prefix(PREFIX).is_some_and(|rest| !rest.is_empty() && rest.bytes().all(allowed))
}

/// As much of a refused name as an error tells.
fn shown(name: &str) -> &str {
    let end = name.char_indices().nth(MAX_NAME).map_or(name.len(), |(end, _)| end);
    &name[..end]
}
