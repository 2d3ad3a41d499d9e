//! The evidence bundle: everything that an export knows, each part a file of its own, sealed, in one archive.
//!
//! ```text
//! report.pdf       what a person reads            vex/{scan}.openvex.json   statements, as OpenVEX 0.2.0
//! sbom.cdx.json    components, with findings      verdicts/{scan}.ndjson    one verdict a line
//! scans/{scan}.json  findings of one scan         audit/events.ndjson       what was done with the export
//! ```
//!
//! Beside the archive come `audit-evidence.pdf`, which tells of the seal, and the bundle's own manifest, for proofs.

mod contents;
mod leaflet;
mod said;
mod seal;
mod trail;

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::Path;
use std::sync::Arc;

use export_core::catalogue::{ExportType, Format};
use export_core::code::Code;
use export_core::digest::{Digest, DigestWriter};
use export_core::export::{Artifact, Stage};
use export_core::manifest::TemplateRecord;
use export_core::ports::{Packager, Pulse as _, RenderError, ScanTotals, Snapshot};
use export_core::request::{ExportRequest, Options};
use export_core::warning::Warning;
use export_seal::manifest::EntryType;
use export_snapshot::{SCANS_AT_ONCE, partition};

use self::contents::{Contents, Entry};
use self::seal::{MANIFEST_ARTIFACT, Sealed};
use crate::produce::{Place, commission, of_same_scope, sbom};
use crate::render::{Order, Output, within};
use crate::spool::Spooled;
use crate::{Fault, Sealing, Writers};

/// What renderers make of a bundle.
pub(crate) const PARTS: [(ExportType, Format); 3] = [
    (ExportType::ScanReport, Format::Pdf),
    (ExportType::Sbom, Format::Cyclonedx),
    (ExportType::ScanReport, Format::Json),
];

/// The report that tells of the seal, and its template.
const PROOF: (&str, &str) = ("audit-evidence.pdf", "audit-evidence");

/// Makes the bundle that `request` asks for.
pub(crate) async fn assemble(
    order: &Order,
    request: &ExportRequest,
    writers: &Writers,
    place: Place<'_>,
) -> Result<Output, Fault> {
    let folder = place.folder.join("bundle");
    fs::create_dir(&folder).map_err(scratch)?;
    let inside = Place { folder: &folder, ..place };
    let mut contents = Contents::default();
    let mut output = Output::default();

    let report = report(order, &request.options);
    let include_remediation = request.options.include_remediation;
    let made = inside.render(commission(order, &report, writers, "report.pdf".to_owned())?).await?;
    output.template = made.template.clone();
    output.warnings.extend(contents.take(made, "", EntryType::Report, None));
    let made = inside.render(sbom(order, writers)?).await?;
    output.warnings.extend(contents.take(made, "", EntryType::Sbom, None));
    let scans = order.snapshot.facts().scans.chunks(SCANS_AT_ONCE);
    for scans in scans {
        output
            .warnings
            .extend(scan_results(order, scans, (writers, include_remediation), inside, &mut contents).await?);
    }
    contents.0.extend(of_scans(order, inside).await?);
    let archive = (request.main_artifact(), request.format);
    let template = output.template.as_ref();
    let Closed { archive, manifest, sealed } =
        close(order, contents, template, archive, writers, inside).await?;
    output.files.push(archive);
    output.warnings.extend(sealed.warnings);
    let record = sealed.record;
    let options = Options { template: Some(PROOF.1.to_owned()), ..report.options.clone() };
    let proof = ExportRequest { options, ..report };
    let mut proof = commission(order, &proof, writers, PROOF.0.to_owned())?;
    proof.seal = Some((record.clone(), sealed.files));
    let made = place.render(proof).await?;
    output.files.extend(made.files);
    for warning in made.warnings {
        // Both reports have mostly the same to say.
        if !output.warnings.contains(&warning) {
            output.warnings.push(warning);
        }
    }
    output.files.push(manifest);
    output.bundle = Some(record);
    Ok(output)
}

