//! `exportctl audit`: whether the audit trail is the one that was noted.

mod checkpoint;
mod compare;
mod database;
mod exported;
mod heads;
mod told;
mod verify;

use clap::{Args, Subcommand};

use super::server::Connection;
use crate::failure::Failure;
use crate::output::Output;

/// Prove the audit trail
///
/// The trail is a log: each event's hash covers all events before it, and a tree over the hashes (RFC 6962) has a root that
/// the sealing key signs from time to time, a checkpoint. Keep checkpoints elsewhere: with one, `audit verify` finds also what somebody with
/// the database cut off at the end, or wrote anew with all its hashes.
#[derive(Args)]
pub(crate) struct Audit {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Verify(verify::Verify),
    Checkpoint(checkpoint::Checkpoint),
    Compare(compare::Compare),
}

impl Audit {
    pub(crate) async fn run(self, output: Output, connection: &Connection) -> Result<(), Failure> {
        match self.command {
            Command::Verify(verify) => verify.run(output).await,
            Command::Checkpoint(checkpoint) => checkpoint.run(output, connection).await,
            Command::Compare(compare) => compare.run(output, connection).await,
        }
    }
}
