//! `GET /d/{token}`: the bytes of an artifact, for whoever holds the link. No token, no tenant: the link is the right.

mod conditions;
mod disposition;

use axum::body::Body;
use axum::extract::State;
use axum::http::header::{
    ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_RANGE,
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use axum::response::{IntoResponse as _, Response};
use export_core::audit::{AuditAction, AuditEntry, LINK_HOLDER};
use export_core::code::Code;
use export_core::error::PortError;
use export_core::export::Artifact;
use export_core::id::{ExportId, TenantId};
use export_core::ports::ByteRange;

use self::conditions::Wanted;
use crate::exports::download::expired;
use crate::openapi::Problem;
use crate::problem::Refusal;
use crate::server::{Server, Shared};

/// Download an artifact
///
/// Links come from `download_url`. Each download is noted in the audit trail when its body begins. The `ETag` is the artifact's SHA-256. One range of bytes may be asked for.
#[utoipa::path(get, path = "/d/{token}", tag = "downloads", operation_id = "downloadArtifact", security(()),
    params(("token" = String, Path, description = "As it stands in the link"),
        ("Range" = Option<String>, Header, description = "`bytes=first-last`"),
        ("If-Range" = Option<String>, Header, description = "The ETag that the range belongs to"),
        ("If-None-Match" = Option<String>, Header, description = "ETags that the client has")),
    responses(
        (status = 200, description = "The artifact", content_type = "application/octet-stream", body = [u8]),
        (status = 206, description = "A part of it", content_type = "application/octet-stream", body = [u8]),
        (status = 304, description = "The client has it"),
        (status = 403, response = Problem), (status = 404, response = Problem), (status = 410, response = Problem),
        (status = 416, response = Problem)))]
pub(crate) async fn download(
    State(server): State<Shared>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let Opened { tenant, export, artifact, key } = open(&server, &uri).await?;
    let etag = format!("\"{}\"", artifact.sha256);
    let head = describe(&artifact, &etag);
    // RFC 9110, 14.2: ranges are defined for GET only.
    let wanted = conditions::wanted(&headers, &etag, artifact.size, method == Method::GET);
    let range = match wanted {
        Wanted::Nothing => return Ok((StatusCode::NOT_MODIFIED, head).into_response()),
        Wanted::Impossible => {
            let refusal = Refusal::new(Code::RangeNotSatisfiable, "No byte of the artifact is in the range");
            return Err(refusal.with(CONTENT_RANGE, ascii(format!("bytes */{}", artifact.size))));
        }
        Wanted::All => ByteRange { start: 0, end: artifact.size },
        Wanted::Part(range) => range,
    };
    let part = match wanted {
        Wanted::Part(ByteRange { start, end }) => {
            Some(format!("bytes {start}-{}/{}", end - 1, artifact.size))
        }
        Wanted::All | Wanted::Nothing | Wanted::Impossible => None,
    };
    let body = if method == Method::HEAD {
        Body::empty()
    } else {
        let body = read(&server, &key, &artifact, range).await?;
        // Before the first byte: there is no download that was not noted.
        server.note(&tenant, downloaded(export, &artifact, part.as_deref())).await?;
        body
    };
    let mut response = (head, body).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_LENGTH, HeaderValue::from(range.end - range.start));
    if let Some(part) = part {
        headers.insert(CONTENT_RANGE, ascii(part));
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
    }
    Ok(response)
}

/// What a link allows.
struct Opened {
    tenant: TenantId,
    export: ExportId,
    artifact: Artifact,
    /// Where it is in the store.
    key: String,
}

/// The artifact that the link of `uri` allows.
async fn open(server: &Server, uri: &Uri) -> Result<Opened, Refusal> {
    let changed =
        || Refusal::new(Code::LinkInvalid, "The link is not as it was given out; ask for a new one");
    // Taken as it stands, not decoded: exactly one text is the link.
    let token = uri.path().strip_prefix("/d/").ok_or_else(changed)?;
    if uri.query().is_some() {
        return Err(changed());
    }
    let now = server.now().wall;
    let grant = server.api.links.open(token, now);
    let grant =
        grant.map_err(|refused| Refusal::new(Code::LinkInvalid, capitalised(&refused.to_string())))?;
    let job = server.find(&grant.tenant, grant.export_id).await?;
    if job.is_expired(now) {
        return Err(expired());
    }
    let outcome = job.outcome().ok_or_else(Refusal::no_such_export)?;
    let artifact = outcome.artifacts.iter().find(|artifact| artifact.name == grant.artifact);
    let artifact = artifact.ok_or_else(Refusal::no_such_export)?;
    let (artifact, key) = (artifact.clone(), format!("{}/{}", outcome.prefix, artifact.name));
    Ok(Opened { tenant: grant.tenant, export: grant.export_id, artifact, key })
}

/// What is noted of a download; of a part of the artifact, which one.
fn downloaded(export: ExportId, artifact: &Artifact, part: Option<&str>) -> AuditEntry<'static> {
    let entry = AuditEntry::new(LINK_HOLDER, AuditAction::ArtifactDownloaded, export.to_string())
        .with("artifact", artifact.name.clone())
        .with("sha256", artifact.sha256.to_string());
    match part {
        Some(part) => entry.with("range", part.to_owned()),
        None => entry,
    }
}

async fn read(server: &Server, key: &str, artifact: &Artifact, range: ByteRange) -> Result<Body, Refusal> {
    if range.start == range.end {
        return Ok(Body::empty());
    }
    let store = &server.api.engine.parts().artifacts;
    let whole = range.end - range.start == artifact.size;
    let reader = store.reader(key, (!whole).then_some(range)).await.map_err(|error| unreadable(&error))?;
    if reader.size != artifact.size {
        tracing::error!(
            key,
            stored = reader.size,
            recorded = artifact.size,
            "an artifact has changed in its store"
        );
        return Err(Refusal::new(
            Code::StorageCorrupt,
            "The stored artifact is not the one that was written",
        ));
    }
    Ok(Body::from_stream(reader.bytes))
}

fn unreadable(error: &PortError) -> Refusal {
    tracing::error!(%error, "an artifact cannot be read");
    Refusal::new(Code::of_storage(error.kind), "The artifact cannot be read right now; try again later")
}

/// Headers that go with every answer about the artifact. A browser must save it, and never run what is in it.
fn describe(artifact: &Artifact, etag: &str) -> HeaderMap {
    let media_type = HeaderValue::from_str(&artifact.media_type)
        .unwrap_or(HeaderValue::from_static("application/octet-stream"));
    HeaderMap::from_iter([
        (CONTENT_TYPE, media_type),
        (ETAG, ascii(etag.to_owned())),
        (ACCEPT_RANGES, HeaderValue::from_static("bytes")),
        (CONTENT_DISPOSITION, disposition::attachment(&artifact.name)),
        (CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
        (CONTENT_SECURITY_POLICY, HeaderValue::from_static("sandbox; default-src 'none'")),
    ])
}

fn ascii(text: String) -> HeaderValue {
    HeaderValue::try_from(text).expect("digits and ASCII words are a header value")
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
