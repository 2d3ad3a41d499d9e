//! The spans of the contract, section 8, and the trace that goes on from the request to the worker.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::sync::{Mutex, Once, PoisonError};

use export_engine::{Caller, Engine};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id};
use tracing_subscriber::layer::{Context, SubscriberExt as _};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::{Layer, Registry};

use crate::support::{Bench, REQUEST};

/// Every span since the beginning: the trace it is in, and its path of names from the root.
static SEEN: Mutex<Vec<(String, String)>> = Mutex::new(Vec::new());

/// Collects spans of all threads; that is why there is one for all tests.
struct Collector;

struct Trace(String);

impl Visit for Trace {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        if field.name() == "trace_id" {
            self.0 = format!("{value:?}").trim_matches('"').to_owned();
        }
    }
}

impl<S: tracing::Subscriber + for<'a> LookupSpan<'a>> Layer<S> for Collector {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        let mut trace = Trace(String::new());
        attributes.record(&mut trace);
        let span = context.span(id).expect("it is new");
        let path: Vec<_> = span.scope().from_root().map(|span| span.name()).collect();
        span.extensions_mut().insert(trace);
        let root = span.scope().from_root().next().expect("the span itself at least");
        let trace = root.extensions().get::<Trace>().map(|trace| trace.0.clone()).unwrap_or_default();
        SEEN.lock().unwrap_or_else(PoisonError::into_inner).push((trace, path.join("/")));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_trace_of_a_request_goes_on_in_the_worker_with_a_span_for_each_step() {
    static COLLECT: Once = Once::new();
    COLLECT.call_once(|| {
        tracing::subscriber::set_global_default(Registry::default().with(Collector)).unwrap();
    });
    let trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    let bench = Bench::new(10);
    let traceparent = Some(format!("00-{trace}-00f067aa0ba902b7-01").parse().unwrap());
    let caller = Caller { traceparent, ..bench.caller() };
    let engine = Engine::new(bench.parts(), bench.limits());
    let job = engine.submit(caller, REQUEST.as_bytes()).await.unwrap().job;
    let worker = bench.worker(bench.parts());
    let job = bench.ended(job.id).await;
    worker.stop().await;
    bench.assert_whole(&job).await;

    let seen = SEEN.lock().unwrap();
    let paths: Vec<_> = seen.iter().filter(|(id, _)| id == trace).map(|(_, path)| path.as_str()).collect();
    let of = |path: &str| paths.iter().filter(|seen| **seen == path).count();
    assert_eq!(of("export-request"), 2, "of the request, and of the worker");
    for query in ["scanner-query", "policy-query", "vexlens-query"] {
        assert_eq!(of(&format!("export-request/data-gather/{query}")), 3, "{query} for each scan: {paths:?}");
    }
    let steps: BTreeSet<_> = paths.iter().copied().collect();
    let expected = [
        "export-request",
        "export-request/artifact-storage",
        "export-request/data-gather",
        "export-request/data-gather/policy-query",
        "export-request/data-gather/scanner-query",
        "export-request/data-gather/vexlens-query",
        "export-request/template-render",
    ];
    assert_eq!(steps, BTreeSet::from(expected));
}
