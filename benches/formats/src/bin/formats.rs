//! Measures the renderers on a ready snapshot: `export-bench OUT_FOLDER FORMATS SCAN_FILE...`
//!
//! One process reads the files of a scan into a snapshot, as an export does, and renders each of the formats, which are separated by
//! commas, to a file. Besides `csv`, `json`, `sarif` and `xlsx` there are `read`, which reads the records and writes nothing, and
//! `rows` and `findings`: the same findings as JSON lines, for programs that are measured beside this one. Each line of the
//! output is a [`Line`].

#![expect(clippy::print_stdout, reason = "a program that prints its measurements")]

use std::path::{Path, PathBuf};
use std::process::Command;

use export_bench::spent::Spent;
use export_bench::{Failure, peer_rows, read, render_with, request, spent};
use export_core::catalogue::Format;
use export_core::ports::{Renderer, Snapshot};
use export_engine::AttemptPulse;
use export_render_csv::CsvRenderer;
use export_render_json::JsonRenderer;
use export_render_kit::rows::for_each_finding;
use export_render_sarif::SarifRenderer;
use export_render_xlsx::XlsxRenderer;
use serde::Serialize;

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
