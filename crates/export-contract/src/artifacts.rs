//! The suite of [`ArtifactStore`] and [`ArtifactWriter`]: one case for each sentence of their documentation.

use std::sync::Arc;

use bytes::Bytes;
use export_core::digest::Digest;
use export_core::error::{ErrorKind, PortError};
use export_core::ports::{ArtifactMeta, ArtifactStore, ArtifactWriter, ByteRange, Stored};
use futures::future::join_all;
use futures::{StreamExt as _, TryStreamExt as _};

/// Makes one test of each case. `open` is an async function that gives an empty store, and what must live as long:
/// `async fn open() -> (Arc<dyn ArtifactStore>, impl Sized)`.
#[macro_export]
macro_rules! artifacts_suite {
    ($open:expr) => {
        $crate::cases! { $open => artifacts:
            what_is_committed_reads_back_whole
            an_empty_artifact_is_an_artifact
            a_large_artifact_of_many_chunks_reads_back_whole
            nothing_is_there_before_the_commit
            nothing_is_there_after_an_abort
            nothing_is_there_after_a_writer_was_dropped
            a_taken_key_is_refused_and_what_is_there_stays
            of_writers_at_the_same_time_one_commits
            unsafe_keys_are_invalid
            a_range_gives_its_bytes_and_the_whole_size
            ranges_that_are_empty_or_too_long_are_invalid
            reading_what_is_not_there_is_not_found
            a_deleted_artifact_is_gone_and_its_key_is_free
            deleting_nothing_succeeds
            a_list_has_everything_below_whole_segments
            a_list_of_nothing_is_empty
        }
    };
}

type Store = Arc<dyn ArtifactStore>;

/// Writes `chunks` under `key` and commits.
///
/// # Errors
/// What the store says.
pub async fn put(store: &dyn ArtifactStore, key: &str, chunks: &[&[u8]]) -> Result<Stored, PortError> {
    let mut writer = begin(store, key).await?;
    for chunk in chunks {
        writer.write(Bytes::copy_from_slice(chunk)).await?;
    }
    writer.commit().await
}

/// Everything that is under `key`.
///
/// # Errors
/// What the store says.
pub async fn get(store: &dyn ArtifactStore, key: &str) -> Result<Vec<u8>, PortError> {
    Ok(get_range(store, key, None).await?.1)
}

async fn begin(store: &dyn ArtifactStore, key: &str) -> Result<Box<dyn ArtifactWriter>, PortError> {
    store.writer(key, &ArtifactMeta { media_type: "application/octet-stream".to_owned() }).await
}

async fn get_range(
    store: &dyn ArtifactStore,
    key: &str,
    range: Option<ByteRange>,
) -> Result<(u64, Vec<u8>), PortError> {
    let reader = store.reader(key, range).await?;
    let chunks: Vec<Bytes> = reader.bytes.try_collect().await?;
    Ok((reader.size, chunks.concat()))
}

async fn keys_below(store: &dyn ArtifactStore, prefix: &str) -> Vec<(String, u64)> {
    let heads: Vec<_> = store.list(prefix).await.collect().await;
    let mut keys: Vec<_> = heads.into_iter().map(|head| head.unwrap()).map(|it| (it.key, it.size)).collect();
    keys.sort();
    keys
}

async fn assert_nothing_at(store: &dyn ArtifactStore, key: &str, when: &str) {
    assert_eq!(store.head(key).await.unwrap(), None, "a head {when}");
    assert_eq!(get(store, key).await.unwrap_err().kind, ErrorKind::NotFound, "readable {when}");
    assert_eq!(keys_below(store, "").await, [], "listed {when}");
}

/// What a writer has written: bytes, and their SHA-256.
pub async fn what_is_committed_reads_back_whole(store: Store) {
    let stored = put(&*store, "a/b/c.txt", &[b"one ", b"", b"two ", b"three"]).await.unwrap();
    let whole = b"one two three";
    assert_eq!(stored, Stored { size: 13, sha256: Digest::of(whole) });
    assert_eq!(get_range(&*store, "a/b/c.txt", None).await.unwrap(), (13, whole.to_vec()));
    let head = store.head("a/b/c.txt").await.unwrap().expect("a head of what was committed");
    assert_eq!((head.key.as_str(), head.size), ("a/b/c.txt", 13));
}

