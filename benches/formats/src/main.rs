//! Measures the renderers on a ready snapshot: `export-bench OUT_FOLDER FORMATS SCAN_FILE...`
//!
//! One process reads the files of a scan into a snapshot, as an export does, and renders each of the formats, which are separated by
//! commas, to a file. Besides `csv`, `json`, `sarif` and `xlsx` there are `read`, which reads the records and writes nothing, and
//! `rows` and `findings`: the same findings as JSON lines, for programs that are measured beside this one. Each line of the
//! output is a [`Line`].

#![expect(clippy::print_stdout, reason = "a program that prints its measurements")]

mod outlet;
mod peer_rows;
mod spent;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use export_core::catalogue::{ExportType, Format};
use export_core::id::{ExportId, ScanId, TenantId};
use export_core::ports::{Brief, Renderer, Snapshot};
use export_core::request::ExportRequest;
use export_core::time::Timestamp;
use export_engine::{AttemptPulse, Limits, NoTrail, Sources, Wanted, gather};
use export_render_csv::CsvRenderer;
use export_render_json::JsonRenderer;
use export_render_kit::rows::for_each_finding;
use export_render_sarif::SarifRenderer;
use export_render_xlsx::XlsxRenderer;
use export_source_library::LibrarySource;
use serde::Serialize;
use serde_json::json;

use crate::outlet::FileOutlet;
use crate::spent::Spent;

type Failure = Box<dyn Error>;

/// A constant, so that files of two runs can be compared.
const AT: Timestamp = Timestamp::from_millis(1_800_000_000_000);
const SCAN: &str = "bench";

/// One measurement.
#[derive(Serialize)]
struct Line<'a> {
    /// `snapshot` or the format.
    what: &'a str,
    findings: u64,
    #[serde(flatten)]
    spent: Spent,
    /// The peak resident set of the process while it rendered, with what reading the sources left behind.
    peak_mb: f64,
    /// The resident set before that.
    before_mb: f64,
    /// All files of the format.
    output_bytes: u64,
}

fn main() -> Result<(), Failure> {
    let mut args = std::env::args().skip(1);
    let (Some(out), Some(formats)) = (args.next().map(PathBuf::from), args.next()) else {
        return Err("usage: export-bench OUT_FOLDER FORMATS SCAN_FILE...".into());
    };
    let files: Vec<PathBuf> = args.map(PathBuf::from).collect();
    std::fs::create_dir_all(&out)?;
    let snapshot = measured("snapshot", || Ok((read(&out, &files)?, 0)), |it| it.facts().totals.findings)?;
    for format in formats.split(',') {
        let folder = empty(out.join(format))?;
        // What was written before would slow down who writes next.
        Command::new("sync").status()?;
        let render = || Ok(((), render(&*snapshot, format, &folder)?));
        measured(format, render, |()| snapshot.facts().totals.findings)?;
    }
    Ok(())
}

/// Does `work`, which gives something and the bytes that it wrote, and prints what it took.
fn measured<T>(
    what: &str,
    work: impl FnOnce() -> Result<(T, u64), Failure>,
    findings: impl FnOnce(&T) -> u64,
) -> Result<T, Failure> {
    let before_mb = spent::reset_peak_mb()?;
    let start = Spent::now()?;
    let (made, output_bytes) = work()?;
    let spent = Spent::now()?.since(start);
    let peak_mb = spent::peak_mb()?;
    let findings = findings(&made);
    let line = Line { what, findings, spent, peak_mb, before_mb, output_bytes };
    println!("{}", serde_json::to_string(&line)?);
    Ok(made)
}

/// The snapshot of one scan, with its files in a folder beside the output.
fn read(out: &Path, files: &[PathBuf]) -> Result<Arc<dyn Snapshot>, Failure> {
    let scratch = out.join("scratch");
    std::fs::create_dir_all(&scratch)?;
    let limits =
        Limits { scratch, snapshot_bytes: u64::MAX, render: Duration::from_secs(3_600), retention_days: 1 };
    let scan: ScanId = SCAN.parse()?;
    let request = request(Format::Csv)?;
    let library = Arc::new(LibrarySource::of_files(&scan, files)?);
    let sources = Sources {
        scans: Arc::clone(&library) as _,
        verdicts: Arc::clone(&library) as _,
        vex: Arc::clone(&library) as _,
        sboms: Arc::clone(&library) as _,
        intelligence: library,
        audit: Arc::new(NoTrail),
    };
    let wanted = Wanted::by(&request.scope, std::slice::from_ref(&request));
    let (tenant, pulse) = (tenant()?, Arc::new(AttemptPulse::default()));
    let gathering = gather(&sources, &tenant, wanted, &limits, AT, &pulse);
    let runtime = tokio::runtime::Runtime::new()?;
    Ok(Arc::new(runtime.block_on(gathering)?))
}

/// A folder with nothing in it.
fn empty(folder: PathBuf) -> Result<PathBuf, Failure> {
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir(&folder)?;
    Ok(folder)
}

/// Writes one format into `folder`; the bytes of all its files.
fn render(from: &dyn Snapshot, format: &str, folder: &Path) -> Result<u64, Failure> {
    match format {
        "read" => {
            let read = for_each_finding(from, &AttemptPulse::default(), |_| Ok(()));
            Ok(read.map(|_| 0).map_err(|error| error.to_string())?)
        }
        "rows" => peer_rows::write(from, &folder.join("rows.ndjson")),
        "findings" => {
            let mut request = request(Format::Json)?;
            request.options.json_lines = true;
            render_with(&JsonRenderer, &request, from, &folder.join("findings.ndjson"))
        }
        format => {
            let renderer = renderer(format, folder)?;
            let request = request(renderer.format())?;
            render_with(&*renderer, &request, from, &folder.join(request.main_artifact()))
        }
    }
}

fn renderer(format: &str, scratch: &Path) -> Result<Box<dyn Renderer>, Failure> {
    match format {
        "csv" => Ok(Box::new(CsvRenderer)),
        "json" => Ok(Box::new(JsonRenderer)),
        "sarif" => Ok(Box::new(SarifRenderer::new(scratch))),
        "xlsx" => Ok(Box::new(XlsxRenderer::new(scratch))),
        other => Err(format!("there is no format {other}").into()),
    }
}

fn render_with(
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
        pulse: &AttemptPulse::default(),
    };
    renderer.render(&brief, from, &mut out).map_err(|error| error.to_string())?;
    Ok(out.written())
}

/// A request for all findings of the scan.
fn request(format: Format) -> Result<ExportRequest, Failure> {
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
