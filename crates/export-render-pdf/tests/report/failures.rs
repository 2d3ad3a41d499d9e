//! What users are told when a report cannot be printed, and that nothing half done is left.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use export_contract::{MemorySnapshot, corpus};
use export_core::code::Code;
use export_core::ports::{Interrupt, Pulse, Rendered};
use export_core::record::FindingRecord;
use export_core::warning::WarningCode;
use export_render_pdf::{PdfRenderer, PdfSettings, TEMPLATES};
use rustix::process::Signal;

use super::demo::Calm;
use super::reading::{check, render, render_to, renderer, request, squeezed};
use super::support::{browser_in, has_browser, renderers_of, scratch, script, signal, wait_for_end_of};

/// Enough that printing takes longer than a few beats.
const RECORDS: u64 = 1_500;

#[test]
fn an_unknown_template_is_refused_with_the_names_there_are() {
    let folder = scratch();
    let error = render(
        &renderer(folder.path()),
        &request("scan_report", r#""template":"compliance-detaild""#),
        &MemorySnapshot::new(vec![]),
    )
    .unwrap_err();
    assert_eq!(error.code, Code::TemplateError);
    assert!(TEMPLATES.iter().all(|name| error.message.contains(name)), "{error}");
}

/// Acts at one beat while the browser is at work.
struct AtWork<'a> {
    scratch: &'a Path,
    beats: AtomicU32,
    at: u32,
    act: &'a (dyn Fn(u32) -> Result<(), Interrupt> + Sync),
}

impl Pulse for AtWork<'_> {
    fn beat(&self, rows_done: u64) -> Result<(), Interrupt> {
        let browser = (rows_done == RECORDS).then(|| browser_in(self.scratch)).flatten();
        let browser = browser.filter(|browser| !renderers_of(*browser).is_empty());
        match browser {
            Some(browser) if self.beats.fetch_add(1, Ordering::Relaxed) == self.at => (self.act)(browser),
            Some(_) | None => Ok(()),
        }
    }
}

#[test]
fn cancelled_while_printing_nothing_is_written_and_the_next_report_is_printed() {
    if !has_browser() {
        return;
    }
    let folder = scratch();
    let renderer = renderer(folder.path());
    let snapshot = MemorySnapshot::new(corpus::records(RECORDS));
    let request = request("scan_report", "");
    let browser = AtomicU32::new(0);
    let act = |id| {
        browser.store(id, Ordering::Relaxed);
        Err(Interrupt::Cancelled)
    };
    let pulse = AtWork { scratch: folder.path(), beats: AtomicU32::new(0), at: 4, act: &act };
    let mut out = Vec::new();
    let error = render_to(&renderer, &request, &snapshot, &pulse, &mut out).unwrap_err();
    assert_eq!((error.code, out.len()), (Code::Cancelled, 0));
    assert_eq!(pulse.beats.load(Ordering::Relaxed), 5, "the pulse is not asked again");
    wait_for_end_of(browser.load(Ordering::Relaxed));

    render_to(&renderer, &request, &snapshot, &Calm, &mut out).unwrap();
    assert!(out.starts_with(b"%PDF-"));
}

#[test]
fn a_crash_is_made_good_by_a_fresh_browser_and_two_by_the_other_engine() {
    if !has_browser() {
        return;
    }
    let (folder, other) = (scratch(), scratch());
    let snapshot = MemorySnapshot::new(corpus::records(RECORDS));
    let request = request("scan_report", "");
    let whole = render(&renderer(other.path()), &request, &snapshot).unwrap().1;
    let renderer = renderer(folder.path());

    let kill = |id| {
        signal(id, Signal::KILL);
        Ok(())
    };
    let once = AtWork { scratch: folder.path(), beats: AtomicU32::new(0), at: 3, act: &kill };
    let mut out = Vec::new();
    render_to(&renderer, &request, &snapshot, &once, &mut out).unwrap();
    assert!(out == whole, "the second try gave {} bytes instead of {}", out.len(), whole.len());

    let always = Always { scratch: folder.path().to_owned(), killed: AtomicU32::new(0) };
    let mut out = Vec::new();
    let rendered = render_to(&renderer, &request, &snapshot, &always, &mut out).unwrap();
    simple(&rendered, &out, snapshot.records(), "ended in the middle, twice");
    wait_for_end_of(always.killed.load(Ordering::Relaxed));
}

/// Kills every browser that it sees.
struct Always {
    scratch: PathBuf,
    /// The last one.
    killed: AtomicU32,
}

impl Pulse for Always {
    fn beat(&self, _: u64) -> Result<(), Interrupt> {
        if let Some(browser) = browser_in(&self.scratch) {
            self.killed.store(browser, Ordering::Relaxed);
            signal(browser, Signal::KILL);
        }
        Ok(())
    }
}

#[test]
fn a_browser_that_takes_too_long_is_ended_and_the_other_engine_prints() {
    if !has_browser() {
        return;
    }
    let folder = scratch();
    let snapshot = MemorySnapshot::new(corpus::records(RECORDS));
    let renderer = PdfRenderer::new(PdfSettings {
        print_limit: Duration::from_millis(700),
        ..PdfSettings::new(folder.path())
    });
    let seen = Seen { scratch: folder.path().to_owned(), browser: AtomicU32::new(0) };
    let mut out = Vec::new();
    let rendered = render_to(&renderer, &request("scan_report", ""), &snapshot, &seen, &mut out).unwrap();
    simple(&rendered, &out, snapshot.records(), "took the browser longer than it may");
    let browser = seen.browser.load(Ordering::Relaxed);
    assert_ne!(browser, 0, "a browser was at work");
    wait_for_end_of(browser);
}

/// Remembers the browser.
struct Seen {
    scratch: PathBuf,
    browser: AtomicU32,
}

impl Pulse for Seen {
    fn beat(&self, _: u64) -> Result<(), Interrupt> {
        if let Some(browser) = browser_in(&self.scratch) {
            self.browser.store(browser, Ordering::Relaxed);
        }
        Ok(())
    }
}

#[test]
fn without_a_browser_the_other_engine_prints() {
    let folder = scratch();
    let snapshot = MemorySnapshot::new(corpus::records(40));
    let broken = script(&folder, "exit 3");
    for (browser, why) in
        [(PathBuf::from("/nowhere/chromium"), "is not installed"), (broken, "ended in the middle, twice")]
    {
        let settings = PdfSettings { chromium: Some(browser), ..PdfSettings::new(folder.path()) };
        let (rendered, pdf) =
            render(&PdfRenderer::new(settings), &request("scan_report", ""), &snapshot).unwrap();
        simple(&rendered, &pdf, snapshot.records(), why);
    }
}

/// The report is whole, in its simple form, and says why.
fn simple(rendered: &Rendered, pdf: &[u8], records: &[FindingRecord<'static>], why: &str) {
    let warnings: Vec<_> =
        rendered.warnings.iter().filter(|it| it.code != WarningCode::GlyphsMissing).collect();
    let [warning] = warnings[..] else { panic!("{:?}", rendered.warnings) };
    assert_eq!(warning.code, WarningCode::PdfSimplified);
    assert!(warning.message.contains(why), "{why} in {warning}");
    assert_eq!(rendered.rows, Some(records.len() as u64));
    check(pdf, records).expect("each finding has a row");
    assert!(squeezed(pdf).contains("initssimpleform"), "the report says so itself");
}
