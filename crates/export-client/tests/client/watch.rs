//! Watching: from the first event to the last, whatever happens to the connection.

use std::sync::atomic::Ordering;

use export_client::ClientError;
use export_core::code::Code;
use export_core::export::{EventKind, ExportEvent};
use export_core::id::ExportId;
use futures::{StreamExt as _, TryStreamExt as _};

use crate::breaker::Breaker;
use crate::support::{FAILING, GATED, JSON, World};
use crate::{client, request};

fn kinds(events: &[ExportEvent]) -> Vec<EventKind> {
    events.iter().map(|event| event.event).collect()
}

#[tokio::test]
async fn an_export_is_watched_to_its_end_and_again_afterwards() {
    let world = World::idle().await;
    let client = client(&world, &world.base);
    for (body, end) in [(GATED, EventKind::Completed), (FAILING, EventKind::Failed)] {
        let id = client.submit(&request(body), None).await.unwrap().export.export_id;
        let mut live = std::pin::pin!(client.watch(id));
        let first = live.next().await.unwrap().unwrap();
        assert_eq!((first.event, first.export_id), (EventKind::Queued, id));
        world.work();
        world.gate.open();
        let rest: Vec<_> = live.try_collect().await.unwrap();
        assert_eq!((kinds(&rest)[0], *kinds(&rest).last().unwrap()), (EventKind::Started, end));
        let again: Vec<_> = client.watch(id).try_collect().await.unwrap();
        assert_eq!((&again[0], &again[1..]), (&first, &rest[..]));
    }
}

#[tokio::test]
async fn a_broken_connection_loses_and_repeats_nothing() {
    let world = World::idle().await;
    let direct = client(&world, &world.base);
    let id = direct.submit(&request(JSON), None).await.unwrap().export.export_id;
    for _ in 0..10 {
        direct.cancel(id).await.unwrap();
        direct.retry(id).await.unwrap();
    }
    world.work();
    world.until(&format!("/api/v1/exports/{id}"), |export| export["status"] == "completed").await;
    let whole: Vec<_> = direct.watch(id).try_collect().await.unwrap();
    let breaker = Breaker::bind().await;
    let broken = client(&world, &breaker.url);
    // Enough for the handshake and a few events, not for all of them.
    let cuts = breaker.start(&world.base, 2_000);
    let events: Vec<_> = broken.watch(id).try_collect().await.unwrap();
    assert_eq!(events, whole);
    assert_eq!(kinds(&whole).iter().filter(|kind| **kind == EventKind::Failed).count(), 10);
    assert!(cuts.load(Ordering::Relaxed) > 1);
}

#[tokio::test]
async fn what_is_not_there_cannot_be_watched() {
    let world = World::idle().await;
    let unknown: ExportId = "exp-00000000000000000000000000".parse().unwrap();
    let items: Vec<_> = client(&world, &world.base).watch(unknown).collect().await;
    assert_eq!(items.len(), 1);
    assert_eq!(items[0].as_ref().unwrap_err().code(), Some(Code::NotFound));
}

/// Pauses take no time here.
#[tokio::test(start_paused = true)]
async fn a_server_that_stays_away_is_given_up() {
    let world = World::idle().await;
    let client = client(&world, &world.base);
    let id = client.submit(&request(JSON), None).await.unwrap().export.export_id;
    let mut events = std::pin::pin!(client.watch(id));
    assert_eq!(events.next().await.unwrap().unwrap().event, EventKind::Queued);
    world.stop.cancel();
    let error = events.next().await.unwrap().unwrap_err();
    assert!(matches!(error, ClientError::Unreachable { .. }), "{error}");
    assert!(events.next().await.is_none());
}
