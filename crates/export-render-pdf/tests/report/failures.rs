//! What users are told when a report cannot be printed, and that nothing half done is left.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use export_contract::{MemorySnapshot, corpus};
use export_core::code::Code;
use export_core::ports::{Interrupt, Pulse};
use export_render_pdf::{PdfRenderer, TEMPLATES};
use rustix::process::Signal;

use super::demo::Calm;
use super::reading::{render, render_to, renderer, request};
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

#[test]
fn an_unknown_profile_is_refused() {
    let folder = scratch();
    let request = request("scan_report", r#""pdf_profile":"archival""#);
    let error = render(&renderer(folder.path()), &request, &MemorySnapshot::new(vec![])).unwrap_err();
    assert_eq!(error.code, Code::UnsupportedOption);
}

#[test]
fn a_missing_browser_is_told_with_what_to_install() {
    let folder = scratch();
    let renderer = PdfRenderer::new(folder.path(), Some(PathBuf::from("/nowhere/chromium")), false);
    let error = render(&renderer, &request("scan_report", ""), &MemorySnapshot::new(vec![])).unwrap_err();
    assert_eq!(error.code, Code::RendererMissing);
    assert!(
        error.message.contains("chromium-headless-shell") && error.message.contains("/nowhere"),
        "{error}"
    );
}

#[test]
fn a_browser_that_does_not_start_is_a_crash() {
    let folder = scratch();
    let broken = script(&folder, "exit 3");
    let renderer = PdfRenderer::new(folder.path(), Some(broken), false);
    let error = render(&renderer, &request("scan_report", ""), &MemorySnapshot::new(vec![])).unwrap_err();
    assert_eq!(error.code, Code::RenderCrash, "{error}");
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
fn a_crash_is_made_good_by_a_fresh_browser_and_two_are_told() {
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

    let always = Always(folder.path().to_owned());
    let mut out = Vec::new();
    let error = render_to(&renderer, &request, &snapshot, &always, &mut out).unwrap_err();
    assert_eq!((error.code, out.len()), (Code::RenderCrash, 0), "{error}");
}

/// Kills every browser that it sees.
struct Always(PathBuf);

impl Pulse for Always {
    fn beat(&self, _: u64) -> Result<(), Interrupt> {
        if let Some(browser) = browser_in(&self.0) {
            signal(browser, Signal::KILL);
        }
        Ok(())
    }
}
