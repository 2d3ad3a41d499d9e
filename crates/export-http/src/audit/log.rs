//! The trail as a log that can be proved: checkpoints, and proofs that lead to them.

use axum::Json;
use axum::extract::State;
use axum::http::Uri;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use export_core::code::Code;
use export_core::digest::Digest;
use export_core::error::ErrorKind;
use export_core::id::TenantId;
use export_core::ports::Checkpoint;
use export_core::time::Timestamp;
use export_engine::{SealLog, Sealing, checkpoint, hash_of};
use export_seal::merkle::{Range, consistency_path, inclusion_path};
use export_seal::note::origin;
use serde::Serialize;

use crate::auth::Tenant;
use crate::openapi::{Problem, schemas};
use crate::problem::Refusal;
use crate::query::Parameters;
use crate::server::{Server, Shared};

/// A signed tree head.
#[derive(Serialize)]
pub(crate) struct CheckpointJson {
    origin: String,
    size: u64,
    root: String,
    at: Timestamp,
    note: String,
}

impl CheckpointJson {
    fn of(tenant: &TenantId, checkpoint: Checkpoint) -> Self {
        let Checkpoint { size, root, at, note } = checkpoint;
        Self { origin: origin(tenant), size, root: format!("sha256:{root}"), at, note }
    }
}

/// Hashes that lead from one place of the tree to a root.
#[derive(Serialize)]
pub(crate) struct PathJson {
    #[serde(skip_serializing_if = "Option::is_none")]
    seq: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<u64>,
    size: u64,
    root: String,
    hashes: Vec<String>,
}

/// A checkpoint of the log
///
/// The audit trail's size and the root of the tree over it (RFC 6962), signed with the sealing key, as a C2SP signed note. Keep
/// it: with a later one and the proof of consistency it shows that nothing was changed, removed or put in. `size` asks for an
/// older one.
#[utoipa::path(get, path = "/api/v1/audit/checkpoint", tag = "audit", operation_id = "getCheckpoint",
    params(("size" = Option<u64>, Query, description = "The newest that covers at most so many events", minimum = 1)),
    responses((status = 200, description = "The checkpoint", body = schemas::Checkpoint),
        (status = 404, response = Problem), (status = 422, response = Problem)))]
pub(crate) async fn latest(
    State(server): State<Shared>,
    tenant: Tenant,
    uri: Uri,
) -> Result<Json<CheckpointJson>, Refusal> {
    let mut parameters = Parameters::of(&uri);
    let size = parameters.word::<u64>("size");
    parameters.finish()?;
    let (sealing, log) = log(&server)?;
    let none = || Refusal::new(Code::NotFound, "There is no checkpoint of that size");
    let found = match size {
        Some(_) => log.ledger.checkpoint(&tenant.id, size).await?.ok_or_else(none)?,
        None => match checkpoint(&*log.ledger, &*sealing.signer, &tenant.id, server.now()).await {
            Err(error) if error.kind == ErrorKind::NotFound => {
                return Err(Refusal::new(
                    Code::NotFound,
                    "Nothing can be signed yet: the log is empty, or no key signs",
                ));
            }
            signed => signed?,
        },
    };
    Ok(Json(CheckpointJson::of(&tenant.id, found)))
}

/// The proof that two checkpoints are of one log
///
/// RFC 6962, 2.1.2: the hashes that lead from the root over the first `from` events to that over `to`.
#[utoipa::path(get, path = "/api/v1/audit/proofs/consistency", tag = "audit", operation_id = "getConsistency",
    params(("from" = u64, Query, description = "The size of the earlier checkpoint", minimum = 1),
        ("to" = Option<u64>, Query, description = "The size of the later one; all events if absent", minimum = 1)),
    responses((status = 200, description = "The proof", body = schemas::LogProof),
        (status = 422, response = Problem)))]
pub(crate) async fn consistency(
    State(server): State<Shared>,
    tenant: Tenant,
    uri: Uri,
) -> Result<Json<PathJson>, Refusal> {
    let mut parameters = Parameters::of(&uri);
    let (from, to) = (parameters.word::<u64>("from"), parameters.word::<u64>("to"));
    if from.is_none() {
        parameters.error("from", "is required: the size of the earlier checkpoint");
    }
    let (_, log) = log(&server)?;
    let events = log.ledger.size(&tenant.id).await?;
    let to = to.unwrap_or(events);
    let path = consistency_path(from.unwrap_or(1), to).filter(|_| to <= events);
    if path.is_none() {
        parameters.error("from", format!("must be at least 1 and at most `to`, and that at most {events}"));
    }
    parameters.finish()?;
    let path = path.unwrap_or_default();
    Ok(Json(PathJson { from, ..proof(log, &tenant.id, to, path).await? }))
}

/// The proof that an event is in the log
///
/// RFC 6962, 2.1.1: the hashes that lead from event `seq` to the root over the first `size` events. The leaf's data is the event's
/// `hash`, as 32 bytes.
#[utoipa::path(get, path = "/api/v1/audit/proofs/inclusion", tag = "audit", operation_id = "getInclusion",
    params(("seq" = u64, Query, description = "The event", minimum = 1),
        ("size" = Option<u64>, Query, description = "The size of the checkpoint; all events if absent", minimum = 1)),
    responses((status = 200, description = "The proof", body = schemas::LogProof),
        (status = 422, response = Problem)))]
pub(crate) async fn inclusion(
    State(server): State<Shared>,
    tenant: Tenant,
    uri: Uri,
) -> Result<Json<PathJson>, Refusal> {
    let mut parameters = Parameters::of(&uri);
    let (seq, size) = (parameters.word::<u64>("seq"), parameters.word::<u64>("size"));
    if seq.is_none() {
        parameters.error("seq", "is required: the event's number");
    }
    let (_, log) = log(&server)?;
    let events = log.ledger.size(&tenant.id).await?;
    let size = size.unwrap_or(events);
    let path = seq.and_then(|seq| seq.checked_sub(1)).and_then(|index| inclusion_path(index, size));
    let path = path.filter(|_| size <= events);
    if path.is_none() {
        parameters.error("seq", format!("must be at least 1 and at most `size`, and that at most {events}"));
    }
    parameters.finish()?;
    let path = path.unwrap_or_default();
    Ok(Json(PathJson { seq, ..proof(log, &tenant.id, size, path).await? }))
}

fn log(server: &Server) -> Result<(&Sealing, &SealLog), Refusal> {
    let sealing = server.api.engine.parts().writers.sealing();
    let none = || Refusal::new(Code::NotFound, "This installation keeps no log that can be proved");
    sealing.and_then(|sealing| Some((sealing, sealing.log.as_ref()?))).ok_or_else(none)
}

async fn proof(log: &SealLog, tenant: &TenantId, size: u64, path: Vec<Range>) -> Result<PathJson, Refusal> {
    let base64 = |hash: Digest| STANDARD.encode(hash.as_bytes());
    let mut hashes = Vec::with_capacity(path.len());
    for range in path {
        hashes.push(base64(hash_of(&*log.ledger, tenant, range).await?));
    }
    let root = hash_of(&*log.ledger, tenant, export_seal::merkle::peaks(size)).await?;
    Ok(PathJson { seq: None, from: None, size, root: format!("sha256:{root}"), hashes })
}
