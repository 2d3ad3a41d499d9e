//! `exportctl demo`: three exports of the demo library, from the request to checked files.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;
use export_boot::SystemClock;
use export_client::Client;
use export_core::export::Export;
use export_core::manifest::{MANIFEST_NAME, Manifest};
use export_core::request::ExportRequest;
use export_core::time::Clock as _;
use serde_json::{Value, json};

use super::server::{Connection, Server, check_completed};
use super::{download, watch};
use crate::bytes;
use crate::failure::Failure;
use crate::output::Output;

/// Export the demo library as PDF, CSV and JSON, and check what comes back
///
/// Needs a running server with the demo library, as `export-server` has it without configuration. Submits over REST, follows over
/// the WebSocket, downloads by signed links, and checks every artifact against its manifest.
#[derive(Args)]
pub(crate) struct Demo {
    /// Folder for the files
    #[arg(long, default_value = "out/demo", value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    server: Server,
}

/// Every scan of the demo library but the older one of the same image.
const SCANS: [&str; 4] = [
    "payments-api-2026-11-20",
    "storefront-web-2026-11-21",
    "ml-inference-2026-11-19",
    "edge-gateway-2026-11-22",
];
const EXPORTS: [(&str, &str); 3] =
    [("vulnerability_report", "pdf"), ("vulnerability_report", "csv"), ("scan_report", "json")];

impl Demo {
    pub(crate) async fn run(self, output: Output, connection: &Connection) -> Result<(), Failure> {
        let client = self.server.client(connection)?;
        let mut results = Vec::new();
        let mut text = String::new();
        let mut digests = Vec::new();
        for (kind, format) in EXPORTS {
            let clock = SystemClock::new();
            let started = clock.now();
            let export = export(&client, kind, format, output).await?;
            let folder = self.out.join(format);
            let manifest = fetch(&client, &export, &folder, output).await?;
            let took = Duration::from_millis(clock.now().tick.millis - started.tick.millis);
            let main = &manifest.artifacts[0];
            let path = folder.join(&main.name);
            text += &format!(
                "{}  {}  {} findings  {}  sha256 {} as the manifest says\n",
                path.display(),
                bytes::size(main.size),
                bytes::count(manifest.snapshot.rows_matched),
                bytes::time(took),
                &main.sha256.short(),
            );
            results.push(
                json!({ "export_id": export.export_id, "path": path, "size": main.size, "sha256": main.sha256,
                                 "milliseconds": took.as_millis() }),
            );
            digests.push(manifest.snapshot.digest);
        }
        if digests.iter().any(|digest| *digest != digests[0]) {
            return Err(Failure::new("the exports of one scope were made from different data"));
        }
        text += &format!("All three come from the same data: snapshot {}.", digests[0].short());
        output.result(&json!({ "exports": results, "snapshot_digest": digests[0] }), || text);
        Ok(())
    }
}

async fn export(client: &Client, kind: &str, format: &str, output: Output) -> Result<Export, Failure> {
    let body: Value = json!({ "type": kind, "format": format, "scope": { "scan_ids": SCANS } });
    let request = ExportRequest::parse(body.to_string().as_bytes())?;
    let accepted = client.submit(&request, None).await?.export;
    output.note(format!("{} accepted: {kind} as {format}", accepted.export_id));
    let export = watch::follow(client, accepted.export_id, output).await?;
    check_completed(&export)?;
    Ok(export)
}

/// Downloads everything, and checks each file against the manifest, not against what the API said of it.
async fn fetch(client: &Client, export: &Export, folder: &Path, output: Output) -> Result<Manifest, Failure> {
    for artifact in export.artifacts.iter().flatten() {
        download::one(client, export, artifact, folder, output).await?;
    }
    let read = |name: &str| {
        let path = folder.join(name);
        std::fs::read(&path)
            .map_err(|error| Failure::new(format!("{} cannot be read: {error}", path.display())))
    };
    let manifest: Manifest = serde_json::from_slice(&read(MANIFEST_NAME)?)
        .map_err(|error| Failure::new(format!("the manifest cannot be read: {error}")))?;
    for artifact in &manifest.artifacts {
        if export_core::digest::Digest::of(&read(&artifact.name)?) != artifact.sha256 {
            return Err(Failure::new(format!("{} is not as the manifest says", artifact.name)));
        }
    }
    if manifest.artifacts.is_empty() {
        return Err(Failure::new("the manifest names no artifact"));
    }
    Ok(manifest)
}
