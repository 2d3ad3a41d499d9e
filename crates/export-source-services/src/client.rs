//! One service over HTTP: a `GET`, tried again where that is safe, until its answer begins.

use std::error::Error as _;
use std::fmt::Write as _;
use std::sync::Arc;

use export_core::error::{ErrorKind, PortError};
use export_core::id::TenantId;
use reqwest::header::{ACCEPT, ACCEPT_ENCODING, HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::redirect::Policy;
use reqwest::{Response, StatusCode};
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep, timeout_at};
use url::Url;

use crate::attempt::{Failed, Got};
use crate::body::{Body, Call};
use crate::retry::{pause, retry_after};
use crate::{Endpoint, InvalidEndpoint, Service, Surroundings};

/// A client of one service. Clones share their connections and their limits.
#[derive(Clone)]
pub(crate) struct Client {
    pub(crate) service: Service,
    endpoint: Arc<Endpoint>,
    http: reqwest::Client,
    permits: Arc<Semaphore>,
    pub(crate) around: Surroundings,
}

/// What is asked.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    /// What errors name.
    pub(crate) operation: &'static str,
    pub(crate) tenant: TenantId,
    /// Segments below the service's URL.
    pub(crate) path: Vec<String>,
    pub(crate) query: Vec<(&'static str, String)>,
    pub(crate) accept: &'static str,
    /// Whether a user waits for the answer: it has less time then.
    pub(crate) waited_for: bool,
}

impl Client {
    /// A client of `service`. Nothing is sent yet.
    ///
    /// # Errors
    /// If TLS cannot be set up.
    pub(crate) fn new(
        service: Service,
        endpoint: Endpoint,
        around: Surroundings,
    ) -> Result<Self, InvalidEndpoint> {
        let http = reqwest::Client::builder()
            .connect_timeout(endpoint.limits.timeout)
            // A token goes to the service that was named and to no other: not to where it points, not to a proxy.
            .redirect(Policy::none())
            .no_proxy()
            .build()
            .map_err(|_| InvalidEndpoint("TLS cannot be set up"))?;
        let permits = Arc::new(Semaphore::new(endpoint.limits.concurrency));
        Ok(Self { service, endpoint: Arc::new(endpoint), http, permits, around })
    }

    /// Takes a place among the answers that are read at the same time.
    pub(crate) async fn call(&self, ask: &Ask) -> Result<Call, PortError> {
        let limits = self.endpoint.limits.clone();
        let time = if ask.waited_for { limits.timeout.saturating_mul(2) } else { limits.deadline };
        let deadline = Instant::now() + time.min(limits.deadline);
        let url: Arc<str> = self.url(ask).as_str().into();
        let permit = timeout_at(deadline, Arc::clone(&self.permits).acquire_owned()).await;
        let Ok(Ok(permit)) = permit else {
            let message =
                format!("{} answers are being read already, and none ended in time", limits.concurrency);
            return Err(PortError::new(ErrorKind::Timeout, ask.operation, message).at(&*url));
        };
        Ok(Call { operation: ask.operation, url, limits, deadline, _permit: Arc::new(permit) })
    }

    /// The URL of what is asked.
    pub(crate) fn url(&self, ask: &Ask) -> Url {
        let mut url = self.endpoint.url.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().push("internal").extend(&ask.path);
        }
        if !ask.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&ask.query);
        }
        url
    }

    /// Asks until `read` has got from an answer what it needs, or it makes no sense to ask once more; none where the
    /// service has nothing of that name. Each attempt is told with its time.
    pub(crate) async fn get<T, R: Future<Output = Result<T, Failed>>>(
        &self,
        ask: &Ask,
        call: &Call,
        read: impl Fn(Response) -> R,
    ) -> Result<Option<T>, PortError> {
        let headers = self.headers(ask);
        let mut attempt = 1;
        loop {
            let started = Instant::now();
            let got = self.attempt(call, &headers, &read).await;
            let failed = match got.outcome {
                Ok(done) => {
                    self.tell(attempt, got.status, started, None, None);
                    return Ok(done);
                }
                Err(failed) => failed,
            };
            let wait = pause(&call.limits, attempt + 1, failed.asked, (self.around.random)());
            let again =
                failed.may_pass && attempt <= call.limits.retries && Instant::now() + wait < call.deadline;
            self.tell(attempt, got.status, started, Some(&failed.error), again.then_some(wait));
            if !again {
                return Err(failed.into_error(attempt));
            }
            sleep(wait).await;
            attempt += 1;
        }
    }

    async fn attempt<T, R: Future<Output = Result<T, Failed>>>(
        &self,
        call: &Call,
        headers: &HeaderMap,
        read: &impl Fn(Response) -> R,
    ) -> Got<T> {
        let sent = self.http.get(&*call.url).headers(headers.clone()).send();
        let response = match call.within("answer", sent).await {
            Err(error) => return Got::failed(Failed::passing(error)),
            Ok(Err(error)) => {
                let error = error.without_url();
                let message = format!("the service cannot be reached: {}", words(&error));
                return Got::failed(Failed::passing(
                    call.error(ErrorKind::Unavailable, message).because(error),
                ));
            }
            Ok(Ok(response)) => response,
        };
        let status = response.status();
        let asked = response.headers().get(RETRY_AFTER).and_then(|value| value.to_str().ok());
        let asked = asked.and_then(|value| retry_after(value, self.around.clock.now().wall));
        let outcome = match status {
            StatusCode::OK => read(response).await.map(Some),
            StatusCode::NOT_FOUND => Ok(None),
            _ => Err(Failed::of_status(status, asked, call)),
        };
        Got { status: Some(status.as_u16()), outcome }
    }

    fn headers(&self, ask: &Ask) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static(ask.accept));
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
        let mut text = |name: &'static str, value: &str, secret: bool| {
            // Tokens, tenants and traces were checked when they were made; a header that cannot be is left out.
            if let Ok(mut value) = HeaderValue::from_str(value) {
                value.set_sensitive(secret);
                headers.insert(name, value);
            }
        };
        text("x-tenant-id", ask.tenant.as_str(), false);
        if let Some(token) = &self.endpoint.token {
            text("authorization", &format!("Bearer {}", token.reveal()), true);
        }
        if let Some(trace) = (self.around.trace)() {
            text("traceparent", &trace, false);
        }
        headers
    }

    /// Tells of one attempt: an event of the span that the source is read in.
    fn tell(
        &self,
        attempt: u32,
        status: Option<u16>,
        started: Instant,
        error: Option<&PortError>,
        wait: Option<std::time::Duration>,
    ) {
        let service = self.service.name();
        let elapsed_ms = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
        let pause_ms = wait.map(|wait| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX));
        match error {
            None => tracing::info!(service, attempt, status, elapsed_ms, "the service answered"),
            Some(error) => {
                tracing::warn!(service, attempt, status, elapsed_ms, pause_ms, %error, "the attempt failed");
            }
        }
    }
}

/// The bytes of an answer, until it is known that they come.
pub(crate) fn body(response: Response, call: &Call) -> Result<Body, Failed> {
    Body::of(response, call.clone()).map_err(Failed::lasting)
}

/// An error of the HTTP client with all its causes, which say what really happened.
pub(crate) fn words(error: &reqwest::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        write!(text, ": {next}").expect("a String takes all text");
        cause = next.source();
    }
    text
}
