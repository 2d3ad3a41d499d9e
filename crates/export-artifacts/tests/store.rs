//! What the suite of the port does not ask: sizes around a bucket's part, keys, staging, permissions, a killed process.
#![expect(clippy::unwrap_used, reason = "a test fails by it")]

use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use export_artifacts::ObjectArtifacts;
use export_core::digest::Digest;
use export_core::error::{ErrorKind, PortError};
use export_core::ports::{ArtifactMeta, ArtifactStore, ByteRange, Stored};
use export_core::time::Timestamp;
use futures::{StreamExt as _, TryStreamExt as _};
use object_store::memory::InMemory;

const KEY: &str = "exports/acme/2026/11/exp-1/report.csv";

fn meta() -> ArtifactMeta {
    ArtifactMeta { media_type: "text/csv; charset=utf-8".to_owned() }
}

fn files(root: &Path) -> ObjectArtifacts {
    ObjectArtifacts::files(root).unwrap()
}

/// Each kind of store, with what keeps it alive.
fn stores() -> [(tempfile::TempDir, ObjectArtifacts); 3] {
    let root = || tempfile::tempdir().unwrap();
    let (first, second, third) = (root(), root(), root());
    let folder = files(first.path());
    [
        (first, folder),
        (second, ObjectArtifacts::over(Arc::new(InMemory::new()), "").unwrap()),
        (third, ObjectArtifacts::over(Arc::new(InMemory::new()), "blobs/prod").unwrap()),
    ]
}

async fn put(store: &ObjectArtifacts, key: &str, parts: &[Bytes]) -> Result<Stored, PortError> {
    let mut writer = store.writer(key, &meta()).await?;
    for part in parts {
        writer.write(part.clone()).await?;
    }
    writer.commit().await
}

async fn get(store: &ObjectArtifacts, key: &str, range: Option<ByteRange>) -> Result<Vec<u8>, PortError> {
    let reader = store.reader(key, range).await?;
    reader
        .bytes
        .try_fold(Vec::new(), |mut all, chunk| async move {
            all.extend_from_slice(&chunk);
            Ok(all)
        })
        .await
}

async fn keys(store: &ObjectArtifacts, prefix: &str) -> Vec<String> {
    let mut keys: Vec<String> = store.list(prefix).await.map(|head| head.unwrap().key).collect().await;
    keys.sort();
    keys
}

/// `size` bytes that differ from their neighbours.
fn noise(size: usize) -> Bytes {
    (0..size).map(|at| (at.wrapping_mul(2_654_435_761) >> 13).to_le_bytes()[0]).collect()
}

fn unfinished(root: &Path) -> usize {
    std::fs::read_dir(root.join(".staging")).unwrap().count()
}

#[tokio::test]
async fn what_was_committed_is_read_back_whole_and_by_range() {
    // A part of a bucket has 8 MiB: one artifact within it, one at its edge, one of several parts, one of none.
    for size in [0, 1, 3 << 20, 8 << 20, (20 << 20) + 7] {
        let bytes = noise(size);
        let parts: Vec<Bytes> = bytes.chunks(3 << 20).map(Bytes::copy_from_slice).collect();
        for (_root, store) in stores() {
            let stored = put(&store, KEY, &parts).await.unwrap();
            assert_eq!(stored, Stored { size: size as u64, sha256: Digest::of(&bytes) });
            assert_eq!(store.head(KEY).await.unwrap().unwrap().size, size as u64);
            assert_eq!(get(&store, KEY, None).await.unwrap(), bytes);
            if size > 1 {
                let (start, end) = (size / 3, size - 1);
                let range = ByteRange { start: start as u64, end: end as u64 };
                assert_eq!(get(&store, KEY, Some(range)).await.unwrap(), bytes[start..end]);
                assert_eq!(store.reader(KEY, Some(range)).await.unwrap().size, size as u64);
            }
        }
    }
}

#[tokio::test]
async fn unsafe_keys_are_refused_everywhere() {
    for (_root, store) in stores() {
        for key in ["", "..", "/a", "a/../b", "a//b", "a\\b", "a\0b", ".staging/x", &"a/".repeat(600)] {
            let invalid = |error: PortError| assert_eq!(error.kind, ErrorKind::Invalid, "{key:?}");
            invalid(store.writer(key, &meta()).await.map(drop).unwrap_err());
            invalid(store.reader(key, None).await.map(drop).unwrap_err());
            invalid(store.head(key).await.unwrap_err());
            invalid(store.delete(key).await.unwrap_err());
            if !key.is_empty() {
                invalid(store.list(key).await.next().await.unwrap().unwrap_err());
            }
        }
    }
}

#[tokio::test]
async fn large_artifacts_do_not_replace_others_either() {
    for (_root, store) in stores() {
        let first = put(&store, KEY, &[noise(100)]).await.unwrap();
        let error = put(&store, KEY, &[noise(9 << 20)]).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::AlreadyExists);
        assert_eq!(Digest::of(&get(&store, KEY, None).await.unwrap()), first.sha256);
    }
}

#[tokio::test]
async fn names_are_kept_as_they_are() {
    for (_root, store) in stores() {
        for key in ["%2e%2e/%2F", "a b", "é/日本", "a+b=c&d?e"] {
            put(&store, key, &[Bytes::from(key)]).await.unwrap();
            assert_eq!(get(&store, key, None).await.unwrap(), key.as_bytes());
        }
        assert_eq!(keys(&store, "").await, ["%2e%2e/%2F", "a b", "a+b=c&d?e", "é/日本"]);
    }
}

