//! What happens at the edges: quota, interrupts, damage, the scratch folder, and what cannot be right.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/generate.rs"]
mod generate;
#[path = "support/pulse.rs"]
mod pulse;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use export_core::error::{ErrorKind, PortError};
use export_core::ports::{Interrupt, Pulse, Snapshot};
use export_core::time::Timestamp;
use export_snapshot::{FOLDER_PREFIX, SnapshotLimits, SnapshotWriter, SpooledSnapshot};

use crate::generate::{Generated, VULNERABILITIES, generate, intelligence, scans};
use crate::pulse::Idle;

const AT: Timestamp = Timestamp::from_millis(1_800_000_000_000);
/// So little memory that everything is sorted on the disk.
const SMALL: SnapshotLimits = SnapshotLimits { quota_bytes: u64::MAX, memory_bytes: 256 << 10 };

/// The engine works on threads for blocking work, and renders on several.
const _: () = {
    const fn may_move<T: Send>() {}
    const fn may_be_shared<T: Send + Sync>() {}
    may_move::<SnapshotWriter>();
    may_be_shared::<SpooledSnapshot>();
};

/// The first findings, and what is said about them.
fn some(count: u64) -> Vec<Generated> {
    (0..count).map(generate).collect()
}

fn written(scratch: &Path, limits: SnapshotLimits, all: &[Generated]) -> Result<SnapshotWriter, PortError> {
    let mut writer = SnapshotWriter::create(scratch, limits)?;
    scans(all.len() as u64).try_for_each(|scan| writer.scan(scan))?;
    intelligence(VULNERABILITIES / 40).try_for_each(|it| writer.intelligence(&it))?;
    for Generated { scan, finding, statement, verdict } in all {
        let scan = scan.parse().unwrap();
        writer.finding(finding)?;
        statement.iter().try_for_each(|it| writer.statement(&scan, it))?;
        verdict.iter().try_for_each(|it| writer.verdict(&scan, it))?;
    }
    Ok(writer)
}

fn snapshot(scratch: &Path, limits: SnapshotLimits, all: &[Generated]) -> Result<SpooledSnapshot, PortError> {
    written(scratch, limits, all)?.finish(AT, &Idle)
}

/// The number of records that can be read.
fn count(snapshot: &dyn Snapshot) -> Result<u64, PortError> {
    let mut cursor = snapshot.findings()?;
    let mut read = 0;
    while cursor.next()?.is_some() {
        read += 1;
    }
    Ok(read)
}

/// All files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}

fn is_empty(folder: &Path) -> bool {
    fs::read_dir(folder).unwrap().next().is_none()
}

#[test]
fn the_quota_is_the_most_bytes_at_one_time() {
    let scratch = tempfile::tempdir().unwrap();
    let all = some(3_000);
    let needed = snapshot(scratch.path(), SMALL, &all).unwrap().peak_bytes();
    let limits = |quota_bytes| SnapshotLimits { quota_bytes, ..SMALL };
    assert_eq!(count(&snapshot(scratch.path(), limits(needed), &all).unwrap()).unwrap(), 3_000);
    for quota in [needed - 1, needed / 2, 0] {
        let error = snapshot(scratch.path(), limits(quota), &all).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Limit, "{error}");
        assert!(error.to_string().contains(&quota.to_string()), "{error}");
    }
    assert!(is_empty(scratch.path()));
}

#[test]
fn only_the_records_stay_and_nothing_stays_behind() {
    let scratch = tempfile::tempdir().unwrap();
    let snapshot = snapshot(scratch.path(), SMALL, &some(3_000)).unwrap();
    let mut files = files(scratch.path());
    files.sort();
    let sizes: Vec<u64> = files.iter().map(|file| fs::metadata(file).unwrap().len()).collect();
    assert_eq!(sizes, [snapshot.bytes(), 0], "the records and the lock: {files:?}");
    let folder = files[0].parent().unwrap().file_name().unwrap().to_string_lossy().into_owned();
    assert!(folder.starts_with(FOLDER_PREFIX));
    drop(snapshot);
    assert!(is_empty(scratch.path()));

    drop(written(scratch.path(), SMALL, &some(100)).unwrap());
    assert!(is_empty(scratch.path()), "a writer that is given up leaves nothing either");
}

#[test]
fn damage_is_never_a_shorter_read() {
    let scratch = tempfile::tempdir().unwrap();
    let snapshot = snapshot(scratch.path(), SMALL, &some(1_000)).unwrap();
    let path =
        files(scratch.path()).into_iter().find(|file| file.to_string_lossy().ends_with("records")).unwrap();
    let good = fs::read(&path).unwrap();
    let refused = |bytes: &[u8], what: &str| {
        fs::write(&path, bytes).unwrap();
        assert_eq!(count(&snapshot).unwrap_err().kind, ErrorKind::Corrupt, "{what}");
    };
    for at in (0..20).map(|part| part * (good.len() - 1) / 19) {
        let mut flipped = good.clone();
        flipped[at] ^= 0x10;
        refused(&flipped, &format!("a bit of byte {at} is flipped"));
        refused(&good[..at], &format!("cut to {at} bytes"));
    }
    fs::write(&path, &good).unwrap();
    assert_eq!(count(&snapshot).unwrap(), 1_000);
    fs::remove_file(&path).unwrap();
    assert_eq!(count(&snapshot).unwrap_err().kind, ErrorKind::Unavailable);
}

