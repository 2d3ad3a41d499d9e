//! The WebSocket with a tenant's events.

use std::time::Duration;

use export_core::ports::JobStore as _;
use export_core::time::Clock as _;
use futures::{SinkExt as _, StreamExt as _};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use crate::support::{FAILING, JSON, World, refused, shapes, tenant};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Connects with these headers; the status if the server refuses.
async fn connect(world: &World, query: &str, headers: &[(&str, &str)]) -> Result<(Socket, String), u16> {
    let mut url = world.url(&format!("/api/v1/events{query}"));
    url.set_scheme("ws").unwrap();
    let mut request = url.as_str().into_client_request().unwrap();
    for (name, value) in headers {
        let name: reqwest::header::HeaderName = name.parse().unwrap();
        request.headers_mut().insert(name, value.parse().unwrap());
    }
    match tokio_tungstenite::connect_async(request).await {
        Ok((socket, response)) => {
            let protocol = response.headers().get("sec-websocket-protocol");
            Ok((socket, protocol.map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()))
        }
        Err(Error::Http(response)) => Err(response.status().as_u16()),
        Err(error) => panic!("{error}"),
    }
}

async fn of(world: &World, tenant: &str, query: &str) -> Socket {
    let token = world.tokens.issue("ann", &[tenant], "exports:read exports:write");
    let headers = [("authorization", format!("Bearer {token}")), ("x-tenant-id", tenant.to_owned())];
    let headers = headers.each_ref().map(|(name, value)| (*name, value.as_str()));
    connect(world, query, &headers).await.unwrap().0
}

async fn next(socket: &mut Socket) -> Value {
    loop {
        match socket.next().await.unwrap().unwrap() {
            Message::Text(text) => {
                let event = serde_json::from_str(&text).unwrap();
                shapes::conforms("ExportEvent", &event);
                return event;
            }
            Message::Ping(_) => {}
            other => panic!("{other:?}"),
        }
    }
}

/// Events up to the one that ends the export of `path`.
async fn until_end(socket: &mut Socket, path: &str) -> Vec<Value> {
    let mut events = Vec::new();
    loop {
        let event = next(socket).await;
        let ended = matches!(event["status"].as_str(), Some("completed" | "failed"));
        let own = path.ends_with(event["export_id"].as_str().unwrap());
        events.push(event);
        if ended && own {
            return events;
        }
    }
}

async fn closed(socket: &mut Socket) -> (u16, String) {
    loop {
        if let Message::Close(Some(frame)) = socket.next().await.unwrap().unwrap() {
            return (frame.code.into(), frame.reason.to_string());
        }
    }
}

#[tokio::test]
async fn a_tenants_events_come_from_now_on_and_resume_without_gap_or_duplicate() {
    let world = World::working().await;
    let before = world.ended(JSON).await;
    let mut socket = of(&world, "acme", "").await;
    let mut foreign = of(&world, "other", "").await;
    let path = world.submit(JSON).await;
    let live = until_end(&mut socket, &path).await;
    assert!(
        live.iter().all(|event| path.ends_with(event["export_id"].as_str().unwrap())),
        "from now on: {live:#?}"
    );
    for seen in 0..live.len() - 1 {
        let mut resumed =
            of(&world, "acme", &format!("?last_event_id={}", live[seen]["id"].as_str().unwrap())).await;
        assert_eq!(until_end(&mut resumed, &path).await, live[seen + 1..]);
    }
    let mut all = of(&world, "acme", "?last_event_id=0").await;
    let history = until_end(&mut all, &path).await;
    assert!(before.ends_with(history[0]["export_id"].as_str().unwrap()));
    assert!(history.ends_with(&live));
    let id = path.rsplit('/').next().unwrap();
    let mut one = of(&world, "acme", &format!("?last_event_id=0&export_id={id}")).await;
    assert_eq!(until_end(&mut one, &path).await, live);
    assert_eq!(closed(&mut one).await.0, 1000, "the export has ended");
    let last = live.last().unwrap()["id"].as_str().unwrap();
    let mut nothing = of(&world, "acme", &format!("?last_event_id={last}&export_id={id}")).await;
    assert_eq!(closed(&mut nothing).await.0, 1000);
    world.stop.cancel();
    assert_eq!(closed(&mut foreign).await.0, 1001, "another tenant saw nothing but the end");
}

#[tokio::test]
async fn browsers_bring_their_token_as_a_subprotocol() {
    let world = World::idle().await;
    let token = world.tokens.issue("ann", &["acme"], "exports:read");
    let offer = format!("export.v1, bearer.{token}");
    let headers = [("sec-websocket-protocol", offer.as_str()), ("origin", "https://console.example")];
    let (mut socket, protocol) = connect(&world, "?tenant=acme", &headers).await.unwrap();
    assert_eq!(protocol, "export.v1");
    let path = world.submit(JSON).await;
    assert!(path.ends_with(next(&mut socket).await["export_id"].as_str().unwrap()));
}

