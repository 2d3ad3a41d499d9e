//! What the tests share: a folder for the browser, a document to print, and a look at the processes.

use std::cell::OnceCell;
use std::fs::{self, Permissions};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use export_render_pdf::chromium::{Browser, BrowserConfig, ChromiumError, Margins, PrintJob, Watch};
use tempfile::TempDir;

pub(crate) const CHROMIUM: &str = "/usr/lib/chromium/chromium-headless-shell";

/// A folder for one test, which the user nobody can enter.
pub(crate) fn scratch() -> TempDir {
    tempfile::Builder::new().permissions(Permissions::from_mode(0o755)).tempdir().expect("a temporary folder")
}

/// Whether to go on. Says so when not; on CI that is a failure.
#[expect(clippy::print_stderr, reason = "a skipped test must be seen")]
pub(crate) fn has_browser() -> bool {
    let found = Path::new(CHROMIUM).exists();
    assert!(found || std::env::var_os("CI").is_none(), "no browser at {CHROMIUM}: run scripts/setup.sh test");
    if !found {
        eprintln!("SKIPPED: no browser at {CHROMIUM}: run scripts/setup.sh test");
    }
    found
}

/// Generous: it is there to end a hanging test, not to measure.
pub(crate) fn patient() -> Watch<'static> {
    Watch { deadline: Instant::now() + Duration::from_secs(60), cancel: &|| false }
}

pub(crate) fn launch(scratch: &TempDir) -> Browser {
    Browser::launch(&BrowserConfig::new(scratch.path()), &patient()).expect("the browser starts")
}

pub(crate) fn job(html: &str) -> PrintJob<'_> {
    PrintJob {
        html,
        header: "",
        footer: "",
        margins: Margins { top: 10.0, right: 10.0, bottom: 15.0, left: 10.0 },
        tagged: false,
        outline: false,
        created: "2001-02-03T04:05:06Z".parse().expect("a time"),
        watch: patient(),
    }
}

/// A table long enough that its PDF comes in several chunks when it is tagged.
pub(crate) fn big_page(rows: usize) -> String {
    let rows: String = (0..rows)
        .map(|row| format!("<tr><td>row-{row}</td><td>CVE-2024-{row}</td><td>some package</td></tr>"))
        .collect();
    format!("<!doctype html><title>Big</title><h1>Findings</h1><table>{rows}</table>")
}

pub(crate) fn print(browser: &mut Browser, job: &PrintJob<'_>) -> Result<Vec<u8>, ChromiumError> {
    let mut pdf = Vec::new();
    let printed = browser.print(job, &mut pdf)?;
    assert_eq!(printed.bytes, pdf.len() as u64);
    Ok(pdf)
}

/// What another program reads in a PDF.
pub(crate) fn tool(tool: &str, options: &[&str], pdf: &[u8]) -> String {
    let folder = scratch();
    let file = folder.path().join("a.pdf");
    fs::write(&file, pdf).expect("a temporary file");
    let mut command = Command::new(tool);
    command.args(options).arg(file);
    if tool == "pdftotext" {
        command.arg("-");
    }
    let output =
        command.output().unwrap_or_else(|error| panic!("{tool}: {error}: run scripts/setup.sh test"));
    assert!(output.status.success(), "{tool}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub(crate) fn text(pdf: &[u8]) -> String {
    tool("pdftotext", &["-layout"], pdf)
}

/// The browser whose profile is in `scratch`: its process id.
pub(crate) fn browser_in(scratch: &Path) -> Option<u32> {
    let profile = format!("--user-data-dir={}", scratch.display());
    processes().into_iter().find(|id| {
        let command = fs::read_to_string(format!("/proc/{id}/cmdline")).unwrap_or_default();
        command.split('\0').any(|word| word.starts_with(&profile)) && !command.contains("\0--type=")
    })
}

/// The processes of a browser that hold its pages.
pub(crate) fn renderers_of(group: u32) -> Vec<u32> {
    let is_renderer = |id: &u32| {
        let command = fs::read_to_string(format!("/proc/{id}/cmdline")).unwrap_or_default();
        is_in_group(*id, &group.to_string()) && command.contains("--type=renderer")
    };
    processes().into_iter().filter(is_renderer).collect()
}

/// Waits until no process of the group is left; zombies are dead.
pub(crate) fn wait_for_end_of(group: u32) {
    let group = group.to_string();
    let (_never, timer) = std::sync::mpsc::channel::<()>();
    let deadline = Instant::now() + Duration::from_secs(20);
    while processes().into_iter().any(|id| is_in_group(id, &group)) {
        assert!(Instant::now() < deadline, "the browser's processes are still there");
        let _ = timer.recv_timeout(Duration::from_millis(20));
    }
}

/// Fields 3 and 5 of `/proc/<id>/stat`, counted after the name, which may hold anything: state and group.
fn is_in_group(id: u32, group: &str) -> bool {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    fields.first() != Some(&"Z") && fields.get(2) == Some(&group)
}

fn processes() -> Vec<u32> {
    let entries = fs::read_dir("/proc").expect("/proc");
    entries.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok()).collect()
}

pub(crate) fn signal(process: u32, signal: rustix::process::Signal) {
    let id = i32::try_from(process).ok().and_then(rustix::process::Pid::from_raw).expect("a process id");
    // One that is gone already needs no signal.
    let _ = rustix::process::kill_process(id, signal);
}

/// A writer that does something when the first bytes arrive: the middle of a print.
pub(crate) struct OnFirstWrite<F> {
    act: F,
    acted: OnceCell<()>,
}

impl<F: Fn()> OnFirstWrite<F> {
    pub(crate) fn new(act: F) -> Self {
        Self { act, acted: OnceCell::new() }
    }
}

impl<F: Fn()> Write for OnFirstWrite<F> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.acted.get_or_init(&self.act);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// An executable shell script, such as a browser that behaves badly.
pub(crate) fn script(folder: &TempDir, body: &str) -> PathBuf {
    let path = folder.path().join("script.sh");
    fs::write(&path, format!("#!/bin/sh\n{body}\n")).expect("a temporary file");
    fs::set_permissions(&path, Permissions::from_mode(0o755)).expect("our own file");
    path
}
