//! Times a log of many results: `cargo run --release -p export-render-sarif --example bench_sarif -- SCRATCH [N] [full|github] [RULES]`
//!
//! With `RULES`, results have that many rules; else all have one. Reading the snapshot, which makes each record, is timed apart.

#![expect(clippy::print_stdout, reason = "a program that prints figures")]

use std::error::Error;
use std::io::{self, Write};
use std::path::Path;

use export_contract::GeneratedSnapshot;
use export_contract::corpus::AT;
use export_contract::renderers;
use export_core::catalogue::{ExportType, Format};
use export_core::error::PortError;
use export_core::finding::Subject;
use export_core::id::ExportId;
use export_core::ports::{
    AnnotationCursor, Brief, FindingCursor, Interrupt, Outlet, Pulse, Renderer as _, SbomCursor, Snapshot,
    SnapshotFacts,
};
use export_core::record::FindingRecord;
use export_core::sbom::SbomSection;
use export_render_sarif::SarifRenderer;

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let scratch = args.next().ok_or("usage: bench_sarif SCRATCH [N] [full|github] [RULES]")?;
    let count = args.next().map_or(Ok(1_000_000), |text| text.parse())?;
    let profile = args.next().unwrap_or_else(|| "full".to_owned());
    let rules = args.next().map_or(Ok(1), |text| text.parse())?;
    let snapshot = ManyRules { inner: GeneratedSnapshot::new(count), rules };

    let start = processor_seconds()?;
    let mut cursor = snapshot.findings()?;
    while let Some(record) = cursor.next()? {
        std::hint::black_box(&record);
    }
    let reading = processor_seconds()? - start;

    let mut request = renderers::request(ExportType::ScanReport, Format::Sarif);
    request.options = serde_json::from_str(&format!(r#"{{"sarif_profile":"{profile}"}}"#))?;
    let tenant = "acme".parse()?;
    let brief = Brief {
        export_id: ExportId::new(AT, &[5; 10]),
        tenant: &tenant,
        request: &request,
        created_at: AT,
        template: None,
        seal: None,
        pulse: &Idle,
    };
    let mut out = Count::default();
    let start = processor_seconds()?;
    let rendered = SarifRenderer::new(Path::new(&scratch)).render(&brief, &snapshot, &mut out)?;
    let all = processor_seconds()? - start;
    let rendering = all - reading;
    let megabytes = out.bytes as f64 / 1e6;
    println!(
        "{count} results, {rules} rules, {profile}: {megabytes:.0} MB in {} files",
        1 + rendered.further_rows.len()
    );
    println!(
        "reading {reading:.2} s, rendering {rendering:.2} s of CPU, {:.0} MB/s, peak {} MiB",
        megabytes / rendering,
        peak()?
    );
    Ok(())
}

/// A generated snapshot whose records have rules of their own.
struct ManyRules {
    inner: GeneratedSnapshot,
    rules: u64,
}

impl Snapshot for ManyRules {
    fn facts(&self) -> &SnapshotFacts {
        self.inner.facts()
    }

    fn findings(&self) -> Result<Box<dyn FindingCursor + '_>, PortError> {
        Ok(Box::new(ManyRulesCursor { inner: self.inner.findings()?, at: 0, rules: self.rules }))
    }

    fn annotations(&self) -> Result<Box<dyn AnnotationCursor + '_>, PortError> {
        self.inner.annotations()
    }

    fn sbom(&self, section: SbomSection) -> Result<Box<dyn SbomCursor + '_>, PortError> {
        self.inner.sbom(section)
    }
}

struct ManyRulesCursor<'a> {
    inner: Box<dyn FindingCursor + 'a>,
    at: u64,
    rules: u64,
}

impl FindingCursor for ManyRulesCursor<'_> {
    fn next(&mut self) -> Result<Option<FindingRecord<'_>>, PortError> {
        let Some(mut record) = self.inner.next()? else { return Ok(None) };
        if let Subject::Vulnerability(vulnerability) = &mut record.finding.subject {
            vulnerability.id = format!("CVE-2024-{:06}", self.at % self.rules).into();
        }
        self.at += 1;
        Ok(Some(record))
    }
}

struct Idle;

impl Pulse for Idle {
    fn beat(&self, _: u64) -> Result<(), Interrupt> {
        Ok(())
    }
}

#[derive(Default)]
struct Count {
    bytes: u64,
}

impl Write for Count {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.bytes += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Outlet for Count {
    fn next_file(&mut self, _: &str, _: &str) -> Result<(), PortError> {
        Ok(())
    }
}

/// User and system time of this process (proc(5), `pid/stat`).
fn processor_seconds() -> Result<f64, Box<dyn Error>> {
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let (_, fields) = stat.rsplit_once(')').ok_or("no name in stat")?;
    let ticks = fields.split_whitespace().skip(11).take(2).map(str::parse::<f64>);
    Ok(ticks.sum::<Result<f64, _>>()? / 100.0)
}

/// The most memory that this process ever had, in MiB (proc(5), `VmHWM`).
fn peak() -> Result<u64, Box<dyn Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? >> 10)
}
