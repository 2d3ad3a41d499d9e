//! From bytes to a valid request, once, with every error at its pointer.

use std::str::FromStr;

use serde_json::{Map, Value};

use super::fields::{Fields, kind};
use super::trail;
use super::{CsvOptions, CustomFields, DateRange, Delivery, ExportRequest, Options, Scope};
use crate::catalogue::{ExportType, Format};
use crate::code::Code;
use crate::problem::{FieldError, Problem};
use crate::strict_json;
use crate::time::DateBound;

/// The most scans, images or policy sets that one request may name.
const MAX_NAMES: usize = 10_000;

impl ExportRequest {
    /// Parses a request's body.
    ///
    /// # Errors
    /// A problem `invalid_json`, `duplicate_member`, `invalid_request` (with every wrong place in `errors`) or
    /// `unsupported_format` (with the formats that the type has).
    pub fn parse(body: &[u8]) -> Result<Self, Box<Problem>> {
        let mut errors = Vec::new();
        let mut body = Fields::of(strict_json::parse(body)?, "", &mut errors);
        let kind = required::<ExportType>(&mut body, "type");
        let format = required::<Format>(&mut body, "format");
        let scope = scope(&mut body);
        let options = options(body.object("options"));
        let delivery = delivery(body.object("delivery"));
        body.finish();
        let (Some(kind), Some(format), true) = (kind, format, errors.is_empty()) else {
            return Err(Box::new(invalid(errors)));
        };
        check_pair(kind, format)?;
        if kind == ExportType::AuditLog {
            trail::check(&scope)?;
        }
        Ok(Self { kind, format, scope, options, delivery })
    }
}

pub(super) fn invalid(errors: Vec<FieldError>) -> Problem {
    let detail = match errors.as_slice() {
        [one] => format!("{} {}", if one.pointer.is_empty() { "The body" } else { &one.pointer }, one.detail),
        many => format!("{} members are not valid; see errors", many.len()),
    };
    Problem::new(Code::InvalidRequest, detail).with_errors(errors)
}

fn check_pair(kind: ExportType, format: Format) -> Result<(), Box<Problem>> {
    if kind.formats().contains(&format) {
        return Ok(());
    }
    Err(Box::new(unsupported_format(kind, format, kind.formats())))
}

/// The refusal of a format, with those that are allowed instead.
#[must_use]
pub(crate) fn unsupported_format(kind: ExportType, format: Format, allowed: &[Format]) -> Problem {
    let allowed: Vec<String> = allowed.iter().map(ToString::to_string).collect();
    let names = allowed.join(", ");
    let detail = format!("{kind} cannot be exported as {format}; its formats are {names}");
    let error = FieldError::new("/format", format!("must be one of {names} for {kind}"));
    let problem = Problem::new(Code::UnsupportedFormat, detail).with_errors(vec![error]);
    Problem { allowed_formats: allowed, ..problem }
}

fn required<T: FromStr<Err: std::fmt::Display>>(body: &mut Fields<'_>, name: &'static str) -> Option<T> {
    let Some(value) = body.take(name) else {
        body.error(name, "is required");
        return None;
    };
    match value {
        Value::String(text) => text.parse().map_err(|problem: T::Err| body.error(name, problem)).ok(),
        other => {
            body.error(name, format!("must be a string, not {}", kind(&other)));
            None
        }
    }
}

fn scope(body: &mut Fields<'_>) -> Scope {
    let Some(value) = body.take("scope") else {
        body.error("scope", "is required: name scan_ids, image_refs, policy_sets or a date_range");
        return Scope::default();
    };
    let given = value.is_object();
    let mut fields = body.nested("scope", value);
    let before = fields.error_count();
    let scope = Scope {
        scan_ids: fields.words("scan_ids", MAX_NAMES),
        image_refs: fields
            .words::<Name<512>>("image_refs", MAX_NAMES)
            .into_iter()
            .map(|name| name.0)
            .collect(),
        policy_sets: fields
            .words::<Name<200>>("policy_sets", MAX_NAMES)
            .into_iter()
            .map(|name| name.0)
            .collect(),
        date_range: date_range(&mut fields),
    };
    if given && fields.error_count() == before && !fields.has_rest() && scope == Scope::default() {
        fields.error("", "is empty: name scan_ids, image_refs, policy_sets or a date_range");
    }
    fields.finish();
    scope
}

