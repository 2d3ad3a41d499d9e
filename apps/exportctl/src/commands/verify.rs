//! `exportctl verify`: whether a bundle is whole, unchanged, and of whom it says.

use std::fs::File;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

use clap::Args;
use export_boot::Config;
use export_core::digest::{Digest, DigestWriter};
use export_core::seal::KeyId;
use export_seal::envelope::Envelope;
use export_seal::proof::ProofDocument;
use export_seal::statement::Statement;
use export_seal::verify::{Report, Stamp, Verdict};
use export_verify::{Trusted, Verifier};
use serde_json::json;

use super::sealing::{TrustedKeys, must_exist};
use crate::bytes;
use crate::failure::Failure;
use crate::meter;

use crate::output::Output;

/// Verify a sealed bundle, offline
///
/// Reads the archive (ZIP, TAR.GZ, or a folder that one was unpacked to) once, writes nothing, and names the first thing that is
/// wrong. A seal counts if you trust its key: get the owner's JWKS or its fingerprint another way than with the bundle.
/// Without --keys and --fingerprint, the keys of the data folder are trusted.
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
    /// Trust the key with this fingerprint (the RFC 7638 thumbprint); the bundle brings the key itself
    #[arg(long, value_name = "KEY-ID", conflicts_with = "keys")]
    fingerprint: Option<KeyId>,
    /// Trusted roots of time-stamp authorities (PEM)
    #[arg(long, value_name = "FILE")]
    anchors: Option<PathBuf>,
    /// The inclusion proof of the one file
    #[arg(long, value_name = "FILE")]
    proof: Option<PathBuf>,
    /// The root that you trust: `sha256:` and 64 digits
    #[arg(long, value_name = "ROOT", requires = "proof", conflicts_with = "attestation")]
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
        let trusted = match &self.fingerprint {
            Some(id) => Trusted::Fingerprint(id.clone()),
            None => Trusted::Keys(self.trusted.read()?),
        };
        let size = std::fs::metadata(&self.bundle).ok().filter(std::fs::Metadata::is_file);
        let bar = meter::bytes(output, "verify".to_owned(), size.map_or(0, |about| about.len()));
        let verifying = Verifier::new(anchors).verify(&self.bundle, &trusted, &|read| {
            bar.set_position(read);
            ControlFlow::Continue(())
        });
        bar.finish_and_clear();
        let report = verifying
            .map_err(|error| Failure::usage(format!("{} cannot be read: {error}", self.bundle.display())))?;
        output.result(&report, || human(&report));
        match report.verdict.exit_code() {
            0 => Ok(()),
            exit => {
                if report.verdict == Verdict::UnknownKey {
                    output.note(self.advice());
                }
                Err(Failure::told(exit))
            }
        }
    }

    fn advice(&self) -> &'static str {
        if self.trusted.keys.is_some() || self.fingerprint.is_some() {
            "If the seal is from before a change of keys, ask its owner for the whole history (/.well-known/evidence-keys.json)."
        } else {
            "Say whom you trust: --keys FILE with the owner's JWKS (/.well-known/evidence-keys.json), or --fingerprint."
        }
    }

    fn one_file(&self, proof: &Path, output: Output) -> Result<(), Failure> {
        let read = |file: &Path| {
            std::fs::read(file)
                .map_err(|error| Failure::usage(format!("{} cannot be read: {error}", file.display())))
        };
        let proof = ProofDocument::read(&read(proof)?).map_err(|error| Failure::usage(error.to_string()))?;
        let (size, sha256) = digest(&self.bundle)?;
        let root = match (&self.root, &self.attestation) {
            (Some(root), _) => root_of(root)?,
            (None, Some(attestation)) => self.signed_root(&read(attestation)?, &proof)?,
            (None, None) => {
                let root = proof.root().map_err(|error| Failure::new(error.to_string()))?;
                return Err(Failure::usage(format!(
                    "the proof leads to the root sha256:{root}; say which one you trust with --root, or give the signed \
                     statement with --attestation and --keys"
                )));
            }
        };
        let verified = proof.verify(size, &sha256, &root);
        let value = json!({
            "verdict": if verified.is_ok() { Verdict::Whole } else { Verdict::Tampered },
            "message": verified.as_ref().err().map(ToString::to_string),
            "bundle_id": proof.bundle_id, "entry": proof.entry, "merkle_root": format!("sha256:{root}"),
        });
        let verdict = match &verified {
            Ok(()) => format!(
                "whole: it is {} of {}, entry {} of {}",
                proof.entry.path, proof.bundle_id, proof.index, proof.size
            ),
            Err(error) => format!("TAMPERED: {error}"),
        };
        output.result(&value, || verdict);
        verified.map_err(|_| Failure::told(1))
    }

    /// The root in a statement that a trusted key has signed.
    fn signed_root(&self, attestation: &[u8], proof: &ProofDocument) -> Result<Digest, Failure> {
        let tampered = |error: &dyn std::fmt::Display| Failure::new(format!("the attestation: {error}"));
        let envelope = Envelope::read(attestation).map_err(|error| tampered(&error))?;
        let keys = self.trusted.read()?;
        let key = keys.iter().find(|known| known.key.id() == envelope.key_id);
        let unknown = || {
            Failure::exiting(
                3,
                format!("the attestation is signed by {}, which is not trusted", envelope.key_id),
            )
        };
        let key = key.ok_or_else(unknown)?;
        envelope.verify(&key.key).map_err(|error| tampered(&error))?;
        if key.revoked_at.is_some() {
            return Err(Failure::exiting(3, format!("the key {} was revoked", envelope.key_id)));
        }
        let statement: Statement =
            export_seal::canonical::from_slice(&envelope.payload).map_err(|error| tampered(&error))?;
        if statement.predicate.bundle_id != proof.bundle_id {
            return Err(tampered(&"it is of another bundle than the proof"));
        }
        Ok(statement.predicate.merkle.root)
    }
}

