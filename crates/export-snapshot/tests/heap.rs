//! Memory does not grow with the findings: a million need at most 1.2 times the memory of fifty thousand.
//!
//! Each size runs in a process of its own, whose peak the system knows (`VmHWM`, proc(5)). A process is this test again,
//! with the test to run as argument.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]
#![expect(clippy::print_stdout, reason = "one process tells the other its peak")]

#[path = "support/generate.rs"]
mod generate;
#[path = "support/pulse.rs"]
mod pulse;

use std::process::Command;

use export_core::ports::Snapshot;
use export_core::time::Timestamp;
use export_snapshot::{SnapshotLimits, SnapshotWriter};

use crate::pulse::Idle;

#[test]
#[cfg_attr(not(target_os = "linux"), ignore = "needs /proc")]
fn a_million_findings_need_the_memory_of_fifty_thousand() {
    let few = peak_kib_of("fifty_thousand");
    let many = peak_kib_of("a_million");
    println!("peak memory: 50,000 findings {few} KiB, 1,000,000 findings {many} KiB");
    assert!(many * 10 <= few * 12, "{many} KiB is more than 1.2 times {few} KiB");
}

#[test]
#[ignore = "run by the test above, in a process of its own"]
fn fifty_thousand() {
    make_and_read(50_000);
}

#[test]
#[ignore = "run by the test above, in a process of its own"]
fn a_million() {
    make_and_read(1_000_000);
}

fn peak_kib_of(test: &str) -> u64 {
    let mut child = Command::new(std::env::current_exe().unwrap());
    let output = child.args(["--ignored", "--exact", "--nocapture", test]).output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{told}{}", String::from_utf8_lossy(&output.stderr));
    let line = told.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.unwrap().trim().trim_end_matches(" kB").parse().unwrap()
}

/// Writes, joins, sorts and reads as many findings, and tells the peak memory.
fn make_and_read(findings: u64) {
    let scratch = tempfile::tempdir().unwrap();
    let writer = SnapshotWriter::create(scratch.path(), SnapshotLimits::with_quota(u64::MAX)).unwrap();
    let mut writer = writer.keeping_annotations().unwrap().keeping_vulnerabilities();
    generate::scans(findings).for_each(|scan| writer.scan(scan).unwrap());
    generate::intelligence(generate::VULNERABILITIES).for_each(|it| writer.intelligence(&it).unwrap());
    for number in 0..findings {
        let generated = generate::generate(number);
        let scan = generated.scan.parse().unwrap();
        writer.finding(&generated.finding).unwrap();
        generated.statement.iter().for_each(|it| writer.statement(&scan, it).unwrap());
        generated.verdict.iter().for_each(|it| writer.verdict(&scan, it).unwrap());
    }
    let snapshot = writer.finish(Timestamp::from_millis(1_800_000_000_000), &Idle).unwrap();
    let mut cursor = snapshot.findings().unwrap();
    let mut read = 0;
    while cursor.next().unwrap().is_some() {
        read += 1;
    }
    assert_eq!(read, findings);
    let mut cursor = snapshot.vulnerabilities().unwrap();
    let mut of_vulnerabilities = 0;
    while let Some(vulnerability) = cursor.next().unwrap() {
        of_vulnerabilities += vulnerability.findings;
    }
    assert_eq!(of_vulnerabilities, findings, "all that are generated are of a vulnerability");
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    println!("{}", status.lines().find(|line| line.starts_with("VmHWM:")).unwrap());
}