/// A report on all of the order, with the texts that the request gives.
fn report(order: &Order, asked: &Options) -> ExportRequest {
    let report = of_same_scope(order, ExportType::ScanReport, Format::Pdf);
    let include_remediation = asked.include_remediation;
    let custom_fields = asked.custom_fields.clone();
    let options = Options { custom_fields, include_remediation, ..report.options };
    ExportRequest { options, ..report }
}

/// Seals what an export of `kind` has made, in one more artifact. The first `own_files` are what it is about, the others its SBOM.
pub(crate) async fn seal_output(
    order: &Order,
    kind: ExportType,
    (output, own_files): (&mut Output, usize),
    writers: &Writers,
    place: Place<'_>,
) -> Result<(), Fault> {
    let of_kind = match kind {
        ExportType::Sbom => EntryType::Sbom,
        ExportType::AuditLog => EntryType::AuditEvent,
        ExportType::ScanReport
        | ExportType::ScanSummary
        | ExportType::VulnerabilityReport
        | ExportType::PolicyCompliance
        | ExportType::AiCodeGuardReport
        | ExportType::EvidenceBundle => EntryType::Report,
    };
    let kinds = (0..).map(|index| if index < own_files { of_kind } else { EntryType::Sbom });
    let contents =
        Contents(output.files.iter().zip(kinds).map(|(file, kind)| Entry::shared(file, kind)).collect());
    let name = ExportType::EvidenceBundle.artifact_name(Format::Zip);
    let folder = place.folder.join("bundle");
    fs::create_dir(&folder).map_err(scratch)?;
    let inside = Place { folder: &folder, ..place };
    let (archive, template) = ((name, Format::Zip), output.template.as_ref());
    let Closed { archive, manifest, sealed } =
        close(order, contents, template, archive, writers, inside).await?;
    output.files.extend([archive, manifest]);
    output.warnings.extend(sealed.warnings);
    output.bundle = Some(sealed.record);
    Ok(())
}

/// A bundle that is sealed and packed.
struct Closed {
    archive: Spooled,
    manifest: Spooled,
    sealed: Sealed,
}

/// Adds what was done with the export, seals everything, packs it.
async fn close(
    order: &Order,
    mut contents: Contents,
    template: Option<&TemplateRecord>,
    archive: (String, Format),
    writers: &Writers,
    place: Place<'_>,
) -> Result<Closed, Fault> {
    let missing = |what: String| Fault::new(Code::RendererMissing, what);
    let (name, format) = archive;
    let packager = writers.packager(format);
    let packager = packager.ok_or_else(|| missing(format!("this installation cannot write {format}")))?;
    let sealing = writers.sealing();
    let sealing: &Sealing = sealing.ok_or_else(|| {
        Fault::new(Code::SealingKeyMissing, "this installation has no key to seal with (sealing.keys)")
    })?;
    if let Some(log) = &sealing.log
        && let Some(events) = trail::write(order, &*log.trail, place.folder, place.pulse).await?
    {
        contents.add(events);
    }
    let mut sealed = seal::seal(order, contents, template, &name, sealing, place).await?;
    let entries = std::mem::take(&mut sealed.entries);
    let archive = pack(order, (name, format), packager, entries, place).await?;
    let path = place.folder.join(MANIFEST_ARTIFACT);
    fs::write(&path, &sealed.manifest).map_err(scratch)?;
    let artifact = Artifact {
        name: MANIFEST_ARTIFACT.to_owned(),
        media_type: "application/json".to_owned(),
        size: sealed.manifest.len() as u64,
        sha256: Digest::of(&sealed.manifest),
        rows: None,
        download_url: None,
    };
    Ok(Closed { archive, manifest: Spooled { artifact, path }, sealed })
}

