//! `exportctl keys`: the keys that sign evidence bundles.

mod act;
mod show;

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use export_boot::FileKeyRing;
use export_core::seal::KeyId;
use export_core::time::Timestamp;

use crate::failure::Failure;
use crate::output::Output;

/// Make, replace, revoke and show the keys that sign evidence bundles
///
/// A ring of keys is a folder: the public history, and the private key of the one that signs, which only its owner can read.
/// A server that runs takes a changed ring without a restart. The public keys of a ring are what verifiers need: give them the
/// output of `export`, over another way than the bundles. Keys of a hardware module are made with its own tools.
#[derive(Args)]
#[command(after_help = "\
Examples:
  exportctl keys generate                                      the first key of ./data
  exportctl keys generate --keys /etc/export-center/keys       of a folder of its own (sealing.keys)
  exportctl keys rotate                                        another key signs from now on
  exportctl keys revoke KEY_ID --at 2026-11-20T00:00:00Z --reason 'laptop stolen'
  exportctl keys export --out evidence-keys.json               for those who verify
  openssl genpkey -algorithm ED25519 | exportctl keys import - --keys DIR")]
pub(crate) struct Keys {
    #[command(subcommand)]
    action: Action,
    /// The folder of the ring [default: keys/sealing in the data folder]
    #[arg(long, global = true, value_name = "DIR")]
    keys: Option<PathBuf>,
    /// The server's data folder
    #[arg(long, global = true, env = "EXPORT_DATA_DIR", default_value = "./data", value_name = "DIR")]
    data: PathBuf,
}

#[derive(Subcommand)]
enum Action {
    /// Make the key that signs, where there is none
    Generate,
    /// List every key that there was, the newest first
    List,
    /// Put a new key in the place of the one that signs
    ///
    /// The old one verifies for ever. Its private key is removed: nothing needs it any more.
    Rotate {
        /// Keep the private key of the old one in the folder
        #[arg(long)]
        keep: bool,
    },
    /// Say that a key is in the wrong hands
    ///
    /// Bundles that it signed count only if a trusted time-stamp proves that they are from before that time. This cannot be
    /// taken back; the time can be made an earlier one.
    Revoke {
        /// The key's id, as `list` shows it; write `--` before one that begins with a hyphen
        #[arg(value_name = "KEY_ID", allow_hyphen_values = true)]
        id: KeyId,
        /// Since when it is not trusted [default: now]
        #[arg(long, value_name = "TIME")]
        at: Option<Timestamp>,
        /// Why; verifiers get to read it
        #[arg(long, value_name = "TEXT")]
        reason: String,
    },
    /// Print the public keys, for those who verify
    Export {
        /// One key alone
        #[arg(value_name = "KEY_ID", allow_hyphen_values = true)]
        id: Option<KeyId>,
        /// jwks has the whole history, with retired and revoked keys and their times; pem has the bare keys
        #[arg(long, value_enum, default_value_t = Form::Jwks)]
        format: Form,
        /// Write into this file instead of printing
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Take a private key that was made elsewhere as the one that signs, where there is none
    Import {
        /// Its file, PKCS #8 PEM; - reads standard input
        #[arg(value_name = "FILE")]
        file: PathBuf,
    },
}

/// How public keys are written.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Form {
    /// A JSON Web Key Set (RFC 7517)
    Jwks,
    /// One PEM block for each key (RFC 8410)
    Pem,
}

impl Keys {
    pub(crate) fn run(self, output: Output) -> Result<(), Failure> {
        let folder = self.keys.unwrap_or_else(|| self.data.join("keys").join("sealing"));
        // These do without the private key, and are what helps where it is lost or open to others.
        let ring = match self.action {
            Action::List | Action::Export { .. } | Action::Revoke { .. } | Action::Rotate { .. } => {
                FileKeyRing::at(folder)
            }
            _ => FileKeyRing::open(folder)?,
        };
        match self.action {
            Action::Generate => act::generate(&ring, output),
            Action::List => show::list(&ring, output),
            Action::Rotate { keep } => act::rotate(&ring, keep, output),
            Action::Revoke { id, at, reason } => act::revoke(&ring, &id, at, &reason, output),
            Action::Export { id, format, out } => {
                show::export(&ring, id.as_ref(), format, out.as_deref(), output)
            }
            Action::Import { file } => act::import(&ring, &file, output),
        }
    }
}
