//! What the benchmarks of the renderers share: a snapshot, a brief, files that count, time and memory.

pub mod outlet;
pub mod peer_rows;
pub mod spent;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use export_core::catalogue::{ExportType, Format};
use export_core::id::{ExportId, ScanId, TenantId};
use export_core::ports::{Brief, Renderer, Snapshot};
use export_core::request::ExportRequest;
use export_core::time::Timestamp;
use export_engine::{AttemptPulse, Limits, NoTrail, Sources, Wanted, gather};
use export_source_library::LibrarySource;
use serde_json::json;

use crate::outlet::FileOutlet;

/// Whatever ends a benchmark.
pub type Failure = Box<dyn Error>;

/// A constant, so that files of two runs can be compared.
const AT: Timestamp = Timestamp::from_millis(1_800_000_000_000);
const SCAN: &str = "bench";

/// The snapshot of one scan, with its files in a folder beside the output.
///
/// # Errors
/// What the sources say.
pub fn read(out: &Path, files: &[PathBuf]) -> Result<Arc<dyn Snapshot>, Failure> {
    let scratch = out.join("scratch");
    std::fs::create_dir_all(&scratch)?;
    let limits =
        Limits { scratch, snapshot_bytes: u64::MAX, render: Duration::from_secs(3_600), retention_days: 1 };
    let scan: ScanId = SCAN.parse()?;
    let request = request(Format::Csv)?;
    let library = Arc::new(LibrarySource::of_files(&[(scan, files.to_vec())])?);
    let sources = Sources {
        scans: Arc::clone(&library) as _,
        verdicts: Arc::clone(&library) as _,
        vex: Arc::clone(&library) as _,
        sboms: Arc::clone(&library) as _,
        attestations: Arc::clone(&library) as _,
        intelligence: library,
        audit: Arc::new(NoTrail),
    };
    let wanted = Wanted::by(&request.scope, std::slice::from_ref(&request));
    let (tenant, pulse) = (tenant()?, Arc::new(AttemptPulse::default()));
    let gathering = gather(&sources, &tenant, wanted, &limits, AT, &pulse);
    let runtime = tokio::runtime::Runtime::new()?;
    Ok(Arc::new(runtime.block_on(gathering)?))
}

/// Writes one request's files beside `file`; the bytes of all.
///
/// # Errors
/// What the renderer says.
pub fn render_with(
    renderer: &dyn Renderer,
    request: &ExportRequest,
    from: &dyn Snapshot,
    file: &Path,
) -> Result<u64, Failure> {
    let mut out = FileOutlet::create(file)?;
    let tenant = tenant()?;
    let brief = Brief {
        export_id: ExportId::new(AT, &[5; 10]),
        tenant: &tenant,
        request,
        created_at: AT,
        template: None,
        seal: None,
        pulse: &AttemptPulse::default(),
    };
    renderer.render(&brief, from, &mut out).map_err(|error| error.to_string())?;
    Ok(out.written())
}

/// A request for all findings of the scan.
///
/// # Errors
/// If there is no such pair.
pub fn request(format: Format) -> Result<ExportRequest, Failure> {
    let kind = match format {
        Format::Json | Format::Sarif => ExportType::ScanReport,
        _ => ExportType::VulnerabilityReport,
    };
    let body = json!({ "type": kind, "format": format, "scope": { "scan_ids": [SCAN] } });
    ExportRequest::parse(body.to_string().as_bytes()).map_err(|problem| problem.to_string().into())
}

fn tenant() -> Result<TenantId, Failure> {
    Ok("local".parse()?)
}
