//! The parent: it starts the child, watches it, and takes nothing of it on trust.

use std::fmt;
use std::io::{self, Write};
use std::os::fd::OwnedFd;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use command_fds::{CommandFdExt, FdMapping};
use export_confine::{Group, UNSHARE, has_namespaces, unprivileged, without_network};
use rustix::fs::{Mode, OFlags};
use rustix::process::Signal;

use super::conversation::{Broken, Conversation, Watch};
use super::wire::{Decoder, Frame, write_request};
use super::{CHILD_ARGUMENT, SandboxError};
use crate::custom::CustomTemplate;
use crate::error::{TemplateError, TemplateErrorKind};
use crate::templates::{Limits, is_text};
use crate::view::ReportView;

/// How long a template may take, by the clock on the wall.
pub const WALL_LIMIT: Duration = Duration::from_secs(15);

/// Where the child finds the program, by this descriptor.
const PROGRAM: i32 = 3;

/// How long a child may take between its last byte and its end.
const LAST_MOMENT: Duration = Duration::from_secs(1);

/// The exit code of a Rust program that panicked.
const PANICKED: i32 = 101;

/// Starts a process for each page. Any number of threads may use one.
pub struct Sandbox {
    /// The program itself, not its path: it is the same program after its file was replaced, and nobody need be able
    /// to enter the folder that it lies in.
    program: OwnedFd,
    /// Takes the network away; `None` where that cannot be done.
    unshare: Option<PathBuf>,
    wall_limit: Duration,
}

impl Sandbox {
    /// A sandbox whose children are this very program.
    ///
    /// # Errors
    /// `/proc` is not there.
    pub fn of_this_program() -> io::Result<Self> {
        Self::new(Path::new("/proc/self/exe"))
    }

    /// A sandbox whose children are another program that calls [`super::serve_child`].
    ///
    /// # Errors
    /// The program cannot be opened.
    pub fn new(program: &Path) -> io::Result<Self> {
        let program = rustix::fs::open(program, OFlags::PATH | OFlags::CLOEXEC, Mode::empty())?;
        let unshare = Some(PathBuf::from(UNSHARE)).filter(|unshare| has_namespaces(unshare));
        Ok(Self { program, unshare, wall_limit: WALL_LIMIT })
    }

    /// The same with another limit than [`WALL_LIMIT`].
    #[must_use]
    pub fn with_wall_limit(self, wall_limit: Duration) -> Self {
        Self { wall_limit, ..self }
    }

    /// Whether children are in a network of their own, with nothing in it. Elsewhere they still cannot open a socket,
    /// because they cannot open anything.
    #[must_use]
    pub fn takes_network_away(&self) -> bool {
        self.unshare.is_some()
    }

    /// Parses the template and all that it includes by name. Unknown filters, functions and fields are found by
    /// rendering: try it with [`ReportView::sample`].
    ///
    /// # Errors
    /// [`SandboxError::Template`] has the first mistake with its place.
    pub fn check(&self, template: &CustomTemplate) -> Result<(), SandboxError> {
        self.ask(template, None, &|| false, &mut io::sink())
    }

    /// Writes the page of `view` by the template, as UTF-8. `stop` is asked at least four times a second.
    ///
    /// Every way out leaves no process behind.
    ///
    /// # Errors
    /// What was written by then is of no use.
    pub fn render(
        &self,
        template: &CustomTemplate,
        view: &ReportView,
        stop: &dyn Fn() -> bool,
        out: &mut dyn Write,
    ) -> Result<(), SandboxError> {
        self.ask(template, Some(view), stop, out)
    }

    fn ask(
        &self,
        template: &CustomTemplate,
        view: Option<&ReportView>,
        stop: &dyn Fn() -> bool,
        out: &mut dyn Write,
    ) -> Result<(), SandboxError> {
        let deadline = Instant::now() + self.wall_limit;
        let request = write_request(template, view).map_err(SandboxError::Unavailable)?;
        let mut child = self.start().map_err(SandboxError::Unavailable)?;
        let broken = |broken| failure(template, broken);
        let mut talk = Conversation::new(&mut child, &request, Watch { deadline, stop }).map_err(broken)?;
        let mut page = Page { template, out, room: Limits::TENANT.output, frames: Decoder::default() };
        let mut piece = vec![0; 64 << 10];
        loop {
            let read = talk.read(&mut piece).map_err(broken)?;
            if read == 0 {
                child.settle(LAST_MOMENT);
                return Err(fate(template, child.end()));
            }
            if let Some(outcome) = page.take(&piece[..read]) {
                return outcome;
            }
        }
    }

