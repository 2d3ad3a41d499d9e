//! Checkpoints of a tenant's log: the tree's size and root in a signed note (C2SP: signed-note, tlog-checkpoint).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use export_core::digest::Digest;
use export_core::id::TenantId;
use export_core::seal::{PublicKey, SignatureBytes};

use crate::signature;

/// What a tenant's log is called: the checkpoint's origin, and the name of its key.
#[must_use]
pub fn origin(tenant: &TenantId) -> String {
    format!("export-center/log/{tenant}")
}

/// The size and the root of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogHead {
    /// Which log.
    pub origin: String,
    /// Its events.
    pub size: u64,
    /// The root over them.
    pub root: Digest,
}

/// Why a text is no checkpoint of one of the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidNote {
    /// It is not a text of that shape.
    #[error("it is no checkpoint (C2SP tlog-checkpoint)")]
    Shape,
    /// None of the given keys is named by its signature.
    #[error("it is signed by none of the keys")]
    UnknownKey,
    /// The signature does not hold.
    #[error("its signature is not valid")]
    Signature,
}

impl LogHead {
    /// What is signed, with the line feed at its end.
    #[must_use]
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, STANDARD.encode(self.root.as_bytes()))
    }

    /// The note with a signature of `key` over [`text`](Self::text).
    #[must_use]
    pub fn signed(&self, key: &PublicKey, signature: &SignatureBytes) -> String {
        let mut bytes = key_hash(&self.origin, key).to_vec();
        bytes.extend_from_slice(signature);
        format!("{}\n\u{2014} {} {}\n", self.text(), self.origin, STANDARD.encode(bytes))
    }

    /// Reads a checkpoint that one of `keys` has signed; which one. Only the one form that [`signed`](Self::signed) gives.
    ///
    /// # Errors
    /// [`InvalidNote`].
    pub fn read(note: &str, keys: &[PublicKey]) -> Result<(Self, PublicKey), InvalidNote> {
        let note = SignedNote::read(note)?;
        let mut lines = note.text.lines();
        let mut line = || lines.next().ok_or(InvalidNote::Shape);
        let (origin, size, root) = (line()?.to_owned(), line()?, line()?);
        let root = STANDARD.decode(root).ok().and_then(|bytes| bytes.try_into().ok());
        let head = Self {
            origin,
            size: size.parse().map_err(|_| InvalidNote::Shape)?,
            root: Digest::from_bytes(root.ok_or(InvalidNote::Shape)?),
        };
        if head.text() != note.text || note.name != head.origin {
            return Err(InvalidNote::Shape);
        }
        let key = note.verify(keys)?;
        Ok((head, key))
    }
}

/// The first four bytes by which a note names an Ed25519 key (C2SP signed-note, "Signatures").
fn key_hash(name: &str, key: &PublicKey) -> [u8; 4] {
    let mut bytes = format!("{name}\n\u{1}").into_bytes();
    bytes.extend_from_slice(key.as_bytes());
    let digest = Digest::of(&bytes);
    digest.as_bytes()[..4].try_into().expect("a digest has more than four bytes")
}

/// A text with one signature.
#[derive(Debug)]
pub struct SignedNote<'n> {
    /// What is signed, with the line feed at its end.
    pub text: &'n str,
    /// The key's name.
    pub name: &'n str,
    key_hash: [u8; 4],
    signature: SignatureBytes,
}

impl<'n> SignedNote<'n> {
    /// Takes a note of one signature apart.
    ///
    /// # Errors
    /// [`InvalidNote::Shape`].
    pub fn read(note: &'n str) -> Result<Self, InvalidNote> {
        let (text, signatures) = note.rsplit_once("\n\n").ok_or(InvalidNote::Shape)?;
        let text = &note[..=text.len()];
        let line = signatures.strip_suffix('\n').and_then(|line| line.strip_prefix("\u{2014} "));
        let (name, encoded) = line.and_then(|line| line.split_once(' ')).ok_or(InvalidNote::Shape)?;
        let is_name = !name.is_empty() && !name.contains(|it: char| it.is_whitespace() || it == '+');
        let bytes = STANDARD.decode(encoded).ok().filter(|bytes| is_name && bytes.len() == 68);
        let bytes = bytes.ok_or(InvalidNote::Shape)?;
        let (hash, signature) = bytes.split_at(4);
        Ok(Self {
            text,
            name,
            key_hash: hash.try_into().map_err(|_| InvalidNote::Shape)?,
            signature: signature.try_into().map_err(|_| InvalidNote::Shape)?,
        })
    }

    /// Which of `keys` has signed it.
    ///
    /// # Errors
    /// [`InvalidNote::UnknownKey`], [`InvalidNote::Signature`].
    pub fn verify(&self, keys: &[PublicKey]) -> Result<PublicKey, InvalidNote> {
        let named = |key: &&PublicKey| key_hash(self.name, key) == self.key_hash;
        let mut named = keys.iter().filter(named).peekable();
        if named.peek().is_none() {
            return Err(InvalidNote::UnknownKey);
        }
        let holds = |key: &&PublicKey| signature::verify(key, self.text.as_bytes(), &self.signature).is_ok();
        named.find(holds).copied().ok_or(InvalidNote::Signature)
    }
}
