//! The shapes of requests and answers, as the document tells them. Mirrors of `export-core`'s types, which know nothing of
//! HTTP; a test holds real answers against them.

#![expect(dead_code, reason = "only their shapes are used")]

mod answer;
mod evidence;
mod request;

use export_core::audit;
use export_core::catalogue;
use export_core::code;
use export_core::export;
use serde::Deserialize;
use utoipa::openapi::path::{Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Schema, Type};
use utoipa::openapi::{RefOr, Required};
use utoipa::{IntoParams, PartialSchema, ToSchema};

pub(crate) use self::answer::{AuditPage, Export, ExportEvent, Link, Page, Problem, Template, TemplatePage};
pub(crate) use self::evidence::{Bundle, Checkpoint, Jwks, LogProof, Proof, Verification};
pub(crate) use self::request::{ExportRequest, NewTemplate, TemplateText};

/// Closed sets of words, taken from the core so that the document cannot fall behind.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident = $all:expr;)*) => {$(
        $(#[$doc])*
        #[derive(Deserialize)]
        pub(crate) struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let words = $all.iter().map(|word| word.as_str());
                ObjectBuilder::new().schema_type(Type::String).enum_values(Some(words)).into()
            }
        }

        impl ToSchema for $name {}
    )*};
}

words! {
    ExportType = catalogue::ExportType::ALL;
    Format = catalogue::Format::ALL;
    Status = export::Status::ALL;
    AuditAction = audit::AuditAction::ALL;
    EventKind = export::EventKind::ALL;
    Code = code::Code::ALL;
}

/// Strings of a fixed form.
macro_rules! patterns {
    ($($name:ident = $pattern:literal, $description:literal;)*) => {$(
        #[derive(Deserialize)]
        pub(crate) struct $name;

        impl PartialSchema for $name {
            fn schema() -> RefOr<Schema> {
                let text = ObjectBuilder::new().schema_type(Type::String).pattern(Some($pattern));
                text.description(Some($description)).into()
            }
        }

        impl ToSchema for $name {}
    )*};
}

patterns! {
    ExportId = "^exp-[0-7][0-9a-hjkmnp-tv-z]{25}$", "`exp-` and a UUID version 7 in lower-case Crockford base32";
    BundleId = "^bnd-[0-7][0-9a-hjkmnp-tv-z]{25}$", "`bnd-` and a UUID version 7 in lower-case Crockford base32";
    KeyId = "^[A-Za-z0-9_-]{43}$", "The RFC 7638 thumbprint of a public key";
    PrefixedDigest = "^sha256:[0-9a-f]{64}$", "SHA-256 in hexadecimal digits, with its name before it";
    Sha256 = "^[0-9a-f]{64}$", "SHA-256 in hexadecimal digits";
    ScanId = "^[A-Za-z0-9:@+-][A-Za-z0-9._:@+-]{0,199}$", "One scan";
    Time = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+Z$", "An RFC 3339 time in UTC";
    DateBound = "^(now|-[0-9]{1,4}[wdhm]|[0-9]{4}-.+)$", "An RFC 3339 time, `now`, or a past offset such as `-7d`, `-12h`, `-30m`, `-2w`";
    DownloadUrl = "^https?://", "Gives the bytes of an artifact for a while, without a token";
    TemplateName = "^[a-z][a-z0-9-]{0,150}$", "A built-in template, `custom-{tenant}`, or `custom-{tenant}-` and more";
    TenantId = "^[a-z0-9][a-z0-9-]{0,62}$", "The owner of everything";
}

/// What a list may be narrowed to
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct ListParameters {
    r#type: Option<ExportType>,
    format: Option<Format>,
    status: Option<Status>,
    /// At this time or later
    created_after: Option<DateBound>,
    /// Before this time
    created_before: Option<DateBound>,
    /// The size of the page
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before
    #[param(pattern = "^[A-Za-z0-9_-]{62}$")]
    cursor: Option<String>,
}

/// What a page of the audit trail may be narrowed to
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AuditParameters {
    action: Option<AuditAction>,
    /// Who, exactly: the subject of a token, `system`, `link`
    actor: Option<String>,
    /// With what, exactly: an export's id, a template's name
    target: Option<String>,
    /// At this time or later
    after: Option<DateBound>,
    /// Before this time
    before: Option<DateBound>,
    /// The size of the page
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before
    #[param(pattern = "^[A-Za-z0-9_-]{32}$")]
    cursor: Option<String>,
}

/// The size of a page, and where it starts
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageParameters {
    /// The size of the page
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<i64>,
    /// The `next_cursor` of the page before
    #[param(pattern = "^[A-Za-z0-9_-]+$")]
    cursor: Option<String>,
}

/// What a WebSocket tells
#[derive(IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct EventParameters {
    /// The tenant, for clients that cannot set headers
    tenant: Option<TenantId>,
    /// Events of this export only, until it ends
    export_id: Option<ExportId>,
    /// The last event that the client saw, 0 for all; from now on if absent
    #[param(pattern = "^[0-9]+$")]
    last_event_id: Option<String>,
}

/// The header that names the tenant.
pub(super) fn tenant_header(required: bool) -> Parameter {
    ParameterBuilder::new()
        .name("X-Tenant-Id")
        .parameter_in(ParameterIn::Header)
        .description(Some("The tenant to act for; the token must grant it"))
        .required(if required { Required::True } else { Required::False })
        .schema(Some(TenantId::schema()))
        .build()
}
