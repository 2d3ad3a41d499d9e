//! A few browsers for many threads.

use std::io::Write;
use std::num::NonZeroUsize;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};

use super::{Browser, BrowserConfig, ChromiumError, Isolation, PrintJob, Printed, Watch};

/// The size of a pool.
#[derive(Debug, Clone, Copy)]
pub struct PoolConfig {
    /// Browsers at the same time. One needs about 1 GB for a report of 5,000 rows.
    pub browsers: NonZeroUsize,
    /// Documents after which a browser is replaced, for what it may have gathered in memory.
    pub jobs_per_browser: u32,
}

impl Default for PoolConfig {
    fn default() -> Self {
        Self { browsers: NonZeroUsize::MIN, jobs_per_browser: 50 }
    }
}

/// Browsers started when they are needed, kept while they are well, shared by all who hold a reference.
#[derive(Debug)]
pub struct BrowserPool {
    browser: BrowserConfig,
    limits: PoolConfig,
    state: Mutex<State>,
    freed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    idle: Vec<Used>,
    /// Browsers that are idle, at work or being started.
    live: usize,
}

#[derive(Debug)]
struct Used {
    browser: Browser,
    jobs: u32,
}

impl BrowserPool {
    /// An empty pool; the first document starts the first browser.
    pub fn new(browser: BrowserConfig, limits: PoolConfig) -> Self {
        Self { browser, limits, state: Mutex::default(), freed: Condvar::new() }
    }

    /// Prints one document as [`Browser::print`] does, after waiting for a browser if all are at work.
    pub fn print(&self, job: &PrintJob<'_>, out: &mut dyn Write) -> Result<Printed, ChromiumError> {
        self.place(&job.watch)?.print(job, out)
    }

    /// Starts a browser if none is idle, and tells its version and how well it is locked in.
    pub fn probe(&self, watch: &Watch<'_>) -> Result<(String, Isolation), ChromiumError> {
        let mut place = self.place(watch)?;
        let browser = &place.launched(watch)?.browser;
        Ok((browser.version().to_owned(), browser.isolation()))
    }

    /// Waits for an idle browser, or for the right to start one. With this, the wait and the print can have
    /// deadlines of their own.
    pub fn place(&self, watch: &Watch<'_>) -> Result<Place<'_>, ChromiumError> {
        let mut state = self.lock();
        loop {
            if let Some(mut used) = state.idle.pop() {
                // One that died while it was idle leaves its place to a new one.
                let used = used.browser.is_healthy().then_some(used);
                return Ok(Place { pool: self, used });
            }
            if state.live < self.limits.browsers.get() {
                state.live += 1;
                return Ok(Place { pool: self, used: None });
            }
            let slice = watch.slice("waiting for a free browser")?;
            (state, _) = self.freed.wait_timeout(state, slice).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// A panic while the lock is held cannot leave the state half changed.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The right to have one browser live. Given back on every path, with the browser if it can be used again.
#[derive(Debug)]
pub struct Place<'a> {
    pool: &'a BrowserPool,
    used: Option<Used>,
}

impl Place<'_> {
    /// Prints one document as [`Browser::print`] does.
    pub fn print(&mut self, job: &PrintJob<'_>, out: &mut dyn Write) -> Result<Printed, ChromiumError> {
        let used = self.launched(&job.watch)?;
        used.jobs += 1;
        used.browser.print(job, out)
    }

    fn launched(&mut self, watch: &Watch<'_>) -> Result<&mut Used, ChromiumError> {
        Ok(match &mut self.used {
            Some(used) => used,
            empty => empty.insert(Used { browser: Browser::launch(&self.pool.browser, watch)?, jobs: 0 }),
        })
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let again = self.used.take().filter(|used| used.jobs < self.pool.limits.jobs_per_browser);
        let again = again.and_then(|mut used| used.browser.is_healthy().then_some(used));
        let mut state = self.pool.lock();
        match again {
            Some(used) => state.idle.push(used),
            None => state.live -= 1,
        }
        drop(state);
        self.pool.freed.notify_one();
    }
}
