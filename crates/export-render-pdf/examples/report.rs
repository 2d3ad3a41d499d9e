//! Writes reports to look at, after a change of words or design, into a folder:
//! `cargo run -p export-render-pdf --example report -- FOLDER`, then `pdftoppm -r 60 -png`. With a word behind it, only those
//! with the word in their name (`demo.scan_summary`); `--writer` prints as if there were no browser, `--stream` as if there were too
//! many rows for one; with a number, one report of so many rows, to see what that takes. The folder of a library behind the word is one more sample.

#[path = "../tests/report/demo.rs"]
mod demo;

use std::error::Error;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use export_contract::{MemorySnapshot, corpus};
use export_core::compliance::Standings;
use export_core::id::ExportId;
use export_core::ports::{Brief, Renderer as _, ScanTotals, Snapshot};
use export_core::request::ExportRequest;
use export_core::totals::Totals;
use export_render_pdf::{PdfRenderer, PdfSettings, TEMPLATES};
use export_snapshot::ComparedSnapshot;

const KINDS: [&str; 4] = ["scan_report", "vulnerability_report", "scan_summary", "policy_compliance"];
const CLEAN: &str = r#""scan_ids":["edge-gateway-2026-11-22"]"#;
const EVER: &str = r#""date_range":{"start":"2020-01-01T00:00:00Z","end":"2027-01-01T00:00:00Z"}"#;
const ALL: &str = r#""date_range":{"start":"2026-10-01T00:00:00Z","end":"2026-11-23T14:05:00Z"}"#;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let without_browser = take(&mut arguments, "--writer");
    let streams = take(&mut arguments, "--stream");
    let folder = PathBuf::from(arguments.first().ok_or("usage: report FOLDER")?);
    std::fs::create_dir_all(&folder)?;
    let scratch = tempfile::tempdir()?;
    std::fs::set_permissions(scratch.path(), std::fs::Permissions::from_mode(0o755))?;
    let mut settings = PdfSettings::new(scratch.path());
    if without_browser {
        settings.chromium = Some(PathBuf::from("/nowhere"));
    }
    if streams {
        settings.designed_rows = 0;
    }
    let renderer = PdfRenderer::new(settings);
    let write = |name: &str, kind: &str, template: &str, snapshot: &dyn Snapshot| {
        let request = request(kind, template, ALL)?;
        print(&renderer, &request, snapshot, &folder.join(format!("{name}.{template}.pdf")))
    };
    if let Some(rows) = arguments.get(1).and_then(|text| text.parse::<u64>().ok()) {
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
    let (fleet, scripts) = (fleet(), scripts());
    let compared = compared(scratch.path())?;
    let ever = request("scan_report", TEMPLATES[0], EVER)?.scope;
    let read = |library| demo::library(Path::new(library), &ever, corpus::AT, scratch.path());
    let own = arguments.get(2).map(read);
    let mut samples: Vec<(&str, &dyn Snapshot)> = vec![
        ("demo", &all),
        ("clean", &clean),
        ("empty", &none),
        ("nowhere", &nowhere),
        ("much", &much),
        ("hostile", &hostile),
        ("scripts", &scripts),
        ("fleet", &fleet),
        ("compared", &compared),
    ];
    samples.extend(own.as_ref().map(|library| ("library", library as &dyn Snapshot)));
    let wanted = arguments.get(1).cloned();
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

/// Whether a flag is given; it is no argument then.
fn take(arguments: &mut Vec<String>, flag: &str) -> bool {
    let before = arguments.len();
    arguments.retain(|argument| argument != flag);
    arguments.len() < before
}

/// Texts in many scripts, some of which run from right to left.
fn scripts() -> MemorySnapshot {
    const TEXTS: [&str; 8] = [
        "ثغرة أمنية في المكتبة تسمح بتنفيذ التعليمات البرمجية عن بُعد",
        "פגיעות אבטחה בספרייה openssl מאפשרת קריאת זיכרון",
        "पुस्तकालय में सुरक्षा दोष से दूरस्थ कोड चलाया जा सकता है",
        "整数溢出可导致任意代码执行，影响证书验证",
        "ヒープバッファオーバーフローにより任意のコードが実行される",
        "취약점으로 인해 원격 코드 실행이 가능합니다",
        "ช่องโหว่ในไลบรารีทำให้เรียกใช้โค้ดจากระยะไกลได้",
        "👩🏽‍💻🔥 emoji with joiners, naïve café, Überlauf im Zähler",
    ];
    let mut records = corpus::records(60);
    for (record, text) in records.iter_mut().zip(TEXTS.iter().cycle()) {
        record.finding.title = (*text).into();
        for verdict in &mut record.verdicts {
            (verdict.reason, verdict.rule) = ((*text).into(), (*text).into());
        }
        if let Some(component) = &mut record.finding.component {
            component.name = text.split(' ').next().unwrap_or(text).into();
        }
    }
    MemorySnapshot::new(records)
}

/// Thirty images, each scanned four times, most of them better each time: for the numbers of many scans.
fn fleet() -> MemorySnapshot {
    MemorySnapshot::new(corpus::records(600)).with_facts(|facts| {
        for n in 0..120_u32 {
            let (image, turn) = (n / 4, u64::from(n % 4));
            let mut scan = corpus::scan(n % 3);
            scan.id = format!("fleet-{image:02}-{turn}").parse().expect("a scan's id");
            scan.image = format!("registry.example.com/team-{}/service-{image}:2026.{image}", image % 5);
            scan.created_at =
                Some(corpus::AT.plus(Duration::from_secs(86_400 * (7 * turn + u64::from(image % 4)))));
            let open = |worst: u64| (u64::from(image) * worst * 7 % (13 * worst)) * (5 - turn) / 2;
            let open_by_severity = [open(1) / 4, open(2), open(9), open(6), 0, turn % 2];
            let sum = open_by_severity.iter().sum();
            let totals = Totals {
                findings: sum + 3,
                open: sum,
                open_by_severity,
                open_with_fix: sum * 3 / 4,
                open_known_exploited: open(1) / 9,
                ..Totals::default()
            };
            facts.scans.push(ScanTotals { scan, totals });
        }
        if let Some(compliance) = &mut facts.compliance {
            compliance.scans.resize(facts.scans.len(), Standings::default());
        }
    })
}

/// An image beside its last release.
fn compared(scratch: &Path) -> Result<ComparedSnapshot, Box<dyn Error>> {
    let of = |scan: &str| {
        let scope = request("scan_report", TEMPLATES[0], &format!(r#""scan_ids":["{scan}"]"#))?.scope;
        Ok::<_, Box<dyn Error>>(demo::demo(&scope, corpus::AT, scratch))
    };
    let (current, baseline) = (of("payments-api-2026-11-20")?, of("payments-api-2026-10-21")?);
    Ok(ComparedSnapshot::new(current, &baseline, &demo::Calm)?)
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
        seal: None,
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
