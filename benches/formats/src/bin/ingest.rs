//! Reads one file of the library to its end, as a gather does, and prints how many records it holds.

#![expect(clippy::print_stdout, reason = "a program for benches/ingest.py")]

use std::path::PathBuf;

use export_bench::Failure;
use export_core::error::PortError;
use export_core::id::{ScanId, TenantId};
use export_core::ports::{Flow, Flows, SbomSource, ScanSource, VerdictSource, VexSource};
use export_core::request::OnSourceError;
use export_core::scan::ScanRef;
use export_source_library::LibrarySource;
use tokio_stream::StreamExt as _;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let mut arguments = std::env::args().skip(1);
    let what =
        arguments.next().ok_or("usage: export-bench-ingest findings|statements|verdicts|sboms FILE")?;
    let file = PathBuf::from(arguments.next().ok_or("a file is missing")?);
    let (id, tenant): (ScanId, TenantId) = ("bench".parse()?, "bench".parse()?);
    let library = LibrarySource::of_files(&[(id.clone(), vec![file])])?;
    let scan =
        ScanRef { id, image: "bench".into(), image_digest: None, created_at: None, tool: String::new() };
    let fail = OnSourceError::Fail;
    let records = match what.as_str() {
        "findings" => count(library.findings(&tenant, &scan, fail).await?).await?,
        "statements" => count(library.statements(&tenant, &scan, fail).await?).await?,
        "verdicts" => count(library.verdicts(&tenant, &scan, fail).await?).await?,
        "sboms" => count(library.sboms(&tenant, &scan, fail).await?).await?,
        other => return Err(format!("{other} cannot be read").into()),
    };
    println!("{{\"records\": {records}}}");
    Ok(())
}

async fn count<T>(mut flows: Flows<T>) -> Result<u64, PortError> {
    let mut records = 0;
    while let Some(flow) = flows.next().await {
        if let Flow::End { items } = flow? {
            records = items;
        }
    }
    Ok(records)
}
