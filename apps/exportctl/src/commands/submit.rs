//! `exportctl submit`: ask for an export.

use std::path::PathBuf;

use clap::Args;
use export_core::catalogue::{ExportType, Format};
use export_core::id::ScanId;
use export_core::request::ExportRequest;
use serde_json::{Map, Value, json};

use super::server::{Connection, Server, check_completed, describe};
use super::shape::{Shape, usual_type};
use super::{download, watch};
use crate::failure::Failure;
use crate::output::Output;

/// Ask the server for an export
///
/// Prints the accepted export; with --watch, waits until it has ended; with --out, downloads what it made.
#[derive(Args)]
#[command(after_help = "\
Examples:
  exportctl submit --scan payments-api-2026-11-20 --format pdf --watch
  exportctl submit --type scan_report --image registry.example/app:1.2 --format json --out .
  exportctl submit --since -7d --format csv --watch
  exportctl submit --request request.json")]
pub(crate) struct Submit {
    /// File with the whole request as JSON, instead of the options below
    #[arg(long, value_name = "FILE", conflicts_with_all = ["kind", "format", "scans", "images", "since", "until", "policy_sets", "Shape"])]
    request: Option<PathBuf>,
    /// What to tell [default: scan_report for json and sarif, sbom for cyclonedx and spdx, evidence_bundle for zip and
    /// tar.gz, vulnerability_report for pdf, xlsx and csv]
    #[arg(long = "type", value_name = "TYPE")]
    kind: Option<ExportType>,
    /// csv, cyclonedx, json, pdf, sarif, spdx, tar.gz, xlsx or zip
    #[arg(long, required_unless_present = "request", value_name = "FORMAT")]
    format: Option<Format>,
    /// Scan to cover; may be given several times
    #[arg(long = "scan", value_name = "ID")]
    scans: Vec<ScanId>,
    /// Image to cover, its newest scan; may be given several times
    #[arg(long = "image", value_name = "REF")]
    images: Vec<String>,
    /// Scans made since then: a time, or -7d, -12h
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    since: Option<String>,
    /// Scans made until then [default: now]
    #[arg(long, value_name = "TIME", allow_hyphen_values = true, requires = "since")]
    until: Option<String>,
    /// Only verdicts of this policy set; may be given several times
    #[arg(long = "policy-set", value_name = "NAME")]
    policy_sets: Vec<String>,
    /// Key under which the same request is accepted only once
    #[arg(long, value_name = "KEY")]
    idempotency_key: Option<String>,
    /// Wait until the export has ended, showing its progress
    #[arg(long)]
    watch: bool,
    /// Wait, then download the artifacts into this folder
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    #[command(flatten)]
    shape: Shape,
    #[command(flatten)]
    server: Server,
}

impl Submit {
    pub(crate) async fn run(self, output: Output, connection: &Connection) -> Result<(), Failure> {
        let request = ExportRequest::parse(&self.body()?)?;
        let client = self.server.client(connection)?;
        let mut export = client.submit(&request, self.idempotency_key.as_deref()).await?.export;
        if self.watch || self.out.is_some() {
            export = watch::follow(&client, export.export_id, output).await?;
            check_completed(&export)?;
        }
        if let Some(folder) = &self.out {
            for artifact in export.artifacts.iter().flatten() {
                download::one(&client, &export, artifact, folder, output).await?;
            }
        }
        output.result(&export, || describe(&export));
        Ok(())
    }

    fn body(&self) -> Result<Vec<u8>, Failure> {
        if let Some(file) = &self.request {
            let read = std::fs::read(file);
            return read
                .map_err(|error| Failure::usage(format!("{} cannot be read: {error}", file.display())));
        }
        let format = self.format.ok_or_else(|| Failure::usage("--format is needed"))?;
        self.shape.check(&[format])?;
        let kind = self.kind.unwrap_or(usual_type(format));
        let mut scope = Map::new();
        let mut put = |name: &str, value: Value, given: bool| {
            if given {
                scope.insert(name.to_owned(), value);
            }
        };
        put("scan_ids", json!(self.scans), !self.scans.is_empty());
        put("image_refs", json!(self.images), !self.images.is_empty());
        put("policy_sets", json!(self.policy_sets), !self.policy_sets.is_empty());
        let end = self.until.as_deref().unwrap_or("now");
        put("date_range", json!({ "start": self.since, "end": end }), self.since.is_some());
        let options = self.shape.options(format);
        let body = json!({ "type": kind, "format": format, "scope": scope, "options": options });
        Ok(body.to_string().into_bytes())
    }
}
