//! `exportctl verify`: whether a bundle is whole, unchanged, and of whom it says.

mod one_file;
mod told;

use std::ops::ControlFlow;
use std::path::PathBuf;

use clap::Args;
use export_boot::Config;
use export_core::seal::KeyId;
use export_seal::verify::{Report, Verdict};
use export_verify::{Trusted, Verifier};

use super::sealing::must_exist;
use super::trusted::{Known, TrustedKeys};
use crate::failure::Failure;
use crate::meter;
use crate::output::Output;

/// Verify a sealed bundle, offline
///
/// Reads the archive (ZIP, TAR.GZ, or a folder that one was unpacked to) once, writes nothing, and names the first thing that is
/// wrong. A seal counts if you trust its key: get the owner's JWKS or its fingerprint another way than with the bundle.
/// Without --keys and --fingerprint, the keys of the data folder are trusted: of --data or EXPORT_DATA_DIR, or of ./data unless
/// that lies with the bundle. Which these are is said on standard error.
///
/// Exit codes: 0 whole; 1 tampered or incomplete; 2 wrong usage; 3 the key is not trusted, or was revoked and nothing proves that
/// the seal is older; 4 the archive is unsafe.
#[derive(Args)]
#[command(after_help = "Examples:
  exportctl verify evidence.zip --keys evidence-keys.json
  exportctl verify evidence.tar.gz --fingerprint kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k
  curl -s https://exports.example/.well-known/evidence-keys.json > evidence-keys.json

One file without the rest:
  exportctl verify scans/payments-api.json --proof proof.json --root sha256:...
  exportctl verify scans/payments-api.json --proof proof.json --attestation attestation.dsse.json --keys evidence-keys.json")]
pub(crate) struct Verify {
    /// The archive or folder; with --proof, the one file
    #[arg(value_name = "BUNDLE")]
    bundle: PathBuf,
    #[command(flatten)]
    trusted: TrustedKeys,
    /// Trust the key with this fingerprint (the RFC 7638 thumbprint) and no other; a bundle brings the key itself, for one file it
    /// is given with --keys
    #[arg(long, value_name = "KEY-ID", allow_hyphen_values = true)]
    fingerprint: Option<KeyId>,
    /// Trusted roots of time-stamp authorities (PEM)
    #[arg(long, value_name = "FILE", conflicts_with = "proof")]
    anchors: Option<PathBuf>,
    /// The inclusion proof of the one file
    #[arg(long, value_name = "FILE")]
    proof: Option<PathBuf>,
    /// The root that you trust: `sha256:` and 64 digits
    #[arg(long, value_name = "ROOT", requires = "proof", conflicts_with_all = ["attestation", "keys", "fingerprint"])]
    root: Option<String>,
    /// The bundle's signed statement, which has the root
    #[arg(long, value_name = "FILE", requires = "proof")]
    attestation: Option<PathBuf>,
}

impl Verify {
    pub(crate) fn run(&self, output: Output) -> Result<(), Failure> {
        must_exist(&self.bundle)?;
        match &self.proof {
            Some(proof) => self.one_file(proof, output),
            None => self.whole(output),
        }
    }

    fn whole(&self, output: Output) -> Result<(), Failure> {
        let anchors = match &self.anchors {
            Some(file) => {
                let mut config = Config::default();
                config.sealing.timestamp.anchors = Some(file.clone());
                export_boot::timestamp_anchors(&config)?
            }
            None => Default::default(),
        };
        let known = match &self.fingerprint {
            Some(_) if self.trusted.keys.is_none() => None,
            _ => Some(self.known(&[&self.bundle], output)?),
        };
        let trusted = match (&known, &self.fingerprint) {
            (None, Some(id)) => Trusted::Fingerprint(id.clone()),
            (known, _) => {
                Trusted::Keys(known.as_ref().map(|known| known.records.clone()).unwrap_or_default())
            }
        };
        let size = std::fs::metadata(&self.bundle).ok().filter(std::fs::Metadata::is_file);
        let bar = meter::bytes(output, "verify".to_owned(), size.map_or(0, |about| about.len()));
        let verifying = Verifier::new(anchors).verify(&self.bundle, &trusted, &|read| {
            bar.set_position(read);
            ControlFlow::Continue(())
        });
        bar.finish_and_clear();
        let mut report = verifying
            .map_err(|error| Failure::usage(format!("{} cannot be read: {error}", self.bundle.display())))?;
        if let (Some(seal), Some(known)) = (&mut report.seal, &known) {
            seal.key_status = known.status(&seal.key_id);
        }
        output.result(&report, || told::whole(&report));
        self.ended(report.verdict, || self.advice(&report), output)
    }

    /// The keys of --keys or of the data folder; that with the fingerprint alone, if one is given.
    fn known(&self, about: &[&std::path::Path], output: Output) -> Result<Known, Failure> {
        let known = self.trusted.read(about, output)?;
        let Some(id) = &self.fingerprint else { return Ok(known) };
        let known = known.only(id);
        if known.records.is_empty() {
            let message = format!("--keys has no key with the fingerprint {id}");
            return Err(Failure::usage(message));
        }
        Ok(known)
    }

    fn ended(
        &self,
        verdict: Verdict,
        advice: impl FnOnce() -> &'static str,
        output: Output,
    ) -> Result<(), Failure> {
        if verdict == Verdict::UnknownKey {
            output.note(advice());
        }
        match verdict.exit_code() {
            0 => Ok(()),
            exit => Err(Failure::told(exit)),
        }
    }

    fn advice(&self, report: &Report) -> &'static str {
        // A key that is not trusted is named by its id.
        let names = |id: &KeyId| report.failure.as_ref().is_some_and(|it| it.message.contains(id.as_str()));
        match &self.fingerprint {
            Some(id) if self.trusted.keys.is_none() && names(id) => {
                "The seal is of the key with that fingerprint, but the bundle does not bring its key; give it with --keys."
            }
            _ => self.whom_to_trust(),
        }
    }

    fn whom_to_trust(&self) -> &'static str {
        if self.trusted.keys.is_some() || self.fingerprint.is_some() {
            "If the seal is from before a change of keys, ask its owner for the whole history (/.well-known/evidence-keys.json)."
        } else {
            "Say whom you trust: --keys FILE with the owner's JWKS (/.well-known/evidence-keys.json), or --fingerprint."
        }
    }
}
