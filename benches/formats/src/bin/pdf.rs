//! Prints reports of one scan with one engine: `export-bench-pdf ENGINE OUT_FOLDER ROWS_FILE TIMES SCAN_FILE...`
//!
//! ENGINE is `browser`, `writer` or `archival`. For each report the program says `ready`, waits for a line, prints the report to
//! `OUT_FOLDER/ENGINE.pdf`, and says `done`: whoever measures looks at it from outside, with the browser's processes. It prints
//! one report and then TIMES more. ROWS_FILE is written for the peers: a JSON array of cells for each finding.

#![expect(clippy::print_stdout, reason = "a program that talks to the one that measures it")]

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::{Path, PathBuf};

use export_bench::{Failure, read, render_with, request};
use export_core::catalogue::Format;
use export_core::finding::{Decision, Probability};
use export_core::ports::Snapshot;
use export_core::request::PdfProfile;
use export_engine::AttemptPulse;
use export_render_kit::rows::for_each_finding;
use export_render_pdf::{PdfRenderer, PdfSettings};
use serde_json::json;

fn main() -> Result<(), Failure> {
    let mut args = std::env::args().skip(1);
    let (Some(engine), Some(out), Some(rows), Some(times)) =
        (args.next(), args.next().map(PathBuf::from), args.next(), args.next())
    else {
        return Err("usage: export-bench-pdf ENGINE OUT_FOLDER ROWS_FILE TIMES SCAN_FILE...".into());
    };
    let files: Vec<PathBuf> = args.collect::<Vec<_>>().iter().map(PathBuf::from).collect();
    let snapshot = read(&out, &files)?;
    write_rows(&*snapshot, Path::new(&rows))?;
    let mut request = request(Format::Pdf)?;
    let designed_rows = match engine.as_str() {
        "browser" => u64::MAX,
        "writer" => 0,
        "archival" => {
            request.options.pdf_profile = PdfProfile::Archival;
            0
        }
        other => return Err(format!("there is no engine {other}").into()),
    };
    let settings = PdfSettings { designed_rows, ..PdfSettings::new(&out.join("scratch")) };
    let renderer = PdfRenderer::new(settings);
    let file = out.join(format!("{engine}.pdf"));
    for _ in 0..=times.parse::<u32>()? {
        println!("ready");
        std::io::stdin().read_line(&mut String::new())?;
        render_with(&renderer, &request, &*snapshot, &file)?;
        println!("done");
    }
    Ok(())
}

/// What the peers print of each finding.
fn write_rows(from: &dyn Snapshot, path: &Path) -> Result<(), Failure> {
    let mut out = BufWriter::new(File::create(path)?);
    let written = for_each_finding(from, &AttemptPulse::default(), |record| {
        let finding = &record.finding;
        let component = finding.component.as_ref();
        let row = json!([
            finding.severity.as_str().to_uppercase(),
            finding.rule(),
            component.map(|it| it.name.as_str()),
            component.map(|it| it.version.as_str()),
            finding.fix.versions.as_str(),
            record.score().map(|score| score.to_string()),
            record.epss().map(Probability::as_f64),
            record.is_known_exploited(),
            record.vex.as_ref().map(|vex| vex.status.as_str()),
            record.decision().map(Decision::as_str),
            finding.title.as_str(),
        ]);
        writeln!(out, "{row}")?;
        Ok(())
    });
    written.map_err(|error| error.to_string())?;
    Ok(out.flush()?)
}
