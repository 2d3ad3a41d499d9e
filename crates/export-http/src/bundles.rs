//! Sealed bundles: what is in one, and the proof that one file is in it.

pub(crate) mod verify;

use std::collections::HashMap;

use axum::Json;
use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts;
use axum::response::{IntoResponse as _, Response};
use export_core::code::Code;
use export_core::digest::Digest;
use export_core::id::{BundleId, ExportId};
use export_core::job::{Job, Outcome};
use export_core::seal::{BundleRecord, KeyId};
use export_core::time::Timestamp;
use export_seal::manifest::{BundleManifest, Entry, EntryType};
use export_seal::proof::ProofDocument;
use export_seal::verify::MAX_SEAL_BYTES;
use futures::TryStreamExt as _;
use serde::Serialize;

use crate::auth::Tenant;
use crate::exports::download::expired;
use crate::openapi::{Problem, schemas};
use crate::problem::Refusal;
use crate::server::{Server, Shared};

/// The bundle of the path, and the place of an entry if there is one. A malformed id is answered as an unknown one.
pub(crate) struct Id {
    bundle: BundleId,
    index: Option<u64>,
}

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Refusal> {
        let path = Path::<HashMap<String, String>>::from_request_parts(parts, state).await;
        let Path(path) = path.map_err(|_| no_such_bundle())?;
        let bundle = path.get("id").and_then(|text| text.parse().ok()).ok_or_else(no_such_bundle)?;
        Ok(Self { bundle, index: path.get("index").and_then(|text| text.parse().ok()) })
    }
}

fn no_such_bundle() -> Refusal {
    Refusal::new(Code::NotFound, "There is no such bundle")
}

/// A bundle as the API shows it (contract, section 7).
#[derive(Serialize)]
struct BundleJson<'b> {
    bundle_id: BundleId,
    export_id: ExportId,
    sealed_at: Timestamp,
    contents: Vec<ContentJson<'b>>,
    merkle_root: String,
    signature: String,
    key_id: &'b KeyId,
    archive: &'b str,
    #[serde(skip_serializing_if = "Option::is_none")]
    log: Option<LogPlace>,
}

/// A file of it; one that is about something is known by what that is called, any other by its digest.
#[derive(Serialize)]
struct ContentJson<'b> {
    index: u64,
    r#type: EntryType,
    path: &'b str,
    media_type: &'b str,
    size: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    id: Option<&'b str>,
    digest: String,
}

/// Its place in the tenant's log.
#[derive(Serialize)]
struct LogPlace {
    seq: u64,
    attestation_sha256: Digest,
}

impl<'b> ContentJson<'b> {
    fn of((index, entry): (u64, &'b Entry)) -> Self {
        Self {
            index,
            r#type: entry.kind,
            path: &entry.path,
            media_type: &entry.media_type,
            size: entry.size,
            id: entry.id.as_deref(),
            digest: format!("sha256:{}", entry.sha256),
        }
    }
}

/// A sealed bundle
///
/// Everything that was sealed, with the tree's root, the signature and the key. The archive is an artifact of its export.
#[utoipa::path(get, path = "/api/v1/bundles/{id}", tag = "evidence", operation_id = "getBundle",
    params(("id" = schemas::BundleId, Path)),
    responses((status = 200, description = "The bundle", body = schemas::Bundle),
        (status = 404, response = Problem), (status = 410, response = Problem)))]
pub(crate) async fn show(State(server): State<Shared>, tenant: Tenant, id: Id) -> Result<Response, Refusal> {
    let (job, record) = find(&server, &tenant, id.bundle).await?;
    let manifest = manifest(&server, &job, &record).await?;
    let log = record.log_seq.map(|seq| LogPlace { seq, attestation_sha256: record.attestation });
    Ok(Json(BundleJson {
        bundle_id: id.bundle,
        export_id: job.id,
        sealed_at: record.sealed_at,
        contents: (0..).zip(&manifest.entries).map(ContentJson::of).collect(),
        merkle_root: format!("sha256:{}", record.merkle_root),
        signature: format!("base64:{}", record.signature),
        key_id: &record.key_id,
        archive: &record.archive,
        log,
    })
    .into_response())
}

