//! Summaries of images: all their scans, not the newest alone.

use std::sync::Arc;

use export_contract::{MemorySources, corpus};
use export_core::catalogue::{ExportType, Format};
use export_core::code::Code;
use export_core::ports::Snapshot as _;
use export_core::request::{DateRange, ExportRequest, Scope};
use export_core::scan::ScanRef;
use export_core::time::{DateBound, Timestamp};
use export_engine::{AttemptPulse, Engine, Parts, Sources, Wanted, gather};

use crate::support::{Bench, Lines};

/// Scans of two tags of an image at 10, 20 and 30, of another at 15, and one without a time.
fn parts(bench: &Bench) -> Parts {
    let scan = |id: &str, image: &str, at: Option<i64>| ScanRef {
        id: id.parse().unwrap(),
        image: image.to_owned(),
        image_digest: Some(format!("sha256:{id}")),
        created_at: at.map(Timestamp::from_millis),
        tool: "trivy 0.67.0".to_owned(),
    };
    let sources = [
        scan("a-10", "registry:5000/a:1", Some(10)),
        scan("a-20", "registry:5000/a:1", Some(20)),
        scan("a-30", "registry:5000/a:2", Some(30)),
        scan("b-15", "b:1", Some(15)),
        scan("a-never", "registry:5000/a:1", None),
    ];
    let add = |all: MemorySources, scan| all.with_scan(&bench.tenant, scan, vec![]);
    let all = Arc::new(sources.into_iter().fold(MemorySources::new(), add));
    let sources = Sources {
        scans: all.clone(),
        verdicts: all.clone(),
        vex: all.clone(),
        sboms: all.clone(),
        attestations: all.clone(),
        intelligence: all,
        audit: Arc::new(export_engine::NoTrail),
    };
    Parts {
        sources,
        ..bench.rendering(Lines { kind: ExportType::ScanSummary, format: Format::Csv, ..Lines::default() })
    }
}

fn images(refs: &[&str]) -> Scope {
    Scope { image_refs: refs.iter().map(|it| (*it).to_owned()).collect(), ..Scope::default() }
}

fn within(scope: Scope, start: i64, end: i64) -> Scope {
    let bound = |at| DateBound::At(Timestamp::from_millis(at));
    Scope { date_range: Some(DateRange { start: bound(start), end: bound(end) }), ..scope }
}

/// The scans that an export of `kind` tells of, as its snapshot has them.
async fn gathered(kind: ExportType, scope: Scope) -> Result<Vec<String>, Code> {
    let bench = Bench::new(0);
    let (options, delivery) = Default::default();
    let requests = [ExportRequest { kind, format: Format::Csv, scope: scope.clone(), options, delivery }];
    let (parts, wanted) = (parts(&bench), Wanted::by(&scope, &requests));
    let (limits, pulse) = (bench.limits(), Arc::new(AttemptPulse::default()));
    let gathering = gather(&parts.sources, &bench.tenant, wanted, &limits, corpus::AT, &pulse);
    let snapshot = gathering.await.map_err(|fault| fault.code)?;
    Ok(snapshot.facts().scans.iter().map(|it| it.scan.id.to_string()).collect())
}

#[tokio::test]
async fn a_summary_of_images_has_all_their_scans() {
    let summary = async |scope| gathered(ExportType::ScanSummary, scope).await.unwrap();
    let tag = images(&["registry:5000/a:1"]);
    assert_eq!(summary(tag.clone()).await, ["a-20", "a-10", "a-never"]);
    assert_eq!(summary(within(tag, 10, 19)).await, ["a-10"], "both ends included");
    let repository = images(&["registry:5000/a"]);
    assert_eq!(summary(repository.clone()).await, ["a-30", "a-20", "a-10", "a-never"]);
    assert_eq!(summary(within(repository, 20, 30)).await, ["a-30", "a-20"]);
    assert_eq!(summary(images(&["sha256:b-15", "registry:5000/a:2"])).await, ["a-30", "b-15"]);
    assert_eq!(summary(within(Scope::default(), 15, 20)).await, ["a-20", "b-15"]);
    let named =
        Scope { scan_ids: vec!["a-10".parse().unwrap(), "b-15".parse().unwrap()], ..images(&["b:1"]) };
    assert_eq!(summary(within(named, 15, 20)).await, ["b-15", "a-10"], "named ones whatever their date");
}

#[tokio::test]
async fn a_report_of_an_image_has_its_newest_scan_alone() {
    let report = async |scope| gathered(ExportType::VulnerabilityReport, scope).await;
    assert_eq!(report(images(&["registry:5000/a:1"])).await.unwrap(), ["a-20"]);
    assert_eq!(report(images(&["registry:5000/a"])).await, Err(Code::DataNotFound));
}

#[tokio::test]
async fn an_image_without_a_scan_in_the_range_is_missing_everywhere() {
    let scope = within(images(&["b:1", "registry:5000/a", "registry"]), 16, 40);
    assert_eq!(gathered(ExportType::ScanSummary, scope).await, Err(Code::DataNotFound));

    let bench = Bench::new(0);
    let body = r#"{"type":"scan_summary","format":"csv","scope":{"image_refs":["b:1","registry:5000/a","registry"],
        "scan_ids":["gone"],"date_range":{"start":"1970-01-01T00:00:00.016Z","end":"1970-01-01T00:00:01Z"}}}"#;
    let engine = Engine::new(parts(&bench), bench.limits());
    let problem = engine.submit(bench.caller(), body.as_bytes()).await.expect_err("two are missing");
    let missing =
        serde_json::json!({ "missing": { "scan_ids": ["gone"], "image_refs": ["b:1", "registry"] } });
    assert_eq!((problem.code, problem.scope), (Code::DataNotFound, Some(missing)));
}
