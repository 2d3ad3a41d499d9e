//! The evidence bundle: everything that an export knows, each part a file of its own, in one archive.
//!
//! ```text
//! report.pdf       what a person reads            vex/{scan}.openvex.json   statements, as OpenVEX 0.2.0
//! sbom.cdx.json    components, with findings      verdicts/{scan}.ndjson    one verdict a line
//! scans/{scan}.json  findings of one scan         README.txt, manifest.json what is here, with digests
//! ```

mod contents;
mod said;

use std::fs::{self, File};
use std::io::BufWriter;
use std::path::Path;
use std::sync::Arc;

use export_core::catalogue::{ExportType, Format};
use export_core::code::Code;
use export_core::digest::DigestWriter;
use export_core::export::{Artifact, Stage};
use export_core::ports::{Packager, Pulse as _, RenderError, ScanTotals, Snapshot};
use export_core::request::{ExportRequest, Options};
use export_snapshot::{SCANS_AT_ONCE, partition};

use self::contents::{Contents, EntryKind};
use crate::produce::{Place, commission, of_same_scope, sbom};
use crate::render::{Order, Output, within};
use crate::spool::Spooled;
use crate::{Fault, Writers};

/// What renderers make of a bundle.
pub(crate) const PARTS: [(ExportType, Format); 3] = [
    (ExportType::ScanReport, Format::Pdf),
    (ExportType::Sbom, Format::Cyclonedx),
    (ExportType::ScanReport, Format::Json),
];

/// Makes the bundle that `request` asks for.
pub(crate) async fn assemble(
    order: &Order,
    request: &ExportRequest,
    writers: &Writers,
    place: Place<'_>,
) -> Result<Output, Fault> {
    let packager = writers.packager(request.format).ok_or_else(|| {
        Fault::new(Code::RendererMissing, format!("this installation cannot write {}", request.format))
    })?;
    let folder = place.folder.join("bundle");
    fs::create_dir(&folder).map_err(scratch)?;
    let inside = Place { folder: &folder, ..place };
    let mut contents = Contents::default();
    let mut output = Output::default();

    let report = of_same_scope(order, ExportType::ScanReport, Format::Pdf);
    let include_remediation = request.options.include_remediation;
    let custom_fields = request.options.custom_fields.clone();
    let options = Options { custom_fields, include_remediation, ..report.options };
    let report = ExportRequest { options, ..report };
    let made = inside.render(commission(order, &report, writers, "report.pdf".to_owned())?).await?;
    output.template = made.template.clone();
    output.warnings.extend(contents.take(made, "", EntryKind::Report, None));
    let made = inside.render(sbom(order, writers)?).await?;
    output.warnings.extend(contents.take(made, "", EntryKind::Sbom, None));
    let scans = order.snapshot.facts().scans.chunks(SCANS_AT_ONCE);
    for scans in scans {
        output
            .warnings
            .extend(scan_results(order, scans, (writers, include_remediation), inside, &mut contents).await?);
    }
    for said in of_scans(order, inside).await? {
        contents.add(said);
    }
    output.files.push(pack(order, request, packager, contents, place).await?);
    Ok(output)
}

/// One JSON report for each of `scans`, so that one can be shown without the others.
async fn scan_results(
    order: &Order,
    scans: &[ScanTotals],
    (writers, include_remediation): (&Writers, bool),
    inside: Place<'_>,
    contents: &mut Contents,
) -> Result<Vec<export_core::warning::Warning>, Fault> {
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
        warnings.extend(contents.take(made, "scans/", EntryKind::ScanResult, Some(id.as_str())));
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

async fn of_scans(order: &Order, inside: Place<'_>) -> Result<Vec<contents::Entry>, Fault> {
    let (order, folder, pulse) = (order.clone(), inside.folder.to_owned(), Arc::clone(inside.pulse));
    let writing = tokio::task::spawn_blocking(move || said::write(&order, &folder, &*pulse));
    within(inside.limits.render, inside.pulse, writing).await
}

/// Puts everything into one archive. Each file goes as soon as it is in.
async fn pack(
    order: &Order,
    request: &ExportRequest,
    packager: Arc<dyn Packager>,
    contents: Contents,
    place: Place<'_>,
) -> Result<Spooled, Fault> {
    place.pulse.enter(Stage::Render, Some(order.snapshot.facts().totals.findings));
    let path = place.folder.join(request.main_artifact());
    let media_type = request.format.media_type().to_owned();
    let (name, pulse) = (request.main_artifact(), Arc::clone(place.pulse));
    let rows = order.snapshot.facts().totals.findings;
    let (order, target) = (order.clone(), path.clone());
    let packing = tokio::task::spawn_blocking(move || {
        let file = File::create_new(&target).map_err(scratch)?;
        let mut out = DigestWriter::new(BufWriter::with_capacity(1 << 18, file));
        let mut packing = packager.start(&mut out).map_err(Fault::of_storage)?;
        for entry in contents.finish(&order)? {
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
