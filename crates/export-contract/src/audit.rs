//! The suite of [`AuditLog`] and [`AuditSource`]: one case for each sentence of their documentation.

mod page;

use std::sync::Arc;

use export_core::audit::{AuditAction, AuditEntry, AuditEvent, TrailDigest};
use export_core::id::TenantId;
use export_core::ports::{AuditFilter, AuditLog, AuditRange, AuditSource, Flow};
use export_seal::chain;
use export_seal::trail::TrailCheck;
use futures::StreamExt as _;

pub use self::page::*;
use crate::corpus::job as of;

/// A trail with its reader.
pub trait Trail: AuditLog + AuditSource {}

impl<T: AuditLog + AuditSource + ?Sized> Trail for T {}

/// What every case is given.
pub type Subject = Arc<dyn Trail>;

/// Makes one test of each case. `open` is an async function that gives an empty trail, and what must live as long:
/// `async fn open() -> (Arc<dyn Trail>, impl Sized)`.
#[macro_export]
macro_rules! audit_suite {
    ($open:expr) => {
        $crate::cases! { $open => audit:
            an_entry_is_kept_as_it_was_given
            entries_are_numbered_from_one_without_gaps
            every_entry_has_the_hash_of_the_chain
            many_writers_leave_no_gaps
            tenants_have_trails_of_their_own
            a_range_has_both_its_ends
            a_range_without_bounds_is_the_whole_trail
            a_reading_gives_what_was_there_when_it_began
            a_document_tells_number_and_digest_of_the_events
            a_trail_without_events_is_read_to_its_end
            a_page_shows_the_newest_first
            a_trail_has_pages
            a_page_has_what_its_filter_names
            a_page_has_nothing_of_another_tenant
        }
    };
}

fn acme() -> TenantId {
    of::tenant("acme")
}

fn entry(number: u64) -> AuditEntry<'static> {
    let action = AuditAction::ALL[usize::try_from(number).unwrap() % AuditAction::ALL.len()];
    let actor = if number.is_multiple_of(2) { "ann" } else { "bob" };
    AuditEntry::new(actor, action, format!("exp-{}", number % 3)).with("number", number.to_string())
}

/// Notes entries 1 to `count`, each at the second of its number.
async fn note(trail: &dyn Trail, count: u64) {
    for number in 1..=count {
        trail.append(&acme(), entry(number), of::second(number)).await.unwrap();
    }
}

/// What a reading gives: its events, its documents, whether it came to its end.
async fn read(
    trail: &(impl AuditSource + ?Sized),
    tenant: &TenantId,
    range: AuditRange,
) -> (Vec<AuditEvent<'static>>, Vec<export_core::scan::SourceDigest>, Option<u64>) {
    let mut flows = trail.events(tenant, range).await.unwrap();
    let (mut events, mut documents, mut end) = (vec![], vec![], None);
    while let Some(flow) = flows.next().await {
        assert_eq!(end, None, "nothing comes behind the end");
        match flow.unwrap() {
            Flow::Item(event) => events.push(event),
            Flow::Document(document) => documents.push(document),
            Flow::Warning(warning) => panic!("{warning:?}"),
            Flow::End { items } => end = Some(items),
        }
    }
    (events, documents, end)
}

/// The whole trail of a tenant.
pub async fn all(trail: &(impl AuditSource + ?Sized), tenant: &TenantId) -> Vec<AuditEvent<'static>> {
    read(trail, tenant, AuditRange::default()).await.0
}

/// Appends an entry to the trail: it is there as it was given, whatever its texts are.
pub async fn an_entry_is_kept_as_it_was_given(trail: Subject) {
    let hostile = "'); DROP TABLE audit; --\u{0}\u{202e}\n\"🙂";
    let given = AuditEntry::new(hostile, AuditAction::LinkIssued, hostile)
        .with("artifact", hostile)
        .with("sha256", "");
    let now = of::second(7);
    assert_eq!(trail.append(&acme(), given.clone(), now).await.unwrap(), 1);
    let hash = chain::link(&chain::genesis(), &acme(), 1, now.wall, &given);
    assert_eq!(all(&*trail, &acme()).await, [AuditEvent { seq: 1, at: now.wall, entry: given, hash }]);
}

/// Entries of one tenant are numbered from 1 without gaps, whatever the clock says.
pub async fn entries_are_numbered_from_one_without_gaps(trail: Subject) {
    for (number, second) in [(1, 50), (2, 10), (3, 50), (4, 30)] {
        assert_eq!(trail.append(&acme(), entry(number), of::second(second)).await.unwrap(), number);
    }
    let events = all(&*trail, &acme()).await;
    assert_eq!(events.iter().map(|event| event.seq).collect::<Vec<_>>(), [1, 2, 3, 4]);
    assert_eq!(events.iter().map(|event| event.entry.clone()).collect::<Vec<_>>(), [1, 2, 3, 4].map(entry));
}