#[tokio::test]
async fn aborted_and_dropped_writers_leave_nothing() {
    for size in [10, 9 << 20] {
        for (root, store) in stores() {
            let mut aborted = store.writer(KEY, &meta()).await.unwrap();
            aborted.write(noise(size)).await.unwrap();
            assert_eq!((store.head(KEY).await.unwrap(), keys(&store, "").await), (None, vec![]));
            aborted.abort().await.unwrap();

            let mut dropped = store.writer(KEY, &meta()).await.unwrap();
            dropped.write(noise(size)).await.unwrap();
            drop(dropped);
            assert_eq!((store.head(KEY).await.unwrap(), keys(&store, "").await), (None, vec![]));
            if root.path().join(".staging").exists() {
                assert_eq!(unfinished(root.path()), 0);
            }
            put(&store, KEY, &[noise(1)]).await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_folder_is_its_owners_alone_and_empty_folders_go() {
    let parent = tempfile::tempdir().unwrap();
    let root = parent.path().join("data/artifacts");
    let store = files(&root);
    put(&store, KEY, &[noise(1)]).await.unwrap();
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&root), mode(&root.join("exports/acme")), mode(&root.join(KEY))), (0o700, 0o700, 0o600));
    store.delete(KEY).await.unwrap();
    assert!(!root.join("exports").exists() && root.exists());
}

#[tokio::test]
async fn what_a_dead_process_left_is_swept_and_a_live_one_is_not() {
    let root = tempfile::tempdir().unwrap();
    let store = files(root.path());
    let now = Timestamp::from_millis(1_795_529_100_000);
    let hour = Duration::from_secs(3600);
    let at = |name: &str, age: Duration| {
        let file = std::fs::File::create(root.path().join(".staging").join(name)).unwrap();
        let written = SystemTime::UNIX_EPOCH + Duration::from_millis(now.as_millis().unsigned_abs()) - age;
        file.set_modified(written).unwrap();
    };
    at("dead", hour * 25);
    at("alive", hour * 23);
    assert_eq!(keys(&store, "").await, [] as [String; 0]);
    let day_ago = Timestamp::from_millis(now.as_millis() - 24 * 3_600_000);
    assert_eq!(store.sweep_staging(day_ago).await.unwrap(), 1);
    assert_eq!(unfinished(root.path()), 1);
    assert!(root.path().join(".staging/alive").exists());
}

#[tokio::test]
async fn a_writer_whose_file_was_swept_does_not_commit() {
    let root = tempfile::tempdir().unwrap();
    let store = files(root.path());
    let mut writer = store.writer(KEY, &meta()).await.unwrap();
    writer.write(noise(10)).await.unwrap();
    assert_eq!(store.sweep_staging(Timestamp::from_millis(i64::MAX)).await.unwrap(), 1);
    assert_eq!(writer.commit().await.unwrap_err().kind, ErrorKind::Unavailable);
    assert_eq!(store.head(KEY).await.unwrap(), None);
}

#[tokio::test]
async fn an_artifact_that_became_shorter_is_corrupt() {
    let root = tempfile::tempdir().unwrap();
    let store = files(root.path());
    put(&store, KEY, &[noise(1 << 20)]).await.unwrap();
    let reader = store.reader(KEY, None).await.unwrap();
    std::fs::OpenOptions::new().write(true).open(root.path().join(KEY)).unwrap().set_len(5).unwrap();
    let read: Result<Vec<Bytes>, PortError> = reader.bytes.try_collect().await;
    assert_eq!(read.unwrap_err().kind, ErrorKind::Corrupt);
}

#[tokio::test]
async fn a_folder_that_cannot_be_written_is_an_error_with_its_place() {
    let root = tempfile::tempdir().unwrap();
    let file = root.path().join("file");
    std::fs::write(&file, b"").unwrap();
    let error = ObjectArtifacts::files(&file).map(drop).unwrap_err();
    assert!(error.place.unwrap().ends_with("file"));
}

/// The child of the next test: writes, tells so, and waits to be killed.
#[tokio::test]
#[ignore = "started by the next test"]
async fn a_child_that_writes_and_waits() {
    let mut root = String::new();
    std::io::stdin().read_line(&mut root).unwrap();
    let store = files(Path::new(root.trim_end()));
    let mut writer = store.writer(KEY, &meta()).await.unwrap();
    writer.write(noise(4 << 20)).await.unwrap();
    println!("\nwritten");
    std::io::stdin().read_line(&mut root).unwrap();
    writer.commit().await.unwrap();
}

#[tokio::test]
async fn a_process_killed_before_the_commit_leaves_only_what_can_be_swept() {
    let root = tempfile::tempdir().unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "a_child_that_writes_and_waits", "--ignored", "--nocapture"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut told = child.stdin.take().unwrap();
    writeln!(told, "{}", root.path().display()).unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    assert!(lines.map(Result::unwrap).any(|line| line == "written"));
    child.kill().unwrap();
    child.wait().unwrap();

    let store = files(root.path());
    assert_eq!((store.head(KEY).await.unwrap(), keys(&store, "").await), (None, vec![]));
    assert_eq!(unfinished(root.path()), 1);
    assert_eq!(store.sweep_staging(Timestamp::from_millis(i64::MAX)).await.unwrap(), 1);
    put(&store, KEY, &[noise(1)]).await.unwrap();
}
