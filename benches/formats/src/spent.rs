//! Time and memory of this process, as the system counts them.

use std::fs;
use std::time::Instant;

use serde::Serialize;

use crate::Failure;

/// Ticks of the processor's clock in a second (proc(5): `_SC_CLK_TCK`, 100 on every Linux).
const TICKS: f64 = 100.0;

/// Time on the wall, and of the processor in all threads, in seconds.
#[derive(Clone, Copy, Serialize)]
pub struct Spent {
    /// Seconds by the clock.
    pub wall_s: f64,
    /// In the program.
    pub user_s: f64,
    /// In the system: most of it copies between the process and the page cache.
    pub system_s: f64,
}

thread_local! {
    static BEGAN: Instant = Instant::now();
}

impl Spent {
    /// Since the process began to measure (proc(5), `pid/stat`, 14 and 15).
    pub fn now() -> Result<Self, Failure> {
        let wall_s = BEGAN.with(Instant::elapsed).as_secs_f64();
        let stat = fs::read_to_string("/proc/self/stat")?;
        let (_, fields) = stat.rsplit_once(')').ok_or("no name in /proc/self/stat")?;
        let ticks: Vec<f64> =
            fields.split_whitespace().skip(11).take(2).map(str::parse).collect::<Result<_, _>>()?;
        Ok(Self { wall_s, user_s: ticks[0] / TICKS, system_s: ticks[1] / TICKS })
    }

    /// What has been spent since `earlier`.
    pub fn since(self, earlier: Self) -> Self {
        Self {
            wall_s: self.wall_s - earlier.wall_s,
            user_s: self.user_s - earlier.user_s,
            system_s: self.system_s - earlier.system_s,
        }
    }
}

/// Forgets the peak of the resident set (proc(5), `clear_refs`); what it is now.
pub fn reset_peak_mb() -> Result<f64, Failure> {
    fs::write("/proc/self/clear_refs", "5")?;
    status_mb("VmRSS:")
}

/// The peak of the resident set since then.
pub fn peak_mb() -> Result<f64, Failure> {
    status_mb("VmHWM:")
}

fn status_mb(name: &str) -> Result<f64, Failure> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line =
        status.lines().find_map(|line| line.strip_prefix(name)).ok_or("no such line in /proc/self/status")?;
    Ok(line.trim().trim_end_matches(" kB").parse::<f64>()? * 1_024.0 / 1e6)
}
