//! The suites of sources: [`ScanSource`] with [`scans_suite!`](crate::scans_suite), and of what speaks about scans (verdicts,
//! statements, intelligence) with [`annotations_suite!`](crate::annotations_suite).

mod annotations;
mod findings;
mod resolve;

use std::fmt::Debug;
use std::sync::Arc;

use export_core::digest::Digest;
use export_core::error::{ErrorKind, PortError};
use export_core::id::TenantId;
use export_core::ports::{Flow, Flows, ScanSource};
use export_core::scan::ScanRef;
use futures::StreamExt as _;

pub use self::annotations::*;
pub use self::findings::*;
pub use self::resolve::*;

/// Makes one test of each case of `ScanSource`. `open` is an async function that gives [`Scans`], and what must live as
/// long: `async fn open() -> (sources::Scans, impl Sized)`.
#[macro_export]
macro_rules! scans_suite {
    ($open:expr) => {
        $crate::cases! { $open => sources:
            scans_named_by_id_are_all_there_whatever_their_date
            an_image_stands_for_its_newest_scan
            an_image_stands_for_its_newest_scan_within_the_range
            an_image_is_found_by_its_digest
            a_range_alone_stands_for_the_scans_in_it
            a_scope_without_names_or_range_stands_for_every_scan
            a_scan_that_is_named_twice_is_there_once
            what_matches_nothing_is_missing_in_the_order_of_the_scope
            every_finding_is_given_once_and_then_the_end
            two_reads_give_the_same_findings
            every_document_is_told_behind_its_findings
            data_that_ends_too_early_is_invalid_at_its_place
            data_that_ends_too_early_is_left_out_where_that_is_asked_for
            a_scan_that_is_gone_is_not_found
            another_tenant_has_nothing
        }
    };
}

/// What the suite of [`ScanSource`] needs: a source, and what it holds.
pub struct Scans {
    /// The source.
    pub source: Arc<dyn ScanSource>,
    /// Whose data it is.
    pub tenant: TenantId,
    /// Every good scan that it has, in any order. At least two are of one image and differ in their times.
    pub held: Vec<Held>,
    /// One more scan, whose data ends too early.
    pub cut_off: Option<ScanRef>,
    /// A tenant that has nothing, if the source keeps tenants apart.
    pub stranger: Option<TenantId>,
}

/// One scan that a source holds.
#[derive(Debug, Clone)]
pub struct Held {
    /// The scan.
    pub scan: ScanRef,
    /// How many findings it has.
    pub findings: u64,
    /// The SHA-256 of every document that its findings are read from, in any order.
    pub documents: Vec<Digest>,
}

impl Scans {
    /// Every scan, newest first; scans without a time come last, by id.
    fn all(&self) -> Vec<ScanRef> {
        let mut all: Vec<_> =
            self.held.iter().map(|held| held.scan.clone()).chain(self.cut_off.clone()).collect();
        all.sort_by(|a, b| b.created_at.cmp(&a.created_at).then_with(|| a.id.cmp(&b.id)));
        all
    }
}

/// Everything that a stream gave, up to its end.
struct Read<T> {
    items: Vec<T>,
    documents: Vec<Digest>,
}

/// Reads a stream that must be good: items, documents behind them, and the end as the last of all.
async fn read<T: Debug>(mut flows: Flows<T>, whose: &str) -> Read<T> {
    let mut read = Read { items: vec![], documents: vec![] };
    loop {
        let flow = flows.next().await.unwrap_or_else(|| panic!("{whose}: the stream closed without an end"));
        match flow.unwrap_or_else(|error| panic!("{whose}: {error}")) {
            Flow::Item(item) => read.items.push(item),
            Flow::Warning(_) => {}
            Flow::Document(document) => read.documents.push(document.digest),
            Flow::End { items } => {
                assert_eq!(items, read.items.len() as u64, "{whose}: the end tells the items before");
                break;
            }
        }
    }
    assert!(flows.next().await.is_none(), "{whose}: something comes behind the end");
    read
}

/// Reads a stream that must break with `Invalid` and a place; an error of the call itself counts as well.
async fn assert_cut_off<T: Debug>(flows: Result<Flows<T>, PortError>, whose: &str) {
    let error = match flows {
        Err(error) => error,
        Ok(mut flows) => loop {
            match flows.next().await {
                None => panic!("{whose}: a stream that is cut off just closed"),
                Some(Ok(Flow::End { .. })) => panic!("{whose}: data that is cut off came to an end"),
                Some(Ok(Flow::Item(_) | Flow::Warning(_) | Flow::Document(_))) => {}
                Some(Err(error)) => {
                    assert!(flows.next().await.is_none(), "{whose}: the first error is the last item");
                    break error;
                }
            }
        },
    };
    assert_eq!(error.kind, ErrorKind::Invalid, "{whose}: {error}");
    assert!(error.place.is_some(), "{whose}: {error} has no place");
}
