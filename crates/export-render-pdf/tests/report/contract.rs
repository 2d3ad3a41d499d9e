//! The suite of the port `Renderer`.

use std::sync::Arc;

use export_contract::renderers::Subject;
use export_core::catalogue::ExportType;

use super::reading::{check, renderer};
use super::support;

fn open() -> (Subject, impl Sized) {
    assert!(support::has_browser(), "the suite needs the browser: run scripts/setup.sh test");
    let scratch = support::scratch();
    let subject = Subject {
        renderer: Arc::new(renderer(scratch.path())),
        // The others list vulnerabilities, scans or verdicts: tests/report/types.rs holds them to that.
        listing: &[ExportType::ScanReport],
        check,
        // A PDF is put together at the end; how many records it holds is bounded by pdf_max_rows.
        streams: false,
    };
    (subject, scratch)
}

export_contract::renderers_suite!(open);
