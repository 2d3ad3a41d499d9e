//! `GET /d/{token}`.

use std::time::Duration;

use export_core::digest::Digest;
use export_core::ports::DownloadGrant;
use export_core::time::Clock as _;
use export_http::{HttpSettings, Readiness};
use reqwest::Response;

use crate::support::{JSON, LARGE, World, header, refused};

/// The link to the main artifact of a completed export.
async fn link(world: &World, request: &'static str) -> String {
    let path = world.ended(request).await;
    world.get(&format!("{path}/download")).await["download_url"].as_str().unwrap().to_owned()
}

async fn ask(world: &World, method: &str, url: &str, headers: &[(&str, &str)]) -> Response {
    let request = world.http.request(method.parse().unwrap(), url);
    headers.iter().fold(request, |request, (name, value)| request.header(*name, *value)).send().await.unwrap()
}

#[tokio::test]
async fn a_link_gives_the_bytes_to_be_saved() {
    let world = World::working().await;
    let url = link(&world, LARGE).await;
    let (whole, head) = (ask(&world, "GET", &url, &[]).await, ask(&world, "HEAD", &url, &[]).await);
    for response in [&whole, &head] {
        assert_eq!(response.status(), 200);
        for (name, value) in [
            ("content-type", "text/csv; charset=utf-8"),
            ("content-disposition", "attachment; filename=\"report.csv\"; filename*=UTF-8''report.csv"),
            ("accept-ranges", "bytes"),
            ("cache-control", "private, no-store"),
            ("content-security-policy", "sandbox; default-src 'none'"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
        ] {
            assert_eq!(header(response, name), value, "{name}");
        }
    }
    let (length, etag) = (header(&head, "content-length"), header(&whole, "etag"));
    let bytes = whole.bytes().await.unwrap();
    assert_eq!((length, etag), (bytes.len().to_string(), format!("\"{}\"", Digest::of(&bytes))));
    assert_eq!(head.bytes().await.unwrap().len(), 0);
}

#[tokio::test]
async fn one_range_is_served() {
    let world = World::working().await;
    let url = link(&world, LARGE).await;
    let whole = ask(&world, "GET", &url, &[]).await;
    let etag = header(&whole, "etag");
    let whole = whole.bytes().await.unwrap();
    let size = whole.len();
    for (range, part) in [
        ("bytes=0-0".to_owned(), 0..1),
        ("bytes=1000-4999".to_owned(), 1_000..5_000),
        (format!("bytes={}-", size - 5), size - 5..size),
        ("bytes=-7".to_owned(), size - 7..size),
        ("bytes=5-99999999999".to_owned(), 5..size),
    ] {
        let response = ask(&world, "GET", &url, &[("range", &range), ("if-range", &etag)]).await;
        assert_eq!(response.status(), 206, "{range}");
        assert_eq!(
            header(&response, "content-range"),
            format!("bytes {}-{}/{size}", part.start, part.end - 1)
        );
        assert_eq!(header(&response, "etag"), etag);
        assert_eq!(response.bytes().await.unwrap(), whole.slice(part), "{range}");
    }
    let many = format!("bytes=0-0,-1{}", ",0-99999".repeat(100));
    for everything in ["bytes=abc", "items=0-1", &many] {
        let response = ask(&world, "GET", &url, &[("range", everything)]).await;
        assert_eq!(
            (response.status().as_u16(), response.bytes().await.unwrap().len()),
            (200, size),
            "{everything}"
        );
    }
    let changed = ask(&world, "GET", &url, &[("range", "bytes=0-0"), ("if-range", "\"other\"")]).await;
    assert_eq!(changed.status(), 200);
    let head = ask(&world, "HEAD", &url, &[("range", "bytes=0-0")]).await;
    assert_eq!((head.status().as_u16(), header(&head, "content-length")), (200, size.to_string()));
    for outside in [format!("bytes={size}-"), "bytes=5-2".to_owned(), "bytes=-0".to_owned()] {
        let response = ask(&world, "GET", &url, &[("range", &outside)]).await;
        assert_eq!(header(&response, "content-range"), format!("bytes */{size}"), "{outside}");
        refused(response, 416, "range_not_satisfiable").await;
    }
}

#[tokio::test]
async fn what_the_client_has_is_not_sent_again() {
    let world = World::working().await;
    let url = link(&world, JSON).await;
    let etag = header(&ask(&world, "HEAD", &url, &[]).await, "etag");
    for known in [etag.as_str(), "*", &format!("\"x\", W/{etag}")] {
        let response = ask(&world, "GET", &url, &[("if-none-match", known), ("range", "bytes=0-0")]).await;
        assert_eq!((response.status().as_u16(), header(&response, "etag")), (304, etag.clone()));
        assert_eq!(response.bytes().await.unwrap().len(), 0);
    }
    let response = ask(&world, "GET", &url, &[("if-none-match", "\"x\"")]).await;
    assert_eq!(response.status(), 200);
}

#[tokio::test]
async fn a_changed_link_is_refused_at_every_character() {
    let world = World::working().await;
    let url = link(&world, JSON).await;
    let start = url.find("/d/").unwrap() + 3;
    for place in start..url.len() {
        for with in ["A", "0", "."] {
            let mut changed = url.clone();
            changed.replace_range(place..=place, with);
            if changed != url {
                refused(ask(&world, "GET", &changed, &[]).await, 403, "link_invalid").await;
            }
        }
    }
    let encoded = format!("{}%{:02X}{}", &url[..start], url.as_bytes()[start], &url[start + 1..]);
    for changed in
        [&url[..url.len() - 1], &format!("{url}A"), &format!("{url}?exp=1"), &format!("{url}?"), &encoded]
    {
        refused(ask(&world, "GET", changed, &[]).await, 403, "link_invalid").await;
    }
}

#[tokio::test]
async fn a_link_ends() {
    let world = World::working().await;
    let url = link(&world, JSON).await;
    world.clock.advance(Duration::from_secs(15 * 60));
    let problem = refused(ask(&world, "GET", &url, &[]).await, 403, "link_invalid").await;
    assert!(problem["detail"].as_str().unwrap().contains("expired"), "{problem}");
}

#[tokio::test]
async fn a_link_outlives_no_retention() {
    let world = World::working().await;
    let path = world.ended(JSON).await;
    let job = world.jobs.all().remove(0);
    world.clock.advance(Duration::from_secs(29 * 86_400 + 80_000));
    let expires_at = world.clock.now().wall.plus(Duration::from_secs(86_400));
    let artifact = "report.json".to_owned();
    let grant = DownloadGrant { tenant: job.tenant, export_id: job.id, artifact, expires_at };
    let settings = HttpSettings::new([7; 32], Readiness::default());
    let url = world.api(settings).links.link(&grant, "unused").await.unwrap();
    assert_eq!(ask(&world, "GET", url.as_str(), &[]).await.status(), 200);
    world.clock.advance(Duration::from_secs(80_000));
    refused(ask(&world, "GET", url.as_str(), &[]).await, 410, "expired").await;
    assert_eq!(world.get(&path).await["status"], "completed");
}

#[tokio::test]
async fn a_link_is_for_reading() {
    let world = World::working().await;
    let url = link(&world, JSON).await;
    for method in ["POST", "PUT", "DELETE", "PATCH", "TRACE", "BREW"] {
        let response = ask(&world, method, &url, &[("x-http-method-override", "GET")]).await;
        assert_eq!(header(&response, "allow"), "GET,HEAD");
        refused(response, 405, "method_not_allowed").await;
    }
}

#[tokio::test]
async fn an_artifact_that_changed_in_its_store_is_not_served() {
    let world = World::working().await;
    let url = link(&world, JSON).await;
    let key = world.artifacts.keys().into_iter().find(|key| key.ends_with("/report.json")).unwrap();
    world.artifacts.tamper(&key, |bytes| bytes.truncate(10));
    refused(ask(&world, "GET", &url, &[]).await, 503, "storage_corrupt").await;
}
