//! The seal of a bundle: tree, signature, time-stamp, and its place in the tenant's log.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use export_core::audit::AuditEntry;
use export_core::code::Code;
use export_core::digest::Digest;
use export_core::error::PortError;
use export_core::id::BundleId;
use export_core::manifest::{Generator, TemplateRecord};
use export_core::seal::{BundleRecord, SealedFile};
use export_core::time::Timestamp;
use export_core::warning::{Warning, WarningCode};
use export_seal::manifest::{ATTESTATION, CHECKPOINT, MANIFEST, TIMESTAMP};
use export_seal::note::LogHead;
use export_seal::seal::{Draft, Facts, Seal};
use export_seal::statement::{SnapshotClaim, TemplateClaim};

use super::contents::{Contents, Entry};
use super::leaflet;
use crate::produce::Place;
use crate::render::Order;
use crate::sealing::signed;
use crate::{AttemptPulse, Fault, SealLog, Sealing, Timestamps, checkpoint};

/// The artifact that is the bundle's `manifest.json`, for those who ask for a proof.
pub(crate) const MANIFEST_ARTIFACT: &str = "bundle-manifest.json";

/// A bundle that is ready to be packed.
pub(crate) struct Sealed {
    /// Everything that goes into the archive, in its order: the seal first.
    pub(crate) entries: Vec<Entry>,
    /// What is kept of it.
    pub(crate) record: BundleRecord,
    /// Its files, for the page that tells of it.
    pub(crate) files: Vec<SealedFile>,
    /// The bytes of `manifest.json`.
    pub(crate) manifest: Vec<u8>,
    pub(crate) warnings: Vec<Warning>,
}

/// Seals `contents`, which are of `order`; the archive will be called `archive`.
#[tracing::instrument(name = "evidence-seal", skip_all, fields(export_id = %order.export_id))]
pub(crate) async fn seal(
    order: &Order,
    mut contents: Contents,
    template: Option<&TemplateRecord>,
    archive: &str,
    sealing: &Sealing,
    place: Place<'_>,
) -> Result<Sealed, Fault> {
    let pulse = place.pulse;
    let sealed_at = (place.fresh.now)().wall;
    let digests: Vec<u8> = contents.0.iter().flat_map(|entry| *entry.sha256.as_bytes()).collect();
    let bundle_id = BundleId::new(sealed_at, &(place.fresh.random)(&Digest::of(&digests)));
    let facts = facts(order, template, bundle_id, sealed_at);
    let mut draft = None;
    // The key is in the bundle, so another key makes another draft.
    let signing = signed(&*sealing.signer, |key| {
        let leaflet = leaflet::of(&contents, order, key);
        let entries = contents.0.iter().chain(&leaflet).map(Entry::sealed).collect();
        let made = Draft::new(entries, facts.clone(), *key);
        let message = made.as_ref().map(Draft::message).unwrap_or_default();
        draft = Some((made, leaflet));
        message
    });
    let (_, signature) = pulse.until_stopped(signing).await.map_err(Fault::of_sealing)?;
    let unsealable = |error: &dyn std::fmt::Display| Fault::new(Code::Internal, error.to_string());
    let (made, leaflet) = draft.ok_or_else(|| unsealable(&"nothing was signed"))?;
    let seal = made.map_err(|error| unsealable(&error))?;
    let seal = seal.signed(signature).map_err(|error| unsealable(&error))?;
    contents.0.extend(leaflet);
    contents.0.sort_by(|a, b| a.path.cmp(&b.path));

    let mut warnings = Vec::new();
    let mut beside = Vec::new();
    if let Some(timestamps) = &sealing.timestamps {
        match stamp(timestamps, &seal, pulse).await? {
            Ok(token) => beside.push(Entry::held(TIMESTAMP, "application/timestamp-reply", token)),
            Err(warning) => warnings.push(warning),
        }
    }
    let mut record = record(&seal, bundle_id, sealed_at, archive);
    if let Some(log) = &sealing.log {
        let (seq, note) = note(log, order, &record, sealing, place).await.map_err(Fault::of_sealing)?;
        record.log_seq = Some(seq);
        // Whoever trusts the key of the bundle alone must be able to verify the checkpoint too.
        if LogHead::read(&note, &[seal.key]).is_ok() {
            beside.push(Entry::held(CHECKPOINT, "text/plain; charset=utf-8", note.into_bytes()));
        } else {
            let message = "The sealing key was replaced while the bundle was added to the log: it carries no checkpoint";
            warnings.push(Warning::new(WarningCode::CheckpointMissing, message));
        }
    }
    let file =
        |entry: &Entry| SealedFile { path: entry.path.clone(), size: entry.size, sha256: entry.sha256 };
    let files = contents.0.iter().map(file).collect();
    let first = [
        Entry::held(MANIFEST, "application/json", seal.manifest.clone()),
        Entry::held(ATTESTATION, "application/json", seal.attestation),
    ];
    let entries = first.into_iter().chain(beside).chain(contents.0).collect();
    Ok(Sealed { entries, record, files, manifest: seal.manifest, warnings })
}

