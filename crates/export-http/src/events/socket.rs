//! `GET /events`: a WebSocket with the tenant's events (RFC 6455).

use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade, close_code};
use axum::http::header::SEC_WEBSOCKET_PROTOCOL;
use axum::http::{HeaderMap, Method, Uri};
use axum::response::Response;
use export_core::code::Code;
use export_core::export::ExportEvent;
use export_core::id::{ExportId, TenantId};

use super::slots::Slot;
use super::tail::Tail;
use crate::auth::{self, Tenant};
use crate::openapi::{Problem, schemas};
use crate::problem::Refusal;
use crate::query::Parameters;
use crate::server::{Server, Shared};

/// The subprotocol: one event as JSON in each text message, and nothing that a client says.
const PROTOCOL: &str = "export.v1";
/// Where browsers put their token, because they cannot set headers.
const TOKEN_PROTOCOL: &str = "bearer.";
/// How often the client is asked whether it is there; one that stays silent until the next time is dropped.
const PING: Duration = Duration::from_secs(20);
/// How long a message may take to be sent; a client that reads slower is dropped, and resumes by `last_event_id`.
const SEND: Duration = Duration::from_secs(10);
/// Clients have nothing to say but pongs.
const MAX_INCOMING: usize = 4 << 10;
/// Of the range for private use (RFC 6455, 7.4.2): the token is not accepted any more.
const TOKEN_EXPIRED: u16 = 4401;

/// Follow a tenant's exports
///
/// A WebSocket that sends each event as JSON in a text message, from now on or behind `last_event_id`. Clients that cannot
/// set headers offer the subprotocols `export.v1` and `bearer.<JWT>` and name the tenant by `tenant`.
/// With `export_id` it tells of one export only, and ends with it. Close code 4401: the token has expired.
#[utoipa::path(get, path = "/api/v1/events", tag = "events", operation_id = "followTenant",
    params(schemas::EventParameters),
    responses((status = 101, description = "Messages of this shape", body = schemas::ExportEvent),
        (status = 404, response = Problem), (status = 422, response = Problem)))]
pub(crate) async fn connect(
    State(server): State<Shared>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Refusal> {
    let mut parameters = Parameters::of(&uri);
    let token = token(&headers)?.ok_or_else(|| auth::unauthenticated(false))?;
    let identity = auth::authenticate(&server, &token)?;
    let id = tenant(&headers, parameters.word("tenant"))?;
    let tenant = Tenant::admit(identity, id, &method)?.id;
    let export = parameters.word::<ExportId>("export_id");
    let last = parameters.text("last_event_id");
    parameters.finish()?;
    // Read before the events, so that the last event of an ended export is among them.
    let ended = match export {
        Some(export) => server.find(&tenant, export).await?.status().is_ended(),
        None => false,
    };
    let after = match last {
        None => server.reader().last_event(&tenant).await?,
        Some(last) => super::resume(&server, &tenant, &last, Code::InvalidParameter).await?,
    };
    let slot = server.slots.take(&tenant)?;
    let upgrade = upgrade.map_err(|rejection| Refusal::new(Code::InvalidHeader, rejection.to_string()))?;
    let mut tail = Tail::new(server.reader().clone(), tenant, export, after);
    tail.read().await?;
    let over = ended && tail.is_drained();
    let session = Session { server, tail, one: export.is_some(), over, token, _slot: slot };
    let upgrade = upgrade.protocols([PROTOCOL]).max_message_size(MAX_INCOMING).max_frame_size(MAX_INCOMING);
    Ok(upgrade.on_upgrade(|socket| session.run(socket)))
}

/// The token of the `Authorization` header, or of the subprotocols.
fn token(headers: &HeaderMap) -> Result<Option<String>, Refusal> {
    if let Some(token) = auth::bearer(headers)? {
        return Ok(Some(token.to_owned()));
    }
    let offered = headers.get_all(SEC_WEBSOCKET_PROTOCOL).iter().filter_map(|value| value.to_str().ok());
    let mut tokens =
        offered.flat_map(|list| list.split(',')).filter_map(|it| it.trim().strip_prefix(TOKEN_PROTOCOL));
    Ok(tokens.next().map(str::to_owned))
}

/// The tenant of the header, or of the query; both may name it if they agree.
fn tenant(headers: &HeaderMap, query: Option<TenantId>) -> Result<TenantId, Refusal> {
    match (auth::tenant_header(headers)?, query) {
        (Some(header), Some(query)) if header != query => Err(auth::tenant_required()),
        (header, query) => header.or(query).ok_or_else(auth::tenant_required),
    }
}

struct Session {
    server: Shared,
    tail: Tail,
    /// Whether the events are those of one export, and end with it.
    one: bool,
    over: bool,
    token: String,
    _slot: Slot,
}

impl Session {
    async fn run(mut self, mut socket: WebSocket) {
        if let Some((code, reason)) = self.serve(&mut socket).await {
            let frame = CloseFrame { code, reason: reason.into() };
            // The client may be gone; there is nobody left to tell.
            let _gone = tokio::time::timeout(SEND, socket.send(Message::Close(Some(frame)))).await;
        }
    }

    /// Sends events until one side ends it; the reason, if the client can still be told.
    async fn serve(&mut self, socket: &mut WebSocket) -> Option<(u16, &'static str)> {
        let stop = self.server.api.stop.clone();
        let mut pulse = tokio::time::interval_at(tokio::time::Instant::now() + PING, PING);
        let mut heard = true;
        while !self.over {
            let message = tokio::select! {
                () = stop.cancelled() => return Some((close_code::AWAY, "the server stops; connect again")),
                event = self.tail.next() => match event {
                    Ok(event) => {
                        // An end that a retry followed is not the end.
                        self.over = self.one && event.status.is_ended() && self.tail.is_drained();
                        Message::Text(to_text(&event).into())
                    }
                    Err(error) => {
                        tracing::error!(%error, "events cannot be read");
                        return Some((close_code::ERROR, "events cannot be read; connect again"));
                    }
                },
                received = socket.recv() => match received {
                    None | Some(Ok(Message::Close(_))) => return None,
                    Some(Err(_)) => return Some((close_code::POLICY, "not a message that is understood here")),
                    Some(Ok(_)) => {
                        heard = true;
                        continue;
                    }
                },
                _ = pulse.tick() => {
                    if !std::mem::take(&mut heard) {
                        return Some((close_code::POLICY, "no sign of life"));
                    }
                    if !is_accepted(&self.server, &self.token) {
                        return Some((TOKEN_EXPIRED, "the token is not accepted any more"));
                    }
                    Message::Ping(axum::body::Bytes::new())
                }
            };
            if !matches!(tokio::time::timeout(SEND, socket.send(message)).await, Ok(Ok(()))) {
                return None;
            }
        }
        Some((close_code::NORMAL, "the export has ended"))
    }
}

fn is_accepted(server: &Server, token: &str) -> bool {
    server.api.auth.authenticate(token, server.now().wall).is_ok()
}

fn to_text(event: &ExportEvent) -> String {
    serde_json::to_string(event).expect("an event holds only text and numbers")
}