/// An artifact may have no bytes.
pub async fn an_empty_artifact_is_an_artifact(store: Store) {
    let stored = put(&*store, "empty", &[]).await.unwrap();
    assert_eq!(stored, Stored { size: 0, sha256: Digest::of(b"") });
    assert_eq!(get_range(&*store, "empty", None).await.unwrap(), (0, vec![]));
    assert_eq!(store.head("empty").await.unwrap().map(|head| head.size), Some(0));
}

/// Sizes do not matter: 13 MiB are more than one part of any store.
pub async fn a_large_artifact_of_many_chunks_reads_back_whole(store: Store) {
    let whole: Vec<u8> = (0..13_u32 << 20).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let chunks: Vec<&[u8]> = whole.chunks(100_003).collect();
    let stored = put(&*store, "large", &chunks).await.unwrap();
    assert_eq!(stored, Stored { size: whole.len() as u64, sha256: Digest::of(&whole) });
    assert!(get(&*store, "large").await.unwrap() == whole, "other bytes came back");
}

/// Until the writer commits, nothing is there to be read, listed or headed.
pub async fn nothing_is_there_before_the_commit(store: Store) {
    let mut writer = begin(&*store, "a/late").await.unwrap();
    assert_nothing_at(&*store, "a/late", "before the first byte").await;
    writer.write(Bytes::from(vec![7; 6 << 20])).await.unwrap();
    assert_nothing_at(&*store, "a/late", "before the commit").await;
    writer.commit().await.unwrap();
    assert_eq!(keys_below(&*store, "").await, [("a/late".to_owned(), 6 << 20)]);
}

/// It exists whole after `commit`, and not at all otherwise.
pub async fn nothing_is_there_after_an_abort(store: Store) {
    let mut writer = begin(&*store, "a/aborted").await.unwrap();
    writer.write(Bytes::from_static(b"half")).await.unwrap();
    writer.abort().await.unwrap();
    assert_nothing_at(&*store, "a/aborted", "after an abort").await;
    put(&*store, "a/aborted", &[b"again"]).await.unwrap();
}

/// It exists whole after `commit`, and not at all otherwise, also if its task was cancelled.
pub async fn nothing_is_there_after_a_writer_was_dropped(store: Store) {
    let mut writer = begin(&*store, "a/dropped").await.unwrap();
    writer.write(Bytes::from_static(b"half")).await.unwrap();
    drop(writer);
    assert_nothing_at(&*store, "a/dropped", "after a drop").await;
    put(&*store, "a/dropped", &[b"again"]).await.unwrap();
}

/// `AlreadyExists` if the key is taken: what is there stays as it is.
pub async fn a_taken_key_is_refused_and_what_is_there_stays(store: Store) {
    put(&*store, "a/taken", &[b"first"]).await.unwrap();
    let refused = put(&*store, "a/taken", &[b"the second"]).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::AlreadyExists, "{refused}");
    assert_eq!(get(&*store, "a/taken").await.unwrap(), b"first");
    assert_eq!(keys_below(&*store, "").await, [("a/taken".to_owned(), 5)], "something was left behind");
}

/// Of writers at the same time one commits, and its bytes are there.
pub async fn of_writers_at_the_same_time_one_commits(store: Store) {
    let writers = (0..8_u8).map(|number| {
        let store = Arc::clone(&store);
        async move { put(&*store, "a/raced", &[&[number; 1_000]]).await }
    });
    let results = join_all(writers.map(tokio::spawn)).await;
    let mut winners = Vec::new();
    for (number, result) in results.into_iter().enumerate() {
        match result.expect("no writer panics") {
            Ok(_) => winners.push(u8::try_from(number).unwrap()),
            Err(error) => assert_eq!(error.kind, ErrorKind::AlreadyExists, "{error}"),
        }
    }
    let [winner] = winners[..] else { panic!("{winners:?} have committed, not one") };
    assert!(get(&*store, "a/raced").await.unwrap() == [winner; 1_000], "not the bytes of the one that won");
}

