//! `exportctl audit checkpoint`: the head of the log, to keep it elsewhere.

use std::path::PathBuf;

use clap::Args;
use export_client::LogCheckpoint;
use export_seal::note::origin;

use super::super::server::{Connection, Server};
use super::super::trusted::{Known, TrustedKeys};
use super::heads;
use crate::failure::Failure;
use crate::output::Output;

/// Fetch a signed checkpoint of the tenant's log, to keep it elsewhere
///
/// Its signature is checked with the keys of --keys, or of the data folder. A note that nobody whom you trust has signed is
/// not kept.
///
/// Exit codes: 0 fetched; 1 the server refused it, or its note is not valid; 2 wrong usage; 3 it is signed by a key that is not
/// trusted, or was revoked.
#[derive(Args)]
#[command(after_help = "Examples:
  exportctl audit checkpoint --out acme-2026-11.txt --keys evidence-keys.json   every month, into somebody else's safe
  exportctl audit checkpoint                                                    look at it")]
pub(crate) struct Checkpoint {
    /// File for the note; it is not replaced
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    #[command(flatten)]
    trusted: TrustedKeys,
    #[command(flatten)]
    server: Server,
}

impl Checkpoint {
    pub(crate) async fn run(self, output: Output, connection: &Connection) -> Result<(), Failure> {
        let known = self.trusted.read(&[], output)?;
        let checkpoint = self.server.client(connection)?.checkpoint().await?;
        if known.records.is_empty() {
            output.note("Its signature was not checked, for no keys are known: give them with --keys.");
        } else {
            self.check(&checkpoint, &known)?;
        }
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

    /// Whether a key that counts has signed what the answer says.
    fn check(&self, checkpoint: &LogCheckpoint, known: &Known) -> Result<(), Failure> {
        let head = heads::open(&checkpoint.note, known).map_err(|failure| {
            let message = format!("the checkpoint: {}", failure.message);
            Failure { message, ..failure }
        })?;
        let log = origin(self.server.tenant());
        if head.origin != log {
            return Err(Failure::new(format!("the checkpoint is of the log {}, not of {log}", head.origin)));
        }
        if head.size != checkpoint.size || format!("sha256:{}", head.root) != checkpoint.root {
            return Err(Failure::new("the checkpoint's note is of another log than the answer says"));
        }
        Ok(())
    }
}
