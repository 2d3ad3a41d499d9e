//! `exportctl audit checkpoint`: the head of the log, to keep it elsewhere.

use std::path::PathBuf;

use clap::Args;

use super::super::server::{Connection, Server};
use crate::failure::Failure;
use crate::output::Output;

/// Fetch a signed checkpoint of the tenant's log, to keep it elsewhere
#[derive(Args)]
#[command(after_help = "Examples:
  exportctl audit checkpoint --out acme-2026-11.txt      every month, into somebody else's safe
  exportctl audit checkpoint                             look at it")]
pub(crate) struct Checkpoint {
    /// File for the note; it is not replaced
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    server: Server,
}

impl Checkpoint {
    pub(crate) async fn run(self, output: Output, connection: &Connection) -> Result<(), Failure> {
        let checkpoint = self.server.client(connection)?.checkpoint().await?;
        if let Some(out) = &self.out {
            let written = std::fs::File::create_new(out)
                .and_then(|mut file| std::io::Write::write_all(&mut file, checkpoint.note.as_bytes()));
            written.map_err(|error| Failure::new(format!("{} cannot be written: {error}", out.display())))?;
        }
        output.result(&checkpoint, || match &self.out {
            Some(out) => format!("{}: {} events, {}", out.display(), checkpoint.size, checkpoint.root),
            None => checkpoint.note.clone(),
        });
        Ok(())
    }
}
