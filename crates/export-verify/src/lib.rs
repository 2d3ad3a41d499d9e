//! A bundle on the disk, verified: the archive is read strictly and once, then the seal is checked.
//!
//! Offline, and the same for everyone: `exportctl verify`, `POST /bundles/verify`, embedders.

use std::io;
use std::path::Path;

use export_core::digest::Digest;
use export_core::seal::{KeyId, KeyRecord};
use export_seal::jwks::Jwks;
use export_seal::manifest::NO_ENTRIES;
use export_seal::verify::{
    Failure, FailureCode, MAX_SEAL_BYTES, Presented, PresentedFile, Report, Stamp, Trust, verify,
};
use export_timestamp::Anchors;
use export_unpack::{Code, Limits, Observed, Progress, Refusal, observe};

/// The file of a bundle with its public key, which is trusted if its fingerprint is.
const PUBLIC_KEY: &str = "public-key.jwk.json";

/// Whose seals count.
#[derive(Debug, Clone)]
pub enum Trusted {
    /// Those of these keys, with what is known of each.
    Keys(Vec<KeyRecord>),
    /// Those of the key with this fingerprint; the key itself is taken from the bundle.
    Fingerprint(KeyId),
}

/// Verifies bundles.
#[derive(Debug, Default)]
pub struct Verifier {
    anchors: Anchors,
    limits: Limits,
}

impl Verifier {
    /// A verifier that trusts time-stamp authorities with a certificate below one of `anchors`.
    #[must_use]
    pub fn new(anchors: Anchors) -> Self {
        let limits = Limits { kept: MAX_SEAL_BYTES, ..Limits::default() };
        Self { anchors, limits }
    }

    /// Verifies the archive, or the folder that one was unpacked to, at `path`. `progress` is told how many bytes were read.
    ///
    /// # Errors
    /// If it cannot be read, or `progress` ends it; what is wrong with the bundle is in the report.
    pub fn verify(&self, path: &Path, trusted: &Trusted, progress: &Progress<'_>) -> io::Result<Report> {
        let [manifest, attestation, timestamp, checkpoint] = NO_ENTRIES;
        let keep = [manifest, attestation, timestamp, checkpoint, PUBLIC_KEY];
        match observe(path, &keep, &self.limits, progress) {
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
        verify(Presented { files: &files, kept: &observed.kept }, Trust { keys: &keys, stamps: &stamps })
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
    keys.into_iter().filter(|known| known.key.id() == *id).collect()
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
