//! Writes reports to look at, after a change of words or design, into a folder:
//! `cargo run -p export-render-pdf --example report -- FOLDER`, then `pdftoppm -r 60 -png`. With a word behind it, only those
//! with the word in their name (`demo.scan_summary`); with a number, one report of so many rows, to see what that takes.

#[path = "../tests/report/demo.rs"]
mod demo;

use std::error::Error;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::Instant;

use export_contract::{MemorySnapshot, corpus};
use export_core::id::ExportId;
use export_core::ports::{Brief, Renderer as _, Snapshot};
use export_core::request::ExportRequest;
use export_render_pdf::{PdfRenderer, TEMPLATES};

const KINDS: [&str; 4] = ["scan_report", "vulnerability_report", "scan_summary", "policy_compliance"];
const CLEAN: &str = r#""scan_ids":["edge-gateway-2026-11-22"]"#;
const ALL: &str = r#""date_range":{"start":"2026-10-01T00:00:00Z","end":"2026-11-23T14:05:00Z"}"#;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args_os().nth(1).ok_or("usage: report FOLDER")?);
    std::fs::create_dir_all(&folder)?;
    let scratch = tempfile::tempdir()?;
    std::fs::set_permissions(scratch.path(), std::fs::Permissions::from_mode(0o755))?;
    let renderer = PdfRenderer::new(scratch.path(), None, false);
    let write = |name: &str, kind: &str, template: &str, snapshot: &dyn Snapshot| {
        let request = request(kind, template, ALL)?;
        print(&renderer, &request, snapshot, &folder.join(format!("{name}.{template}.pdf")))
    };
    if let Some(rows) = std::env::args().nth(2).and_then(|text| text.parse::<u64>().ok()) {
        let request = request_of("scan_report", &format!(r#""pdf_max_rows":{rows}"#), ALL)?;
        let long = MemorySnapshot::new(corpus::records(rows));
        return print(&renderer, &request, &long, &folder.join(format!("long-{rows}.pdf")));
    }
    let all = demo::demo(&request("scan_report", TEMPLATES[0], ALL)?.scope, corpus::AT, scratch.path());
    let clean = demo::demo(&request("scan_report", TEMPLATES[0], CLEAN)?.scope, corpus::AT, scratch.path());
    let none = MemorySnapshot::new(vec![]).with_facts(|facts| facts.scans = clean.facts().scans.clone());
    let nowhere = MemorySnapshot::new(vec![]);
    let much = MemorySnapshot::new(corpus::records(3_000));
    let hostile = MemorySnapshot::new(corpus::hostile_records());
    let samples: [(&str, &dyn Snapshot); 6] = [
        ("demo", &all),
        ("clean", &clean),
        ("empty", &none),
        ("nowhere", &nowhere),
        ("much", &much),
        ("hostile", &hostile),
    ];
    let wanted = std::env::args().nth(2);
    for (name, snapshot) in samples {
        for kind in KINDS {
            for template in TEMPLATES {
                let name = format!("{name}.{kind}");
                let is_wanted = |part: &str| format!("{name}.{template}").contains(part);
                if wanted.as_deref().is_none_or(is_wanted) {
                    write(&name, kind, template, snapshot)?;
                }
            }
        }
    }
    Ok(())
}

fn request(kind: &str, template: &str, scope: &str) -> Result<ExportRequest, Box<dyn Error>> {
    let fields = r#"{"Classification":"Confidential","Change request":"CHG-20417"}"#;
    let options = format!(r#""include_remediation":true,"template":"{template}","custom_fields":{fields}"#);
    request_of(kind, &options, scope)
}

fn request_of(kind: &str, options: &str, scope: &str) -> Result<ExportRequest, Box<dyn Error>> {
    let body = format!(r#"{{"type":"{kind}","format":"pdf","scope":{{{scope}}},"options":{{{options}}}}}"#);
    ExportRequest::parse(body.as_bytes()).map_err(|problem| problem.to_string().into())
}

#[expect(clippy::print_stdout, reason = "it is run by hand")]
fn print(
    renderer: &PdfRenderer,
    request: &ExportRequest,
    snapshot: &dyn Snapshot,
    path: &Path,
) -> Result<(), Box<dyn Error>> {
    let tenant = "northwind-harbor".parse()?;
    let brief = Brief {
        export_id: ExportId::new(corpus::AT, &[5; 10]),
        tenant: &tenant,
        request,
        created_at: corpus::AT,
        template: None,
        pulse: &demo::Calm,
    };
    let start = Instant::now();
    let mut bytes = Vec::new();
    let rendered = renderer.render(&brief, snapshot, &mut bytes)?;
    std::fs::write(path, bytes)?;
    println!(
        "{}: {:?} rows, {:?}, {} warnings",
        path.display(),
        rendered.rows,
        start.elapsed(),
        rendered.warnings.len()
    );
    Ok(())
}
