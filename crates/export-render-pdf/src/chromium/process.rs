//! The browser's process group and its folder: both are gone when this is dropped.

use std::collections::VecDeque;
use std::io::{self, Read};
use std::process::{ChildStderr, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use export_confine::Group;
use tempfile::TempDir;

/// How much of the end of the browser's error output is kept.
const TAIL: usize = 4096;

/// A running browser and what it says before it dies.
#[derive(Debug)]
pub(super) struct Process {
    group: Group,
    tail: Receiver<String>,
    /// Holds profile, home and temporary files; removed after the processes are dead, for it is dropped last.
    _scratch: TempDir,
}

impl Process {
    /// Starts the command with no input and no output but the error output.
    pub(super) fn spawn(mut command: Command, scratch: TempDir) -> io::Result<Self> {
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut group = Group::spawn(command)?;
        let stderr = group.leader().stderr.take().expect("stderr is piped just above");
        let (sender, tail) = channel();
        thread::spawn(move || sender.send(read_tail(stderr)));
        Ok(Self { group, tail, _scratch: scratch })
    }

    /// The process id, which is the group's id too.
    pub(super) fn id(&self) -> u32 {
        self.group.id()
    }

    /// Kills the browser and returns the last lines that it wrote.
    pub(super) fn kill(&mut self) -> String {
        self.group.end();
        // All writers are dead, so this comes at once; the limit is for a process that left the group.
        self.tail.recv_timeout(Duration::from_secs(1)).unwrap_or_default()
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
