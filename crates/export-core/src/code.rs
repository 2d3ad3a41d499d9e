//! The one table of error codes. It feeds problem documents, metric labels, job rows, events and the docs.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::error::ErrorKind;

/// Whether a failed attempt is tried again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// The same attempt fails again: the export fails at once.
    Never,
    /// A lack of resources: one more attempt.
    Once,
    /// A passing fault: attempts with growing pauses.
    Backoff,
    /// The worker died, which says little about the job: many attempts, each as soon as the lease has run out.
    Crash,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $status:literal, $retry:ident, $title:literal;)*) => {
        /// What went wrong, as users see it. The set is closed, and a code never changes its meaning.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Code { $($(#[$doc])* $name,)* }

        impl Code {
            /// Every code, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The code as JSON, metrics and the docs write it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// The HTTP status (RFC 9110) of a response with this code.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$name => $status,)* }
            }

            /// What an attempt that failed with this code leads to.
            #[must_use]
            pub const fn retry(self) -> Retry {
                match self { $(Self::$name => Retry::$retry,)* }
            }

            /// The same for every occurrence: the `title` of RFC 9457, 3.1.3.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)* }
            }
        }
    };
}

codes! {
    // ---- the request ---------------------------------------------------------------------------
    /// The body is not JSON.
    InvalidJson = "invalid_json", 400, Never, "The body is not valid JSON";
    /// An object has the same member twice.
    DuplicateMember = "duplicate_member", 400, Never, "A JSON member occurs twice";
    /// Members that are missing, unknown or wrong; `errors` names each.
    InvalidRequest = "invalid_request", 422, Never, "The request is not valid";
    /// The type has no such format, or this installation has no renderer for it.
    UnsupportedFormat = "unsupported_format", 422, Never, "The type cannot be exported in this format";
    /// The contract knows the option or delivery method, this installation does not.
    UnsupportedOption = "unsupported_option", 422, Never, "The option is not available";
    /// A query parameter is wrong.
    InvalidParameter = "invalid_parameter", 422, Never, "A parameter is not valid";
    /// A header is malformed, or occurs twice.
    InvalidHeader = "invalid_header", 400, Never, "A header is not valid";
    /// A cursor that this API did not give to this tenant.
    BadCursor = "bad_cursor", 400, Never, "The cursor is not valid";
    /// The key is empty, too long, or not visible ASCII.
    InvalidIdempotencyKey = "invalid_idempotency_key", 400, Never, "The Idempotency-Key is not valid";
    /// The key was used with another body.
    IdempotencyKeyReused = "idempotency_key_reused", 422, Never, "The Idempotency-Key was used for another request";
    /// No token, or one that is not accepted.
    Unauthenticated = "unauthenticated", 401, Never, "A valid bearer token is needed";
    /// The token does not allow it.
    Forbidden = "forbidden", 403, Never, "The token does not allow this";
    /// No `X-Tenant-Id`, or a malformed one.
    TenantRequired = "tenant_required", 400, Never, "One X-Tenant-Id header is needed";
    /// The token does not grant that tenant.
    TenantMismatch = "tenant_mismatch", 403, Never, "The token does not grant this tenant";
    /// Nothing of that name, for this tenant.
    NotFound = "not_found", 404, Never, "There is nothing here";
    /// The scope names data that no source has.
    DataNotFound = "data_not_found", 404, Never, "The scope names data that no source has";
    /// The path exists, the method does not.
    MethodNotAllowed = "method_not_allowed", 405, Never, "The method is not allowed here";
    /// The export has not ended yet.
    NotReady = "not_ready", 409, Never, "The export is not ready";
    /// The export has ended already.
    AlreadyEnded = "already_ended", 409, Never, "The export has ended already";
    /// Only a failed export can be retried.
    NotFailed = "not_failed", 409, Never, "Only a failed export can be retried";
    /// The export's artifacts are past their retention.
    Expired = "expired", 410, Never, "The export has expired";
    /// The tenant has as many templates, or a template as many versions, as it may.
    TemplateQuota = "template_quota", 409, Never, "No more templates can be stored";
    /// The body is larger than the limit.
    PayloadTooLarge = "payload_too_large", 413, Never, "The body is too large";
    /// The body is not `application/json`.
    UnsupportedMediaType = "unsupported_media_type", 415, Never, "The body must be application/json";
    /// No byte of the artifact is in the range.
    RangeNotSatisfiable = "range_not_satisfiable", 416, Never, "The range lies outside the artifact";
    /// A download link that was changed, or has expired.
    LinkInvalid = "link_invalid", 403, Never, "The download link is not valid";
    /// The tenant has as many exports queued as it may.
    QueueFull = "queue_full", 429, Backoff, "Too many exports are queued";
    /// As much is being done as the service, or the tenant, may do at a time.
    Busy = "busy", 429, Backoff, "Too much is being done at a time";

    // ---- an attempt ----------------------------------------------------------------------------
    /// A user cancelled the export.
    Cancelled = "cancelled", 409, Never, "The export was cancelled";
    /// A source did not answer.
    SourceUnavailable = "source_unavailable", 503, Backoff, "A source does not answer";
    /// A source's data cannot be read; the message names the place.
    SourceInvalid = "source_invalid", 422, Never, "A source's data cannot be read";
    /// The snapshot would pass its quota of bytes.
    QuotaExceeded = "quota_exceeded", 422, Never, "The export is larger than its quota";
    /// A template failed; the message has line and kind.
    TemplateError = "template_error", 422, Never, "A template failed";
    /// The content does not fit into the format.
    FormatLimit = "format_limit", 422, Never, "The content does not fit into the format";
    /// The report tried to leave its page.
    UnexpectedNavigation = "unexpected_navigation", 422, Never, "The report tried to leave its page";
    /// Rendering took longer than it may.
    RenderTimeout = "render_timeout", 503, Once, "Rendering took too long";
    /// The renderer's process ended in the middle.
    RenderCrash = "render_crash", 503, Backoff, "The renderer crashed";
    /// What the renderer needs is not installed.
    RendererMissing = "renderer_missing", 503, Never, "The renderer is not installed";
    /// No key signs, so nothing can be sealed.
    SealingKeyMissing = "sealing_key_missing", 503, Never, "There is no key to seal with";
    /// What holds the key, or the time-stamp authority, did not answer.
    SealingUnavailable = "sealing_unavailable", 503, Backoff, "Sealing is not available";
    /// The artifact store did not answer.
    StorageUnavailable = "storage_unavailable", 503, Backoff, "The artifact store does not answer";
    /// The artifact store gave back other bytes than were written.
    StorageCorrupt = "storage_corrupt", 503, Backoff, "The artifact store changed the bytes";
    /// No space is left for snapshots or artifacts.
    StorageFull = "storage_full", 503, Backoff, "No storage is left";
    /// The worker died, or lost touch, in the middle.
    LeaseExpired = "lease_expired", 503, Crash, "The worker lost its lease";

    // ---- this installation ---------------------------------------------------------------------
    /// The service cannot take requests right now.
    Unavailable = "unavailable", 503, Backoff, "The service is not available";
    /// A fault of ours; the log has the cause.
    Internal = "internal", 500, Once, "An internal error";
}