fn date_range(scope: &mut Fields<'_>) -> Option<DateRange> {
    let value = scope.take("date_range")?;
    let mut fields = scope.nested("date_range", value);
    let before = fields.error_count();
    let start = fields.word("start");
    let end = fields.word("end").unwrap_or(DateBound::Ago(std::time::Duration::ZERO));
    if start.is_none() && fields.error_count() == before {
        fields.error("start", "is required");
    }
    let reversed = match (start, end) {
        (Some(DateBound::At(start)), DateBound::At(end)) => start > end,
        (Some(DateBound::Ago(start)), DateBound::Ago(end)) => start < end,
        _ => false,
    };
    if reversed {
        fields.error("start", "must not be later than end");
    }
    fields.finish();
    start.map(|start| DateRange { start, end })
}

fn options(mut fields: Fields<'_>) -> Options {
    let options = Options {
        include_sbom: fields.flag("include_sbom"),
        include_evidence: fields.flag("include_evidence"),
        include_remediation: fields.flag("include_remediation"),
        template: fields.word::<Slug>("template").map(|name| name.0),
        custom_fields: custom_fields(&mut fields),
        on_source_error: fields.choice("on_source_error", "fail, warn"),
        baseline: fields.word("baseline_scan_id"),
        spec_version: fields.word::<Name<16>>("spec_version").map(|name| name.0),
        csv: csv(fields.object("csv")),
        json_lines: fields.flag("json_lines"),
        sarif_profile: fields.choice("sarif_profile", "full, github"),
        pdf_profile: fields.choice("pdf_profile", "standard, archival"),
        pdf_max_rows: fields.number("pdf_max_rows", 1_000_000),
        redaction: fields.word::<Slug>("redaction").map(|name| name.0),
        retention_days: fields.number("retention_days", 3_650),
    };
    fields.finish();
    options
}

fn csv(mut fields: Fields<'_>) -> CsvOptions {
    let delimiter = match fields.word::<Name<8>>("delimiter").as_ref().map(|name| name.0.as_str()) {
        None => ',',
        Some("tab") => '\t',
        Some(text) if matches!(text, "," | ";" | "|" | "\t") => char::from(text.as_bytes()[0]),
        Some(_) => {
            fields.error("delimiter", "must be one of `,` `;` `|` or a tab (also `tab`)");
            ','
        }
    };
    let options = CsvOptions {
        delimiter,
        bom: fields.flag("bom"),
        formula_escape: fields.choice("formula_escape", "on, off"),
    };
    fields.finish();
    options
}

fn custom_fields(options: &mut Fields<'_>) -> CustomFields {
    let mut fields = CustomFields::new();
    let members = match options.take("custom_fields") {
        None => return fields,
        Some(Value::Object(members)) => members,
        Some(other) => {
            options.error("custom_fields", format!("must be an object, not {}", kind(&other)));
            return fields;
        }
    };
    if members.len() > 32 {
        options.error("custom_fields", format!("has {} members; at most 32 are allowed", members.len()));
        return fields;
    }
    for (name, value) in members {
        let place = format!("custom_fields/{}", strict_json::escape_token(&name));
        match value {
            Value::String(text) if check_text::<64>(&name).is_ok() && text.chars().count() <= 1_000 => {
                fields.insert(name, text);
            }
            Value::String(_) => {
                options.error_at(&place, "needs a name of 1 to 64 characters and at most 1,000 of text");
            }
            other => options.error_at(&place, format!("must be a string, not {}", kind(&other))),
        }
    }
    fields
}

fn delivery(mut fields: Fields<'_>) -> Delivery {
    let method = fields.choice("method", "download, email, webhook, s3");
    let config = match fields.take("config") {
        None => Map::new(),
        Some(Value::Object(config)) => config,
        Some(other) => {
            fields.error("config", format!("must be an object, not {}", kind(&other)));
            Map::new()
        }
    };
    fields.finish();
    Delivery { method, config }
}

/// A text of 1 to `MAX` characters without control characters.
#[derive(PartialEq)]
struct Name<const MAX: usize>(String);

impl<const MAX: usize> FromStr for Name<MAX> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        check_text::<MAX>(text).map(|()| Self(text.to_owned()))
    }
}

fn check_text<const MAX: usize>(text: &str) -> Result<(), String> {
    let control = |c: char| c.is_control() && c != '\t';
    match text.chars().count() {
        0 => Err("must not be empty".to_owned()),
        count if count > MAX => Err(format!("must have at most {MAX} characters")),
        _ if text.contains(control) => Err("must not hold control characters".to_owned()),
        _ => Ok(()),
    }
}

/// A name of a thing of ours: 1 to 64 of `a-z 0-9 -`, starting with a letter.
struct Slug(String);

impl FromStr for Slug {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, &'static str> {
        let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        let starts = text.as_bytes().first().is_some_and(u8::is_ascii_lowercase);
        if starts && text.len() <= 64 && text.bytes().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err("must be 1 to 64 of a-z, 0-9 and `-`, starting with a letter")
        }
    }
}
