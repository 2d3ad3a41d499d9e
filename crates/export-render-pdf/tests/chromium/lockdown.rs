//! Where and how the browser is started, and what happens where it cannot be.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use super::support::{CHROMIUM, browser_in, has_browser, job, launch, patient, print, scratch, script};
use export_render_pdf::chromium::{Browser, BrowserConfig, ChromiumError, Isolation};

/// Chromium where no more user namespaces can be made, so that it has no sandbox.
const NO_NAMESPACES: &str = r#"exec unshare --user --map-current-user --keep-caps sh -c '
    echo 0 > /proc/sys/user/max_user_namespaces &&
    exec setpriv --ambient-caps=-all --inh-caps=-all -- /usr/lib/chromium/chromium-headless-shell "$@"' sh "$@""#;

#[test]
fn a_missing_browser_is_named_with_the_remedy() {
    let folder = scratch();
    let config = BrowserConfig {
        executable: Some("/nonexistent/chromium".into()),
        ..BrowserConfig::new(folder.path())
    };
    let error = Browser::launch(&config, &patient()).expect_err("there is none");
    assert!(matches!(error, ChromiumError::Missing { .. }));
    let message = error.to_string();
    assert!(
        message.contains("/nonexistent/chromium") && message.contains("chromium-headless-shell"),
        "{message}"
    );
}

#[test]
fn a_browser_that_ends_at_once_is_quoted() {
    let folder = scratch();
    let executable = Some(script(&folder, "echo something is wrong >&2; exit 3"));
    let config = BrowserConfig { executable, ..BrowserConfig::new(folder.path()) };
    let error = Browser::launch(&config, &patient()).expect_err("it ends");
    assert!(matches!(&error, ChromiumError::Launch { detail } if detail == "something is wrong"), "{error}");
}

#[test]
fn without_a_sandbox_it_starts_only_when_allowed() {
    if !has_browser() {
        return;
    }
    let folder = scratch();
    let executable = Some(script(&folder, NO_NAMESPACES));
    let strict = BrowserConfig { executable, ..BrowserConfig::new(folder.path()) };
    let error = Browser::launch(&strict, &patient()).expect_err("there is no sandbox");
    assert!(matches!(error, ChromiumError::SandboxUnavailable { .. }), "{error}");

    let lax = BrowserConfig { allow_unsandboxed: true, ..strict };
    let mut browser = Browser::launch(&lax, &patient()).expect("it starts without");
    assert_eq!(browser.isolation(), Isolation::None);
    print(&mut browser, &job("<p>text</p>")).expect("a PDF");
}

#[test]
fn the_browser_is_neither_root_nor_heir_of_our_environment() {
    if !has_browser() {
        return;
    }
    let folder = scratch();
    let _browser = launch(&folder);
    let process = browser_in(folder.path()).expect("it runs");
    let read = |file: &str| {
        fs::read_to_string(format!("/proc/{process}/{file}")).expect("its own or root's to read")
    };

    let uid = read("status").lines().find_map(|line| Some(line.strip_prefix("Uid:")?.to_owned()));
    assert_ne!(uid.expect("every process has one").split_whitespace().next(), Some("0"));
    let environment = read("environ");
    assert!(!environment.contains("CARGO_MANIFEST_DIR"), "{environment}");
    // Only loopback, and that is down.
    let devices: Vec<String> = read("net/dev").lines().skip(2).map(str::to_owned).collect();
    assert!(devices.len() == 1 && devices[0].trim_start().starts_with("lo:"), "{devices:?}");
}

#[test]
fn a_folder_that_nobody_can_enter_is_named() {
    let closed = scratch();
    fs::set_permissions(closed.path(), Permissions::from_mode(0o700)).expect("our own folder");
    if !rustix::process::geteuid().is_root() || !has_browser() {
        return;
    }
    let error =
        Browser::launch(&BrowserConfig::new(closed.path()), &patient()).expect_err("nobody can enter");
    let message = error.to_string();
    assert!(message.contains(&closed.path().display().to_string()), "{message}");
}

#[test]
fn the_browser_under_test_is_the_one_that_is_found() {
    if !has_browser() {
        return;
    }
    let folder = scratch();
    let _browser = launch(&folder);
    let process = browser_in(folder.path()).expect("it runs");
    let command = fs::read_to_string(format!("/proc/{process}/cmdline")).expect("/proc");
    assert!(command.starts_with(CHROMIUM), "{command}");
    for flag in ["--proxy-bypass-list=<-loopback>", "--host-resolver-rules=MAP * ~NOTFOUND"] {
        assert!(command.contains(flag), "{flag} is missing");
    }
    assert!(!command.contains("--no-sandbox"));
}
