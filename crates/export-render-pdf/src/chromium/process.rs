//! The browser's process group and its folder: both are gone when this is dropped.

use std::collections::VecDeque;
use std::io::Read;
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process_group};
use tempfile::TempDir;

/// How much of the end of the browser's error output is kept.
const TAIL: usize = 4096;

/// A running browser, leader of a process group of its own.
#[derive(Debug)]
pub(super) struct Process {
    child: Child,
    tail: Receiver<String>,
    ended: bool,
    /// Holds profile, home and temporary files; removed after the processes are dead.
    _scratch: TempDir,
}

impl Process {
    /// Starts the command with no input and no output but the error output.
    pub(super) fn spawn(mut command: Command, scratch: TempDir) -> std::io::Result<Self> {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .process_group(0)
            .spawn()?;
        let stderr = child.stderr.take().expect("stderr is piped just above");
        let (sender, tail) = channel();
        thread::spawn(move || sender.send(read_tail(stderr)));
        Ok(Self { child, tail, ended: false, _scratch: scratch })
    }

    /// The process id, which is the group's id too.
    pub(super) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Kills the browser and returns the last lines that it wrote.
    pub(super) fn kill(&mut self) -> String {
        self.end();
        // All writers are dead, so this comes at once; the limit is for a process that left the group.
        self.tail.recv_timeout(Duration::from_secs(1)).unwrap_or_default()
    }

    /// Kills the group, then reaps its leader: as long as the leader is not reaped, its id is no other's.
    fn end(&mut self) {
        if std::mem::replace(&mut self.ended, true) {
            return;
        }
        let group = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        // No such group: every member is dead already. Waiting fails only for a child that was waited for.
        let _ = group.map(|group| kill_process_group(group, Signal::KILL));
        let _ = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

fn read_tail(mut stderr: ChildStderr) -> String {
    let mut tail = VecDeque::new();
    let mut chunk = [0; 1024];
    while let Ok(read @ 1..) = stderr.read(&mut chunk) {
        tail.extend(&chunk[..read]);
        tail.drain(..tail.len().saturating_sub(TAIL));
    }
    String::from_utf8_lossy(tail.make_contiguous()).trim().to_owned()
}
