//! The split: whatever the limits are, every result is written once, in order, and no file is beyond them.

use std::collections::HashSet;
use std::io::Write as _;

use export_contract::renderers::{self, Files, WitnessPulse};
use export_contract::{MemorySnapshot, corpus};
use export_core::id::{ExportId, TenantId};
use export_core::ports::Snapshot;
use proptest::prelude::*;
use serde_json::Value;

use super::*;

const SMALL: Limits = Limits { results: 10, rules: 25, runs: 3, locations: 2, compressed: Some(10_000_000) };

fn render(snapshot: &dyn Snapshot, limits: Limits) -> (Rendered, Vec<(String, Vec<u8>)>) {
    let dir = tempfile::tempdir().unwrap();
    let renderer = SarifRenderer { scratch: dir.path().to_owned(), github: limits };
    let mut request = renderers::request(ExportType::ScanReport, Format::Sarif);
    request.options.sarif_profile = SarifProfile::Github;
    let tenant: TenantId = "acme".parse().unwrap();
    let brief = Brief {
        export_id: ExportId::new(corpus::AT, &[5; 10]),
        tenant: &tenant,
        request: &request,
        created_at: corpus::AT,
        template: None,
        seal: None,
        pulse: &WitnessPulse::default(),
    };
    let mut files = Files::new();
    let rendered = renderer.render(&brief, snapshot, &mut files).unwrap();
    let main = ("report.sarif".to_owned(), files.main().to_vec());
    (rendered, [main].into_iter().chain(files.further().iter().cloned()).collect())
}

fn compressed(bytes: &[u8]) -> u64 {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap().len() as u64
}

fn array(value: &Value) -> &[Value] {
    value.as_array().unwrap()
}

/// Holds files to the limits, and gives the ids of all findings in order, and the number of runs.
fn hold(files: &[(String, Vec<u8>)], limits: Limits) -> (Vec<String>, u64) {
    let (mut ids, mut categories, mut runs) = (vec![], HashSet::new(), 0);
    for (name, bytes) in files {
        let size = compressed(bytes);
        assert!(size <= limits.compressed.unwrap(), "{name} has {size} bytes compressed");
        let log: Value = serde_json::from_slice(bytes).unwrap();
        assert!(array(&log["runs"]).len() as u64 <= limits.runs, "{name}");
        for run in array(&log["runs"]) {
            runs += 1;
            let (results, rules) = (array(&run["results"]), array(&run["tool"]["driver"]["rules"]));
            assert!(results.len() as u64 <= limits.results && rules.len() as u64 <= limits.rules);
            let id = run["automationDetails"]["id"].as_str().unwrap();
            assert!(id.ends_with(&format!("/{}", ExportId::new(corpus::AT, &[5; 10]))), "{id}");
            assert!(categories.insert(id.rsplit_once('/').unwrap().0.to_owned()), "{id} twice");
            for result in results {
                let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
                assert_eq!(rule["id"], result["ruleId"]);
                let region = &result["locations"][0]["physicalLocation"]["region"];
                assert!(region["startLine"].as_u64().unwrap() >= 1, "GitHub needs a line");
                ids.push(result["properties"]["findingId"].as_str().unwrap().to_owned());
            }
        }
    }
    (ids, runs)
}

fn ids(snapshot: &MemorySnapshot) -> Vec<String> {
    snapshot.records().iter().map(|record| record.finding.id.to_string()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_result_is_in_one_run_within_the_limits(
        count in 0_u64..200,
        results in 1_u64..60,
        rules in 1_u64..40,
        runs in 1_u64..5,
    ) {
        let limits = Limits { results, rules, runs, ..SMALL };
        let snapshot = MemorySnapshot::new(corpus::records(count));
        let (rendered, files) = render(&snapshot, limits);
        let (found, written) = hold(&files, limits);
        prop_assert_eq!(found, ids(&snapshot), "each once, most severe first");
        let rows = rendered.rows.into_iter().chain(rendered.further_rows.iter().copied());
        prop_assert_eq!(rows.clone().sum::<u64>(), count);
        prop_assert_eq!(rows.count(), files.len());
        prop_assert_eq!(rendered.warnings.len(), usize::from(written > 1));
    }
}

#[test]
fn the_warning_tells_files_and_runs_and_files_are_numbered() {
    let snapshot = MemorySnapshot::new(corpus::records(75));
    let (rendered, files) = render(&snapshot, SMALL);
    let names: Vec<_> = files.iter().map(|(name, _)| &**name).collect();
    assert_eq!(names, ["report.sarif", "report-2.sarif", "report-3.sarif"]);
    assert_eq!((rendered.rows, &*rendered.further_rows), (Some(30), &[30, 15][..]));
    assert_eq!(rendered.warnings[0].code, WarningCode::FilesSplit);
    assert!(rendered.warnings[0].message.contains("in 3 files with 8 runs"), "{}", rendered.warnings[0]);
}

#[test]
fn a_file_is_ended_before_it_is_too_large() {
    let mut draw = corpus::Draw::new(1);
    let mut records = corpus::records(600);
    for record in &mut records {
        // Digits of chance, which no compressor makes short.
        record.finding.description =
            (0..400).map(|_| format!("{:016x}", draw.next())).collect::<String>().into();
    }
    let limits = Limits { results: 100, rules: 1_000, compressed: Some(1_000_000), ..SMALL };
    let snapshot = MemorySnapshot::new(records);
    let (rendered, files) = render(&snapshot, limits);
    let (found, _) = hold(&files, limits);
    assert_eq!(found, ids(&snapshot));
    assert!((4..20).contains(&files.len()), "{} files", files.len());
    let smallest = files[..files.len() - 1].iter().map(|(_, bytes)| compressed(bytes)).min().unwrap();
    assert!(smallest > 400_000, "files are not ended long before they are full: {smallest}");
    assert_eq!(rendered.warnings.len(), 1);
}

#[test]
fn a_finding_that_is_larger_than_a_file_is_written_and_told() {
    let mut draw = corpus::Draw::new(1);
    let mut records = corpus::records(3);
    records[1].finding.description =
        (0..20_000).map(|_| format!("{:016x}", draw.next())).collect::<String>().into();
    let limits = Limits { compressed: Some(150_000), ..SMALL };
    let (rendered, files) = render(&MemorySnapshot::new(records), limits);
    let places: Vec<_> = rendered.warnings.iter().filter_map(|warning| warning.place.as_deref()).collect();
    assert_eq!(places.len(), 1, "{:?}", rendered.warnings);
    let (_, bytes) = files.iter().find(|(name, _)| name == places[0]).unwrap();
    assert!(compressed(bytes) > 150_000);
}

#[test]
fn places_beyond_the_limit_are_told_in_the_properties() {
    let mut record = corpus::record(4);
    let place = record.finding.locations[0].clone();
    record.finding.locations = ["a", "b", "c", "d"]
        .map(|path| export_core::finding::Location { path: path.into(), ..place.clone() })
        .to_vec();
    let (_, files) = render(&MemorySnapshot::new(vec![record]), SMALL);
    let log: Value = serde_json::from_slice(&files[0].1).unwrap();
    let result = &log["runs"][0]["results"][0];
    assert_eq!(array(&result["relatedLocations"]).len(), 1);
    assert_eq!(result["properties"]["furtherPlaces"], serde_json::json!(["c", "d"]));
}
