//! Stubs of the platform's services: they serve the examples of `fixtures/contracts/services`, and misbehave on demand.

mod answer;
mod fault;

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{Request, State};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use tokio::net::TcpListener;
use tokio::task::AbortHandle;

pub use self::fault::Fault;

/// The token that the stubs accept.
pub const TOKEN: &str = "stub-service-token";
/// The tenant that has the examples.
pub const TENANT: &str = "demo";

/// How answers come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// As lines, where the client takes them.
    Lines,
    /// As pages of JSON.
    Pages,
}

/// All four services at one address, on the loopback interface; they stop when this is dropped.
pub struct Stub {
    /// The address, `http://127.0.0.1:PORT`.
    pub url: String,
    state: Arc<Served>,
    serving: AbortHandle,
}

/// One request that came.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Path and query.
    pub path: String,
    /// Headers, with lower-case names.
    pub headers: Vec<(String, String)>,
}

impl Asked {
    /// The value of a header.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(header, _)| header == name).map(|(_, value)| value.as_str())
    }
}

struct Served {
    style: Style,
    open: AtomicBool,
    asked: Mutex<Vec<Asked>>,
    /// Faults by the beginning of a path; each is used once, the last for ever if `for_ever`.
    faults: Mutex<Vec<Faults>>,
}

struct Faults {
    path: String,
    next: VecDeque<Fault>,
    for_ever: bool,
}

/// The folder of the examples.
#[must_use]
pub fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/contracts/services")
}

impl Stub {
    /// Starts the services.
    pub async fn start(style: Style) -> Self {
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let state = Arc::new(Served {
            style,
            open: AtomicBool::new(false),
            asked: Mutex::new(Vec::new()),
            faults: Mutex::new(Vec::new()),
        });
        let app = Router::new().fallback(serve).with_state(Arc::clone(&state));
        let serving = tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, state, serving: serving.abort_handle() }
    }

    /// Answers the next requests whose path begins with `path` by these faults, then rightly again.
    pub fn fail(&self, path: &str, faults: impl IntoIterator<Item = Fault>) {
        self.add(path, faults, false);
    }

    /// Answers every request whose path begins with `path` by this fault.
    pub fn fail_always(&self, path: &str, fault: Fault) {
        self.add(path, [fault], true);
    }

    /// Asks for no token any more, as no service should.
    pub fn let_anyone_in(&self) {
        self.state.open.store(true, Ordering::Relaxed);
    }

    fn add(&self, path: &str, faults: impl IntoIterator<Item = Fault>, for_ever: bool) {
        let faults = Faults { path: path.to_owned(), next: faults.into_iter().collect(), for_ever };
        self.state.faults.lock().unwrap_or_else(PoisonError::into_inner).push(faults);
    }

    /// Every request so far whose path begins with `path`.
    #[must_use]
    pub fn asked(&self, path: &str) -> Vec<Asked> {
        let asked = self.state.asked.lock().unwrap_or_else(PoisonError::into_inner);
        asked.iter().filter(|it| it.path.starts_with(path)).cloned().collect()
    }
}

impl Drop for Stub {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Served {
    /// Notes a request; its right answer, and how that is spoilt.
    fn take(&self, request: &Request) -> Result<(Option<answer::Answer>, Option<Fault>), StatusCode> {
        let path = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
        let text = |value: &HeaderValue| value.to_str().unwrap_or_default().to_owned();
        let headers = request.headers().iter().map(|(name, value)| (name.to_string(), text(value))).collect();
        let asked = Asked { path: path.clone(), headers };
        let header = |name| asked.header(name).unwrap_or_default().to_owned();
        let (authorization, tenant, accept) =
            (header("authorization"), header("x-tenant-id"), header("accept"));
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).push(asked);
        if authorization != format!("Bearer {TOKEN}") && !self.open.load(Ordering::Relaxed) {
            return Err(StatusCode::UNAUTHORIZED);
        }
        let lines = self.style == Style::Lines && accept.contains("application/x-ndjson");
        Ok((answer::of(&path, &tenant, lines), self.fault(&path)))
    }

    fn fault(&self, path: &str) -> Option<Fault> {
        let mut faults = self.faults.lock().unwrap_or_else(PoisonError::into_inner);
        let of_path = faults.iter_mut().find(|it| path.starts_with(&it.path) && !it.next.is_empty())?;
        if of_path.for_ever && of_path.next.len() == 1 {
            return of_path.next.front().cloned();
        }
        of_path.next.pop_front()
    }
}

async fn serve(State(served): State<Arc<Served>>, request: Request) -> Response {
    let (answer, fault) = match served.take(&request) {
        Ok(taken) => taken,
        Err(refused) => return refused.into_response(),
    };
    drop(request);
    match fault {
        Some(fault) => fault.spoil(answer).await,
        None => answer.map_or_else(|| StatusCode::NOT_FOUND.into_response(), answer::Answer::into_response),
    }
}
