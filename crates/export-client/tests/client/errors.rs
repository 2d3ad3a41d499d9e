//! What went wrong, in words that help.

use export_client::{Client, ClientError};
use export_core::code::Code;
use export_core::id::ExportId;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use url::Url;

use crate::support::{World, tenant};
use crate::{client, request};

const UNKNOWN: &str = "exp-00000000000000000000000000";

fn unknown() -> ExportId {
    UNKNOWN.parse().unwrap()
}

#[tokio::test]
async fn refusals_carry_the_servers_problem() {
    let world = World::idle().await;
    let client = client(&world, &world.base);
    let absent = r#"{"type":"scan_report","format":"json","scope":{"scan_ids":["nope"]}}"#;
    let error = client.submit(&request(absent), None).await.unwrap_err();
    assert_eq!(error.code(), Some(Code::DataNotFound));
    assert!(error.to_string().contains("nope") && error.advice().is_some(), "{error}");
    let error = client.get(unknown()).await.unwrap_err();
    assert_eq!((error.code(), error.is_transient()), (Some(Code::NotFound), false));
    let stranger = Client::new(world.base.clone(), "nope", tenant("acme")).unwrap();
    let error = stranger.get(unknown()).await.unwrap_err();
    assert_eq!(error.code(), Some(Code::Unauthenticated));
    assert!(error.advice().unwrap().contains("token"));
}

#[tokio::test]
async fn a_server_that_is_not_there_is_named() {
    let world = World::idle().await;
    // A port that was free a moment ago: nobody listens on it.
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let base: Url = format!("http://{free}").parse().unwrap();
    let error = client(&world, &base).get(unknown()).await.unwrap_err();
    let text = error.to_string();
    assert!(matches!(error, ClientError::Unreachable { .. }) && error.is_transient());
    assert!(
        text.contains(&free.to_string()) && text.contains("refused") && !text.contains(UNKNOWN),
        "{text}"
    );
}

/// The error of a call to a server that answers everything with `answer`.
async fn answered(answer: &'static str) -> ClientError {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _request = stream.read(&mut [0; 4096]).await;
            let _sent = stream.write_all(answer.as_bytes()).await;
        }
    });
    let world = World::idle().await;
    client(&world, &base).get(unknown()).await.unwrap_err()
}

#[tokio::test]
async fn answers_of_something_else_are_shown() {
    let page = "HTTP/1.1 502 Bad Gateway\r\ncontent-type: text/html\r\ncontent-length: 12\r\nconnection: close\r\n\r\n<h1>Hi</h1>\r\n";
    let error = answered(page).await;
    assert!(matches!(error, ClientError::Unexpected { status: 502, .. }) && error.is_transient(), "{error}");
    assert!(error.to_string().contains("<h1>Hi</h1>"), "{error}");
    let other = "HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}";
    let error = answered(other).await;
    assert!(matches!(error, ClientError::Unexpected { status: 200, .. }) && !error.is_transient(), "{error}");
    let redirect = "HTTP/1.1 308 Permanent Redirect\r\nlocation: https://else.example/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
    let error = answered(redirect).await;
    assert!(error.to_string().contains("https://else.example/"), "{error}");
    assert!(error.advice().unwrap().contains("redirects"));
}

#[test]
fn urls_that_are_no_servers_are_refused_at_once() {
    for bad in ["ftp://example.org", "mailto:a@example.org", "file:///tmp"] {
        let error = Client::new(bad.parse().unwrap(), "t", tenant("acme")).unwrap_err();
        assert!(matches!(error, ClientError::Setup(_)), "{bad}");
    }
}