/// `Invalid` for a key that is not a safe relative path of segments without `.`, `..` or empty ones.
pub async fn unsafe_keys_are_invalid(store: Store) {
    for key in ["", "/", "/a", "a/", "a//b", ".", "..", "../a", "a/..", "a/../b", "a/./b", "./a"] {
        let refused = begin(&*store, key).await.map(drop).unwrap_err();
        assert_eq!(refused.kind, ErrorKind::Invalid, "{key:?}: {refused}");
    }
    put(&*store, "a..b/...c/.d", &[b"dots within a name are harmless"]).await.unwrap();
}

/// Reads the bytes of a range; the size is that of the whole artifact, whatever range is read.
pub async fn a_range_gives_its_bytes_and_the_whole_size(store: Store) {
    let whole: Vec<u8> = (0..=255).cycle().take(10_000).collect();
    put(&*store, "ranged", &[&whole]).await.unwrap();
    for (start, end) in [(0, 1), (0, 10_000), (1, 2), (4_999, 5_003), (9_999, 10_000)] {
        let (size, bytes) = get_range(&*store, "ranged", Some(ByteRange { start, end })).await.unwrap();
        let expected = &whole[usize::try_from(start).unwrap()..usize::try_from(end).unwrap()];
        assert!(bytes == expected, "{start}..{end} gave {} other bytes", bytes.len());
        assert_eq!(size, 10_000, "{start}..{end}");
    }
}

/// `Invalid` if the range is empty or ends behind the artifact.
pub async fn ranges_that_are_empty_or_too_long_are_invalid(store: Store) {
    put(&*store, "ranged", &[b"0123456789"]).await.unwrap();
    #[expect(clippy::reversed_empty_ranges, reason = "that is what is to be refused")]
    for range in [0..0, 5..5, 7..3, 0..11, 9..11, 10..11, 10..10, 0..u64::MAX] {
        let range = ByteRange { start: range.start, end: range.end };
        let refused = store.reader("ranged", Some(range)).await.map(drop).unwrap_err();
        assert_eq!(refused.kind, ErrorKind::Invalid, "{range:?}: {refused}");
    }
}

/// `NotFound`, `None`: nothing is under a key that nobody wrote, and a folder is no artifact.
pub async fn reading_what_is_not_there_is_not_found(store: Store) {
    put(&*store, "a/b/c", &[b"x"]).await.unwrap();
    for key in ["a", "a/b", "a/b/d", "a/b/c/d", "b"] {
        let refused = get(&*store, key).await.unwrap_err();
        assert_eq!(refused.kind, ErrorKind::NotFound, "{key}: {refused}");
        assert_eq!(store.head(key).await.unwrap(), None, "{key}");
    }
}

/// Removes what is under the key.
pub async fn a_deleted_artifact_is_gone_and_its_key_is_free(store: Store) {
    put(&*store, "a/deleted", &[b"x"]).await.unwrap();
    store.delete("a/deleted").await.unwrap();
    assert_nothing_at(&*store, "a/deleted", "after it was deleted").await;
    put(&*store, "a/deleted", &[b"again"]).await.unwrap();
    assert_eq!(get(&*store, "a/deleted").await.unwrap(), b"again");
}

/// Succeeds if nothing is there.
pub async fn deleting_nothing_succeeds(store: Store) {
    store.delete("a/never").await.unwrap();
    store.delete("a/never").await.unwrap();
}

/// Everything below a prefix of whole segments.
pub async fn a_list_has_everything_below_whole_segments(store: Store) {
    for key in ["a/b/1", "a/b/c/2", "a/bc/3", "ab/4", "z"] {
        put(&*store, key, &[key.as_bytes()]).await.unwrap();
    }
    let named =
        |keys: &[&str]| -> Vec<_> { keys.iter().map(|key| ((*key).to_owned(), key.len() as u64)).collect() };
    assert_eq!(keys_below(&*store, "a/b").await, named(&["a/b/1", "a/b/c/2"]));
    assert_eq!(keys_below(&*store, "a").await, named(&["a/b/1", "a/b/c/2", "a/bc/3"]));
    assert_eq!(keys_below(&*store, "").await, named(&["a/b/1", "a/b/c/2", "a/bc/3", "ab/4", "z"]));
}

/// A prefix below which there is nothing gives an empty list, not an error.
pub async fn a_list_of_nothing_is_empty(store: Store) {
    assert_eq!(keys_below(&*store, "").await, []);
    assert_eq!(keys_below(&*store, "a/b").await, []);
}
