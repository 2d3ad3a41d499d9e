//! A sandbox, and eyes on the processes that it starts.

use std::fs;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use export_templates::sandbox::{CHILD_ARGUMENT, Sandbox, SandboxError, WALL_LIMIT};
use export_templates::{CustomTemplate, ReportView, TemplateError};

/// The program of the tests, which is its own child.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_export-template-child");

/// Shorter than in earnest, for templates that only the clock ends.
pub(crate) const SHORT: Duration = Duration::from_secs(3);

/// Two lists of a few kilobytes that are endless when they are compared or written out.
pub(crate) const BOMB: &str = "{% set ns = namespace(l=[1], m=[1]) %}\
    {% for i in range(40) %}{% set ns.l = [ns.l, ns.l] %}{% set ns.m = [ns.m, ns.m] %}{% endfor %}";

/// Tests look at all children of their process, so one at a time has any.
static ALONE: Mutex<()> = Mutex::new(());

pub(crate) fn alone() -> MutexGuard<'static, ()> {
    ALONE.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn sandbox() -> Sandbox {
    Sandbox::new(Path::new(PROGRAM)).expect("the test's program is there")
}

/// Renders a tenant's template in a child. However that ends, it ends in time and leaves no process.
pub(crate) fn render(source: &str, view: &ReportView) -> Result<String, TemplateError> {
    render_within(WALL_LIMIT, source, view)
}

/// The same with a limit of the test's own.
pub(crate) fn render_within(
    limit: Duration,
    source: &str,
    view: &ReportView,
) -> Result<String, TemplateError> {
    let mut page = Vec::new();
    ask(limit, source, |sandbox, template| sandbox.render(template, view, &|| false, &mut page))?;
    Ok(String::from_utf8(page).expect("a page is UTF-8"))
}

/// Checks one, likewise.
pub(crate) fn check(source: &str) -> Result<(), TemplateError> {
    ask(WALL_LIMIT, source, Sandbox::check)
}

fn ask(
    limit: Duration,
    source: &str,
    question: impl FnOnce(&Sandbox, &CustomTemplate) -> Result<(), SandboxError>,
) -> Result<(), TemplateError> {
    let _alone = alone();
    let template = CustomTemplate::new("custom-aurora-own", source)?;
    let (sandbox, begun) = (sandbox().with_wall_limit(limit), Instant::now());
    let outcome = question(&sandbox, &template);
    assert!(begun.elapsed() < limit + Duration::from_secs(3), "{:?}", begun.elapsed());
    assert_nothing_is_left();
    match outcome {
        Ok(()) => Ok(()),
        Err(SandboxError::Template(error)) => Err(error),
        Err(other) => panic!("{other}"),
    }
}

/// No process of ours is there, alive or dead.
pub(crate) fn assert_nothing_is_left() {
    let left = children(std::process::id());
    assert!(left.is_empty(), "{left:?} is left behind");
}

/// The process ids of the children of a process, dead ones that nobody reaped among them.
fn children(parent: u32) -> Vec<u32> {
    let processes = fs::read_dir("/proc").expect("/proc is there").flatten();
    let ids = processes.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    ids.filter(|id| parent_of(*id) == Some(parent)).collect()
}

/// The process ids of the children that work: those that have become the program.
pub(crate) fn working_children(parent: u32) -> Vec<u32> {
    let works = |id: &u32| {
        fs::read(format!("/proc/{id}/cmdline")).is_ok_and(|line| {
            let mut words = line.split(|byte| *byte == 0);
            !words.next().is_some_and(|first| first.ends_with(b"unshare"))
                && words.next() == Some(CHILD_ARGUMENT.as_bytes())
        })
    };
    children(parent).into_iter().filter(works).collect()
}

/// The parent of a process that is there.
pub(crate) fn parent_of(id: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    // The name stands in parentheses and may hold anything, so count from its end.
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}

/// Asks again until there is an answer, for five seconds.
pub(crate) fn wait_for<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(5) {
        if let Some(answer) = ask() {
            return answer;
        }
        std::thread::yield_now();
    }
    panic!("waited in vain for {what}");
}
