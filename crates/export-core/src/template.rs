//! Templates that tenants write: named, versioned, digested.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::code::Code;
use crate::digest::Digest;
use crate::id::TenantId;
use crate::problem::Problem;
use crate::request::fields::Fields;
use crate::strict_json;
use crate::time::Timestamp;

/// The most bytes that a template may have.
pub const MAX_TEMPLATE_BYTES: usize = 256 << 10;
/// The most templates that a tenant may have.
pub const MAX_TEMPLATES: usize = 100;
/// The most versions of one template.
pub const MAX_VERSIONS: usize = 1_000;

/// The most bytes that a description may have.
const MAX_DESCRIPTION: usize = 1_000;

/// One version of a template, as it is stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Template {
    /// `custom-{tenant}`, or `custom-{tenant}-` and more.
    pub name: String,
    /// From 1; each change makes a new one, and old ones stay.
    pub version: u32,
    /// SHA-256 of the text.
    pub digest: Digest,
    /// What it is for, in the words of whoever wrote it; may be empty.
    pub description: String,
    /// The template itself: minijinja over a report's view, UTF-8.
    pub text: String,
    /// When this version was stored.
    pub created_at: Timestamp,
    /// Who stored it.
    pub created_by: String,
}

/// A template to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTemplate {
    /// Its name; see [`check_name`].
    pub name: String,
    /// What it is for.
    pub description: String,
    /// The template itself, at most [`MAX_TEMPLATE_BYTES`].
    pub text: String,
}

impl NewTemplate {
    /// Parses a request's body: `{"name", "description"?, "text"}`, without `name` where the path has it.
    ///
    /// # Errors
    /// As [`ExportRequest::parse`](crate::request::ExportRequest::parse).
    pub fn parse(body: &[u8], tenant: &TenantId, path: Option<&str>) -> Result<Self, Box<Problem>> {
        let mut errors = Vec::new();
        let mut body = Fields::of(strict_json::parse(body)?, "", &mut errors);
        let name = match path {
            Some(name) => name.to_owned(),
            None => text(&mut body, "name", 128).unwrap_or_default(),
        };
        if let Err(wrong) = check_name(&name, tenant) {
            body.error("name", wrong);
        }
        let description = text(&mut body, "description", MAX_DESCRIPTION).unwrap_or_default();
        let text = text(&mut body, "text", MAX_TEMPLATE_BYTES).unwrap_or_default();
        if text.is_empty() {
            body.error("text", "is required: the template, minijinja over a report's view");
        }
        body.finish();
        if errors.is_empty() {
            return Ok(Self { name, description, text });
        }
        let detail = format!("The template cannot be stored: {} {}", errors[0].pointer, errors[0].detail);
        Err(Box::new(Problem::new(Code::InvalidRequest, detail).with_errors(errors)))
    }
}

/// A string member of at most so many bytes.
fn text(body: &mut Fields<'_>, name: &'static str, most: usize) -> Option<String> {
    match body.take(name)? {
        Value::String(text) if text.len() > most => {
            body.error(name, format!("must have at most {most} bytes"));
        }
        Value::String(text) if text.contains('\0') => body.error(name, "must not hold a NUL character"),
        Value::String(text) => return Some(text),
        _ => body.error(name, "must be a string"),
    }
    None
}

/// Whether `tenant` may store a template of that name: `custom-{tenant}`, or `custom-{tenant}-` and 1 to 64 of `a-z 0-9 -`.
///
/// # Errors
/// What the name must be.
pub fn check_name(name: &str, tenant: &TenantId) -> Result<(), String> {
    let own = format!("custom-{tenant}");
    let rest = name.strip_prefix(&own);
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let fits = rest.is_some_and(|rest| match rest.strip_prefix('-') {
        None => rest.is_empty(),
        Some(more) => (1..=64).contains(&more.len()) && more.bytes().all(allowed),
    });
    if fits { Ok(()) } else { Err(format!("must be {own}, or {own}- and 1 to 64 of a-z, 0-9 and `-`")) }
}

/// Whether a name is one of a tenant's templates, of whichever tenant.
#[must_use]
pub fn is_custom(name: &str) -> bool {
    name.starts_with("custom-")
}

impl NewTemplate {
    /// Whether `tenant` may store it.
    ///
    /// # Errors
    /// What is wrong with its name or its size.
    pub fn check(&self, tenant: &TenantId) -> Result<(), String> {
        check_name(&self.name, tenant).map_err(|must| format!("the name {must}"))?;
        match self.text.len() {
            0..=MAX_TEMPLATE_BYTES => Ok(()),
            bytes => Err(format!("the text has {bytes} bytes, and may have {MAX_TEMPLATE_BYTES}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_belong_to_their_tenant() {
        let acme: TenantId = "acme".parse().unwrap();
        for good in ["custom-acme", "custom-acme-board", "custom-acme-q4-2026"] {
            assert_eq!(check_name(good, &acme), Ok(()), "{good}");
        }
        for bad in [
            "",
            "custom-",
            "custom-acmes",
            "custom-other",
            "custom-acme-",
            "custom-acme-A",
            "custom-acme-a/../b",
            "compliance-detailed",
        ] {
            assert!(check_name(bad, &acme).is_err(), "{bad}");
        }
    }
}
