//! Strict verification: the steps of `docs/evidence-format.md`, in that order. The first that fails is the answer.

mod report;

use std::collections::BTreeMap;

use export_core::digest::Digest;
use export_core::seal::{KeyRecord, KeyStatus, SignatureBytes};
use export_core::time::Timestamp;

pub use self::report::{Failure, FailureCode, Report, SealFacts, Stamp, Verdict};
use crate::canonical::{self, NotCanonical};
use crate::envelope::Envelope;
use crate::manifest::{
    ATTESTATION, BundleManifest, CHECKPOINT, MANIFEST, NO_ENTRIES, TIMESTAMP, TreeHead, check_entries,
};
use crate::note::{LogHead, origin};
use crate::statement::{Statement, subjects};

/// The most that one of the files that are no entries may have: those of a bundle of 250,000 entries are smaller.
pub const MAX_SEAL_BYTES: u64 = 128 << 20;

/// A file as it lies before the verifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PresentedFile {
    /// Its path.
    pub path: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256 of them.
    pub sha256: Digest,
}

/// A bundle as it lies before the verifier: every file with its digest, and the bytes of those that are no entries.
#[derive(Debug, Clone, Copy)]
pub struct Presented<'b> {
    /// Every file, also those that are no entries, each path once.
    pub files: &'b [PresentedFile],
    /// The bytes of the files that are no entries, by name.
    pub kept: &'b BTreeMap<String, Vec<u8>>,
}

/// Checks a time-stamp token (RFC 3161) over a digest; in words what is wrong with it.
pub type StampCheck<'t> = dyn Fn(&[u8], Digest) -> Result<Stamp, String> + Sync + 't;

/// Whom the verifier trusts.
#[derive(Clone, Copy)]
pub struct Trust<'t> {
    /// Keys, with what is known of each.
    pub keys: &'t [KeyRecord],
    /// Time-stamps.
    pub stamps: &'t StampCheck<'t>,
}

/// Verifies a bundle.
#[must_use]
pub fn verify(bundle: Presented<'_>, trust: Trust<'_>) -> Report {
    let mut report = Report::of(bundle.files);
    let failure = Verification { bundle, trust, report: &mut report }.run().err();
    if let Some(failure) = failure {
        report.verdict = failure.code.verdict();
        report.failure = Some(failure);
    }
    report
}

struct Verification<'a> {
    bundle: Presented<'a>,
    trust: Trust<'a>,
    report: &'a mut Report,
}

type Step<T = ()> = Result<T, Failure>;

impl Verification<'_> {
    fn run(mut self) -> Step {
        let kept = self.bundle.kept;
        let manifest = of(kept, MANIFEST)?;
        let Signed { statement, key, signature } = signed(of(kept, ATTESTATION)?, self.trust.keys)?;
        self.report.seal = Some(SealFacts::new(&statement.predicate, &key, &signature));
        let manifest = check_manifest(manifest, &statement)?;
        self.files(&manifest)?;
        let stamp = self.stamp(&signature)?;
        self.checkpoint(&statement, &key)?;
        still_trusted(&key, stamp)
    }

    /// Every entry is a file, and every file is an entry or one of the four.
    fn files(&self, manifest: &BundleManifest) -> Step {
        let mut files: BTreeMap<&str, &PresentedFile> =
            self.bundle.files.iter().map(|file| (&*file.path, file)).collect();
        for entry in &manifest.entries {
            let file = files.remove(&*entry.path);
            let file =
                file.ok_or_else(|| failed(FailureCode::MissingFile, &entry.path, "it is not there"))?;
            if file.size != entry.size {
                let why = format!("it has {} bytes, and {} were sealed", file.size, entry.size);
                return Err(failed(FailureCode::DigestMismatch, &entry.path, why));
            }
            if file.sha256 != entry.sha256 {
                let why = format!("its SHA-256 is {}, and {} was sealed", file.sha256, entry.sha256);
                return Err(failed(FailureCode::DigestMismatch, &entry.path, why));
            }
        }
        match files.keys().find(|path| !NO_ENTRIES.contains(*path)) {
            Some(path) => Err(failed(FailureCode::ExtraFile, path, "it was not sealed")),
            None => Ok(()),
        }
    }

    /// When the signature existed, if a trusted authority says so.
    fn stamp(&mut self, signature: &SignatureBytes) -> Step<Option<Timestamp>> {
        let Some(token) = self.bundle.kept.get(TIMESTAMP) else { return Ok(None) };
        let stamp = (self.trust.stamps)(token, Digest::of(signature))
            .map_err(|why| failed(FailureCode::TimestampInvalid, TIMESTAMP, why))?;
        let at = stamp.trusted.then_some(stamp.at);
        self.report.stamp = Some(stamp);
        Ok(at)
    }

    /// By the key that signed the bundle: whether that one counts is asked once, and in the end.
    fn checkpoint(&mut self, statement: &Statement, key: &KeyRecord) -> Step {
        let Some(note) = self.bundle.kept.get(CHECKPOINT) else { return Ok(()) };
        let invalid = |why: String| failed(FailureCode::CheckpointInvalid, CHECKPOINT, why);
        let note = std::str::from_utf8(note).map_err(|error| invalid(error.to_string()))?;
        let (head, _) = LogHead::read(note, &[key.key]).map_err(|error| invalid(error.to_string()))?;
        let expected = origin(&statement.predicate.tenant);
        if head.origin != expected {
            return Err(invalid(format!("it is of the log {}, not of {expected}", head.origin)));
        }
        self.report.log = Some(head);
        Ok(())
    }
}

