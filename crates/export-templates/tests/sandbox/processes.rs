//! The child itself: what it may have, and how it ends.

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use export_templates::sandbox::{CHILD_ARGUMENT, Sandbox, SandboxError};
use export_templates::{CustomTemplate, ReportView, TemplateErrorKind};
use rustix::process::{Pid, Signal, kill_process};

use crate::support::{
    BOMB, PROGRAM, alone, assert_nothing_is_left, parent_of, sandbox, wait_for, working_children,
};

fn endless() -> CustomTemplate {
    CustomTemplate::new("custom-endless", format!("{BOMB}{{{{ ns.l == ns.m }}}}")).expect("a good name")
}

/// Renders without end, hands the child's id to `look` while it works, then stops.
fn while_it_works(look: impl FnOnce(u32) + Send) -> SandboxError {
    let (sandbox, stop) = (sandbox(), AtomicBool::new(false));
    std::thread::scope(|threads| {
        threads.spawn(|| {
            let working = wait_for("a child", || working_children(std::process::id()).first().copied());
            look(working);
            stop.store(true, Ordering::Relaxed);
        });
        let stop = || stop.load(Ordering::Relaxed);
        sandbox.render(&endless(), &ReportView::sample(), &stop, &mut Vec::new()).expect_err("it never ends")
    })
}

#[test]
fn a_child_may_have_almost_nothing() {
    let _alone = alone();
    let error = while_it_works(|child| {
        // The limit of processor time is the last to be set.
        let limits = wait_for("the last limit", || {
            let limits = fs::read_to_string(format!("/proc/{child}/limits")).unwrap();
            limits.contains("Max cpu time              10 ").then_some(limits)
        });
        for line in [
            "Max address space         1073741824           1073741824",
            "Max cpu time              10                   11",
            "Max open files            0                    0",
            "Max processes             0                    0",
            "Max file size             0                    0",
            "Max core file size        0                    0",
        ] {
            assert!(limits.contains(line), "{line}\n{limits}");
        }
        let status = fs::read_to_string(format!("/proc/{child}/status")).unwrap();
        assert!(status.contains("NoNewPrivs:\t1") && status.contains("Threads:\t1"), "{status}");
        if fs::read_to_string("/proc/self/status").unwrap().contains("Uid:\t0\t0") {
            assert!(
                status.contains("Uid:\t65534\t65534\t65534\t65534") && status.contains("Groups:\t \n"),
                "{status}"
            );
        }
    });
    assert!(matches!(error, SandboxError::Stopped), "{error}");
}

#[test]
fn a_child_is_in_an_empty_network_and_has_none_of_our_environment() {
    let _alone = alone();
    assert!(sandbox().takes_network_away(), "the tests need unprivileged user namespaces");
    while_it_works(|child| {
        // Root reads what the child has closed to others.
        if let (Ok(theirs), Ok(ours)) =
            (fs::read_link(format!("/proc/{child}/ns/net")), fs::read_link("/proc/self/ns/net"))
        {
            assert_ne!(theirs, ours);
        }
        if let Ok(environment) = fs::read(format!("/proc/{child}/environ")) {
            let names: Vec<_> = environment
                .split(|byte| *byte == 0)
                .filter_map(|line| {
                    String::from_utf8_lossy(line).split_once('=').map(|(name, _)| name.to_owned())
                })
                .collect();
            assert_eq!(names, ["LANG", "PATH", "TZ"]);
        }
    });
}

#[test]
fn the_way_a_child_dies_tells_why() {
    let _alone = alone();
    for (signal, kind) in [
        (Signal::XCPU, TemplateErrorKind::TooLong),
        (Signal::ABORT, TemplateErrorKind::TooLarge),
        (Signal::KILL, TemplateErrorKind::Killed),
    ] {
        let error = while_it_works(|child| {
            let child = i32::try_from(child).ok().and_then(Pid::from_raw).unwrap();
            kill_process(child, signal).unwrap();
            wait_for("its end", || working_children(std::process::id()).is_empty().then_some(()));
        });
        assert!(
            matches!(&error, SandboxError::Template(error) if error.kind == kind),
            "{signal:?} is not {error}"
        );
    }
}

#[test]
fn a_caller_can_stop_at_once() {
    let _alone = alone();
    let (sandbox, begun) = (sandbox(), Instant::now());
    let stop = || begun.elapsed() > Duration::from_millis(300);
    let error = sandbox.render(&endless(), &ReportView::sample(), &stop, &mut Vec::new()).unwrap_err();
    assert!(matches!(error, SandboxError::Stopped), "{error}");
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    assert_nothing_is_left();
}

#[test]
fn a_child_dies_with_its_parent() {
    let _alone = alone();
    let mut parent = Command::new(PROGRAM).arg("render-forever").stdin(Stdio::null()).spawn().unwrap();
    let child = wait_for("a child", || working_children(parent.id()).first().copied());
    parent.kill().unwrap();
    parent.wait().unwrap();
    wait_for("the child's end", || parent_of(child).is_none().then_some(()));
}

#[test]
fn a_place_that_is_full_is_no_fault_of_the_template() {
    struct Full;
    impl Write for Full {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let _alone = alone();
    let template = CustomTemplate::new("custom-a", "text").unwrap();
    let error = sandbox().render(&template, &ReportView::sample(), &|| false, &mut Full).unwrap_err();
    assert!(matches!(error, SandboxError::Write(_)), "{error}");
    assert_nothing_is_left();
}

#[test]
fn a_program_that_is_no_child_is_no_fault_of_the_template() {
    let _alone = alone();
    let template = CustomTemplate::new("custom-a", "text").unwrap();
    for program in ["/usr/bin/true", "/usr/bin/env"] {
        let sandbox = Sandbox::new(Path::new(program)).unwrap();
        let error = sandbox.render(&template, &ReportView::sample(), &|| false, &mut Vec::new()).unwrap_err();
        assert!(matches!(error, SandboxError::Unavailable(_)), "{program}: {error}");
    }
    assert!(Sandbox::new(Path::new("/nowhere")).is_err());
    assert_nothing_is_left();
}

#[test]
fn a_child_that_is_asked_nothing_says_nothing() {
    let output = Command::new(PROGRAM).arg(CHILD_ARGUMENT).stdin(Stdio::null()).output().unwrap();
    assert!(!output.status.success() && output.stdout.is_empty() && output.stderr.is_empty());
}

#[test]
fn many_threads_share_one_sandbox() {
    let _alone = alone();
    let (sandbox, view) = (sandbox(), ReportView::sample());
    std::thread::scope(|threads| {
        for n in 0..8 {
            let (sandbox, view) = (&sandbox, &view);
            threads.spawn(move || {
                let template = CustomTemplate::new("custom-a", format!("{n}")).unwrap();
                let mut page = Vec::new();
                sandbox.render(&template, view, &|| false, &mut page).unwrap();
                assert_eq!(page, n.to_string().as_bytes());
            });
        }
    });
    assert_nothing_is_left();
}