#[tokio::test]
async fn strangers_are_refused_before_the_upgrade() {
    let world = World::idle().await;
    let token = world.tokens.issue("ann", &["acme"], "exports:read");
    let writer = format!("Bearer {}", world.tokens.issue("eve", &["acme"], "exports:write"));
    let bearer = format!("Bearer {token}");
    let foreign = world.submit(JSON).await;
    let foreign = format!("?tenant=other&export_id={}", foreign.rsplit('/').next().unwrap());
    let both = world.tokens.issue("ann", &["acme", "other"], "exports:read");
    let both = format!("Bearer {both}");
    for (query, headers, status) in [
        ("?tenant=acme", vec![], 401),
        ("?tenant=acme", vec![("sec-websocket-protocol", "export.v1, bearer.nope")], 401),
        (&format!("?tenant=acme&access_token={token}"), vec![], 401),
        ("", vec![("authorization", bearer.as_str())], 400),
        ("?tenant=other", vec![("authorization", bearer.as_str())], 403),
        ("?tenant=other", vec![("authorization", both.as_str()), ("x-tenant-id", "acme")], 400),
        ("?tenant=acme", vec![("authorization", writer.as_str())], 403),
        ("?tenant=acme&last_event_id=x", vec![("authorization", bearer.as_str())], 422),
        ("?tenant=acme&last_event_id=999999", vec![("authorization", bearer.as_str())], 422),
        ("?tenant=acme&export_id=x", vec![("authorization", bearer.as_str())], 422),
        ("?tenant=acme&nope=1", vec![("authorization", bearer.as_str())], 422),
        (&foreign, vec![("authorization", both.as_str())], 404),
    ] {
        assert_eq!(connect(&world, query, &headers).await.map(|_| ()), Err(status), "{query} {headers:?}");
    }
    refused(world.acme("GET", "/api/v1/events").send().await.unwrap(), 400, "invalid_header").await;
}

#[tokio::test]
async fn clients_have_nothing_large_to_say() {
    let world = World::idle().await;
    let mut socket = of(&world, "acme", "").await;
    socket.send(Message::text("small talk is ignored")).await.unwrap();
    socket.send(Message::binary(vec![0; 1 << 20])).await.unwrap();
    assert_eq!(closed(&mut socket).await.0, 1008);
}

/// Time stands still but for the server's timers, which then run at once.
#[tokio::test(start_paused = true)]
async fn a_socket_ends_with_its_token() {
    let world = World::idle().await;
    let token = world.tokens.issue("ann", &["acme"], "exports:read");
    let offer = format!("export.v1, bearer.{token}");
    let headers = [("sec-websocket-protocol", offer.as_str())];
    let (mut socket, _) = connect(&world, "?tenant=acme", &headers).await.unwrap();
    let first = socket.next().await.unwrap().unwrap();
    assert!(matches!(first, Message::Ping(_)), "{first:?}");
    world.tokens.revoke(&token);
    assert_eq!(closed(&mut socket).await.0, 4401);
}

/// Time stands still but for the server's timers, which then run at once.
#[tokio::test(start_paused = true)]
async fn a_client_that_does_not_read_is_dropped() {
    let world = World::with(|settings| settings.streams_per_tenant = 1).await;
    let path = world.submit(JSON).await;
    let id = path.rsplit('/').next().unwrap().parse().unwrap();
    // Far more events than sockets hold.
    for _ in 0..20_000 {
        world.jobs.cancel(&tenant("acme"), id, "ann", world.clock.now()).await.unwrap();
        world.jobs.retry(&tenant("acme"), id, "ann", world.clock.now()).await.unwrap();
    }
    let token = world.tokens.issue("ann", &["acme"], "exports:read exports:write");
    let bearer = format!("Bearer {token}");
    let headers = [("authorization", bearer.as_str()), ("x-tenant-id", "acme")];
    let _deaf = connect(&world, "?last_event_id=0", &headers).await.unwrap();
    let mut refused = 0;
    while let Err(status) = connect(&world, "", &headers).await {
        assert_eq!(status, 503, "the tenant's only stream is taken");
        refused += 1;
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    assert!(refused > 0);
}

#[tokio::test]
async fn a_failure_is_an_event() {
    let world = World::working().await;
    let mut socket = of(&world, "acme", "").await;
    let path = world.submit(FAILING).await;
    let events = until_end(&mut socket, &path).await;
    let last = events.last().unwrap();
    assert_eq!((&last["event"], &last["error"]), (&"export.failed".into(), &"it does not fit".into()));
}
