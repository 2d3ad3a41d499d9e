//! Browsers that die, hang or are called off, and the pool that goes on.

use std::cell::Cell;
use std::fs;
use std::sync::{Condvar, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use super::support::{
    OnFirstWrite, big_page, browser_in, has_browser, job, launch, patient, renderers_of, scratch, signal,
    wait_for_end_of,
};
use export_render_pdf::chromium::{BrowserConfig, BrowserPool, ChromiumError, PoolConfig, PrintJob, Watch};
use rustix::process::Signal;

#[test]
fn after_a_crash_the_pool_prints_again_and_nothing_is_left() {
    if !has_browser() {
        return;
    }
    let folder = scratch();
    let pool = BrowserPool::new(BrowserConfig::new(folder.path()), PoolConfig::default());
    let killed = Cell::new(0);
    let mut out = OnFirstWrite::new(|| {
        killed.set(browser_in(folder.path()).expect("it is printing"));
        signal(killed.get(), Signal::KILL);
    });
    let html = big_page(1_000);
    let big = PrintJob { tagged: true, ..job(&html) };
    let error = pool.print(&big, &mut out).expect_err("the browser is dead");
    assert!(matches!(error, ChromiumError::Crashed { .. }), "{error}");
    wait_for_end_of(killed.get());

    let mut pdf = Vec::new();
    pool.print(&job("<p>again</p>"), &mut pdf).expect("a new browser");
    assert!(pdf.ends_with(b"%%EOF\n") || pdf.ends_with(b"%%EOF"));

    let last = browser_in(folder.path()).expect("it is idle");
    drop(pool);
    wait_for_end_of(last);
    assert_eq!(fs::read_dir(folder.path()).expect("our own folder").count(), 0, "files are left");
}

#[test]
fn a_browser_that_died_while_idle_is_replaced() {
    if !has_browser() {
        return;
    }
    let folder = scratch();
    let pool = BrowserPool::new(BrowserConfig::new(folder.path()), PoolConfig::default());
    pool.print(&job("<p>one</p>"), &mut Vec::new()).expect("a PDF");
    let idle = browser_in(folder.path()).expect("it is idle");
    signal(idle, Signal::KILL);
    wait_for_end_of(idle);
    pool.print(&job("<p>two</p>"), &mut Vec::new()).expect("a new browser");
}

/// The page lives in a process of its own, which the system may kill when memory runs out.
#[test]
fn a_lost_page_is_a_crash_at_once() {
    if !has_browser() {
        return;
    }
    let folder = scratch();
    let mut browser = launch(&folder);
    let id = browser.process_id();
    let kill_pages = || {
        renderers_of(id).into_iter().for_each(|id| signal(id, Signal::KILL));
        false
    };
    let watch = Watch { cancel: &kill_pages, ..patient() };
    let error = browser.print(&PrintJob { watch, ..job("<p>x</p>") }, &mut Vec::new()).expect_err("no page");
    assert!(matches!(error, ChromiumError::Crashed { .. }), "{error}");
}

/// A stopped browser neither reads nor answers, like one that hangs.
#[test]
fn a_hanging_browser_holds_nobody_beyond_the_deadline() {
    if !has_browser() {
        return;
    }
    let folder = scratch();
    let mut browser = launch(&folder);
    let process = browser.process_id();
    signal(process, Signal::STOP);
    // Far more than a pipe holds.
    let html = big_page(20_000);
    let watch = Watch { deadline: Instant::now() + Duration::from_millis(300), cancel: &|| false };
    let error = browser.print(&PrintJob { watch, ..job(&html) }, &mut Vec::new()).expect_err("it hangs");
    assert!(matches!(error, ChromiumError::Timeout { .. }), "{error}");
    assert!(!browser.is_healthy());
    drop(browser);
    wait_for_end_of(process);
}

#[test]
fn a_cancelled_print_stops() {
    if !has_browser() {
        return;
    }
    let folder = scratch();
    let mut browser = launch(&folder);
    let cancelled = Cell::new(false);
    let mut out = OnFirstWrite::new(|| cancelled.set(true));
    let html = big_page(1_000);
    let watch = Watch { cancel: &|| cancelled.get(), ..patient() };
    let error =
        browser.print(&PrintJob { watch, tagged: true, ..job(&html) }, &mut out).expect_err("cancelled");
    assert!(matches!(error, ChromiumError::Cancelled), "{error}");
    let error = browser.print(&job("<p>x</p>"), &mut Vec::new()).expect_err("it cannot be used again");
    assert!(matches!(error, ChromiumError::Crashed { .. }), "{error}");
}

#[test]
fn browsers_are_kept_and_then_recycled() {
    if !has_browser() {
        return;
    }
    let folder = scratch();
    let config = PoolConfig { jobs_per_browser: 2, ..PoolConfig::default() };
    let pool = BrowserPool::new(BrowserConfig::new(folder.path()), config);
    let idle = || {
        pool.print(&job("<p>text</p>"), &mut Vec::new()).expect("a PDF");
        browser_in(folder.path())
    };
    let (version, _) = pool.probe(&patient()).expect("it starts");
    assert_eq!(version.split('.').count(), 4, "{version}");
    assert!(idle().is_some(), "kept after the first document");
    assert_eq!(idle(), None, "ended after the second");
    assert!(idle().is_some(), "another one for the third");
}

#[test]
fn callers_wait_their_turn_until_they_give_up() {
    if !has_browser() {
        return;
    }
    let folder = scratch();
    let pool = BrowserPool::new(BrowserConfig::new(folder.path()), PoolConfig::default());
    let (gate, opened) = (Mutex::new(Gate::Before), Condvar::new());
    thread::scope(|scope| {
        scope.spawn(|| {
            let mut out = OnFirstWrite::new(|| {
                *gate.lock().unwrap() = Gate::Printing;
                opened.notify_all();
                drop(opened.wait_while(gate.lock().unwrap(), |gate| *gate != Gate::Open).unwrap());
            });
            pool.print(&job("<p>slow reader</p>"), &mut out).expect("a PDF");
        });
        drop(opened.wait_while(gate.lock().unwrap(), |gate| *gate != Gate::Printing).unwrap());

        let late = Watch { deadline: Instant::now() + Duration::from_millis(100), cancel: &|| false };
        let error =
            pool.print(&PrintJob { watch: late, ..job("x") }, &mut Vec::new()).expect_err("none is free");
        assert!(matches!(error, ChromiumError::Timeout { .. }), "{error}");
        let called_off = Watch { cancel: &|| true, ..patient() };
        let error =
            pool.print(&PrintJob { watch: called_off, ..job("x") }, &mut Vec::new()).expect_err("cancelled");
        assert!(matches!(error, ChromiumError::Cancelled), "{error}");

        *gate.lock().unwrap() = Gate::Open;
        opened.notify_all();
        pool.print(&job("<p>patient</p>"), &mut Vec::new()).expect("its turn came");
    });
}

#[derive(PartialEq)]
enum Gate {
    Before,
    Printing,
    Open,
}
