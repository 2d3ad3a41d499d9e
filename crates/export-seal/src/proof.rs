//! One file without the rest: the inclusion proof of an entry (RFC 6962, 2.1.1), as a document.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use export_core::digest::Digest;
use export_core::id::BundleId;
use serde::{Deserialize, Serialize};

use crate::canonical::{self, NotCanonical};
use crate::manifest::{BundleManifest, Entry};
use crate::merkle::root_of;

/// The proof that an entry is in the tree of a bundle. It does not say which root it leads to: that is for whoever reads it to
/// know, from a signed statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProofDocument {
    /// The bundle.
    pub bundle_id: BundleId,
    /// The entry.
    pub entry: Entry,
    /// The hashes beside its way to the root, the nearest first: 32 bytes each, one behind the other, in base64.
    pub hashes: String,
    /// Its place among the entries, from 0.
    pub index: u64,
    /// How many entries there are.
    pub size: u64,
}

/// Why a proof proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidProof {
    /// It is no proof.
    #[error("it is no inclusion proof: {0}")]
    Shape(String),
    /// There is no such path in a tree of that size.
    #[error("its hashes are no path in a tree of its size")]
    Path,
    /// The file is not the one that the proof is of.
    #[error("the file is not the entry {path}: its {what} differs")]
    File {
        /// The entry's path.
        path: String,
        /// `size` or `digest`.
        what: &'static str,
    },
    /// The root is another than the trusted one.
    #[error("it leads to the root sha256:{0}, which is not the one that is trusted")]
    Root(Digest),
}

impl ProofDocument {
    /// The proof of the entry at `index` of `manifest`; none if there is no such entry.
    #[must_use]
    pub fn of(manifest: &BundleManifest, index: u64) -> Option<Self> {
        let entry = manifest.entries.get(usize::try_from(index).ok()?)?.clone();
        let tree = manifest.tree();
        let path = tree.inclusion(index)?;
        let bytes: Vec<u8> = path.iter().flat_map(|hash| *hash.as_bytes()).collect();
        Some(Self {
            bundle_id: manifest.bundle_id,
            entry,
            hashes: STANDARD.encode(bytes),
            index,
            size: tree.size(),
        })
    }

    /// Its bytes: canonical JSON.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        canonical::to_vec(self)
    }

    /// Reads one; white space does not matter here, for nothing is signed.
    ///
    /// # Errors
    /// [`InvalidProof::Shape`].
    pub fn read(bytes: &[u8]) -> Result<Self, InvalidProof> {
        let shape = |error: NotCanonical| InvalidProof::Shape(error.to_string());
        let value = canonical::parse(bytes).map_err(shape)?;
        serde_json::from_value(value).map_err(|error| InvalidProof::Shape(error.to_string()))
    }

    /// The root that it leads to.
    ///
    /// # Errors
    /// [`InvalidProof::Shape`], [`InvalidProof::Path`].
    pub fn root(&self) -> Result<Digest, InvalidProof> {
        root_of(self.index, self.size, &self.entry.leaf(), &self.path()?).map_err(|_| InvalidProof::Path)
    }

    /// Whether the entry is in the tree with the root that is trusted, and the file of these bytes is the entry.
    ///
    /// # Errors
    /// [`InvalidProof`].
    pub fn verify(&self, size: u64, sha256: &Digest, trusted_root: &Digest) -> Result<(), InvalidProof> {
        let different = |what| InvalidProof::File { path: self.entry.path.clone(), what };
        if self.entry.size != size {
            return Err(different("size"));
        }
        if self.entry.sha256 != *sha256 {
            return Err(different("digest"));
        }
        let root = self.root()?;
        if root == *trusted_root { Ok(()) } else { Err(InvalidProof::Root(root)) }
    }

    fn path(&self) -> Result<Vec<Digest>, InvalidProof> {
        let wrong = || InvalidProof::Shape("hashes must be base64 of 32 bytes each".to_owned());
        let bytes = STANDARD.decode(&self.hashes).map_err(|_| wrong())?;
        let (hashes, rest) = bytes.as_chunks::<32>();
        if !rest.is_empty() {
            return Err(wrong());
        }
        Ok(hashes.iter().copied().map(Digest::from_bytes).collect())
    }
}
