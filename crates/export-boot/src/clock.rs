//! The one clock.

use std::fs;

use export_core::time::{Clock, Now, Tick, Timestamp};
use rustix::time::{ClockId, clock_gettime};

/// The machine's clocks: the wall clock, and `CLOCK_BOOTTIME` for leases.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock {
    boot: u128,
}

impl SystemClock {
    /// The clocks of the present boot.
    #[must_use]
    pub fn new() -> Self {
        let id = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
        // Where the kernel tells no boot id, all boots look alike, and leases expire by their time alone.
        let digits = id.trim().replace('-', "");
        Self { boot: u128::from_str_radix(&digits, 16).unwrap_or(0) }
    }
}

impl Default for SystemClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for SystemClock {
    fn now(&self) -> Now {
        let since_boot = clock_gettime(ClockId::Boottime);
        let millis = since_boot.tv_sec * 1_000 + since_boot.tv_nsec / 1_000_000;
        let wall = clock_gettime(ClockId::Realtime);
        Now {
            wall: Timestamp::from_millis(wall.tv_sec * 1_000 + wall.tv_nsec / 1_000_000),
            tick: Tick { boot: self.boot, millis: u64::try_from(millis).unwrap_or(0) },
        }
    }
}
