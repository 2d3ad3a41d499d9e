//! Downloads: whole, resumed, checked.

use std::io::{self, Write};
use std::sync::atomic::Ordering;

use export_client::{Client, ClientError};
use export_core::export::Artifact;
use export_core::id::ExportId;

use crate::breaker::Breaker;
use crate::support::{JSON, LARGE, World};
use crate::{client, request};

/// Submits, waits for the end, and gives the main artifact.
async fn completed(world: &World, client: &Client, body: &str) -> (ExportId, Artifact) {
    let id = client.submit(&request(body), None).await.unwrap().export.export_id;
    world.until(&format!("/api/v1/exports/{id}"), |export| export["status"] == "completed").await;
    (id, client.get(id).await.unwrap().artifacts.unwrap().remove(0))
}

fn large() -> Vec<u8> {
    (0..300_000).flat_map(|line| format!("line {line}\n").into_bytes()).collect()
}

#[tokio::test]
async fn an_artifact_arrives_whole() {
    let world = World::working().await;
    let client = client(&world, &world.base);
    let (id, artifact) = completed(&world, &client, LARGE).await;
    let mut out = Vec::new();
    client.download(id, &artifact, &mut out).await.unwrap();
    assert!(out == large());
}

#[tokio::test]
async fn a_broken_download_goes_on_where_it_broke() {
    let breaker = Breaker::bind().await;
    let world = World::published(Some(breaker.url.clone()), |_| {}).await;
    world.work();
    let direct = client(&world, &world.base);
    let (id, artifact) = completed(&world, &direct, LARGE).await;
    let cuts = breaker.start(&world.base, 700_000);
    let mut out = Vec::new();
    direct.download(id, &artifact, &mut out).await.unwrap();
    assert!(out == large());
    assert_eq!(cuts.load(Ordering::Relaxed), large().len() / 700_000, "each connection brought its share");
}

#[tokio::test]
async fn other_bytes_than_the_exports_are_refused() {
    let world = World::working().await;
    let client = client(&world, &world.base);
    let (id, artifact) = completed(&world, &client, JSON).await;
    let key = world.artifacts.keys().into_iter().find(|key| key.ends_with("/report.json")).unwrap();
    world.artifacts.tamper(&key, |bytes| bytes[5] ^= 1);
    let error = client.download(id, &artifact, &mut Vec::new()).await.unwrap_err();
    assert!(
        matches!(&error, ClientError::Corrupt { expected, .. } if *expected == artifact.sha256),
        "{error}"
    );
    assert!(!error.is_transient() && error.advice().is_some());
}

#[tokio::test]
async fn a_full_disk_ends_it() {
    struct Full;
    impl Write for Full {
        fn write(&mut self, _bytes: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let world = World::working().await;
    let client = client(&world, &world.base);
    let (id, artifact) = completed(&world, &client, JSON).await;
    let error = client.download(id, &artifact, &mut Full).await.unwrap_err();
    assert!(
        matches!(&error, ClientError::Write(cause) if cause.kind() == io::ErrorKind::StorageFull),
        "{error}"
    );
}
