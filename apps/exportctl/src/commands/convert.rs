//! `exportctl convert`: tool output in, any format out, without a server.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use export_boot::{Config, SystemClock, branding, library_of_files, open_library_at, writers};
use export_core::catalogue::{ExportType, Format};
use export_core::id::{ScanId, TenantId};
use export_core::request::ExportRequest;
use export_core::template::is_custom;
use export_core::time::{Clock as _, Timestamp};
use export_engine::{AttemptPulse, Conversion, Converted, Limits, Sources, convert};
use serde_json::{Value, json};

use super::sealing::SealingKeys;
use super::shape::{Shape, usual_type};
use crate::bytes;
use crate::failure::Failure;
use crate::meter::Meter;
use crate::output::Output;

/// Turn reports of tools into files, without a server
///
/// Reads reports of scanners (Trivy, Grype, OSV-Scanner, SARIF, Checkov, Dependency-Track, AI code guards), SBOMs (CycloneDX,
/// SPDX, Syft), VEX (OpenVEX, CSAF, CycloneDX), policy results and attestations, plain or packed, recognised by content;
/// `exportctl inspect` says what a file is. Several files are read as one scan, so that statements and verdicts meet the
/// findings they are about, and a finding that two reports tell is one. A folder is either one scan, or a library with a folder
/// for each scan; several folders are a scan each.
#[derive(Args)]
pub(crate) struct Convert {
    /// Files of one scan, or folders
    #[arg(required = true, value_name = "IN")]
    inputs: Vec<PathBuf>,
    /// What to tell [default: scan_report for json and sarif, sbom for cyclonedx and spdx, evidence_bundle for zip and
    /// tar.gz, vulnerability_report for pdf, xlsx and csv]
    #[arg(long = "type", value_name = "TYPE")]
    kind: Option<ExportType>,
    /// Formats, separated by commas: csv, cyclonedx, json, pdf, sarif, spdx, tar.gz, xlsx, zip
    #[arg(long = "format", required = true, value_delimiter = ',', value_name = "FORMAT")]
    formats: Vec<Format>,
    /// Folder for the files
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Only these scans of a library; may be given several times
    #[arg(long = "scan", value_name = "ID")]
    scans: Vec<ScanId>,
    /// Whom the files name as their owner
    #[arg(long, default_value = "local", value_name = "TENANT")]
    tenant: TenantId,
    /// Folder for intermediate data, about as large as the input [default: the system's]
    #[arg(long, value_name = "DIR")]
    scratch: Option<PathBuf>,
    /// The time that the files name, as RFC 3339 or in seconds since 1970 [default: now]. The same input and time give the
    /// same bytes
    #[arg(long, value_name = "TIME", env = "SOURCE_DATE_EPOCH", value_parser = time)]
    at: Option<Timestamp>,
    #[command(flatten)]
    shape: Shape,
    #[command(flatten)]
    sealing: SealingKeys,
}

impl Convert {
    pub(crate) async fn run(self, output: Output) -> Result<(), Failure> {
        if self.kind == Some(ExportType::AuditLog) {
            let message = "an audit_log is of the trail that a server keeps, and files have none: \
                           ask a server, with `exportctl submit --type audit_log --since -7d`";
            return Err(Failure::usage(message));
        }
        self.shape.check(&self.formats)?;
        let (sources, scans) = self.open()?;
        let requests =
            self.formats.iter().map(|format| self.request(*format, &scans)).collect::<Result<_, _>>()?;
        let mut config = Config::default();
        config.worker.scratch_dir.clone_from(&self.scratch);
        let scratch = config.scratch_dir();
        export_boot::scratch_folder(&scratch)?;
        let limits = Limits {
            scratch: scratch.clone(),
            snapshot_bytes: u64::MAX,
            render: Duration::from_secs(3_600),
            retention_days: config.retention.days,
        };
        let clock = SystemClock::new();
        let started = clock.now();
        let conversion = Conversion {
            tenant: self.tenant.clone(),
            requests,
            at: self.at.unwrap_or(started.wall),
            out: &self.out,
        };
        let pulse = Arc::new(AttemptPulse::default());
        let mut writers = writers(&config.pdf, &branding(&config)?, None, &scratch);
        let is_sealed =
            |it: &ExportRequest| it.kind == ExportType::EvidenceBundle || it.options.include_evidence;
        if conversion.requests.iter().any(is_sealed) {
            writers = writers.sealing_with(self.sealing.open(output).await?);
        }
        for request in &conversion.requests {
            writers.check_available(request)?;
            if request.options.template.as_deref().is_some_and(is_custom) {
                return Err(Failure::usage(
                    "templates of tenants are kept by a server: use `exportctl submit`",
                ));
            }
        }
        let converting = convert(&sources, &writers, &limits, conversion, &pulse);
        let converted = watched(converting, &pulse, output).await?;
        let took = Duration::from_millis(clock.now().tick.millis - started.tick.millis);
        for warning in &converted.warnings {
            output.note(format!("warning: {warning}"));
        }
        output.result(&machine(&converted), || human(&converted, took));
        Ok(())
    }

    /// The sources, and the scans that the requests name.
    fn open(&self) -> Result<(Sources, Vec<ScanId>), Failure> {
        for input in &self.inputs {
            if !input.exists() {
                return Err(Failure::usage(format!("{} does not exist", input.display())));
            }
        }
        let (folders, files): (Vec<_>, Vec<_>) =
            self.inputs.iter().cloned().partition(|input| input.is_dir());
        match (folders.as_slice(), files.as_slice()) {
            ([], files) => self.one_scan(&files[0], files),
            ([folder], []) => {
                let files = files_in(folder)?;
                if files.is_empty() {
                    return Ok((open_library_at(folder)?, self.scans.clone()));
                }
                self.one_scan(folder, &files)
            }
            (folders, []) => self.scan_each(folders),
            _ => Err(Failure::usage(
                "give either files, which are read as one scan, or folders, which are a scan each",
            )),
        }
    }

