//! One file without the rest: its inclusion proof, and a root that is trusted or signed.

use std::fs::File;
use std::path::Path;

use export_core::digest::{Digest, DigestWriter};
use export_core::id::BundleId;
use export_core::seal::{KeyId, KeyStatus};
use export_seal::manifest::{ATTESTATION, Entry, MANIFEST};
use export_seal::proof::{InvalidProof, ProofDocument};
use export_seal::statement::Statement;
use export_seal::verify::{self, Failure as Wrong, FailureCode, Verdict, still_trusted};
use serde::Serialize;

use super::super::trusted::{Known, status_word};
use super::{Verify, told};
use crate::failure::Failure;
use crate::output::Output;

/// What it comes to: `verdict`, `code`, `path` and `message` are those of a whole bundle's report.
#[derive(Serialize)]
struct Shown<'p> {
    verdict: Verdict,
    #[serde(flatten)]
    wrong: Option<Wrong>,
    /// The bundle, its key and what is known of that, if a signature says so.
    #[serde(flatten)]
    signed: Option<Signed>,
    entry: &'p Entry,
    /// The root that is trusted.
    #[serde(skip_serializing_if = "Option::is_none")]
    merkle_root: Option<String>,
}

#[derive(Serialize)]
struct Signed {
    bundle_id: BundleId,
    key_id: KeyId,
    #[serde(skip_serializing_if = "Option::is_none")]
    key_status: Option<KeyStatus>,
}

impl Verify {
    pub(super) fn one_file(&self, proof: &Path, output: Output) -> Result<(), Failure> {
        let document =
            ProofDocument::read(&read(proof)?).map_err(|error| Failure::usage(error.to_string()))?;
        let (size, sha256) = digest(&self.bundle)?;
        let (mut signed, mut trusted) = (None, None);
        let proved = match (&self.root, &self.attestation) {
            (Some(root), _) => {
                let root = *trusted.insert(root_of(root)?);
                in_tree(&document, size, &sha256, &root)
            }
            (None, Some(attestation)) => {
                let known = self.known_for(proof, attestation, output)?;
                verify::signed(&read(attestation)?, &known.records).and_then(
                    |verify::Signed { statement, key, .. }| {
                        still_trusted(&key, None)?;
                        let (predicate, key_id) = (&statement.predicate, key.key.id());
                        signed = Some(Signed {
                            bundle_id: predicate.bundle_id,
                            key_status: known.status(&key_id),
                            key_id,
                        });
                        trusted = Some(predicate.merkle.root);
                        of_statement(&document, &statement)?;
                        in_tree(&document, size, &sha256, &predicate.merkle.root)
                    },
                )
            }
            (None, None) => return Err(no_root(&document)),
        };
        let wrong = proved.err();
        let verdict = wrong.as_ref().map_or(Verdict::Whole, |wrong| wrong.code.verdict());
        let merkle_root = trusted.map(|root| format!("sha256:{root}"));
        let shown = Shown { verdict, wrong, signed, entry: &document.entry, merkle_root };
        output.result(&shown, || human(&shown, &document));
        self.ended(verdict, || self.whom_to_trust(), output)
    }

    /// Whom to trust for an attestation, which brings no key.
    fn known_for(&self, proof: &Path, attestation: &Path, output: Output) -> Result<Known, Failure> {
        if let (Some(id), None) = (&self.fingerprint, &self.trusted.keys) {
            return Err(Failure::usage(format!(
                "--fingerprint says which key, and for one file the key itself is needed: give {id} with --keys FILE (a bundle \
                 has it as public-key.jwk.json)"
            )));
        }
        let mut about = vec![&*self.bundle, proof, attestation];
        let folder = attestation.parent().map(|it| if it == Path::new("") { Path::new(".") } else { it });
        // Beside a manifest, it lies in an unpacked bundle.
        about.extend(folder.filter(|folder| folder.join(MANIFEST).is_file()));
        self.known(&about, output)
    }
}

/// Whether the proof is of the bundle that the statement is about.
fn of_statement(proof: &ProofDocument, statement: &Statement) -> Result<(), Wrong> {
    let predicate = &statement.predicate;
    if predicate.bundle_id != proof.bundle_id {
        let why = format!("it is about {}, and the proof is of {}", predicate.bundle_id, proof.bundle_id);
        return Err(wrong(FailureCode::StatementInvalid, ATTESTATION, why));
    }
    if predicate.merkle.size != proof.size {
        let why = format!(
            "the proof is of a tree of {} entries, and one of {} was signed",
            proof.size, predicate.merkle.size
        );
        return Err(wrong(FailureCode::RootMismatch, &proof.entry.path, why));
    }
    Ok(())
}

fn in_tree(proof: &ProofDocument, size: u64, sha256: &Digest, root: &Digest) -> Result<(), Wrong> {
    proof.verify(size, sha256, root).map_err(|error| {
        let code = match &error {
            InvalidProof::File { .. } => FailureCode::DigestMismatch,
            InvalidProof::Shape(_) | InvalidProof::Path | InvalidProof::Root(_) => FailureCode::RootMismatch,
        };
        wrong(code, &proof.entry.path, error.to_string())
    })
}

fn wrong(code: FailureCode, path: &str, message: String) -> Wrong {
    Wrong { code, path: Some(path.to_owned()), message }
}

fn no_root(proof: &ProofDocument) -> Failure {
    match proof.root() {
        Ok(root) => Failure::usage(format!(
            "the proof leads to the root sha256:{root}; say which one you trust with --root, or give the signed statement \
             with --attestation and --keys"
        )),
        Err(error) => Failure::new(error.to_string()),
    }
}

fn human(shown: &Shown<'_>, proof: &ProofDocument) -> String {
    match (&shown.wrong, &shown.signed) {
        (Some(wrong), _) => told::wrong(wrong),
        (None, Some(signed)) => format!(
            "whole: it is {} of {}, entry {} of {}\n  key         {} ({})\n",
            proof.entry.path,
            signed.bundle_id,
            proof.index,
            proof.size,
            signed.key_id,
            status_word(signed.key_status)
        ),
        // Of whose bundle the tree is, only the proof itself says.
        (None, None) => format!("whole: a file of the tree with that root, as {}\n", proof.entry.path),
    }
}

fn root_of(text: &str) -> Result<Digest, Failure> {
    let digits = text.strip_prefix("sha256:").unwrap_or(text);
    digits.parse().map_err(|error| Failure::usage(format!("--root {error}")))
}

fn unreadable(path: &Path, error: &std::io::Error) -> Failure {
    Failure::usage(format!("{} cannot be read: {error}", path.display()))
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    std::fs::read(path).map_err(|error| unreadable(path, &error))
}

fn digest(path: &Path) -> Result<(u64, Digest), Failure> {
    let failed = |error: std::io::Error| unreadable(path, &error);
    let mut out = DigestWriter::new(std::io::sink());
    std::io::copy(&mut File::open(path).map_err(failed)?, &mut out).map_err(failed)?;
    let (_, size, sha256) = out.finish().map_err(failed)?;
    Ok((size, sha256))
}
