//! Cases of `VerdictSource`, `VexSource` and `IntelligenceSource`, which differ only in what they speak about.

use std::fmt::Debug;

use export_core::digest::Digest;
use export_core::error::PortError;
use export_core::ports::Flows;
use futures::future::BoxFuture;

use super::{assert_cut_off, read};

/// Makes one test of each case. `open` is an async function that gives [`Annotations`], and what must live as long:
/// `async fn open() -> (sources::Annotations<Verdict<'static>>, impl Sized)`.
#[macro_export]
macro_rules! annotations_suite {
    ($open:expr) => {
        $crate::cases! { $open => sources:
            everything_that_is_said_is_given_and_then_the_end
            where_nothing_is_said_the_stream_is_empty_and_ended
            two_reads_say_the_same
            annotations_that_end_too_early_are_invalid_at_their_place
        }
    };
}

/// Opens a stream.
pub type Open<T> = Box<dyn Fn() -> BoxFuture<'static, Result<Flows<T>, PortError>> + Send + Sync>;

/// What the suite needs: streams of one source.
pub struct Annotations<T> {
    /// A stream with something in it.
    pub with: Open<T>,
    /// What that is, in order.
    pub expected: Vec<T>,
    /// The SHA-256 of every document that it is read from, in order.
    pub documents: Vec<Digest>,
    /// A stream about something of which nothing is said.
    pub without: Open<T>,
    /// A stream whose data ends too early.
    pub cut_off: Option<Open<T>>,
}

/// Reads the verdicts, statements or intelligence, with the digest of every document.
pub async fn everything_that_is_said_is_given_and_then_the_end<T: Debug + PartialEq>(
    subject: Annotations<T>,
) {
    let read = read((subject.with)().await.unwrap(), "with something").await;
    assert_eq!(read.items, subject.expected);
    assert_eq!(read.documents, subject.documents);
}

/// A scan without any gives an empty, ended stream.
pub async fn where_nothing_is_said_the_stream_is_empty_and_ended<T: Debug + PartialEq>(
    subject: Annotations<T>,
) {
    let read = read((subject.without)().await.unwrap(), "with nothing").await;
    assert_eq!(read.items, []);
}

/// Two reads of the same data give the same.
pub async fn two_reads_say_the_same<T: Debug + PartialEq>(subject: Annotations<T>) {
    let first = read((subject.with)().await.unwrap(), "the first time").await;
    let second = read((subject.with)().await.unwrap(), "the second time").await;
    assert_eq!(first.items, second.items);
}

/// Data that ends too early is an `Invalid` error with its place, never a shorter stream.
pub async fn annotations_that_end_too_early_are_invalid_at_their_place<T: Debug + PartialEq>(
    subject: Annotations<T>,
) {
    if let Some(cut_off) = &subject.cut_off {
        assert_cut_off(cut_off().await, "cut off").await;
    }
}
