//! A time-stamp authority over HTTP: the real `openssl ts` behind a small server on the loopback, good and bad.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use export_contract::authority::{Authority, Keys};
use export_core::digest::Digest;
use export_core::error::{ErrorKind, PortError};
use export_core::ports::Timestamper;
use export_keys::HttpTimestamper;
use export_timestamp::{Anchors, read_anchors, request, verify};

/// Answers one request with what `answer` makes of its body. The thread ends with it.
fn server(answer: impl FnOnce(&str, &[u8]) -> Vec<u8> + Send + 'static) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/tsa", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let (head, body) = read(&mut stream);
        let _closed_before = stream.write_all(&answer(&head, &body));
    });
    url
}

fn read(stream: &mut TcpStream) -> (String, Vec<u8>) {
    let mut bytes = Vec::new();
    loop {
        let mut chunk = [0; 4_096];
        let count = stream.read(&mut chunk).unwrap();
        bytes.extend_from_slice(&chunk[..count]);
        let Some(end) = bytes.windows(4).position(|it| it == b"\r\n\r\n") else { continue };
        let head = String::from_utf8(bytes[..end].to_vec()).unwrap().to_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
        if bytes.len() == end + 4 + length.parse::<usize>().unwrap() {
            return (head, bytes[end + 4..].to_vec());
        }
    }
}

fn reply(body: &[u8]) -> Vec<u8> {
    whole("200 OK", "application/timestamp-reply", body)
}

fn whole(status: &str, kind: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    [head.as_bytes(), body].concat()
}

fn over() -> Digest {
    Digest::of(b"a signature")
}

fn ask(url: &str, anchors: Anchors) -> Result<Vec<u8>, PortError> {
    let _installed_before = rustls::crypto::ring::default_provider().install_default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let wait = Duration::from_millis(1_500);
        let authority = HttpTimestamper::new(url.parse().unwrap(), anchors, wait, Arc::new(|| 77)).unwrap();
        authority.stamp(over()).await
    })
}

/// What becomes of an answer that is made of the authority's good one.
fn answered(change: impl FnOnce(&Authority, &[u8]) -> Vec<u8> + Send + 'static) -> PortError {
    let url = server(|_, query| {
        let authority = Authority::new(Keys::P256);
        change(&authority, query)
    });
    ask(&url, Anchors::default()).unwrap_err()
}

#[test]
fn a_token_is_got_and_verified() {
    let authority = Authority::new(Keys::P384);
    let root = read_anchors(&authority.file("root.pem")).unwrap();
    let url = server(move |head, query| {
        assert!(head.starts_with("post /tsa http/1.1"), "{head}");
        assert!(head.contains("content-type: application/timestamp-query"), "{head}");
        assert_eq!(query, request(over(), 77));
        reply(&authority.reply_with(query, "tsa", "-chain root.pem"))
    });
    let token = ask(&url, root.clone()).unwrap();
    assert!(verify(&token, over(), &root, Some(77)).unwrap().trusted);
}

#[test]
fn an_authority_that_nobody_trusts_is_refused() {
    let other = read_anchors(&Authority::new(Keys::P256).file("root.pem")).unwrap();
    let url = server(|_, query| reply(&Authority::new(Keys::P256).reply(query)));
    let told = ask(&url, other).unwrap_err();
    assert_eq!(told.kind, ErrorKind::Invalid);
    assert!(told.message.contains("no trusted certificate"), "{told}");
}

#[test]
fn what_is_no_token_over_the_digest_is_refused() {
    let other = |digest: &'static [u8], nonce| {
        answered(move |authority, _| reply(&authority.reply(&request(Digest::of(digest), nonce))))
    };
    for (told, words) in [
        (other(b"another signature", 77), "another digest"),
        (other(b"a signature", 78), "nonce"),
        (answered(|_, _| reply(b"hello")), "no DER"),
        (answered(|_, _| reply(&[0x30; 100_000])), "more than 65536 bytes"),
        (answered(|_, _| whole("200 OK", "text/html", b"<html>")), "does not answer with a time-stamp"),
        (answered(|_, _| whole("302 Found\r\nLocation: http://127.0.0.1:1/", "text/html", b"")), "302"),
        (answered(|_, _| whole("403 Forbidden", "text/html", b"")), "403"),
    ] {
        assert_eq!(told.kind, ErrorKind::Invalid, "{told}");
        assert!(told.message.contains(words), "{told}");
    }
}

#[test]
fn an_authority_that_does_not_answer_is_unavailable() {
    let whole_reply = whole("200 OK", "application/timestamp-reply", &[0; 100]);
    let half = whole_reply[..whole_reply.len() - 50].to_vec();
    for (url, words) in [
        (server(|_, _| whole("503 Service Unavailable", "text/html", b"")), "503"),
        (server(move |_, _| half), "breaks off"),
        (server(|_, _| Vec::new()), ""),
        ("http://127.0.0.1:1/".to_owned(), "cannot be reached"),
    ] {
        let told = ask(&url, Anchors::default()).unwrap_err();
        assert_eq!(told.kind, ErrorKind::Unavailable, "{told}");
        assert!(told.message.contains(words), "{told}");
    }
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let told = ask(&format!("http://{}/", silent.local_addr().unwrap()), Anchors::default()).unwrap_err();
    assert_eq!((told.kind, told.message.as_str()), (ErrorKind::Unavailable, "it does not answer in time"));
}
