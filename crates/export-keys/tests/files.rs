//! Keys in a folder: what the port promises, who may read what, and rotations at the same time.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use async_trait::async_trait;
use export_contract::signer::Custody;
use export_core::ports::Signer;
use export_core::seal::KeyStatus;
use export_core::time::Timestamp;
use export_keys::{FileKeyRing, RingError, public_pem};
use tempfile::TempDir;
use zeroize::Zeroizing;

fn at(second: i64) -> Timestamp {
    Timestamp::from_millis(second * 1_000)
}

fn secret(number: u8) -> Zeroizing<[u8; 32]> {
    Zeroizing::new([number; 32])
}

fn ring() -> (FileKeyRing, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let ring = FileKeyRing::open(folder.path().join("keys/sealing")).unwrap();
    ring.generate(&secret(1), at(1)).unwrap();
    (ring, folder)
}

mod contract {
    use super::*;
    use std::sync::atomic::{AtomicU8, Ordering};

    struct Keys(FileKeyRing, AtomicU8);

    #[async_trait]
    impl Custody for Keys {
        fn signer(&self) -> Arc<dyn Signer> {
            Arc::new(self.0.clone())
        }

        async fn rotate(&self) {
            let number = self.1.fetch_add(1, Ordering::Relaxed);
            self.0.rotate(&secret(number), at(number.into()), false).unwrap();
        }

        async fn revoke(&self) {
            let key = self.0.find_active().unwrap().unwrap().key.id();
            self.0.revoke(&key, at(99), "lost").unwrap();
        }
    }

    async fn open() -> (Arc<dyn Custody>, TempDir) {
        let (ring, folder) = ring();
        (Arc::new(Keys(ring, AtomicU8::new(2))), folder)
    }

    export_contract::signer_suite!(open);
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != ".lock")
        .collect();
    names.sort();
    names
}

#[test]
fn only_the_owner_can_read_a_private_key() {
    let (ring, _folder) = ring();
    let key = ring.find_active().unwrap().unwrap().key;
    let file = ring.private_file(&key);
    assert_eq!(mode(ring.folder()), 0o700);
    assert_eq!(mode(&file), 0o600);
    assert_eq!(mode(&ring.folder().join("ring.json")), 0o644);
    for wrong in [0o644, 0o640, 0o604, 0o660] {
        fs::set_permissions(&file, Permissions::from_mode(wrong)).unwrap();
        let told = FileKeyRing::open(ring.folder()).unwrap_err().to_string();
        assert!(told.contains("chmod 600") && told.contains(&format!("mode {wrong:03o}")), "{told}");
    }
    fs::set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
    fs::set_permissions(ring.folder(), Permissions::from_mode(0o770)).unwrap();
    let told = FileKeyRing::open(ring.folder()).unwrap_err().to_string();
    assert!(told.contains("chmod 700"), "{told}");
}

#[test]
fn openssl_reads_the_private_key_and_ours_reads_openssls() {
    let (ring, folder) = ring();
    let key = ring.find_active().unwrap().unwrap().key;
    let openssl = |arguments: &[&str]| {
        let run = Command::new("openssl").args(arguments).current_dir(folder.path()).output();
        let run = run.expect("openssl is installed (scripts/setup.sh test)");
        assert!(run.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&run.stderr));
        String::from_utf8(run.stdout).unwrap()
    };
    let file = ring.private_file(&key);
    let public = openssl(&["pkey", "-in", file.to_str().unwrap(), "-pubout"]);
    assert_eq!(public, public_pem(&key));

    let made = openssl(&["genpkey", "-algorithm", "ED25519"]);
    let other = FileKeyRing::open(folder.path().join("other")).unwrap();
    let imported = other.import(&made, at(5)).unwrap();
    fs::write(folder.path().join("made.pem"), &made).unwrap();
    assert_eq!(openssl(&["pkey", "-in", "made.pem", "-pubout"]), public_pem(&imported.key));
    let rsa = openssl(&["genpkey", "-algorithm", "RSA"]);
    let empty = FileKeyRing::open(folder.path().join("empty")).unwrap();
    for text in [rsa.as_str(), "", "hello", &public] {
        assert!(matches!(empty.import(text, at(5)), Err(RingError::NoKey(_))), "{text}");
    }
}

