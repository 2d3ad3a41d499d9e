//! Giving and taking at once, with a deadline and somebody who may call it off.

use std::io::{self, Read, Write};
use std::process::{ChildStdin, ChildStdout};
use std::time::{Duration, Instant};

use export_confine::Group;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::{Errno, ioctl_fionbio};

/// The longest that nobody is asked whether to stop.
const SLICE: Duration = Duration::from_millis(200);

/// Why a conversation ended before its end.
#[derive(Debug)]
pub(super) enum Broken {
    /// The caller asked to stop.
    Stopped,
    /// The deadline passed.
    Late,
    /// The system refused.
    System(io::Error),
}

impl From<io::Error> for Broken {
    fn from(error: io::Error) -> Self {
        Self::System(error)
    }
}

impl From<Errno> for Broken {
    fn from(error: Errno) -> Self {
        Self::System(error.into())
    }
}

/// When to give up.
pub(super) struct Watch<'a> {
    pub(super) deadline: Instant,
    /// Asked at least four times a second; `true` ends the conversation.
    pub(super) stop: &'a dyn Fn() -> bool,
}

/// Writes a request to a child while it reads the answer, for a child may answer before it has read all.
pub(super) struct Conversation<'a> {
    /// None when all is written, or nobody reads any more.
    input: Option<ChildStdin>,
    output: ChildStdout,
    request: &'a [u8],
    watch: Watch<'a>,
    asked: Option<Instant>,
}

impl<'a> Conversation<'a> {
    /// Takes the child's pipes.
    pub(super) fn new(child: &mut Group, request: &'a [u8], watch: Watch<'a>) -> Result<Self, Broken> {
        let leader = child.leader();
        let pipes = leader.stdin.take().zip(leader.stdout.take());
        let (input, output) = pipes.expect("the child was started with both piped");
        ioctl_fionbio(&input, true)?;
        ioctl_fionbio(&output, true)?;
        Ok(Self { input: Some(input), output, request, watch, asked: None })
    }

    /// Waits for a piece of the answer and tells its length, 0 at its end.
    pub(super) fn read(&mut self, piece: &mut [u8]) -> Result<usize, Broken> {
        loop {
            let (can_write, can_read) = self.wait()?;
            if can_write {
                self.write();
            }
            if can_read {
                match self.output.read(piece) {
                    Err(error) if is_for_now(&error) => {}
                    read => return Ok(read?),
                }
            }
        }
    }

    fn wait(&mut self) -> Result<(bool, bool), Broken> {
        let now = Instant::now();
        if self.asked.is_none_or(|asked| now.duration_since(asked) >= SLICE) {
            self.asked = Some(now);
            if (self.watch.stop)() {
                return Err(Broken::Stopped);
            }
        }
        let left = self.watch.deadline.saturating_duration_since(now);
        if left.is_zero() {
            return Err(Broken::Late);
        }
        let limit = Timespec::try_from(left.min(SLICE)).expect("a fraction of a second fits");
        let mut pipes = vec![PollFd::new(&self.output, PollFlags::IN)];
        pipes.extend(self.input.as_ref().map(|input| PollFd::new(input, PollFlags::OUT)));
        match poll(&mut pipes, Some(&limit)) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
        let ready = |pipe: Option<&PollFd<'_>>| pipe.is_some_and(|pipe| !pipe.revents().is_empty());
        Ok((ready(pipes.get(1)), ready(pipes.first())))
    }

    fn write(&mut self) {
        let Some(input) = &mut self.input else { return };
        match input.write(self.request) {
            Ok(written) => self.request = &self.request[written..],
            Err(error) if is_for_now(&error) => return,
            // The child is gone, or has heard enough: what it says or how it ended tells more.
            Err(_) => self.request = &[],
        }
        if self.request.is_empty() {
            self.input = None;
        }
    }
}

fn is_for_now(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted)
}
