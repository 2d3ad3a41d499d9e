//! `exportctl watch`: follow an export to its end.

use clap::Args;
use export_client::Client;
use export_core::export::{Export, Stage};
use export_core::id::ExportId;
use futures::StreamExt as _;

use super::server::{Connection, Server, check_completed, describe};
use crate::failure::Failure;
use crate::meter::Meter;
use crate::output::Output;

/// Follow an export until it has ended
#[derive(Args)]
pub(crate) struct Watch {
    /// The export's id
    id: ExportId,
    #[command(flatten)]
    server: Server,
}

impl Watch {
    pub(crate) async fn run(self, output: Output, connection: &Connection) -> Result<(), Failure> {
        let export = follow(&self.server.client(connection)?, self.id, output).await?;
        check_completed(&export)?;
        output.result(&export, || describe(&export));
        Ok(())
    }
}

/// Follows an export over the WebSocket, with a progress line; the export as it stands at its end.
pub(crate) async fn follow(client: &Client, id: ExportId, output: Output) -> Result<Export, Failure> {
    let mut meter = Meter::new(output, id.to_string());
    let mut events = std::pin::pin!(client.watch(id));
    while let Some(event) = events.next().await {
        if let Some(progress) = event?.progress
            && progress.stage != Stage::Queued
        {
            meter.show(progress);
        }
    }
    Ok(client.get(id).await?)
}