/// What a trusted key has signed.
#[derive(Debug)]
pub struct Signed {
    /// The statement.
    pub statement: Statement,
    /// The key.
    pub key: KeyRecord,
    /// Its signature.
    pub signature: SignatureBytes,
}

/// The statement of an attestation (`attestation.dsse.json`), signed by one of `keys`: steps 3 to 6. Whether a revoked key counts
/// is another question ([`still_trusted`]).
///
/// # Errors
/// The first step that fails.
pub fn signed(attestation: &[u8], keys: &[KeyRecord]) -> Result<Signed, Failure> {
    let envelope = Envelope::read(attestation)
        .map_err(|error| failed(FailureCode::EnvelopeNotCanonical, ATTESTATION, error.to_string()))?;
    let key = keys.iter().find(|known| known.key.id() == envelope.key_id).cloned().ok_or_else(|| {
        let why = format!("it is signed by the key {}, which is none of the trusted ones", envelope.key_id);
        failed(FailureCode::UnknownKey, ATTESTATION, why)
    })?;
    let signature = envelope
        .verify(&key.key)
        .map_err(|error| failed(FailureCode::Signature, ATTESTATION, error.to_string()))?;
    Ok(Signed { statement: statement(&envelope.payload)?, key, signature })
}

fn of<'k>(kept: &'k BTreeMap<String, Vec<u8>>, name: &str) -> Step<&'k [u8]> {
    let missing = || failed(FailureCode::MissingFile, name, "it is not there");
    kept.get(name).map(Vec::as_slice).ok_or_else(missing)
}

fn statement(payload: &[u8]) -> Step<Statement> {
    let invalid = |why: String| failed(FailureCode::StatementInvalid, ATTESTATION, why);
    let statement: Statement =
        canonical::from_slice(payload).map_err(|error| invalid(format!("the statement: {error}")))?;
    if statement.subject.windows(2).any(|pair| pair[0].name >= pair[1].name) {
        return Err(invalid("the statement's subjects are not sorted by name, each once".to_owned()));
    }
    Ok(statement)
}

/// The manifest that `statement` is about.
fn check_manifest(bytes: &[u8], statement: &Statement) -> Step<BundleManifest> {
    let predicate = &statement.predicate;
    let sha256 = Digest::of(bytes);
    if sha256 != predicate.manifest_sha256 {
        let why = format!("its SHA-256 is {sha256}, and {} was sealed", predicate.manifest_sha256);
        return Err(failed(FailureCode::DigestMismatch, MANIFEST, why));
    }
    let named = statement.subject.iter().find(|subject| subject.name == MANIFEST);
    if named.is_some_and(|subject| subject.digest.sha256 != sha256) {
        let why = format!("its SHA-256 is {sha256}, and the statement's subject has another");
        return Err(failed(FailureCode::DigestMismatch, MANIFEST, why));
    }
    let invalid = |why: String| failed(FailureCode::ManifestInvalid, MANIFEST, why);
    let manifest: BundleManifest =
        canonical::from_slice(bytes).map_err(|error: NotCanonical| invalid(error.to_string()))?;
    check_entries(&manifest.entries).map_err(invalid)?;
    if manifest.bundle_id != predicate.bundle_id {
        let why =
            format!("it is of {}, and the statement is about {}", manifest.bundle_id, predicate.bundle_id);
        return Err(invalid(why));
    }
    let head = TreeHead::of(&manifest.tree());
    if head != manifest.merkle || head != predicate.merkle {
        let why = format!("the tree over its {} entries has the root {}", head.size, head.root);
        return Err(failed(FailureCode::RootMismatch, MANIFEST, why));
    }
    if subjects(&manifest, sha256) != statement.subject {
        let why = "the statement is not about the files that the manifest lists";
        return Err(failed(FailureCode::StatementInvalid, ATTESTATION, why));
    }
    Ok(manifest)
}

/// A revoked key is trusted for what provably is older: by `stamp`, the time that a trusted authority says.
///
/// # Errors
/// [`FailureCode::KeyRevoked`].
pub fn still_trusted(key: &KeyRecord, stamp: Option<Timestamp>) -> Result<(), Failure> {
    let since = match (key.status, key.revoked_at) {
        (KeyStatus::Active | KeyStatus::Retired, None) => return Ok(()),
        (_, since) => since,
    };
    let Some(revoked_at) = since else {
        let why = "the key was revoked, and nobody says since when";
        return Err(failed(FailureCode::KeyRevoked, ATTESTATION, why));
    };
    let why = match stamp {
        Some(at) if at < revoked_at => return Ok(()),
        Some(at) => format!("the key was revoked at {revoked_at}, and the time-stamp is from {at}"),
        None => format!(
            "the key was revoked at {revoked_at}, and no trusted time-stamp proves that the seal is older"
        ),
    };
    Err(failed(FailureCode::KeyRevoked, ATTESTATION, why))
}

fn failed(code: FailureCode, path: &str, message: impl Into<String>) -> Failure {
    Failure { code, path: Some(path.to_owned()), message: message.into() }
}
