//! Child processes that get as little as they can work with, and that leave nothing behind.
//!
//! What a tenant or a finding brings (a page to print, a template to render) is worked on in a process of its own:
//! no root, no environment, and no network where the system lets us take it away. What else it must not do is up to
//! the program: the browser has its sandbox, the template's child lowers its own limits.

mod group;

pub use group::Group;

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

/// The user and group `nobody`, whom children run as when we are root.
pub const NOBODY: u32 = 65534;

/// `unshare` of util-linux, where distributions put it.
pub const UNSHARE: &str = "/usr/bin/unshare";

/// Every child's whole `PATH`.
const SYSTEM_PATH: &str = "/usr/sbin:/usr/bin:/sbin:/bin";

/// A program that runs as nobody if we are root, with none of our environment (it may hold secrets).
#[must_use]
pub fn unprivileged(program: &Path) -> Command {
    let mut command = Command::new(program);
    command.env_clear().env("PATH", SYSTEM_PATH).env("LANG", "C.UTF-8").env("TZ", "UTC").current_dir("/");
    if is_root() {
        command.uid(NOBODY).gid(NOBODY);
    }
    command
}

/// The same in a user namespace of its own, where a new and empty network belongs to it.
#[must_use]
pub fn without_network(unshare: &Path, program: &Path) -> Command {
    let mut command = unprivileged(unshare);
    command.args(["--user", "--map-current-user", "--net", "--"]).arg(program);
    command
}

/// Whether [`without_network`] works here: containers and hardened systems may forbid it.
#[must_use]
pub fn has_namespaces(unshare: &Path) -> bool {
    without_network(unshare, Path::new("true"))
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Whether we may do everything, and children must not.
#[must_use]
pub fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}