/// A pulse that notes what it is told, and stops after some beats.
struct Noting {
    told: Mutex<Vec<u64>>,
    stop: Option<(usize, Interrupt)>,
}

impl Noting {
    const fn new(stop: Option<(usize, Interrupt)>) -> Self {
        Self { told: Mutex::new(Vec::new()), stop }
    }

    /// The rows that were told, in order.
    fn told(&self) -> Vec<u64> {
        self.told.lock().unwrap().clone()
    }
}

impl Pulse for Noting {
    fn beat(&self, rows_done: u64) -> Result<(), Interrupt> {
        let mut told = self.told.lock().unwrap();
        told.push(rows_done);
        match self.stop {
            Some((beats, interrupt)) if told.len() > beats => Err(interrupt),
            _ => Ok(()),
        }
    }
}

#[test]
fn the_pulse_hears_of_progress() {
    let scratch = tempfile::tempdir().unwrap();
    let pulse = Noting::new(None);
    written(scratch.path(), SMALL, &some(6_000)).unwrap().finish(AT, &pulse).unwrap();
    let told = pulse.told();
    assert!(told.is_sorted());
    assert!(told.windows(2).all(|two| two[1] - two[0] <= 1_000), "{told:?}");
    assert!(
        told.first().is_some_and(|first| *first == 0) && told.last().is_some_and(|last| *last > 5_000),
        "{told:?}"
    );
}

#[test]
fn the_pulse_is_obeyed_at_once() {
    let scratch = tempfile::tempdir().unwrap();
    let all = some(3_000);
    let pulse = Noting::new(None);
    written(scratch.path(), SMALL, &all).unwrap().finish(AT, &pulse).unwrap();
    let beats = pulse.told().len();
    assert!(beats > 20, "{beats}");
    for (stop, interrupt, kind) in [
        (0, Interrupt::Cancelled, ErrorKind::Cancelled),
        (1, Interrupt::Deadline, ErrorKind::Timeout),
        (beats / 2, Interrupt::Cancelled, ErrorKind::Cancelled),
        (beats - 1, Interrupt::Deadline, ErrorKind::Timeout),
    ] {
        let pulse = Noting::new(Some((stop, interrupt)));
        let error = written(scratch.path(), SMALL, &all).unwrap().finish(AT, &pulse).unwrap_err();
        assert_eq!(error.kind, kind);
        assert_eq!(pulse.told().len(), stop + 1, "no work was done after the interrupt");
    }
    assert!(is_empty(scratch.path()));
}

#[test]
fn every_byte_counts_for_the_digest() {
    let scratch = tempfile::tempdir().unwrap();
    let digest = |all: &[Generated]| snapshot(scratch.path(), SMALL, all).unwrap().facts().digest;
    let change = |change: &dyn Fn(&mut Generated)| {
        let mut all = some(200);
        all.iter_mut().for_each(change);
        digest(&all)
    };
    let unchanged = change(&|_| ());
    assert_eq!(unchanged, digest(&some(200)));
    let reason = |it: &mut Generated| it.verdict.iter_mut().for_each(|verdict| verdict.reason = "x".into());
    let impact =
        |it: &mut Generated| it.statement.iter_mut().for_each(|it| it.assertion.impact = Some("x".into()));
    let target = |it: &mut Generated| it.finding.primary_url = None;
    for changed in [change(&reason), change(&impact), change(&target)] {
        assert_ne!(changed, unchanged);
    }
}

#[test]
fn scans_are_announced_once() {
    let scratch = tempfile::tempdir().unwrap();
    let all = some(1);
    let mut writer = written(scratch.path(), SMALL, &all).unwrap();
    let scan = scans(1).next().unwrap();
    assert_eq!(writer.scan(scan).unwrap_err().kind, ErrorKind::AlreadyExists);

    let mut writer = SnapshotWriter::create(scratch.path(), SMALL).unwrap();
    writer.finding(&all[0].finding).unwrap();
    let error = writer.finish(AT, &Idle).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Internal);
    assert!(error.to_string().contains("service-0"), "{error}");
}

#[test]
fn verdicts_that_do_not_fit_into_memory_are_refused() {
    let scratch = tempfile::tempdir().unwrap();
    let mut generated = (0..).map(generate).find(|it| it.verdict.is_some()).unwrap();
    let mut verdict = generated.verdict.take().unwrap();
    verdict.reason = "x".repeat(1 << 20).into();
    let mut writer = written(scratch.path(), SMALL, &[generated]).unwrap();
    for _ in 0..17 {
        writer.verdict(&"service-0".parse().unwrap(), &verdict).unwrap();
    }
    assert_eq!(writer.finish(AT, &Idle).unwrap_err().kind, ErrorKind::Limit);
}
