//! `exportctl get`: one export as it stands.

use clap::Args;
use export_core::id::ExportId;

use super::server::{Connection, Server, describe};
use crate::failure::Failure;
use crate::output::Output;

/// Show an export as it stands
#[derive(Args)]
pub(crate) struct Get {
    /// The export's id
    id: ExportId,
    #[command(flatten)]
    server: Server,
}

impl Get {
    pub(crate) async fn run(self, output: Output, connection: &Connection) -> Result<(), Failure> {
        let export = self.server.client(connection)?.get(self.id).await?;
        output.result(&export, || describe(&export));
        Ok(())
    }
}
