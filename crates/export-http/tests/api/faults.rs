//! Stores that do not answer.

use export_contract::When;

use crate::support::{JSON, LARGE, World, body, fail_next, header, refused};

#[tokio::test]
async fn a_job_store_that_is_down_is_no_fault_of_the_caller() {
    let world = World::idle().await;
    let path = world.submit(JSON).await;
    for (method, path) in [
        ("POST", "/api/v1/exports".to_owned()),
        ("GET", "/api/v1/exports".to_owned()),
        ("GET", path.clone()),
        ("GET", format!("{path}/download")),
        ("GET", format!("{path}/events")),
        ("DELETE", path.clone()),
        ("POST", format!("{path}/retry")),
    ] {
        fail_next(&world.job_store, When::Before);
        let request = world.acme(method, &path).header("content-type", "application/json");
        let response = request.body(JSON).send().await.unwrap();
        assert!(header(&response, "retry-after").parse::<u32>().unwrap() > 0);
        let problem = refused(response, 503, "unavailable").await;
        assert!(!problem["detail"].as_str().unwrap().contains("fault"), "causes stand in the log: {problem}");
        assert!(world.job_store.is_spent(), "{method} {path}");
    }
    assert_eq!(world.jobs.all().len(), 1);
}

#[tokio::test]
async fn a_request_whose_answer_was_lost_can_be_repeated() {
    let world = World::idle().await;
    let post = || {
        let post = world.acme("POST", "/api/v1/exports").header("content-type", "application/json");
        post.header("idempotency-key", "k").body(JSON).send()
    };
    // The key is looked up first; the call behind that inserts.
    world.job_store.fail(world.job_store.calls().len() as u64 + 2, When::After);
    refused(post().await.unwrap(), 503, "unavailable").await;
    let again = post().await.unwrap();
    assert_eq!(header(&again, "idempotent-replayed"), "true");
    body(again, 202).await;
    assert_eq!(world.jobs.all().len(), 1);
}

#[tokio::test]
async fn an_artifact_store_that_is_down_is_told_as_such() {
    let world = World::working().await;
    let path = world.ended(JSON).await;
    let export = world.get(&path).await;
    let url = export["artifacts"][0]["download_url"].as_str().unwrap();
    fail_next(&world.artifact_store, When::Before);
    refused(world.http.get(url).send().await.unwrap(), 503, "storage_unavailable").await;
    assert_eq!(world.http.get(url).send().await.unwrap().status(), 200);
}

/// The connection breaks, so that the client knows; nothing that is short looks whole.
#[tokio::test]
async fn a_store_that_fails_in_the_middle_breaks_the_download() {
    let world = World::working().await;
    let path = world.ended(LARGE).await;
    let export = world.get(&path).await;
    let url = export["artifacts"][0]["download_url"].as_str().unwrap();
    // The call that opens the artifact, then those of its chunks of a KiB.
    world.artifact_store.fail(world.artifact_store.calls().len() as u64 + 2_000, When::Before);
    let response = world.http.get(url).send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert!(response.bytes().await.is_err());
    assert!(world.artifact_store.is_spent());
}
