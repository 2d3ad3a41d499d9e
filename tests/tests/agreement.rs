//! Whatever a snapshot holds: all formats of it hold the same findings, and what one of them drops is warned of.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::path::Path;

use export_contract::renderers::{Files, WitnessPulse, request};
use export_contract::{MemorySnapshot, corpus};
use export_core::catalogue::{ExportType, Format};
use export_core::finding::FindingKind;
use export_core::id::{ExportId, TenantId};
use export_core::ports::{Brief, RecordKind, Rendered, Renderer, Snapshot as _};
use export_core::record::FindingRecord;
use export_core::warning::WarningCode;
use export_render_csv::CsvRenderer;
use export_render_cyclonedx::CyclonedxRenderer;
use export_render_json::JsonRenderer;
use export_render_sarif::SarifRenderer;
use export_render_xlsx::XlsxRenderer;
use export_tests::read_back;
use proptest::prelude::*;
use serde_json::Value;

/// Records of any seeds, hostile ones among them; each id once.
fn records() -> impl Strategy<Value = Vec<FindingRecord<'static>>> {
    let seeds = prop::collection::btree_set(any::<u64>(), 0..120);
    let hostile = prop::collection::btree_set(0..corpus::hostile_records().len(), 0..20);
    (seeds, hostile).prop_map(|(seeds, hostile)| {
        let all = corpus::hostile_records();
        let mut seen = BTreeSet::new();
        let records = seeds.into_iter().map(corpus::record);
        let records = records.chain(hostile.into_iter().map(|index| all[index].clone()));
        records.filter(|record| seen.insert(record.finding.id.to_string())).collect()
    })
}

fn render(renderer: &dyn Renderer, snapshot: &MemorySnapshot, path: &Path) -> Rendered {
    let tenant: TenantId = "acme".parse().unwrap();
    let request = request(renderer.types()[0], renderer.format());
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
    // Where findings have a file of their own, it is the first beside the main one.
    let listed = files.further().iter().find(|(name, _)| name == "findings.csv").map(|(_, bytes)| &**bytes);
    std::fs::write(path, listed.unwrap_or(files.main())).unwrap();
    rendered
}

fn texts(value: &Value) -> Vec<&str> {
    value.as_array().unwrap().iter().map(|text| text.as_str().unwrap()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, max_shrink_iters: 60, ..ProptestConfig::default() })]

    #[test]
    fn all_formats_hold_the_same_findings(records in records()) {
        let scratch = tempfile::tempdir().unwrap();
        let snapshot = MemorySnapshot::new(records);
        let renderers: [Box<dyn Renderer>; 5] = [
            Box::new(CsvRenderer),
            Box::new(JsonRenderer),
            Box::new(SarifRenderer::new(scratch.path())),
            Box::new(XlsxRenderer::new(scratch.path())),
            Box::new(CyclonedxRenderer),
        ];
        let ids = |wanted: &dyn Fn(&FindingRecord<'_>) -> bool| {
            let of = snapshot.records().iter().filter(|record| wanted(record));
            let mut ids: Vec<&str> = of.map(|record| record.finding.id.as_str()).collect();
            ids.sort_unstable();
            ids
        };
        let everything = ids(&|_| true);
        let vulnerabilities = ids(&|record| record.finding.kind() == FindingKind::Vulnerability);
        let mut made = Vec::new();
        for renderer in &renderers {
            let path = scratch.path().join(ExportType::ScanReport.artifact_name(renderer.format()));
            let rendered = render(&**renderer, &snapshot, &path);
            made.push((renderer.format(), path, rendered));
        }
        let files: Vec<(&str, &Path)> =
            made.iter().map(|(format, path, _)| (format.as_str(), path.as_path())).collect();
        for ((format, _, rendered), held) in made.iter().zip(read_back(&files)) {
            let expected = if *format == Format::Cyclonedx { &vulnerabilities } else { &everything };
            prop_assert_eq!(&texts(&held["ids"]), expected, "{}", format);
            let listed = rendered.lists.iter().find(|(kind, _)| *kind == RecordKind::Finding);
            let listed = listed.map(|(_, count)| *count).or(rendered.rows);
            prop_assert_eq!(listed, Some(expected.len() as u64), "{}", format);
            let dropped = expected.len() as u64 != snapshot.facts().totals.findings;
            let told = rendered.warnings.iter().any(|warning| warning.code == WarningCode::FieldsLost);
            prop_assert!(told || !dropped, "{}: findings were dropped without a warning", format);
        }
    }
}
