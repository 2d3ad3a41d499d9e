//! A bundle on the disk, verified: the archive is read strictly and once, then the seal is checked.
//!
//! Offline, and the same for everyone: `exportctl verify`, `POST /bundles/verify`, embedders.

use std::io;
use std::path::Path;

use export_core::digest::Digest;
use export_core::seal::{KeyId, KeyRecord};
use export_seal::jwks::Jwks;
use export_seal::manifest::{ATTESTATION, CHECKPOINT, MANIFEST, PUBLIC_KEY, TIMESTAMP};
use export_seal::verify::{
    Failure, FailureCode, MAX_SEAL_BYTES, Presented, PresentedFile, Report, Stamp, Trust, verify,
};
use export_timestamp::Anchors;
use export_unpack::{Code, Keep, Limits, Observed, Progress, Refusal, observe};

/// Whose seals count.
#[derive(Debug, Clone)]
pub enum Trusted {
    /// Those of these keys, with what is known of each.
    Keys(Vec<KeyRecord>),
    /// Those of the key with this fingerprint; the key itself is taken from the bundle.
    Fingerprint(KeyId),
}

/// The most that a time-stamp token may have: those of real authorities have some thousands of bytes.
const MOST_TOKEN: u64 = 64 << 10;
/// The most that a checkpoint, or a key, may have.
const MOST_TEXT: u64 = 16 << 10;

/// Verifies bundles.
#[derive(Debug)]
pub struct Verifier {
    anchors: Anchors,
    most: u64,
}

impl Default for Verifier {
    fn default() -> Self {
        Self::new(Anchors::default())
    }
}

impl Verifier {
    /// A verifier that trusts time-stamp authorities with a certificate below one of `anchors`.
    #[must_use]
    pub fn new(anchors: Anchors) -> Self {
        Self { anchors, most: MAX_SEAL_BYTES }
    }

    /// The same, for bundles of strangers on a machine with other work: `manifest.json` and `attestation.dsse.json` may have at
    /// most so many bytes each. Memory grows to about six times that.
    #[must_use]
    pub fn with_most(self, most: u64) -> Self {
        Self { most, ..self }
    }

    /// Verifies the archive, or the folder that one was unpacked to, at `path`. `progress` is told how many bytes were read.
    ///
    /// # Errors
    /// If it cannot be read, or `progress` ends it; what is wrong with the bundle is in the report.
    pub fn verify(&self, path: &Path, trusted: &Trusted, progress: &Progress<'_>) -> io::Result<Report> {
        let keep = |path, most| Keep { path, most };
        let keep = [
            keep(MANIFEST, self.most),
            keep(ATTESTATION, self.most),
            keep(TIMESTAMP, MOST_TOKEN),
            keep(CHECKPOINT, MOST_TEXT),
            keep(PUBLIC_KEY, MOST_TEXT),
        ];
        match observe(path, &keep, &Limits::default(), progress) {
            Ok(observed) => Ok(self.check(observed, trusted)),
            Err(refusal) => refused(refusal),
        }
    }

    fn check(&self, observed: Observed, trusted: &Trusted) -> Report {
        let presented = |file: export_unpack::ObservedFile| PresentedFile {
            path: file.path,
            size: file.size,
            sha256: file.sha256,
        };
        let files: Vec<_> = observed.files.into_iter().map(presented).collect();
        let keys = match trusted {
            Trusted::Keys(keys) => keys.clone(),
            Trusted::Fingerprint(id) => named(observed.kept.get(PUBLIC_KEY), id),
        };
        let stamps = |token: &[u8], over: Digest| self.stamp(token, over);
        let mut report =
            verify(Presented { files: &files, kept: &observed.kept }, Trust { keys: &keys, stamps: &stamps });
        if let (Trusted::Fingerprint(_), Some(seal)) = (trusted, &mut report.seal) {
            seal.key_status = None; // a fingerprint says which key, and nothing of what became of it
        }
        report
    }

    fn stamp(&self, token: &[u8], over: Digest) -> Result<Stamp, String> {
        let stamp = export_timestamp::verify(token, over, &self.anchors, None);
        let stamp = stamp.map_err(|invalid| invalid.to_string())?;
        Ok(Stamp { at: stamp.at, authority: stamp.authority, trusted: stamp.trusted })
    }
}

/// The key that the bundle brings, if it is the one with this fingerprint.
fn named(jwk: Option<&Vec<u8>>, id: &KeyId) -> Vec<KeyRecord> {
    let keys = jwk.and_then(|jwk| Jwks::read(jwk).ok()).unwrap_or_default();
    let key = keys.into_iter().map(|known| known.key).find(|key| key.id() == *id);
    key.into_iter().map(|key| KeyRecord::active(key, None)).collect()
}

fn refused(refusal: Refusal) -> io::Result<Report> {
    let code = match refusal.code {
        Code::Ambiguous => FailureCode::ArchiveAmbiguous,
        Code::Corrupt => FailureCode::ArchiveCorrupt,
        Code::Unsafe => FailureCode::ArchiveUnsafe,
        Code::NotAnArchive => FailureCode::NotAnArchive,
        Code::Io => return Err(io::Error::other(refusal)),
        Code::Interrupted => return Err(io::Error::new(io::ErrorKind::Interrupted, refusal)),
    };
    Ok(Report::refused(Failure { code, path: refusal.path, message: refusal.reason }))
}
