//! The child: it takes away from itself what it does not need, then reads, renders, writes.

use std::io::{self, BufReader, Write, stdin, stdout};
use std::process::ExitCode;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{
    DumpableBehavior, Resource, Rlimit, Signal, set_dumpable_behavior, set_parent_process_death_signal,
    setrlimit,
};
use rustix::thread::set_no_new_privs;

use super::wire::{Frames, read_request};
use crate::templates::Templates;

/// Bytes of address space that a template's process may have.
pub const MEMORY_LIMIT: u64 = 1 << 30;

/// Seconds of processor time that it may take.
pub const CPU_LIMIT: u64 = 10;

/// Bytes of its stack: the system's default, whatever we were started with.
const STACK_LIMIT: u64 = 8 << 20;

/// Renders one template and ends. A program calls this first of all when its first argument is
/// [`super::CHILD_ARGUMENT`]; what it returns is for the program to exit with.
#[must_use]
pub fn serve_child() -> ExitCode {
    // Nobody reads words: the parent takes what is not a whole answer for a failure.
    match confine().and_then(|()| answer(stdout().lock())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(_) => ExitCode::FAILURE,
    }
}

/// Before a byte is read. The limits hold for good: a process without privileges cannot raise them again.
fn confine() -> io::Result<()> {
    set_parent_process_death_signal(Some(Signal::KILL))?;
    parent_reads()?;
    set_no_new_privs(true)?;
    // Other processes of the same user neither read its memory nor trace it.
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    let limits = [
        (Resource::As, MEMORY_LIMIT),
        (Resource::Stack, STACK_LIMIT),
        (Resource::Core, 0),
        (Resource::Fsize, 0),
        (Resource::Nproc, 0),
        // No new descriptor: the open ones stay, but no file and no socket comes after them.
        (Resource::Nofile, 0),
    ];
    for (resource, limit) in limits {
        setrlimit(resource, Rlimit { current: Some(limit), maximum: Some(limit) })?;
    }
    // The softer limit ends the process with a signal that tells why.
    setrlimit(Resource::Cpu, Rlimit { current: Some(CPU_LIMIT), maximum: Some(CPU_LIMIT + 1) })?;
    Ok(())
}

/// A parent that was dead before the signal was asked for may have left a whole request in the pipe; but nobody reads the answer.
fn parent_reads() -> io::Result<()> {
    let out = stdout();
    let mut answer = [PollFd::new(&out, PollFlags::empty())];
    poll(&mut answer, Some(&Timespec::default()))?;
    match answer[0].revents().contains(PollFlags::ERR) {
        true => Err(io::ErrorKind::BrokenPipe.into()),
        false => Ok(()),
    }
}

fn answer(out: impl Write) -> io::Result<()> {
    let request = read_request(BufReader::new(stdin().lock()))?;
    let templates = Templates::of_tenant(&request.name, request.source);
    let mut frames = Frames::new(out);
    let outcome = match &request.view {
        Some(view) => templates.render(&request.name, view, &mut frames),
        None => templates.check(&request.name),
    };
    frames.end(outcome)
}