#[test]
fn a_ring_changes_as_it_is_told() {
    let (ring, _folder) = ring();
    let first = ring.find_active().unwrap().unwrap().key;
    assert!(matches!(ring.generate(&secret(2), at(2)), Err(RingError::HasActive(id)) if id == first.id()));
    let rotation = ring.rotate(&secret(2), at(2), false).unwrap();
    assert_eq!((rotation.retired.key, rotation.retired.retired_at), (first, Some(at(2))));
    assert!(!ring.private_file(&first).exists(), "the private key of a retired key is removed");
    let second = rotation.active.key;
    ring.rotate(&secret(3), at(3), true).unwrap();
    assert!(ring.private_file(&second).exists(), "it was to be kept");
    assert!(matches!(ring.rotate(&secret(1), at(4), false), Err(RingError::Known(id)) if id == first.id()));

    ring.revoke(&first.id(), at(9), "found on a laptop").unwrap();
    ring.revoke(&first.id(), at(8), "earlier than thought").unwrap();
    let again = ring.revoke(&first.id(), at(10), "later");
    assert!(matches!(again, Err(RingError::Revoked(_, before)) if before == at(8)));
    let records = ring.list().unwrap();
    assert_eq!(records.len(), 3);
    assert_eq!((records[2].status, records[2].revoked_at), (KeyStatus::Revoked, Some(at(8))));

    let active = ring.find_active().unwrap().unwrap().key;
    ring.revoke(&active.id(), at(11), "stolen").unwrap();
    assert!(!ring.private_file(&active).exists());
    assert!(matches!(ring.rotate(&secret(5), at(12), false), Err(RingError::NoActive)));
    ring.generate(&secret(5), at(12)).unwrap();
    assert_eq!(ring.list().unwrap().len(), 4);
}

#[test]
fn rotations_at_the_same_time_do_not_fork() {
    let (ring, _folder) = ring();
    std::thread::scope(|scope| {
        for number in 0..16 {
            let ring = &ring;
            scope.spawn(move || ring.rotate(&secret(100 + number), at(number.into()), false).unwrap());
        }
    });
    let records = ring.list().unwrap();
    assert_eq!(records.len(), 17);
    assert_eq!(records.iter().filter(|record| record.status == KeyStatus::Active).count(), 1);
    assert_eq!(records[0].status, KeyStatus::Active);
    assert_eq!(names(ring.folder()), [format!("{}.pem", records[0].key.id()), "ring.json".to_owned()]);
    FileKeyRing::open(ring.folder()).unwrap();
}

#[test]
fn what_a_crash_leaves_behind_does_no_harm() {
    let (ring, _folder) = ring();
    fs::write(ring.folder().join("ring.new"), "{\"keys\": [").unwrap();
    fs::write(ring.folder().join("orphan.pem"), "").unwrap();
    ring.rotate(&secret(2), at(2), false).unwrap();
    assert!(!ring.folder().join("ring.new").exists());
    FileKeyRing::open(ring.folder()).unwrap();
}

#[test]
fn damage_is_told() {
    let (ring, _folder) = ring();
    let key = ring.find_active().unwrap().unwrap().key;
    let good = fs::read_to_string(ring.folder().join("ring.json")).unwrap();
    let told = |text: &str| {
        fs::write(ring.folder().join("ring.json"), text).unwrap();
        FileKeyRing::open(ring.folder()).unwrap_err().to_string()
    };
    assert!(told("{").contains("ring.json"));
    let entry = &good[good.find('[').unwrap() + 1..good.rfind(']').unwrap()];
    assert!(told(&format!("{{\"keys\": [{entry},{entry}]}}")).contains("twice"));
    fs::write(ring.folder().join("ring.json"), &good).unwrap();

    let file = ring.private_file(&key);
    let other = FileKeyRing::open(ring.folder().join("other")).unwrap();
    let foreign = other.generate(&secret(7), at(1)).unwrap();
    fs::copy(other.private_file(&foreign.key), &file).unwrap();
    let told = FileKeyRing::open(ring.folder()).unwrap_err().to_string();
    assert!(told.contains(foreign.key.id().as_str()), "{told}");
    fs::remove_file(&file).unwrap();
    let told = FileKeyRing::open(ring.folder()).unwrap_err().to_string();
    assert!(told.contains("is not there"), "{told}");
}
