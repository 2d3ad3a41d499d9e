//! `exportctl cancel`: stop an export that has not ended.

use clap::Args;
use export_core::id::ExportId;

use super::server::{Connection, Server, describe};
use crate::failure::Failure;
use crate::output::Output;

/// Cancel an export that has not ended
#[derive(Args)]
pub(crate) struct Cancel {
    /// The export's id
    id: ExportId,
    #[command(flatten)]
    server: Server,
}

impl Cancel {
    pub(crate) async fn run(self, output: Output, connection: &Connection) -> Result<(), Failure> {
        let export = self.server.client(connection)?.cancel(self.id).await?;
        output.result(&export, || describe(&export));
        Ok(())
    }
}
