//! Exports of several files: what a renderer writes beside its main artifact, the SBOM beside a report, bundles.

use std::sync::Arc;

use export_contract::{MemorySources, corpus};
use export_core::catalogue::{ExportType, Format};
use export_core::code::Code;
use export_core::digest::Digest;
use export_core::job::Job;
use export_core::manifest::Manifest;
use export_core::ports::{Brief, Outlet, RecordKind, RenderError, Rendered, Renderer, Snapshot};
use export_core::sbom::{SbomFamily, SbomHead, SbomPart, SbomSection};
use export_engine::{Engine, Parts, Writers};
use export_pack::{TarGzPackager, ZipPackager};

use crate::support::{Bench, Lines, REQUEST};

/// Writes two files more, the first of which is named as it is told.
struct Split {
    second: &'static str,
    rows: u64,
}

impl Renderer for Split {
    fn format(&self) -> Format {
        Format::Json
    }

    fn types(&self) -> &[ExportType] {
        &[ExportType::ScanReport]
    }

    fn render(&self, _: &Brief<'_>, _: &dyn Snapshot, out: &mut dyn Outlet) -> Result<Rendered, RenderError> {
        out.write_all(b"one")?;
        out.next_file(self.second, "text/plain")?;
        out.write_all(b"two")?;
        out.next_file("notes.txt", "text/x-notes")?;
        Ok(Rendered {
            further_rows: vec![self.rows],
            lists: vec![(RecordKind::Finding, 1 + self.rows)],
            ..Rendered::of_findings(1)
        })
    }
}

/// Submits `body` to an engine and a worker of these writers; the job when it has ended.
pub(crate) async fn export(bench: &Bench, writers: Writers, body: &str) -> Job {
    let parts = || Parts { writers: writers.clone(), ..bench.parts() };
    let engine = Engine::new(parts(), bench.limits());
    let submitted = engine.submit(bench.caller(), body.as_bytes()).await.unwrap();
    let worker = bench.worker(parts());
    let job = bench.ended(submitted.job.id).await;
    worker.stop().await;
    job
}

fn split(second: &'static str, rows: u64) -> Writers {
    Writers::new(vec![Arc::new(Split { second, rows })], vec![])
}

pub(crate) async fn stored(bench: &Bench, job: &Job, name: &str) -> Vec<u8> {
    let prefix = &job.outcome().unwrap_or_else(|| panic!("it is not complete: {job:?}")).prefix;
    bench.bytes(&format!("{prefix}/{name}")).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_file_of_a_renderer_is_an_artifact_in_its_order() {
    let bench = Bench::new(3);
    let job = export(&bench, split("report-2.json", 2), REQUEST).await;
    let manifest = bench.assert_whole(&job).await;
    let told: Vec<_> = manifest
        .artifacts
        .iter()
        .map(|it| (it.name.as_str(), it.media_type.as_str(), it.size, it.rows))
        .collect();
    assert_eq!(
        told,
        [
            ("report.json", "application/json", 3, Some(1)),
            ("report-2.json", "text/plain", 3, Some(2)),
            ("notes.txt", "text/x-notes", 0, None)
        ]
    );
    for (name, bytes) in [("report.json", b"one"), ("report-2.json", b"two")] {
        assert_eq!(stored(&bench, &job, name).await, bytes);
    }
    assert_eq!(manifest.artifacts[1].sha256, Digest::of(b"two"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_are_counted_over_all_files() {
    let bench = Bench::new(3);
    let job = export(&bench, split("report-2.json", 1), REQUEST).await;
    bench.assert_failed(&job, Code::Internal).await;
    assert_eq!(
        job.failure().unwrap().message,
        "2 of 3 records (Finding) were written, and no warning says why"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_cannot_leave_its_folder_or_take_the_place_of_another() {
    for name in ["../escaped", "a/b", "", ".hidden", "report.json"] {
        let bench = Bench::new(3);
        let job = export(&bench, split(name, 2), REQUEST).await;
        assert!(job.failure().is_some(), "{name:?} was taken");
    }
}

/// Writers for everything that a bundle holds.
pub(crate) fn all_writers() -> Writers {
    let lines = |kind, format| -> Arc<dyn Renderer> { Arc::new(Lines { kind, format, ..Lines::default() }) };
    let renderers = vec![
        lines(ExportType::ScanReport, Format::Pdf),
        lines(ExportType::ScanReport, Format::Json),
        lines(ExportType::Sbom, Format::Cyclonedx),
    ];
    Writers::new(renderers, vec![Arc::new(ZipPackager), Arc::new(TarGzPackager)])
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_sbom_comes_beside_a_report_when_it_is_asked_for() {
    let bench = Bench::new(5);
    let body = REQUEST.replace(r#","scope""#, r#","options":{"include_sbom":true},"scope""#);
    let job = export(&bench, all_writers(), &body).await;
    let names: Vec<_> = job.outcome().unwrap().artifacts.iter().map(|it| it.name.as_str()).collect();
    assert_eq!(names, ["report.json", "sbom.cdx.json", "manifest.json"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sboms_are_read_for_exports_that_show_them_and_for_no_others() {
    let mut bench = Bench::new(5);
    let head = SbomHead {
        family: SbomFamily::Spdx,
        spec_version: "2.3".into(),
        place: "x.json".into(),
        json: "{}".into(),
    };
    let component = SbomPart::Element { section: SbomSection::Components, json: r#"{"name":"x"}"#.into() };
    let sources = MemorySources::of(&bench.tenant, &corpus::records(5));
    bench.sources = Arc::new(sources.with_sboms(&bench.tenant, vec![SbomPart::Head(head), component]));
    for (body, expected) in
        [(REQUEST.to_owned(), 0), (REQUEST.replace("scan_report", "sbom").replace("json", "cyclonedx"), 1)]
    {
        let job = export(&bench, all_writers(), &body).await;
        let manifest: Manifest =
            serde_json::from_slice(&stored(&bench, &job, "manifest.json").await).unwrap();
        let read = manifest.snapshot.sources.iter().filter(|source| source.query.ends_with("sboms"));
        assert_eq!(read.count(), expected, "{body}");
    }
}

#[tokio::test]
async fn a_bundle_whose_parts_cannot_all_be_written_is_refused_at_once() {
    let bench = Bench::new(3);
    let json_alone: Arc<dyn Renderer> = Arc::new(Lines::default());
    let writers = Writers::new(vec![json_alone], vec![Arc::new(ZipPackager)]);
    let engine = Engine::new(Parts { writers, ..bench.parts() }, bench.limits());
    let body = REQUEST.replace("scan_report", "evidence_bundle").replace("json", "zip");
    let refused = engine.submit(bench.caller(), body.as_bytes()).await.unwrap_err();
    assert_eq!(refused.code, Code::UnsupportedFormat);
}
