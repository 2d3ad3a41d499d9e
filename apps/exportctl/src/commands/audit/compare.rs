//! `exportctl audit compare`: whether two checkpoints are of one log.

use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use clap::Args;
use export_client::LogProof;
use export_core::digest::Digest;
use export_seal::merkle::verify_consistency;
use serde_json::json;

use super::super::server::{Connection, Server};
use super::super::trusted::TrustedKeys;
use super::heads;
use crate::failure::Failure;
use crate::output::Output;

/// Verify that one checkpoint is the continuation of another
///
/// A consistency proof (RFC 6962, 2.1.2) shows that the later log begins with all events of the earlier one, unchanged. It comes from a file
/// (GET /audit/proofs/consistency?from=&to=), or from the server.
///
/// Exit codes: 0 one log; 1 not proved; 2 wrong usage; 3 a checkpoint is signed by a key that is not trusted, or
/// was revoked.
#[derive(Args)]
#[command(after_help = "Examples:
  exportctl audit compare october.txt november.txt --keys evidence-keys.json
  exportctl audit compare october.txt november.txt --proof consistency.json --keys evidence-keys.json")]
pub(crate) struct Compare {
    /// The earlier checkpoint
    #[arg(value_name = "EARLIER")]
    earlier: PathBuf,
    /// The later one
    #[arg(value_name = "LATER")]
    later: PathBuf,
    /// The proof; from the server if absent
    #[arg(long, value_name = "FILE")]
    proof: Option<PathBuf>,
    #[command(flatten)]
    trusted: TrustedKeys,
    #[command(flatten)]
    server: Server,
}

impl Compare {
    pub(crate) async fn run(self, output: Output, connection: &Connection) -> Result<(), Failure> {
        let known = self.trusted.read(&[&self.earlier, &self.later], output)?;
        let (old, new) = (heads::read(&self.earlier, &known)?, heads::read(&self.later, &known)?);
        if old.origin != new.origin {
            return Err(Failure::new(format!("they are of two logs: {} and {}", old.origin, new.origin)));
        }
        if old.size > new.size {
            return Err(Failure::usage(format!(
                "the first has {} events and the second {}: give the earlier one first",
                old.size, new.size
            )));
        }
        let proof: LogProof = match &self.proof {
            Some(file) => {
                let unreadable =
                    |error: &dyn std::fmt::Display| Failure::usage(format!("{}: {error}", file.display()));
                let bytes = std::fs::read(file).map_err(|error| unreadable(&error))?;
                serde_json::from_slice(&bytes).map_err(|error| unreadable(&error))?
            }
            None if old.size == new.size => LogProof { size: new.size, hashes: Vec::new() },
            None => self.server.client(connection)?.consistency(old.size, new.size).await?,
        };
        let path = proof
            .hashes
            .iter()
            .map(|hash| Some(Digest::from_bytes(STANDARD.decode(hash).ok()?.try_into().ok()?)));
        let path: Option<Vec<Digest>> = path.collect();
        let path =
            path.ok_or_else(|| Failure::usage("the proof's hashes must be base64 of 32 bytes each"))?;
        let proved = verify_consistency(old.size, new.size, &path, &old.root, &new.root).is_ok();
        let value = json!({ "verdict": if proved { "one_log" } else { "not_proved" }, "from": old.size, "to": new.size });
        output.result(&value, || {
            if proved {
                format!("one log: the first {} of {} events are the same in both", old.size, new.size)
            } else {
                format!("NOT PROVED: the log of {} events does not begin with that of {}", new.size, old.size)
            }
        });
        if proved { Ok(()) } else { Err(Failure::told(1)) }
    }
}
