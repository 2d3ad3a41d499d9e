//! Times and attempts stand in the trace.

use std::io;
use std::sync::{Arc, Mutex};

use export_contract::services::{Fault, Stub, Style, TOKEN};
use serde_json::Value;
use tracing::Instrument as _;
use tracing_subscriber::fmt::MakeWriter;

use crate::common::{CHECKOUT, findings, scanner};

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Lines {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn each_attempt_is_an_event_of_the_query_with_its_time_and_status() {
    let lines = Lines::default();
    let subscriber = tracing_subscriber::fmt().json().flatten_event(true).with_writer(lines.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let stub = Stub::start(Style::Lines).await;
    stub.fail("/internal/scans/", [Fault::Status(503, Some("0")), Fault::StopAfter(0)]);
    let span = tracing::info_span!("scanner-query", scan_id = CHECKOUT);
    findings(&scanner(&stub), CHECKOUT).instrument(span).await.unwrap();

    let text = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    assert!(!text.contains(TOKEN), "{text}");
    let events: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let attempts: Vec<_> = events.iter().filter(|event| event["service"] == "scanner").collect();
    assert_eq!(attempts.len(), 3, "{text}");
    for ((event, attempt), status) in attempts.iter().zip(1..).zip([503, 200, 200]) {
        assert_eq!((&event["attempt"], &event["status"]), (&attempt.into(), &status.into()), "{event}");
        assert!(event["elapsed_ms"].is_u64(), "{event}");
        assert_eq!(event["span"]["name"], "scanner-query");
    }
    assert!(
        attempts[0]["pause_ms"].is_u64() && attempts[0]["error"].as_str().unwrap().contains("status 503")
    );
}
