//! Conversions: whole files or none.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use export_contract::{Faulty, MemorySources, When, corpus};
use export_core::catalogue::Format;
use export_core::code::Code;
use export_core::digest::Digest;
use export_core::ports::{RenderError, Renderer};
use export_core::request::ExportRequest;
use export_engine::{AttemptPulse, Conversion, Converted, Fault, Sources, Writers, convert};

use crate::support::{Bench, Gate, How, Lines, REQUEST, Spoilt};

fn request(format: Format) -> ExportRequest {
    ExportRequest::parse(REQUEST.replace("json", format.as_str()).as_bytes()).unwrap()
}

fn both() -> Vec<ExportRequest> {
    vec![request(Format::Json), request(Format::Sarif)]
}

fn renderers(json: Lines, sarif: Lines) -> Writers {
    let sarif = Lines { format: Format::Sarif, ..sarif };
    let all: Vec<Arc<dyn Renderer>> = vec![Arc::new(json), Arc::new(sarif)];
    Writers::new(all, vec![])
}

async fn run(
    bench: &Bench,
    sources: &Sources,
    renderers: &Writers,
    requests: Vec<ExportRequest>,
    out: &Path,
) -> Result<Converted, Fault> {
    let conversion = Conversion { tenant: bench.tenant.clone(), requests, at: corpus::AT, out };
    convert(sources, renderers, &bench.limits(), conversion, &Arc::default()).await
}

fn names(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_formats_come_from_one_snapshot() {
    let (bench, out) = (Bench::new(20), tempfile::tempdir().unwrap());
    std::fs::write(out.path().join("report.json"), "of before").unwrap();
    let reads: Arc<Faulty<MemorySources>> = Arc::new(Faulty::new(bench.sources.clone()));
    let sources = Sources { scans: reads.clone(), ..bench.parts().sources };
    let whole = renderers(Lines::default(), Lines::default());
    let converted = run(&bench, &sources, &whole, both(), out.path()).await.unwrap();
    assert_eq!(names(out.path()), ["report.json", "report.sarif"]);
    for (artifact, path) in &converted.artifacts {
        let bytes = std::fs::read(path).unwrap();
        assert_eq!((artifact.size, artifact.sha256), (bytes.len() as u64, Digest::of(&bytes)));
        assert_eq!(artifact.rows, Some(20));
    }
    assert_eq!(converted.artifacts[0].0.sha256, converted.artifacts[1].0.sha256, "the same lines");
    assert_eq!(converted.facts.totals.findings, 20);
    assert_eq!(reads.calls().iter().filter(|name| **name == "resolve").count(), 1);
    assert_eq!(names(bench.scratch()), [""; 0]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_appear_when_all_are_whole() {
    let (bench, out) = (Bench::new(20), tempfile::tempdir().unwrap());
    let folder = out.path().to_owned();
    let seen = Arc::new(AtomicU64::new(0));
    let counting = Arc::clone(&seen);
    let looking = Lines::with(move |_, _| {
        let visible = names(&folder).iter().filter(|name| !name.starts_with('.')).count();
        counting.fetch_add(visible as u64 + 100, Ordering::Relaxed);
        Ok(())
    });
    let renderers = renderers(Lines::default(), looking);
    run(&bench, &bench.parts().sources, &renderers, both(), out.path()).await.unwrap();
    assert_eq!(seen.load(Ordering::Relaxed), 100, "it looked once, and saw none");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_conversion_that_fails_leaves_what_was_there() {
    let (bench, out) = (Bench::new(20), tempfile::tempdir().unwrap());
    std::fs::write(out.path().join("report.json"), "of before").unwrap();
    let broken = || Lines::with(|_, _| Err(RenderError::new(Code::FormatLimit, "too many")));
    let clean = bench.parts().sources;
    let cut_off = Spoilt::sources(&bench.sources, "verdicts", How::CutOff, 1);
    let lossy = || Lines { loses: 1, ..Lines::default() };
    let cases = [
        (&clean, renderers(Lines::default(), broken()), Code::FormatLimit),
        (&clean, renderers(Lines::default(), lossy()), Code::Internal),
        (&clean, renderers(broken(), Lines::default()), Code::FormatLimit),
        (&cut_off, renderers(Lines::default(), Lines::default()), Code::SourceUnavailable),
    ];
    for (sources, renderers, code) in cases {
        let fault = run(&bench, sources, &renderers, both(), out.path()).await.unwrap_err();
        assert_eq!(fault.code, code, "{fault}");
        assert_eq!(names(out.path()), ["report.json"]);
        assert_eq!(std::fs::read(out.path().join("report.json")).unwrap(), b"of before");
        assert_eq!(names(bench.scratch()), [""; 0]);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_converted_is_refused_before_anything_is_read() {
    let (bench, out) = (Bench::new(20), tempfile::tempdir().unwrap());
    let reads: Arc<Faulty<MemorySources>> = Arc::new(Faulty::new(bench.sources.clone()));
    reads.fail(1, When::Before);
    let sources = Sources { scans: reads.clone(), ..bench.parts().sources };
    let json_only = bench.parts().writers;
    let mut elsewhere = request(Format::Sarif);
    elsewhere.scope.scan_ids.pop();
    let all = renderers(Lines::default(), Lines::default());
    for (renderers, requests, code) in [
        (&all, vec![], Code::InvalidRequest),
        (&json_only, both(), Code::UnsupportedFormat),
        (&all, vec![request(Format::Json), elsewhere], Code::InvalidRequest),
        (&all, vec![request(Format::Json), request(Format::Json)], Code::InvalidRequest),
    ] {
        let fault = run(&bench, &sources, renderers, requests, out.path()).await.unwrap_err();
        assert_eq!(fault.code, code, "{fault}");
    }
    assert_eq!((names(out.path()), reads.calls()), (vec![], vec![]));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_conversion_is_cancelled_through_its_pulse() {
    let (bench, out) = (Bench::new(20), tempfile::tempdir().unwrap());
    let (gate, pulse) = (Gate::default(), Arc::new(AttemptPulse::default()));
    let renderers = renderers(Lines::default(), Lines::at(&gate));
    let (sources, limits) = (bench.parts().sources, bench.limits());
    let conversion =
        Conversion { tenant: bench.tenant.clone(), requests: both(), at: corpus::AT, out: out.path() };
    let converting = convert(&sources, &renderers, &limits, conversion, &pulse);
    let cancelling = async {
        gate.reached().await;
        pulse.cancel();
    };
    let (converted, ()) = futures::join!(converting, cancelling);
    assert_eq!(converted.unwrap_err().code, Code::Cancelled);
    assert_eq!((names(out.path()), names(bench.scratch())), (vec![], vec![]));
}
