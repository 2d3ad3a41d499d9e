//! A place where work waits until the test lets it on.

use std::sync::Arc;
use std::time::Instant;

use export_core::ports::{Interrupt, Pulse};
use tokio::sync::watch;

use super::{LOOK, PATIENCE};

/// A closed gate; clones are the same gate.
#[derive(Clone)]
pub(crate) struct Gate {
    state: Arc<watch::Sender<State>>,
    freezes: bool,
}

#[derive(Clone, Copy, Default)]
struct State {
    reached: bool,
    open: bool,
    interrupted: bool,
}

impl Default for Gate {
    fn default() -> Self {
        Self { state: Arc::new(watch::Sender::new(State::default())), freezes: false }
    }
}

impl Gate {
    /// A gate at which the whole thread waits, not the task only.
    pub(crate) fn freezing() -> Self {
        Self { freezes: true, ..Self::default() }
    }

    /// Lets everybody on.
    pub(crate) fn open(&self) {
        self.state.send_modify(|state| state.open = true);
    }

    /// Waits until somebody stands at the gate.
    pub(crate) async fn reached(&self) {
        self.until(|state| state.reached).await;
    }

    /// Waits until somebody who stood at the gate was told to stop.
    pub(crate) async fn interrupted(&self) {
        self.until(|state| state.interrupted).await;
    }

    /// Stands at the gate until it opens.
    pub(crate) async fn pass(&self) {
        self.state.send_modify(|state| state.reached = true);
        let since = Instant::now();
        while self.freezes && !self.state.borrow().open && since.elapsed() < PATIENCE {
            std::thread::park_timeout(LOOK);
        }
        self.until(|state| state.open).await;
    }

    /// Stands at the gate as a renderer does, asking its pulse.
    pub(crate) fn pass_asking(&self, pulse: &dyn Pulse) -> Result<(), Interrupt> {
        self.state.send_modify(|state| state.reached = true);
        while !self.state.borrow().open {
            if let Err(interrupt) = pulse.beat(0) {
                self.state.send_modify(|state| state.interrupted = true);
                return Err(interrupt);
            }
            std::thread::park_timeout(LOOK);
        }
        Ok(())
    }

    async fn until(&self, is: impl Fn(&State) -> bool) {
        let mut changes = self.state.subscribe();
        let waiting = changes.wait_for(|state| is(state));
        let waited = tokio::time::timeout(PATIENCE, waiting).await;
        waited.expect("the gate waits for somebody who never comes").expect("the gate is still there");
    }
}
