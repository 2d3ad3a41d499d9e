//! The suite of [`Signer`]: one case for each sentence of its documentation.

use std::sync::Arc;

use async_trait::async_trait;
use ed25519_dalek::{Signature, VerifyingKey};
use export_core::error::{ErrorKind, PortError};
use export_core::ports::Signer;
use export_core::seal::{KeyStatus, PublicKey};

/// Who keeps the keys of a signer, and changes them while it runs.
#[async_trait]
pub trait Custody: Send + Sync {
    /// The signer.
    fn signer(&self) -> Arc<dyn Signer>;
    /// Puts another key in the place of the one that signs, which is retired.
    async fn rotate(&self);
    /// Revokes the key that signs; no other one takes its place.
    async fn revoke(&self);
}

/// What every case is given: a signer with one key, which signs.
pub type Subject = Arc<dyn Custody>;

/// Makes one test of each case. `open` is an async function that gives the keeper of one key, and what must live as long:
/// `async fn open() -> (Arc<dyn Custody>, impl Sized)`.
#[macro_export]
macro_rules! signer_suite {
    ($open:expr) => {
        $crate::cases! { $open => signer:
            a_signature_is_of_the_active_key
            the_same_message_has_the_same_signature
            many_sign_at_the_same_time
            a_key_that_is_not_there_does_not_sign
            a_rotation_needs_no_restart
            a_retired_key_signs_no_more
            every_key_stays_known_the_newest_first
            a_revoked_key_signs_no_more
        }
    };
}

fn is_signed(key: &PublicKey, message: &[u8], signature: &[u8; 64]) -> bool {
    let verifier = VerifyingKey::from_bytes(key.as_bytes()).unwrap();
    verifier.verify_strict(message, &Signature::from_bytes(signature)).is_ok()
}

fn kind<T>(result: Result<T, PortError>) -> Option<ErrorKind> {
    result.err().map(|error| error.kind)
}

/// The Ed25519 signature of the key over the message, which may be empty or long.
pub async fn a_signature_is_of_the_active_key(subject: Subject) {
    let signer = subject.signer();
    let key = signer.active().await.unwrap();
    for message in [&b""[..], b"DSSEv1", &vec![0xA5; 1 << 20]] {
        let signature = signer.sign(&key, message).await.unwrap();
        assert!(is_signed(&key, message, &signature), "{} bytes", message.len());
        assert!(!is_signed(&key, b"another message", &signature));
    }
}

/// RFC 8032, 5.1.6: no randomness is in a signature.
pub async fn the_same_message_has_the_same_signature(subject: Subject) {
    let signer = subject.signer();
    let key = signer.active().await.unwrap();
    let first = signer.sign(&key, b"message").await.unwrap();
    assert_eq!(signer.sign(&key, b"message").await.unwrap(), first);
}

/// A signer is shared by all that seal.
pub async fn many_sign_at_the_same_time(subject: Subject) {
    let key = subject.signer().active().await.unwrap();
    let tasks = (0..16_u8).map(|number| {
        let signer = subject.signer();
        tokio::spawn(async move { (number, signer.sign(&key, &[number]).await.unwrap()) })
    });
    for task in tasks.collect::<Vec<_>>() {
        let (number, signature) = task.await.unwrap();
        assert!(is_signed(&key, &[number], &signature), "{number}");
    }
}

/// `NotFound` if the key is not there.
pub async fn a_key_that_is_not_there_does_not_sign(subject: Subject) {
    let other = PublicKey::from_bytes([7; 32]);
    assert_eq!(kind(subject.signer().sign(&other, b"message").await), Some(ErrorKind::NotFound));
}

/// It is asked for each seal, so that a rotation needs no restart.
pub async fn a_rotation_needs_no_restart(subject: Subject) {
    let signer = subject.signer();
    let mut seen = vec![signer.active().await.unwrap()];
    for _ in 0..3 {
        subject.rotate().await;
        let key = signer.active().await.unwrap();
        assert!(!seen.contains(&key));
        let signature = signer.sign(&key, b"message").await.unwrap();
        assert!(is_signed(&key, b"message", &signature));
        seen.push(key);
    }
}

/// `NotFound` if the key signs no more.
pub async fn a_retired_key_signs_no_more(subject: Subject) {
    let signer = subject.signer();
    let old = signer.active().await.unwrap();
    subject.rotate().await;
    assert_eq!(kind(signer.sign(&old, b"message").await), Some(ErrorKind::NotFound));
}

/// Every key that there was, the newest first.
pub async fn every_key_stays_known_the_newest_first(subject: Subject) {
    let signer = subject.signer();
    let mut expected = vec![signer.active().await.unwrap()];
    for _ in 0..2 {
        subject.rotate().await;
        expected.insert(0, signer.active().await.unwrap());
    }
    let keys = signer.keys().await.unwrap();
    assert_eq!(keys.iter().map(|record| record.key).collect::<Vec<_>>(), expected);
    let statuses: Vec<_> = keys.iter().map(|record| record.status).collect();
    assert_eq!(statuses, [KeyStatus::Active, KeyStatus::Retired, KeyStatus::Retired]);
    assert!(keys[1..].iter().all(|record| record.retired_at.is_some()));
}

/// `NotFound` if no key signs; the revoked one stays known, with the time.
pub async fn a_revoked_key_signs_no_more(subject: Subject) {
    let signer = subject.signer();
    let key = signer.active().await.unwrap();
    subject.revoke().await;
    assert_eq!(kind(signer.active().await), Some(ErrorKind::NotFound));
    assert_eq!(kind(signer.sign(&key, b"message").await), Some(ErrorKind::NotFound));
    let keys = signer.keys().await.unwrap();
    assert_eq!((keys.len(), keys[0].key, keys[0].status), (1, key, KeyStatus::Revoked));
    assert!(keys[0].revoked_at.is_some());
}