/// The proof of one file
///
/// Shows that the file at `index` of the bundle's contents is in the tree, so that it can be handed on without the rest:
/// `exportctl verify FILE --proof PROOF` checks it against the root of the signed statement.
#[utoipa::path(get, path = "/api/v1/bundles/{id}/proofs/{index}", tag = "evidence", operation_id = "getProof",
    params(("id" = schemas::BundleId, Path), ("index" = u64, Path, description = "The place in `contents`, from 0")),
    responses((status = 200, description = "The proof", body = schemas::Proof),
        (status = 404, response = Problem), (status = 410, response = Problem)))]
pub(crate) async fn proof(State(server): State<Shared>, tenant: Tenant, id: Id) -> Result<Response, Refusal> {
    let (job, record) = find(&server, &tenant, id.bundle).await?;
    let none = || {
        let last = record.entries.saturating_sub(1);
        Refusal::new(
            Code::NotFound,
            format!("The bundle has no such entry; they are numbered from 0 to {last}"),
        )
    };
    let index = id.index.ok_or_else(none)?;
    let manifest = manifest(&server, &job, &record).await?;
    let proving = tokio::task::spawn_blocking(move || ProofDocument::of(&manifest, index));
    let proof = proving.await.map_err(|_| Refusal::new(Code::Internal, "The proof panicked"))?;
    Ok(Json(proof.ok_or_else(none)?).into_response())
}

/// The tenant's bundle with its export. Foreign and unknown ids cannot be told apart.
async fn find(server: &Server, tenant: &Tenant, id: BundleId) -> Result<(Job, BundleRecord), Refusal> {
    let job = server.reader().find_bundle(&tenant.id, id).await?.ok_or_else(no_such_bundle)?;
    if job.is_expired(server.now().wall) {
        return Err(expired());
    }
    let record = job.outcome().and_then(|outcome| outcome.bundle.clone()).ok_or_else(no_such_bundle)?;
    Ok((job, *record))
}

/// The bundle's own manifest, from the artifact of that name.
async fn manifest(server: &Server, job: &Job, record: &BundleRecord) -> Result<BundleManifest, Refusal> {
    let corrupt = |what: &str| {
        tracing::error!(export_id = %job.id, "the manifest of a bundle {what}");
        Refusal::new(Code::StorageCorrupt, "The bundle's manifest is not as it was stored")
    };
    let Some(Outcome { prefix, artifacts, .. }) = job.outcome() else { return Err(no_such_bundle()) };
    let artifact = artifacts.iter().find(|artifact| artifact.name == record.manifest);
    let artifact =
        artifact.filter(|artifact| artifact.size <= MAX_SEAL_BYTES).ok_or_else(|| corrupt("is missing"))?;
    let store = &server.api.engine.parts().artifacts;
    let reader = store.reader(&format!("{prefix}/{}", record.manifest), None).await?;
    let size = usize::try_from(artifact.size).unwrap_or(usize::MAX);
    let (mut bytes, mut chunks) = (Vec::new(), reader.bytes);
    while let Some(chunk) = chunks.try_next().await? {
        if bytes.len() + chunk.len() > size {
            return Err(corrupt("has grown"));
        }
        bytes.extend_from_slice(&chunk);
    }
    let sha256 = artifact.sha256;
    let reading = tokio::task::spawn_blocking(move || {
        (Digest::of(&bytes) == sha256).then(|| serde_json::from_slice(&bytes).ok()).flatten()
    });
    let read = reading.await.map_err(|_| Refusal::new(Code::Internal, "The manifest's reading panicked"))?;
    read.ok_or_else(|| corrupt("was changed"))
}
