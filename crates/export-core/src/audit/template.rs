//! What is noted of templates. Stores of templates call these, so that all of them note the same.

use super::{AuditAction, AuditEntry};
use crate::template::Template;

impl AuditEntry<'static> {
    /// A version was stored.
    #[must_use]
    pub fn template_stored(stored: &Template) -> Self {
        Self::new(stored.created_by.clone(), AuditAction::TemplateStored, stored.name.clone())
            .with("version", stored.version.to_string())
            .with("sha256", stored.digest.to_string())
    }

    /// `by` has removed a template with so many versions.
    #[must_use]
    pub fn template_deleted(name: &str, versions: u64, by: &str) -> Self {
        Self::new(by.to_owned(), AuditAction::TemplateDeleted, name.to_owned())
            .with("versions", versions.to_string())
    }
}