fn root_of(text: &str) -> Result<Digest, Failure> {
    let digits = text.strip_prefix("sha256:").unwrap_or(text);
    digits.parse().map_err(|error| Failure::usage(format!("--root {error}")))
}

fn digest(path: &Path) -> Result<(u64, Digest), Failure> {
    let failed =
        |error: std::io::Error| Failure::usage(format!("{} cannot be read: {error}", path.display()));
    let mut out = DigestWriter::new(std::io::sink());
    std::io::copy(&mut File::open(path).map_err(failed)?, &mut out).map_err(failed)?;
    let (_, size, sha256) = out.finish().map_err(failed)?;
    Ok((size, sha256))
}

fn human(report: &Report) -> String {
    let mut text = match (&report.verdict, &report.failure) {
        (Verdict::Whole, _) => {
            format!("whole: {} files, {}\n", bytes::count(report.files), bytes::size(report.bytes))
        }
        (verdict, Some(failure)) => {
            let path = failure.path.as_deref().map(|path| format!("{path:?}: ")).unwrap_or_default();
            format!("{}: {path}{} [{}]\n", word(*verdict), failure.message, failure.code.as_str())
        }
        (verdict, None) => format!("{}\n", word(*verdict)),
    };
    let mut line = |name: &str, value: String| text += &format!("  {name:<11} {value}\n");
    if let Some(seal) = &report.seal {
        line("bundle", format!("{}, {} entries", seal.bundle_id, bytes::count(seal.entries)));
        line("export", format!("{} of {}, asked for at {}", seal.export_id, seal.tenant, seal.created_at));
        line("sealed", format!("{} by {} {}", seal.sealed_at, seal.generator.name, seal.generator.version));
        line("root", seal.merkle_root.clone());
        line("key", format!("{} ({})", seal.key_id, seal.key_status.as_str()));
    }
    if let Some(Stamp { at, authority, trusted }) = &report.stamp {
        let trust = if *trusted { "trusted" } else { "not verified: give its roots with --anchors" };
        line("time-stamp", format!("{at} by {authority} ({trust})"));
    }
    if let Some(log) = &report.log {
        line("log", format!("{}, {} events", log.origin, bytes::count(log.size)));
    }
    text
}

const fn word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Whole => "whole",
        Verdict::Tampered => "TAMPERED",
        Verdict::UnknownKey => "UNKNOWN KEY",
        Verdict::Indeterminate => "INDETERMINATE",
        Verdict::Unsafe => "UNSAFE",
    }
}
