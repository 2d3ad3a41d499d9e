//! Measures a table of findings: `rows N [file.pdf] [archival] [links]` prints wall, CPU and the peak of memory.

use std::cell::Cell as Shared;
use std::fs;
use std::time::{Duration, Instant};

use chrono::DateTime;
use export_render_kit::charts::Mark;
use export_typeset::{Cell, Column, Error, Flow, FontBook, Profile, Row, Run, Settings, write};

const TITLES: [&str; 6] = [
    "Possible denial of service through excessive memory use in certificate verification",
    "Out-of-bounds read in the parser of compressed headers, reached by a crafted archive",
    "Heap overflow when a long host name is resolved through a SOCKS5 proxy",
    "Improper neutralisation of special elements in output used by a downstream component",
    "Race between close and dup2 lets a local user read what another process wrote",
    "Uncontrolled recursion while deeply nested JSON is read",
];
const FOREIGN: [&str; 6] = [
    "Überlauf in der Größenprüfung; Żółć; Ελληνικά; Кириллица",
    "ثغرة في معالجة الشهادات تسمح بتجاوز الحماية",
    "פגיעות באימות אישורים מאפשרת עקיפת הגנה",
    "証明書の検証におけるメモリ枯渇の脆弱性",
    "प्रमाणपत्र सत्यापन में सेवा से इनकार की भेद्यता",
    "Certificate check bypass 🔥 with emoji ✅",
];

#[expect(clippy::print_stdout, reason = "the measurement is what this example is for")]
fn main() -> Result<(), Error> {
    let mut arguments = std::env::args().skip(1);
    let rows: u64 = arguments.next().and_then(|it| it.parse().ok()).unwrap_or(10_000);
    let rest: Vec<String> = arguments.collect();
    let has = |word: &str| rest.iter().any(|it| it == word);

    let start = Instant::now();
    let book = FontBook::system();
    let mut settings = Settings::new("Findings", DateTime::UNIX_EPOCH);
    settings.header_left = "Example Tenant".to_owned();
    settings.header_right = "Findings".to_owned();
    settings.footer_left = "Internal".to_owned();
    settings.footer_centre = "0123456789ab".to_owned();
    if has("archival") {
        settings.profile = Profile::Archival;
    }
    let asked = Shared::new((start, Duration::ZERO));
    let hear = || {
        let (last, longest) = asked.get();
        asked.set((Instant::now(), longest.max(last.elapsed())));
        false
    };
    settings.stop = &hear;
    let written = write(&book, &settings, |flow| document(flow, rows, has("links"), !has("latin")))?;
    let wall = start.elapsed();
    let (last, longest) = asked.get();
    let silence = longest.max(last.elapsed());
    if let Some(path) = rest.iter().find(|it| it.ends_with(".pdf")) {
        fs::write(path, &written.bytes).expect("the file can be written");
    }
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or("?").trim();
    println!(
        "{rows} rows: {} pages, {:.1} MB; wall {:.2} s, CPU {:.2} s, peak {peak}, longest without a question {:.2} s; missing {:?}, links dropped {}",
        written.pages,
        written.bytes.len() as f64 / 1e6,
        wall.as_secs_f64(),
        cpu(),
        silence.as_secs_f64(),
        written.missing,
        written.links_dropped,
    );
    Ok(())
}

/// Seconds of CPU of this process: fields 14 and 15 of its stat, in hundredths.
fn cpu() -> f64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.split_whitespace().collect();
    let ticks = |index: usize| fields.get(index).and_then(|it| it.parse::<f64>().ok()).unwrap_or(0.0);
    (ticks(13) + ticks(14)) / 100.0
}

fn document(flow: &mut Flow<'_>, rows: u64, links: bool, foreign: bool) -> Result<(), Error> {
    flow.heading(1, "Findings")?;
    let mut table = flow.table(&[
        Column::mm("Severity", 8.0).unseen(),
        Column::mm("Finding", 36.0).head(),
        Column::mm("Score", 11.0).right(),
        Column::mm("EPSS", 15.0).right(),
        Column::mm("Exploited", 17.0),
        Column::mm("Fixed in", 53.0),
        Column::mm("VEX", 22.0),
        Column::rest("Verdict"),
    ])?;
    for index in 0..rows {
        if index % 7 == 0 {
            let name = format!("libexample{}", index / 7);
            let line = vec![Run::new(name.clone()).semibold(), Run::new(" 3.0.11 → 3.0.15 ends 7 findings")];
            let place = vec![Run::new("/usr/lib/x86_64-linux-gnu/libexample.so.3").mono().quiet()];
            table.group(&Cell::runs(line).line(place), &format!("{name} continued"))?;
        }
        row(&mut table, index, links, foreign)?;
    }
    table.finish()
}

fn row(
    table: &mut export_typeset::Table<'_, '_>,
    index: u64,
    links: bool,
    foreign: bool,
) -> Result<(), Error> {
    let id = match index % 50 {
        0 => format!("GHSA-{index:04}-long-identifier.of:some/scanner@{index}"),
        _ => format!("CVE-2024-{:05}", index % 100_000),
    };
    let mut name = Run::new(id.clone()).mono();
    if links {
        name = name.link(format!("https://nvd.example.com/vuln/detail/{id}"));
    }
    let title = match index % 100 {
        17 if foreign => FOREIGN[(index / 100) as usize % FOREIGN.len()],
        _ => TITLES[index as usize % TITLES.len()],
    };
    let row = Row::new([
        Cell::mark(Mark::ALL[index as usize % 5]),
        Cell::new(name),
        Cell::new(format!("{:.1}", (index * 7 % 100) as f64 / 10.0)),
        Cell::new(format!("{:.2} %", (index * 13 % 10_000) as f64 / 100.0)),
        if index.is_multiple_of(40) {
            Cell::new(Run::new("known").semibold().alert())
        } else {
            Cell::new("–")
        },
        Cell::new(format!("3.0.{}-1~deb12u{}", index % 30, index % 4)),
        Cell::new("under investigation"),
        Cell::new(if index.is_multiple_of(3) { Run::new("fail").semibold() } else { Run::new("pass") }),
    ]);
    table.row(&row.under(1, 6, Cell::new(title).line(vec![Run::new("pkg:deb/debian/libexample").quiet()])))
}
