//! The metrics of the contract, section 8, and their labels.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use export_contract::When;
use export_core::code::Code;
use export_core::ports::RenderError;
use export_engine::Parts;
use metrics::{
    Counter, CounterFn, Gauge, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder, SharedString, Unit,
};

use crate::support::{Bench, Flaky, Gate, Lines};

type Values = Arc<Mutex<BTreeMap<String, Vec<f64>>>>;

/// Keeps every value that was recorded, by `name{label=value,...}`.
#[derive(Default)]
struct Kept(Values);

struct One(String, Values);

impl One {
    fn keep(&self, value: f64) {
        self.1.lock().unwrap().entry(self.0.clone()).or_default().push(value);
    }
}

impl CounterFn for One {
    fn increment(&self, value: u64) {
        self.keep(f64::from(u32::try_from(value).unwrap()));
    }

    fn absolute(&self, _value: u64) {
        unreachable!("counters are only incremented");
    }
}

impl HistogramFn for One {
    fn record(&self, value: f64) {
        self.keep(value);
    }
}

impl Kept {
    fn one(&self, key: &Key) -> Arc<One> {
        let labels: Vec<_> = key.labels().map(|label| format!("{}={}", label.key(), label.value())).collect();
        Arc::new(One(format!("{}{{{}}}", key.name(), labels.join(",")), Arc::clone(&self.0)))
    }
}

impl Recorder for Kept {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        Counter::from_arc(self.one(key))
    }

    fn register_gauge(&self, key: &Key, _: &Metadata<'_>) -> Gauge {
        panic!("the engine has no gauges, and yet: {key}")
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::from_arc(self.one(key))
    }
}

/// Runs a case on one thread, for recorders are local to theirs; what was recorded.
fn recorded(case: impl Future<Output = ()>) -> BTreeMap<String, Vec<f64>> {
    let kept = Kept::default();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    metrics::with_local_recorder(&kept, || runtime.block_on(case));
    let values = kept.0.lock().unwrap();
    values.clone()
}

fn expected<const N: usize>(values: [(&str, f64); N]) -> BTreeMap<String, Vec<f64>> {
    values.into_iter().map(|(name, value)| (name.to_owned(), vec![value])).collect()
}

#[test]
fn a_completed_export_is_counted_with_its_duration_and_size() {
    let mut size = 0;
    let recorded = recorded(async {
        let (bench, gate) = (Bench::new(10), Gate::default());
        let worker = bench.worker(bench.rendering(Lines::at(&gate)));
        let job = bench.submit().await;
        gate.reached().await;
        bench.clock.advance(Duration::from_millis(150));
        gate.open();
        let job = bench.ended(job.id).await;
        worker.stop().await;
        size = job.outcome().unwrap().artifacts[0].size;
    });
    let labels = "{type=scan_report,format=json}";
    assert_eq!(
        recorded,
        expected([
            (&format!("export_requests_total{labels}"), 1.0),
            (&format!("export_duration_seconds{labels}"), 0.15),
            (&format!("export_size_bytes{labels}"), f64::from(u32::try_from(size).unwrap())),
        ])
    );
}

#[test]
fn a_failed_export_is_counted_by_its_reason_behind_its_retries() {
    let recorded = recorded(async {
        let bench = Bench::new(10);
        let renderer = Lines::with(|_, call| {
            let code = if call == 1 { Code::RenderCrash } else { Code::TemplateError };
            Err(RenderError::new(code, format!("words of attempt {call} are no label")))
        });
        let worker = bench.worker(bench.rendering(renderer));
        let job = bench.submit().await;
        bench.ended(job.id).await;
        worker.stop().await;
    });
    assert_eq!(
        recorded,
        expected([
            ("export_requests_total{type=scan_report,format=json}", 1.0),
            ("export_retries_total{type=scan_report,reason=render_crash}", 1.0),
            ("export_failures_total{type=scan_report,reason=template_error}", 1.0),
        ])
    );
}

#[test]
fn a_failure_whose_reply_was_lost_is_counted_once() {
    let recorded = recorded(async {
        let bench = Bench::new(10);
        let lost = |name, number| (name == "record" && number == 1).then_some(When::After);
        let jobs = Flaky::new(&bench.jobs, lost);
        let renderer = Lines::with(|_, _| Err(RenderError::new(Code::TemplateError, "line 3")));
        let worker = bench.worker(Parts { jobs: Arc::new(jobs), ..bench.rendering(renderer) });
        let job = bench.submit().await;
        bench.ended(job.id).await;
        worker.stop().await;
    });
    assert_eq!(
        recorded,
        expected([
            ("export_requests_total{type=scan_report,format=json}", 1.0),
            ("export_failures_total{type=scan_report,reason=template_error}", 1.0),
        ])
    );
}