fn facts(
    order: &Order,
    template: Option<&TemplateRecord>,
    bundle_id: BundleId,
    sealed_at: Timestamp,
) -> Facts {
    let snapshot = order.snapshot.facts();
    Facts {
        bundle_id,
        export_id: order.export_id,
        tenant: order.tenant.clone(),
        created_at: order.created_at,
        sealed_at,
        snapshot: SnapshotClaim { sha256: snapshot.digest, taken_at: snapshot.taken_at },
        template: template.map(|it| TemplateClaim { name: it.name.clone(), sha256: it.digest }),
        generator: Generator::this(),
    }
}

fn record(seal: &Seal, bundle_id: BundleId, sealed_at: Timestamp, archive: &str) -> BundleRecord {
    BundleRecord {
        bundle_id,
        sealed_at,
        merkle_root: seal.tree.root(),
        entries: seal.tree.size(),
        key_id: seal.key.id(),
        signature: STANDARD.encode(seal.signature),
        attestation: Digest::of(&seal.attestation),
        log_seq: None,
        archive: archive.to_owned(),
        manifest: MANIFEST_ARTIFACT.to_owned(),
    }
}

/// The authority's token; where it is not required, a warning in its place.
async fn stamp(
    timestamps: &Timestamps,
    seal: &Seal,
    pulse: &AttemptPulse,
) -> Result<Result<Vec<u8>, Warning>, Fault> {
    let asking = timestamps.authority.stamp(Digest::of(&seal.signature));
    match pulse.until_stopped(asking).await {
        Ok(token) => Ok(Ok(token)),
        Err(error) if timestamps.required || pulse.why().is_some() => Err(Fault::of_sealing(error)),
        Err(error) => {
            tracing::warn!(%error, "a bundle is sealed without a time-stamp");
            let message = "The time-stamp authority did not answer: nothing but our own clock says when the bundle was sealed";
            Ok(Err(Warning::new(WarningCode::TimestampMissing, message)))
        }
    }
}

/// Adds the bundle to the tenant's log; its place there, and a checkpoint that covers it.
async fn note(
    log: &SealLog,
    order: &Order,
    record: &BundleRecord,
    sealing: &Sealing,
    place: Place<'_>,
) -> Result<(u64, String), PortError> {
    let entry = AuditEntry::bundle_sealed(
        order.export_id,
        record.bundle_id,
        record.merkle_root,
        record.attestation,
        &record.key_id,
    );
    let (now, pulse) = ((place.fresh.now)(), place.pulse);
    let seq = pulse.until_stopped(log.audit.append(&order.tenant, entry, now)).await?;
    let signing = checkpoint(&*log.ledger, &*sealing.signer, &order.tenant, now);
    Ok((seq, pulse.until_stopped(signing).await?.note))
}