/// One JSON report for each of `scans`, so that one can be shown without the others.
async fn scan_results(
    order: &Order,
    scans: &[ScanTotals],
    (writers, include_remediation): (&Writers, bool),
    inside: Place<'_>,
    contents: &mut Contents,
) -> Result<Vec<Warning>, Fault> {
    let folder = inside.folder.join("scans");
    fs::create_dir_all(&folder).map_err(scratch)?;
    let mut request = of_same_scope(order, ExportType::ScanReport, Format::Json);
    request.options.include_remediation = include_remediation;
    let mut warnings = Vec::new();
    for part in parts(order, scans, inside).await? {
        let id = part.facts().scans[0].scan.id.clone();
        let order = Order { snapshot: part, ..order.clone() };
        let place = Place { folder: &folder, ..inside };
        let made = place.render(commission(&order, &request, writers, format!("{id}.json"))?).await?;
        warnings.extend(contents.take(made, "scans/", EntryType::ScanResult, Some(id.as_str())));
    }
    Ok(warnings)
}

async fn parts(
    order: &Order,
    scans: &[ScanTotals],
    inside: Place<'_>,
) -> Result<Vec<Arc<dyn Snapshot>>, Fault> {
    if order.snapshot.facts().scans.len() == 1 {
        return Ok(vec![Arc::clone(&order.snapshot)]);
    }
    let (from, scans, pulse) = (Arc::clone(&order.snapshot), scans.to_vec(), Arc::clone(inside.pulse));
    let (scratch, quota) = (inside.limits.scratch.clone(), inside.limits.snapshot_bytes);
    let taking = tokio::task::spawn_blocking(move || {
        partition(&*from, &scans, &scratch, quota, &*pulse).map_err(Fault::of_storage)
    });
    let parts = within(inside.limits.render, inside.pulse, taking).await?;
    Ok(parts.into_iter().map(|part| Arc::new(part) as Arc<dyn Snapshot>).collect())
}

async fn of_scans(order: &Order, inside: Place<'_>) -> Result<Vec<Entry>, Fault> {
    let (order, folder, pulse) = (order.clone(), inside.folder.to_owned(), Arc::clone(inside.pulse));
    let writing = tokio::task::spawn_blocking(move || said::write(&order, &folder, &*pulse));
    within(inside.limits.render, inside.pulse, writing).await
}

/// Puts everything into one archive. Each file goes as soon as it is in.
async fn pack(
    order: &Order,
    (name, format): (String, Format),
    packager: Arc<dyn Packager>,
    entries: Vec<Entry>,
    place: Place<'_>,
) -> Result<Spooled, Fault> {
    let rows = order.snapshot.facts().rows_matched();
    place.pulse.enter(Stage::Render, Some(rows));
    let path = place.folder.join(&name);
    let media_type = format.media_type().to_owned();
    let (target, pulse) = (path.clone(), Arc::clone(place.pulse));
    let packing = tokio::task::spawn_blocking(move || {
        let file = File::create_new(&target).map_err(scratch)?;
        let mut out = DigestWriter::new(BufWriter::with_capacity(1 << 18, file));
        let mut packing = packager.start(&mut out).map_err(Fault::of_storage)?;
        for entry in entries {
            pulse.beat(0).map_err(RenderError::from)?;
            packing.entry(&entry.path, entry.size, &mut entry.open()?).map_err(Fault::of_storage)?;
            entry.remove();
        }
        packing.finish().map_err(Fault::of_storage)?;
        let (_, size, sha256) = out.finish().map_err(scratch)?;
        Ok((size, sha256))
    });
    let (size, sha256) = within(place.limits.render, place.pulse, packing).await?;
    let artifact = Artifact { name, media_type, size, sha256, rows: Some(rows), download_url: None };
    Ok(Spooled { artifact, path })
}

fn scratch(error: std::io::Error) -> Fault {
    Fault::of_scratch("write a bundle", error)
}

/// A file of the bundle in the making.
fn create(folder: &Path, path: &str) -> Result<DigestWriter<BufWriter<File>>, Fault> {
    let path = folder.join(path);
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(scratch)?;
    }
    Ok(DigestWriter::new(BufWriter::new(File::create_new(path).map_err(scratch)?)))
}