    fn start(&self) -> io::Result<Group> {
        let program = PathBuf::from(format!("/proc/self/fd/{PROGRAM}"));
        let mut command = match &self.unshare {
            Some(unshare) => without_network(unshare, &program),
            None => unprivileged(&program),
        };
        self.dress(&mut command)?;
        Group::spawn(command)
    }

    fn dress(&self, command: &mut Command) -> io::Result<()> {
        let program = FdMapping { parent_fd: self.program.try_clone()?, child_fd: PROGRAM };
        command
            .arg(CHILD_ARGUMENT)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .fd_mappings(vec![program])
            .expect("there is one descriptor");
        Ok(())
    }
}

impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { unshare, wall_limit, .. } = self;
        f.debug_struct("Sandbox")
            .field("unshare", unshare)
            .field("wall_limit", wall_limit)
            .finish_non_exhaustive()
    }
}

/// A page as it arrives.
struct Page<'a> {
    template: &'a CustomTemplate,
    out: &'a mut dyn Write,
    room: u64,
    frames: Decoder,
}

impl Page<'_> {
    /// Takes a piece of the answer; the outcome if that was its end.
    fn take(&mut self, piece: &[u8]) -> Option<Result<(), SandboxError>> {
        self.frames.take(piece);
        loop {
            let outcome = match self.frames.next() {
                Ok(None) => return None,
                Ok(Some(Frame::Page(bytes))) => match self.write(&bytes) {
                    Ok(()) => continue,
                    Err(error) => Err(error),
                },
                Ok(Some(Frame::Done)) => Ok(()),
                Ok(Some(Frame::Failed(error))) => Err(SandboxError::Template(self.checked(error))),
                Err(error) => Err(SandboxError::Unavailable(error)),
            };
            return Some(outcome);
        }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), SandboxError> {
        let room = self.room.checked_sub(bytes.len() as u64);
        self.room = room.ok_or_else(|| mistake(self.template, TemplateErrorKind::Output))?;
        self.out.write_all(bytes).map_err(SandboxError::Write)
    }

    /// An error tells the name of a template that we know, and no other text.
    fn checked(&self, error: TemplateError) -> TemplateError {
        let known = error.template == self.template.name() || is_text(&error.template);
        if known { error } else { TemplateError::whole(self.template.name(), error.kind) }
    }
}

fn mistake(template: &CustomTemplate, kind: TemplateErrorKind) -> SandboxError {
    SandboxError::Template(TemplateError::whole(template.name(), kind))
}

fn failure(template: &CustomTemplate, broken: Broken) -> SandboxError {
    match broken {
        Broken::Stopped => SandboxError::Stopped,
        Broken::Late => mistake(template, TemplateErrorKind::TooLong),
        Broken::System(error) => SandboxError::Unavailable(error),
    }
}

/// What it means that a child ended without a last word.
fn fate(template: &CustomTemplate, status: Option<ExitStatus>) -> SandboxError {
    let Some(status) = status else {
        return SandboxError::Unavailable(io::Error::other("somebody else waited for it"));
    };
    let died_of = |signals: &[Signal]| {
        status.signal().is_some_and(|died| signals.iter().any(|signal| signal.as_raw() == died))
    };
    if died_of(&[Signal::XCPU]) {
        return mistake(template, TemplateErrorKind::TooLong);
    }
    // Memory or stack that cannot be had ends a Rust program by its own hand, or by a fault.
    if died_of(&[Signal::ABORT, Signal::SEGV, Signal::BUS]) {
        return mistake(template, TemplateErrorKind::TooLarge);
    }
    if status.signal().is_some() || status.code() == Some(PANICKED) {
        return mistake(template, TemplateErrorKind::Killed);
    }
    SandboxError::Unavailable(io::Error::other(format!("it ended without an answer, {status}")))
}