impl Code {
    /// The code for a failure of a source.
    #[must_use]
    pub const fn of_source(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::NotFound => Self::DataNotFound,
            ErrorKind::Invalid | ErrorKind::AlreadyExists => Self::SourceInvalid,
            ErrorKind::Limit => Self::QuotaExceeded,
            ErrorKind::Full => Self::StorageFull,
            ErrorKind::Cancelled => Self::Cancelled,
            // What arrived damaged may be whole the next time; what lies there damaged is `Invalid`.
            ErrorKind::Corrupt | ErrorKind::Denied | ErrorKind::Timeout | ErrorKind::Unavailable => {
                Self::SourceUnavailable
            }
            ErrorKind::Internal => Self::Internal,
        }
    }

    /// The code for a failure of the artifact store or of the scratch disk.
    #[must_use]
    pub const fn of_storage(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::Full => Self::StorageFull,
            ErrorKind::Corrupt | ErrorKind::AlreadyExists => Self::StorageCorrupt,
            ErrorKind::Limit => Self::QuotaExceeded,
            ErrorKind::Cancelled => Self::Cancelled,
            ErrorKind::NotFound | ErrorKind::Denied | ErrorKind::Timeout | ErrorKind::Unavailable => {
                Self::StorageUnavailable
            }
            ErrorKind::Invalid | ErrorKind::Internal => Self::Internal,
        }
    }
}

impl Code {
    /// The code for a failure of what signs.
    #[must_use]
    pub const fn of_sealing(kind: ErrorKind) -> Self {
        match kind {
            ErrorKind::NotFound => Self::SealingKeyMissing,
            ErrorKind::Cancelled => Self::Cancelled,
            _ => Self::SealingUnavailable,
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Code {
    type Err = UnknownCode;

    fn from_str(text: &str) -> Result<Self, UnknownCode> {
        Self::ALL.iter().copied().find(|code| code.as_str() == text).ok_or(UnknownCode)
    }
}

/// The text is no code of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not a known error code")]
pub struct UnknownCode;

impl Serialize for Code {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Code {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        crate::text::Text::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::Code;
    use std::collections::BTreeSet;

    #[test]
    fn codes_are_distinct_words_and_round_trip() {
        let texts: BTreeSet<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(texts.len(), Code::ALL.len());
        for code in Code::ALL {
            assert_eq!(code.as_str().parse(), Ok(*code));
            assert!(code.as_str().bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'));
            assert!((400..600).contains(&code.status()));
        }
    }
}
