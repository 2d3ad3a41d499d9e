//! A process group that is gone when it is dropped.

use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, ExitStatus};
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, Signal, kill_process_group, pidfd_open};

/// A running program, leader of a process group of its own. Dropping it kills the whole group.
#[derive(Debug)]
pub struct Group {
    leader: Child,
    ended: Option<ExitStatus>,
}

impl Group {
    /// Starts the program. The command is consumed, and with it our copies of the descriptors that it passes on:
    /// else we would never see the end of what the program writes.
    ///
    /// # Errors
    /// What the system says.
    pub fn spawn(mut command: Command) -> io::Result<Self> {
        Ok(Self { leader: command.process_group(0).spawn()?, ended: None })
    }

    /// The leader, whose pipes are to be taken.
    pub fn leader(&mut self) -> &mut Child {
        &mut self.leader
    }

    /// The leader's process id, which is the group's id too.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.leader.id()
    }

    /// Gives the leader a moment to end by itself, so that [`Self::end`] finds its own status.
    pub fn settle(&self, limit: Duration) {
        let leader = i32::try_from(self.leader.id()).ok().and_then(Pid::from_raw);
        let Some(Ok(leader)) = leader.map(|leader| pidfd_open(leader, PidfdFlags::empty())) else { return };
        let limit = Timespec::try_from(limit).ok();
        // An interrupted wait is a shorter one, which is as good.
        let _ = poll(&mut [PollFd::new(&leader, PollFlags::IN)], limit.as_ref());
    }

    /// Kills the group, then reaps its leader: as long as the leader is not reaped, its id is no other's. A leader
    /// that was ending by itself keeps its own status. `None` if somebody else reaped it.
    pub fn end(&mut self) -> Option<ExitStatus> {
        if self.ended.is_none() {
            let group = i32::try_from(self.leader.id()).ok().and_then(Pid::from_raw);
            // No such group: every member is dead already.
            let _ = group.map(|group| kill_process_group(group, Signal::KILL));
            self.ended = self.leader.wait().ok();
        }
        self.ended
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        self.end();
    }
}
