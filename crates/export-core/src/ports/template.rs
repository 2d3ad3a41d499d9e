//! Where tenants' templates are kept.

use async_trait::async_trait;

use crate::error::PortError;
use crate::id::TenantId;
use crate::template::{NewTemplate, Template};
use crate::time::Now;

/// Templates of a tenant, in the order of their names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TemplatePage {
    /// The newest version of each.
    pub templates: Vec<Template>,
    /// Whether there are more behind the last.
    pub more: bool,
}

/// Keeps templates. Every change is durable when the call returns, and one transaction with its entry in the audit trail.
#[async_trait]
pub trait TemplateStore: Send + Sync {
    /// Stores a template, or a new version of it. The same text and description as the newest version change nothing, and
    /// give that version.
    ///
    /// # Errors
    /// `Invalid` if the tenant may not store a template of that name, or the text is too long;
    /// `Limit` if the tenant has as many templates, or the template as many versions, as it may; `Full`, `Unavailable`.
    async fn put(
        &self,
        tenant: &TenantId,
        template: NewTemplate,
        by: &str,
        now: Now,
    ) -> Result<Template, PortError>;

    /// One version of a template, the newest if none is named; none if there is none.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn get(
        &self,
        tenant: &TenantId,
        name: &str,
        version: Option<u32>,
    ) -> Result<Option<Template>, PortError>;

    /// The templates of a tenant whose names come behind `after`, at most `limit`.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn list(
        &self,
        tenant: &TenantId,
        after: Option<&str>,
        limit: usize,
    ) -> Result<TemplatePage, PortError>;

    /// Removes a template with all its versions; false if there was none. A template of the same name that is stored later
    /// goes on counting its versions.
    ///
    /// # Errors
    /// `Unavailable`.
    async fn delete(&self, tenant: &TenantId, name: &str, by: &str, now: Now) -> Result<bool, PortError>;
}

/// Why a template cannot be used, told by its place and never by a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct TemplateFault {
    /// What is wrong and where, in words.
    pub message: String,
    /// Whether the template is to blame: the same text fails again. If not, it could not be tried.
    pub is_mistake: bool,
}

/// Tries templates, without data of anybody's.
pub trait TemplateTrial: Send + Sync {
    /// The text of a template that comes with the program; none if there is none of that name, or none that has a text.
    fn built_in(&self, name: &str) -> Option<&'static str>;

    /// Parses `template` and all that it includes. Takes seconds at most.
    ///
    /// # Errors
    /// The first mistake, with its place.
    fn check(&self, template: &NewTemplate) -> Result<(), TemplateFault>;

    /// The page that `template` makes of an invented report in which every section has something to say: HTML. Takes
    /// seconds at most.
    ///
    /// # Errors
    /// The first mistake, with its place.
    fn preview(&self, template: &NewTemplate) -> Result<String, TemplateFault>;
}