/// Each has the hash of the chain: it covers the entry, its place, and the hash before it; in a reading and on a page.
pub async fn every_entry_has_the_hash_of_the_chain(trail: Subject) {
    note(&*trail, 40).await;
    let globex = of::tenant("globex");
    trail.append(&globex, entry(1), of::second(1)).await.unwrap();
    let events = all(&*trail, &acme()).await;
    assert_chained(&acme(), &events);
    let other = all(&*trail, &globex).await;
    assert_chained(&globex, &other);
    assert_ne!(other[0].hash, events[0].hash, "the same entry of another tenant is another one");
    let page = trail.page(&acme(), &AuditFilter::default(), 100).await.unwrap();
    assert!(page.events.iter().rev().eq(&events));
}

/// Each event stands behind the one before it, from the first one on.
fn assert_chained(tenant: &TenantId, events: &[AuditEvent<'_>]) {
    let mut check = TrailCheck::new(tenant.clone());
    for event in events {
        check.event(event.seq, event.at, &event.entry, &event.hash).unwrap();
    }
}

/// In the order of their commits, also when several writers append at the same time.
pub async fn many_writers_leave_no_gaps(trail: Subject) {
    let writers = (0..8_u64).map(|writer| {
        let trail = Arc::clone(&trail);
        tokio::spawn(async move {
            let mut places = Vec::new();
            for number in 0..200 {
                let entry = entry(writer).with("nth", number.to_string());
                places.push(trail.append(&acme(), entry, of::second(number)).await.unwrap());
            }
            assert!(places.is_sorted_by(|a, b| a < b), "a writer's own entries are in its order");
            places
        })
    });
    let writers: Vec<_> = writers.collect();
    let mut places = Vec::new();
    for writer in writers {
        places.extend(writer.await.unwrap());
    }
    places.sort_unstable();
    assert_eq!(places, (1..=1_600).collect::<Vec<u64>>());
    let (events, _, end) = read(&*trail, &acme(), AuditRange::default()).await;
    assert_eq!(events.iter().map(|event| event.seq).collect::<Vec<_>>(), places);
    assert_eq!(end, Some(1_600));
    assert_chained(&acme(), &events);
}

/// The trail of `tenant`: nothing of another one is in it, and each counts for itself.
pub async fn tenants_have_trails_of_their_own(trail: Subject) {
    note(&*trail, 3).await;
    let globex = of::tenant("globex");
    assert_eq!(trail.append(&globex, entry(9), of::second(9)).await.unwrap(), 1);
    assert_eq!(all(&*trail, &globex).await.len(), 1);
    assert_eq!(all(&*trail, &acme()).await.len(), 3);
    assert_eq!(all(&*trail, &of::tenant("nobody")).await, []);
}

/// Events from `start` to `end`, both included, oldest first.
pub async fn a_range_has_both_its_ends(trail: Subject) {
    note(&*trail, 6).await;
    let at = |second| Some(of::second(second).wall);
    for (start, end, expected) in [
        (at(2), at(4), vec![2, 3, 4]),
        (at(4), at(4), vec![4]),
        (at(5), None, vec![5, 6]),
        (None, at(2), vec![1, 2]),
        (at(7), None, vec![]),
        (at(4), at(2), vec![]),
    ] {
        let (events, _, ended) = read(&*trail, &acme(), AuditRange { start, end }).await;
        assert_eq!(events.iter().map(|event| event.seq).collect::<Vec<_>>(), expected);
        assert_eq!(ended, Some(expected.len() as u64));
    }
}

/// Without a bound if absent.
pub async fn a_range_without_bounds_is_the_whole_trail(trail: Subject) {
    note(&*trail, 1_100).await;
    let events = all(&*trail, &acme()).await;
    assert_eq!(events.iter().map(|event| event.seq).collect::<Vec<_>>(), (1..=1_100).collect::<Vec<_>>());
}

/// Those that were there when the reading began.
pub async fn a_reading_gives_what_was_there_when_it_began(trail: Subject) {
    note(&*trail, 2).await;
    let flows = trail.events(&acme(), AuditRange::default()).await.unwrap();
    note(&*trail, 2).await;
    let items = flows.filter(|flow| {
        let is_item = matches!(flow, Ok(Flow::Item(_)));
        async move { is_item }
    });
    assert_eq!(items.count().await, 2);
}

/// Behind them one document tells how many they are, with the digest over them.
pub async fn a_document_tells_number_and_digest_of_the_events(trail: Subject) {
    note(&*trail, 5).await;
    let range = AuditRange { start: Some(of::second(2).wall), end: None };
    let (events, documents, _) = read(&*trail, &acme(), range).await;
    let mut digest = TrailDigest::default();
    events.iter().for_each(|event| digest.add(event));
    assert_eq!(documents.len(), 1);
    assert_eq!((documents[0].records, documents[0].digest), (4, digest.finish()));
    assert_eq!(read(&*trail, &acme(), range).await.1, documents, "a second reading gives the same");
}

/// A source without any gives an ended stream.
pub async fn a_trail_without_events_is_read_to_its_end(trail: Subject) {
    let (events, documents, end) = read(&*trail, &acme(), AuditRange::default()).await;
    assert_eq!((events.len(), documents.len(), end), (0, 1, Some(0)));
}