    fn one_scan(&self, named_after: &Path, files: &[PathBuf]) -> Result<(Sources, Vec<ScanId>), Failure> {
        if self.scans.len() > 1 {
            return Err(Failure::usage("files are read as one scan; give at most one --scan to name it"));
        }
        let scan = self.scans.first().cloned().unwrap_or_else(|| scan_id(named_after));
        Ok((library_of_files(&[(scan.clone(), files.to_vec())])?, vec![scan]))
    }

    /// A scan of each folder.
    fn scan_each(&self, folders: &[PathBuf]) -> Result<(Sources, Vec<ScanId>), Failure> {
        let mut scans: Vec<(ScanId, Vec<PathBuf>)> = Vec::new();
        for folder in folders {
            let (id, files) = (scan_id(folder), files_in(folder)?);
            if files.is_empty() {
                let message =
                    format!("{} has no files: of several folders, each is a scan", folder.display());
                return Err(Failure::usage(message));
            }
            if scans.iter().any(|(known, _)| *known == id) {
                let message = format!("two folders are called {id}: scans need names of their own");
                return Err(Failure::usage(message));
            }
            if self.scans.is_empty() || self.scans.contains(&id) {
                scans.push((id, files));
            }
        }
        let ids = scans.iter().map(|(id, _)| id.clone()).collect();
        Ok((library_of_files(&scans)?, ids))
    }

    fn request(&self, format: Format, scans: &[ScanId]) -> Result<ExportRequest, Failure> {
        let kind = self.kind.unwrap_or(usual_type(format));
        let scope = json!({ "scan_ids": scans, "date_range": { "start": "1970-01-01T00:00:00Z" } });
        let options = self.shape.options(format);
        let body = json!({ "type": kind, "format": format, "scope": scope, "options": options });
        let mut request = ExportRequest::parse(body.to_string().as_bytes())?;
        // A scope that names nothing stands for everything, which no request over REST may ask for.
        request.scope.date_range = None;
        Ok(request)
    }
}

/// Waits for `work`, showing its progress; an interrupt from the keyboard stops it in order.
async fn watched<T>(
    work: impl Future<Output = Result<T, export_engine::Fault>>,
    pulse: &AttemptPulse,
    output: Output,
) -> Result<T, Failure> {
    let mut meter = Meter::new(output, "convert");
    tokio::pin!(work);
    loop {
        tokio::select! {
            ended = &mut work => return ended.map_err(Failure::from),
            _ = tokio::signal::ctrl_c() => pulse.cancel(),
            () = tokio::time::sleep(Duration::from_millis(100)) => meter.show(pulse.progress()),
        }
    }
}

fn files_in(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let failed = |error| Failure::new(format!("{} cannot be read: {error}", folder.display()));
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let hidden = path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        if path.is_file() && !hidden {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// A time as people write it, or as build systems do (reproducible-builds.org, `SOURCE_DATE_EPOCH`).
fn time(text: &str) -> Result<Timestamp, String> {
    let seconds = text.parse::<i64>().ok().and_then(|seconds| seconds.checked_mul(1_000));
    match seconds {
        Some(millis) => Ok(Timestamp::from_millis(millis)),
        None => text
            .parse()
            .map_err(|_| "must be a time such as 2026-11-23T14:05:00Z, or seconds since 1970".to_owned()),
    }
}

/// A scan id after a file's or folder's name.
fn scan_id(path: &Path) -> ScanId {
    let absolute = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let stem = if absolute.is_dir() { absolute.file_name() } else { absolute.file_stem() };
    let stem = stem.map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let safe: String = stem
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '-' })
        .take(200)
        .collect();
    safe.trim_start_matches(['.', '_'])
        .parse()
        .unwrap_or_else(|_| "scan".parse().expect("`scan` is a scan id"))
}

fn machine(converted: &Converted) -> Value {
    let files: Vec<Value> = converted
        .artifacts
        .iter()
        .map(|(artifact, path)| {
            json!({ "name": artifact.name, "path": path, "media_type": artifact.media_type, "size": artifact.size,
                    "sha256": artifact.sha256, "rows": artifact.rows })
        })
        .collect();
    json!({
        "artifacts": files,
        "totals": converted.facts.totals.named(),
        "snapshot_digest": converted.facts.digest,
        "warnings": converted.warnings,
    })
}

fn human(converted: &Converted, took: Duration) -> String {
    let totals = &converted.facts.totals;
    let by_severity: Vec<String> = export_core::finding::Severity::ALL
        .into_iter()
        .filter(|severity| totals.severity(*severity) > 0)
        .map(|severity| format!("{} {severity}", bytes::count(totals.severity(severity))))
        .collect();
    let mut text = format!(
        "{} findings in {} ({}), {} open, read and written in {}\n",
        bytes::count(totals.findings),
        match converted.facts.scans.len() {
            1 => "1 scan".to_owned(),
            scans => format!("{scans} scans"),
        },
        if by_severity.is_empty() { "none".to_owned() } else { by_severity.join(", ") },
        bytes::count(totals.open),
        bytes::time(took),
    );
    for (artifact, path) in &converted.artifacts {
        text +=
            &format!("  {}  {}  sha256 {}\n", path.display(), bytes::size(artifact.size), artifact.sha256);
    }
    text
}
