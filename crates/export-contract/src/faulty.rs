//! A wrapper around any port that fails at chosen calls.

mod artifacts;
mod audit;
mod jobs;
mod sources;
mod templates;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use export_core::error::{ErrorKind, PortError};
use futures::StreamExt as _;
use futures::stream::{self, BoxStream};

/// When a call fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// Before anything is done.
    Before,
    /// When everything is done: the reply is lost.
    After,
}

/// One failure to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// The call that fails, counted from 1 over all calls of the wrapper. A stream's items and a writer's calls count too.
    pub call: u64,
    /// Before or after the call was done.
    pub when: When,
    /// What the caller is told.
    pub kind: ErrorKind,
}

/// A port that fails as it is told to; without faults it is the port that it wraps.
pub struct Faulty<T: ?Sized> {
    inner: Arc<T>,
    plan: Plan,
}

impl<T: ?Sized> Faulty<T> {
    /// Wraps `inner` without any fault.
    pub fn new(inner: Arc<T>) -> Self {
        Self { inner, plan: Plan::default() }
    }

    /// Lets one more call fail.
    pub fn inject(&self, fault: Fault) {
        self.plan.lock().faults.push(fault);
    }

    /// Lets call number `call` fail as unavailable.
    pub fn fail(&self, call: u64, when: When) {
        self.inject(Fault { call, when, kind: ErrorKind::Unavailable });
    }

    /// Every call so far, by name; call number `n` is at `n - 1`.
    pub fn calls(&self) -> Vec<&'static str> {
        self.plan.lock().calls.clone()
    }

    /// Whether every fault that was injected has happened.
    pub fn is_spent(&self) -> bool {
        self.plan.lock().faults.is_empty()
    }

    /// The port that is wrapped.
    pub fn inner(&self) -> &T {
        &self.inner
    }
}

/// What was called, and what is to fail; shared with the writers and streams that a port gives away.
#[derive(Clone, Default)]
struct Plan(Arc<Mutex<Calls>>);

#[derive(Default)]
struct Calls {
    calls: Vec<&'static str>,
    faults: Vec<Fault>,
}

impl Plan {
    fn lock(&self) -> MutexGuard<'_, Calls> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a call, and takes out the fault that it has.
    fn count(&self, name: &'static str) -> Option<Fault> {
        let mut plan = self.lock();
        plan.calls.push(name);
        let number = plan.calls.len() as u64;
        let at = plan.faults.iter().position(|fault| fault.call == number)?;
        Some(plan.faults.swap_remove(at))
    }

    /// Makes one call, or fails before or after it.
    async fn through<R>(
        &self,
        name: &'static str,
        call: impl Future<Output = Result<R, PortError>>,
    ) -> Result<R, PortError> {
        let error = |kind| Err(PortError::new(kind, name, "a fault was injected"));
        match self.count(name) {
            None => call.await,
            Some(Fault { when: When::Before, kind, .. }) => error(kind),
            Some(Fault { when: When::After, kind, .. }) => {
                call.await?;
                error(kind)
            }
        }
    }

    /// A stream each of whose items is a call. The first error is the last item.
    fn stream<R: Send + 'static>(
        &self,
        name: &'static str,
        items: BoxStream<'static, Result<R, PortError>>,
    ) -> BoxStream<'static, Result<R, PortError>> {
        let plan = self.clone();
        stream::unfold(Some(items), move |items| {
            let plan = plan.clone();
            async move {
                let mut items = items?;
                let item = items.next().await?;
                let item = plan.through(name, async { item }).await;
                let rest = item.is_ok().then_some(items);
                Some((item, rest))
            }
        })
        .boxed()
    }
}
