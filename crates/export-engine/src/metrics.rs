//! The metrics of the contract, section 8. Labels are closed sets.

use std::time::Duration;

use export_core::catalogue::{ExportType, Format};
use export_core::code::Code;
use metrics::{counter, describe_counter, describe_histogram, histogram};

/// Tells the recorder what each metric means. Called once, after the recorder is installed.
pub fn describe() {
    describe_counter!("export_requests_total", "Exports that were accepted");
    describe_histogram!(
        "export_duration_seconds",
        metrics::Unit::Seconds,
        "Time from the request of an export to its completion"
    );
    describe_histogram!("export_size_bytes", metrics::Unit::Bytes, "Size of an export's main artifact");
    describe_counter!("export_failures_total", "Exports that failed, by the code of the failure");
    describe_counter!("export_retries_total", "Attempts that failed and are tried again, by the code");
}

pub(crate) fn requested(kind: ExportType, format: Format) {
    counter!("export_requests_total", "type" => kind.as_str(), "format" => format.as_str()).increment(1);
}

pub(crate) fn completed(kind: ExportType, format: Format, took: Duration, size: u64) {
    let labels = [("type", kind.as_str()), ("format", format.as_str())];
    histogram!("export_duration_seconds", &labels).record(took.as_secs_f64());
    #[expect(clippy::cast_precision_loss, reason = "a histogram's value is a float")]
    histogram!("export_size_bytes", &labels).record(size as f64);
}

pub(crate) fn failed(kind: ExportType, reason: Code) {
    counter!("export_failures_total", "type" => kind.as_str(), "reason" => reason.as_str()).increment(1);
}

pub(crate) fn retried(kind: ExportType, reason: Code) {
    counter!("export_retries_total", "type" => kind.as_str(), "reason" => reason.as_str()).increment(1);
}
