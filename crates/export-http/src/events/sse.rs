//! `GET /exports/{id}/events`: server-sent events of one export (WHATWG HTML, 9.2).

use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use export_core::code::Code;
use export_core::export::ExportEvent;
use futures::Stream;
use tokio_util::sync::CancellationToken;

use super::slots::Slot;
use super::tail::Tail;
use crate::auth::{Tenant, only};
use crate::exports::Id;
use crate::openapi::{Problem, schemas};
use crate::problem::Refusal;
use crate::server::Shared;

/// How often a comment tells that the connection lives.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// Follow one export
///
/// Server-sent events: `id`, `event` and `data` (an event as JSON). The stream ends after the event that ends the export; a
/// client that has seen that one gets 204, which tells a browser not to connect again.
#[utoipa::path(get, path = "/api/v1/exports/{id}/events", tag = "events", operation_id = "followExport",
    params(("id" = schemas::ExportId, Path),
        ("Last-Event-ID" = Option<String>, Header, description = "The last event that the client saw")),
    responses((status = 200, description = "Events", content_type = "text/event-stream", body = schemas::ExportEvent),
        (status = 204, description = "The export has ended, and the client has seen all its events"),
        (status = 404, response = Problem)))]
pub(crate) async fn follow(
    State(server): State<Shared>,
    tenant: Tenant,
    Id(id): Id,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    // Read before the events, so that the last event of an ended export is among them.
    let job = server.find(&tenant.id, id).await?;
    let after = match only(&headers, "last-event-id")? {
        None => 0,
        Some(last) => {
            super::resume(&server, &tenant.id, last.to_str().unwrap_or_default(), Code::InvalidHeader).await?
        }
    };
    let slot = server.slots.take(&tenant.id)?;
    let mut tail = Tail::new(server.reader().clone(), tenant.id, Some(id), after);
    tail.read().await?;
    if job.status().is_ended() && tail.is_drained() {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    let following = Following { tail, stop: server.api.stop.clone(), ended: false, _slot: slot };
    let sse = Sse::new(stream(following)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE));
    // Proxies that buffer would hold events back.
    Ok(([("x-accel-buffering", HeaderValue::from_static("no"))], sse).into_response())
}

struct Following {
    tail: Tail,
    stop: CancellationToken,
    ended: bool,
    _slot: Slot,
}

fn stream(following: Following) -> impl Stream<Item = Result<Event, Infallible>> {
    futures::stream::unfold(following, async |mut following| {
        let event = following.next().await?;
        Some((Ok(to_sse(&event)), following))
    })
}

impl Following {
    async fn next(&mut self) -> Option<ExportEvent> {
        if self.ended {
            return None;
        }
        let next = tokio::select! {
            () = self.stop.cancelled() => return None,
            next = self.tail.next() => next,
        };
        // A client whose stream breaks off connects again, and resumes behind the last event it saw.
        let event = next.inspect_err(|error| tracing::error!(%error, "events cannot be read")).ok()?;
        // An end that a retry followed is not the end.
        self.ended = event.status.is_ended() && self.tail.is_drained();
        Some(event)
    }
}

fn to_sse(event: &ExportEvent) -> Event {
    let data = serde_json::to_string(event).expect("an event holds only text and numbers");
    Event::default().id(&event.id).event(event.event.as_str()).data(data)
}
