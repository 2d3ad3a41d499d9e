//! Render one scan without server or database: a source, a snapshot, a renderer.
//!
//! ```sh
//! cargo run -p export-example-embedding -- fixtures/library payments-api-2026-11-20 report.csv
//! ```

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use export_core::catalogue::Format;
use export_core::digest::{Digest, DigestWriter};
use export_core::error::{ErrorKind, PortError};
use export_core::finding::Severity;
use export_core::id::{ExportId, ScanId, TenantId};
use export_core::ports::{
    Brief, Flow, Flows, IntelligenceSource, Interrupt, Outlet, Pulse, Renderer, ScanSource, Snapshot,
    VerdictSource, VexSource,
};
use export_core::request::ExportRequest;
use export_core::request::OnSourceError;
use export_core::time::Timestamp;
use export_render_csv::CsvRenderer;
use export_render_json::JsonRenderer;
use export_snapshot::{SnapshotLimits, SnapshotWriter, SpooledSnapshot};
use export_source_library::LibrarySource;
use futures::StreamExt as _;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [library, scan, file] = arguments.as_slice() else {
        return Err("usage: export-example-embedding LIBRARY SCAN FILE.csv|FILE.json".into());
    };
    let file = Path::new(file);
    let (renderer, kind): (Box<dyn Renderer>, _) = match file.extension().and_then(|it| it.to_str()) {
        Some("csv") => (Box::new(CsvRenderer), "vulnerability_report"),
        Some("json") => (Box::new(JsonRenderer), "scan_report"),
        _ => return Err("FILE must end in .csv or .json".into()),
    };
    let request = request(kind, renderer.format(), scan)?;
    let tenant: TenantId = "local".parse()?;
    let at: Timestamp = "2026-11-23T12:00:00Z".parse()?; // time is an argument: the same time, the same bytes

    let folder = Path::new(library).canonicalize()?;
    let source = LibrarySource::open(&format!("file://{}", folder.display()), Vec::new())?;
    let scratch = tempfile::tempdir()?; // the snapshot lies here, for as long as it is read
    let snapshot = gather(&source, &tenant, &request, at, scratch.path()).await?;

    let brief = Brief {
        export_id: ExportId::new(at, &[0; 10]),
        tenant: &tenant,
        request: &request,
        created_at: at,
        template: None,
        seal: None,
        pulse: &NoHurry,
    };
    let mut out = Files { file: file.to_owned(), out: create(file)?, made: vec![] };
    renderer.render(&brief, &snapshot, &mut out)?;
    out.end()?;
    tell(&snapshot, &out.made);
    Ok(())
}

type FileWriter = DigestWriter<BufWriter<File>>;

fn create(file: &Path) -> std::io::Result<FileWriter> {
    Ok(DigestWriter::new(BufWriter::new(File::create(file)?)))
}

/// The files of one rendering: further ones are put beside the first.
struct Files {
    file: PathBuf,
    out: FileWriter,
    made: Vec<(PathBuf, u64, Digest)>,
}

impl Files {
    fn end(&mut self) -> std::io::Result<()> {
        let nothing = DigestWriter::new(BufWriter::new(File::open(&self.file)?));
        let (_, size, digest) = std::mem::replace(&mut self.out, nothing).finish()?;
        self.made.push((self.file.clone(), size, digest));
        Ok(())
    }
}

impl Write for Files {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.out.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.out.flush()
    }
}

impl Outlet for Files {
    fn next_file(&mut self, name: &str, _media_type: &str) -> Result<(), PortError> {
        let failed = |error| PortError::io("write a file", error);
        self.end().map_err(failed)?;
        self.file.set_file_name(name);
        self.out = create(&self.file).map_err(failed)?;
        Ok(())
    }
}

fn request(kind: &str, format: Format, scan: &str) -> Result<ExportRequest, Box<dyn Error>> {
    let scan: ScanId = scan.parse()?;
    let body = format!(r#"{{"type":"{kind}","format":"{format}","scope":{{"scan_ids":["{scan}"]}}}}"#);
    ExportRequest::parse(body.as_bytes()).map_err(|problem| problem as Box<dyn Error>)
}

/// Reads the scan, its statements and its verdicts into a snapshot.
async fn gather(
    source: &LibrarySource,
    tenant: &TenantId,
    request: &ExportRequest,
    at: Timestamp,
    scratch: &Path,
) -> Result<SpooledSnapshot, Box<dyn Error>> {
    let mut writer =
        SnapshotWriter::create(scratch, SnapshotLimits::with_quota(1 << 30))?.keeping_vulnerabilities();
    each(source.intelligence(tenant, OnSourceError::Fail).await?, |it| writer.intelligence(&it)).await?;
    for scan in source.resolve(tenant, &request.scope, OnSourceError::Fail).await?.scans {
        writer.scan(scan.clone())?;
        each(source.statements(tenant, &scan, OnSourceError::Fail).await?, |it| {
            writer.statement(&scan.id, &it)
        })
        .await?;
        each(source.verdicts(tenant, &scan, OnSourceError::Fail).await?, |it| writer.verdict(&scan.id, &it))
            .await?;
        each(source.findings(tenant, &scan, OnSourceError::Fail).await?, |it| writer.finding(&it)).await?;
    }
    Ok(writer.finish(at, &NoHurry)?)
}

/// Takes every item; a stream that stops without saying that it has ended was cut off.
async fn each<T>(
    mut flows: Flows<T>,
    mut take: impl FnMut(T) -> Result<(), PortError>,
) -> Result<(), PortError> {
    while let Some(flow) = flows.next().await {
        match flow? {
            Flow::Item(item) => take(item)?,
            Flow::Warning(_) | Flow::Document(_) => {}
            Flow::End { .. } => return Ok(()),
        }
    }
    Err(PortError::new(ErrorKind::Unavailable, "embedding", "the source was cut off"))
}

/// Nobody waits, and nobody cancels.
struct NoHurry;

impl Pulse for NoHurry {
    fn beat(&self, _rows_done: u64) -> Result<(), Interrupt> {
        Ok(())
    }
}

#[expect(clippy::print_stdout, reason = "an example tells what it did")]
fn tell(snapshot: &SpooledSnapshot, made: &[(PathBuf, u64, Digest)]) {
    let totals = &snapshot.facts().totals;
    println!("{} findings, {} of them critical", totals.findings, totals.severity(Severity::Critical));
    for (file, size, digest) in made {
        println!("{}: {size} bytes, sha256 {digest}", file.display());
    }
}
