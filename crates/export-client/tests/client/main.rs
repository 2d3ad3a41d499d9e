//! The client against the real API, over real sockets, some of which break.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod breaker;
mod calls;
mod download;
mod errors;
mod watch;

#[expect(dead_code, reason = "the tests of the API use more of it")]
#[path = "../../../export-http/tests/api/support/mod.rs"]
mod support;

use export_client::Client;
use export_core::request::ExportRequest;
use url::Url;

use self::support::{World, tenant};

/// A client of tenant acme that talks to `base`.
fn client(world: &World, base: &Url) -> Client {
    let token = world.tokens.issue("ann", &["acme"], "exports:read exports:write");
    Client::new(base.clone(), token, tenant("acme")).unwrap()
}

fn request(body: &str) -> ExportRequest {
    ExportRequest::parse(body.as_bytes()).unwrap()
}
