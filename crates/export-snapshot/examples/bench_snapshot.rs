//! Times each phase of a snapshot: `cargo run --release -p export-snapshot --example bench_snapshot -- SCRATCH [N]...`
//!
//! Each size runs in a process of its own, so that peak memory is that of the size: once without intelligence, and once with EPSS scores for every finding; and once more with a list of vulnerabilities. Generating is timed apart.

#![expect(clippy::print_stdout, reason = "a program that prints a table")]

#[path = "../tests/support/generate.rs"]
mod generate;

use std::error::Error;
use std::path::Path;
use std::process::Command;

use export_core::ports::{Interrupt, Pulse, Snapshot};
use export_core::time::Timestamp;
use export_snapshot::{SnapshotLimits, SnapshotWriter};

struct Idle;

impl Pulse for Idle {
    fn beat(&self, _: u64) -> Result<(), Interrupt> {
        Ok(())
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    match args.as_slice() {
        [flag, scratch, findings, intelligence, lists] if flag == "--one" => {
            one(Path::new(scratch), findings.parse()?, intelligence.parse()?, lists.parse()?)
        }
        [scratch, sizes @ ..] => {
            println!("Seconds are wall / processor.\n");
            println!(
                "| findings | intelligence | vulnerabilities | generate | write | join, sort | read | all but generate | peak MiB | disk MiB | kept MiB |"
            );
            println!("|---|---|---|---|---|---|---|---|---|---|---|");
            let usual = ["50000", "200000", "1000000"].map(str::to_owned);
            for size in if sizes.is_empty() { &usual } else { sizes } {
                for [intelligence, lists] in [["0", "false"], ["40000", "false"], ["40000", "true"]] {
                    let mut child = Command::new(std::env::current_exe()?);
                    if !child.args(["--one", scratch, size, intelligence, lists]).status()?.success() {
                        return Err(format!("{size} findings failed").into());
                    }
                }
            }
            Ok(())
        }
        [] => Err("usage: bench_snapshot SCRATCH [N]...".into()),
    }
}

fn one(scratch: &Path, findings: u64, intelligence: u64, lists: bool) -> Result<(), Box<dyn Error>> {
    let start = Spent::now()?;
    for number in 0..findings {
        std::hint::black_box(generate::generate(number));
    }
    let generating = Spent::now()? - start;

    let start = Spent::now()?;
    let mut writer = write(scratch, findings, intelligence)?;
    if lists {
        writer = writer.keeping_vulnerabilities();
    }
    let writing = Spent::now()? - start - generating;

    let start = Spent::now()?;
    let snapshot = writer.finish(Timestamp::from_millis(1_800_000_000_000), &Idle)?;
    let joining = Spent::now()? - start;

    let start = Spent::now()?;
    let mut cursor = snapshot.findings()?;
    let mut open = 0;
    while let Some(record) = cursor.next()? {
        open += u64::from(record.status.is_open());
    }
    let reading = Spent::now()? - start;
    assert_eq!(open, snapshot.facts().totals.open);
    let vulnerabilities =
        snapshot.facts().vulnerabilities.map_or("–".to_owned(), |count| count.to_string());

    let mib = |bytes: u64| bytes >> 20;
    let (peak, disk, kept) = (mib(peak_memory()?), mib(snapshot.peak_bytes()), mib(snapshot.bytes()));
    let total = writing.cpu + joining.cpu + reading.cpu;
    println!(
        "| {findings} | {intelligence} | {vulnerabilities} | {generating} | {writing} | {joining} | {reading} | {total:.2} | {peak} | {disk} | {kept} |"
    );
    Ok(())
}

fn write(scratch: &Path, findings: u64, intelligence: u64) -> Result<SnapshotWriter, Box<dyn Error>> {
    let mut writer = SnapshotWriter::create(scratch, SnapshotLimits::with_quota(u64::MAX))?;
    generate::scans(findings).try_for_each(|scan| writer.scan(scan))?;
    generate::intelligence(intelligence).try_for_each(|it| writer.intelligence(&it))?;
    for number in 0..findings {
        let generated = generate::generate(number);
        let scan = generated.scan.parse()?;
        writer.finding(&generated.finding)?;
        generated.statement.iter().try_for_each(|it| writer.statement(&scan, it))?;
        generated.verdict.iter().try_for_each(|it| writer.verdict(&scan, it))?;
    }
    Ok(writer)
}

/// Time on the wall, and of the processor (user and system), in seconds.
#[derive(Clone, Copy)]
struct Spent {
    wall: f64,
    cpu: f64,
}

impl Spent {
    /// Since the process began, for the processor; since some fixed point, for the wall (proc(5): `uptime`, `pid/stat`).
    fn now() -> Result<Self, Box<dyn Error>> {
        let uptime = std::fs::read_to_string("/proc/uptime")?;
        let wall = uptime.split_whitespace().next().ok_or("no uptime")?.parse()?;
        let stat = std::fs::read_to_string("/proc/self/stat")?;
        let (_, fields) = stat.rsplit_once(')').ok_or("no name in stat")?;
        let ticks = fields.split_whitespace().skip(11).take(2).map(str::parse::<f64>);
        Ok(Self { wall, cpu: ticks.sum::<Result<f64, _>>()? / 100.0 })
    }
}

impl std::ops::Sub for Spent {
    type Output = Self;

    fn sub(self, earlier: Self) -> Self {
        Self { wall: self.wall - earlier.wall, cpu: self.cpu - earlier.cpu }
    }
}

impl std::fmt::Display for Spent {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.2} / {:.2}", self.wall, self.cpu)
    }
}

/// The most memory that this process ever had (proc(5), `VmHWM`).
fn peak_memory() -> Result<u64, Box<dyn Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<u64>()? * 1024)
}
