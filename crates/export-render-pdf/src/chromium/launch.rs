//! Finding, locking down and starting the browser.
//!
//! The document is a tenant's and the browser is large, so it gets as little as it can work with: no root, no
//! network, no environment, no file but its own folder. Each layer stands alone as well: the flags below keep
//! a page from the network where no namespace can be had.

use std::fs::Permissions;
use std::io::{PipeReader, PipeWriter, pipe};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};

use command_fds::{CommandFdExt, FdMapping};
use export_confine::{NOBODY, has_namespaces, is_root, unprivileged, without_network};

use super::process::Process;
use super::{BrowserConfig, ChromiumError, Isolation};

/// Where distributions put the browser, the small headless one first.
const CANDIDATES: [&str; 7] = [
    "/usr/lib/chromium/chromium-headless-shell",
    "/usr/bin/chromium-headless-shell",
    "/usr/lib/chromium/chromium",
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome-stable",
    "/usr/bin/google-chrome",
];

const FLAGS: [&str; 17] = [
    "--headless",
    "--remote-debugging-pipe",
    // A proxy that nobody listens on. Chromium bypasses proxies for loopback unless told otherwise.
    "--proxy-server=http://127.0.0.1:1",
    "--proxy-bypass-list=<-loopback>",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-domain-reliability",
    "--disable-extensions",
    "--disable-sync",
    "--no-first-run",
    // Containers have 64 MB of /dev/shm, which a large page exceeds.
    "--disable-dev-shm-usage",
    "--disable-breakpad",
    "--disable-gpu",
    // The same glyph positions on every machine.
    "--font-render-hinting=none",
    "--lang=en-US",
];

/// Our two ends of a started browser.
pub(super) struct Started {
    pub(super) process: Process,
    pub(super) to_browser: PipeWriter,
    pub(super) from_browser: PipeReader,
}

/// The configured browser, or the first one that is installed.
pub(super) fn find(configured: Option<&Path>) -> Result<PathBuf, ChromiumError> {
    let candidates =
        configured.map_or_else(|| CANDIDATES.map(PathBuf::from).to_vec(), |path| vec![path.into()]);
    candidates.iter().find(|path| path.is_file()).cloned().ok_or_else(|| ChromiumError::Missing {
        searched: candidates.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(", "),
    })
}

/// The ways to start a browser here, the safest first. The last one is there only if it was allowed.
pub(super) fn levels(config: &BrowserConfig) -> Vec<Isolation> {
    let mut levels = vec![Isolation::Sandbox];
    if has_namespaces(&config.unshare) {
        levels.insert(0, Isolation::SandboxWithoutNetwork);
    }
    if config.allow_unsandboxed {
        levels.push(Isolation::None);
    }
    levels
}

/// Starts the browser in a new folder below `config.scratch`. It may still die at once.
pub(super) fn start(
    browser: &Path,
    config: &BrowserConfig,
    level: Isolation,
) -> Result<Started, ChromiumError> {
    let scratch = tempfile::Builder::new()
        .prefix("chromium-")
        .permissions(Permissions::from_mode(0o700))
        .tempdir_in(&config.scratch)
        .map_err(ChromiumError::io("creating the browser's folder"))?;
    if is_root() {
        reachable_by_nobody(scratch.path())?;
        chown(scratch.path(), Some(NOBODY), Some(NOBODY))
            .map_err(ChromiumError::io("handing the folder over"))?;
    }

    let pipes = || pipe().map_err(ChromiumError::io("creating a pipe"));
    let ((commands, to_browser), (from_browser, replies)) = (pipes()?, pipes()?);
    let mut command = match level {
        Isolation::SandboxWithoutNetwork => without_network(&config.unshare, browser),
        Isolation::Sandbox | Isolation::None => unprivileged(browser),
    };
    command
        .args(FLAGS)
        .arg(format!("--user-data-dir={}", scratch.path().join("profile").display()))
        .env("HOME", scratch.path())
        .env("TMPDIR", scratch.path())
        .fd_mappings(vec![
            FdMapping { parent_fd: commands.into(), child_fd: 3 },
            FdMapping { parent_fd: replies.into(), child_fd: 4 },
        ])
        .expect("3 and 4 are different");
    if level == Isolation::None {
        command.arg("--no-sandbox");
    }
    let process = Process::spawn(command, scratch)
        .map_err(|error| ChromiumError::Launch { detail: format!("{}: {error}", browser.display()) })?;
    Ok(Started { process, to_browser, from_browser })
}

/// Says early and clearly what would otherwise be a crash of the browser with an obscure message.
fn reachable_by_nobody(scratch: &Path) -> Result<(), ChromiumError> {
    let closed = scratch.ancestors().skip(1).find(|folder| {
        folder.metadata().is_ok_and(|folder| folder.uid() != NOBODY && folder.mode() & 0o001 == 0)
    });
    closed.map_or(Ok(()), |folder| {
        let detail = format!(
            "as root the browser runs as the user nobody, who cannot enter {}; choose a scratch folder that everybody can reach",
            folder.display()
        );
        Err(ChromiumError::Launch { detail })
    })
}
