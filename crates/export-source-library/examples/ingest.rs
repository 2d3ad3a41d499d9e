//! Reads all findings of one scan and prints how fast that was and how much memory it took.
//!
//! ```sh
//! python3 fixtures/make_big.py -n 100000 --only trivy -o /tmp/library/big
//! cargo run --release -p export-source-library --example ingest -- /tmp/library big
//! ```

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "a program for the terminal")]

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Instant;

use export_core::error::PortError;
use export_core::id::TenantId;
use export_core::ports::{Flow, ScanSource};
use export_core::request::OnSourceError;
use export_core::request::Scope;
use export_source_library::LibrarySource;
use futures::StreamExt as _;
use object_store::local::LocalFileSystem;
use object_store::path::Path;

#[tokio::main]
async fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, scan] = arguments.as_slice() else {
        eprintln!("usage: ingest FOLDER SCAN");
        return ExitCode::from(2);
    };
    match ingest(folder, scan).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn ingest(folder: &str, scan: &str) -> Result<(), Box<dyn std::error::Error>> {
    let store = Arc::new(LocalFileSystem::new_with_prefix(folder)?);
    let library = LibrarySource::new(store, Path::default(), "library");
    let tenant: TenantId = "default".parse()?;
    let scope = Scope { scan_ids: vec![scan.parse()?], ..Scope::default() };

    let start = Instant::now();
    let resolution = library.resolve(&tenant, &scope, OnSourceError::Fail).await?;
    let scan = resolution.scans.first().ok_or("no such scan")?;
    println!("resolved in {:?}: {} ({})", start.elapsed(), scan.image, scan.tool);

    let start = Instant::now();
    let mut flows = library.findings(&tenant, scan, OnSourceError::Fail).await?;
    let mut ended = None;
    while let Some(flow) = flows.next().await {
        match flow? {
            Flow::Item(_) => {}
            Flow::Warning(warning) => println!("warning: {warning}"),
            Flow::Document(document) => println!("{}: sha256 {}", document.query, document.digest),
            Flow::End { items } => ended = Some(items),
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    let items = ended.ok_or("the stream stopped before its end")?;
    let megabytes = size_of(folder, scan.id.as_str())? / 1e6;
    println!(
        "findings={items} megabytes={megabytes:.1} seconds={seconds:.2} rate={:.0}",
        megabytes / seconds
    );
    println!("peak_kb={}", peak_kilobytes()?);
    Ok(())
}

fn size_of(folder: &str, scan: &str) -> std::io::Result<f64> {
    let mut bytes = 0;
    for entry in std::fs::read_dir(std::path::Path::new(folder).join(scan))? {
        bytes += entry?.metadata()?.len();
    }
    #[expect(clippy::cast_precision_loss, reason = "a size to print")]
    let bytes = bytes as f64;
    Ok(bytes)
}

/// The largest resident memory of this process so far (`VmHWM`, proc(5)).
fn peak_kilobytes() -> Result<u64, Box<dyn std::error::Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let line =
        line.ok_or_else(|| PortError::new(export_core::error::ErrorKind::Internal, "ingest", "no VmHWM"))?;
    Ok(line.trim().trim_end_matches(" kB").parse()?)
}
