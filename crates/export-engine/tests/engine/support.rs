//! A workbench: an engine over ports in memory, a worker when it is wanted, and what to ask of an export afterwards.

mod bench;
mod check;
mod flaky;
mod gate;
mod lines;
mod lying;
mod signer;
mod spoilt;
mod watched;

use std::time::Duration;

pub(crate) use self::bench::{Bench, LEASE, REQUEST};
pub(crate) use self::flaky::Flaky;
pub(crate) use self::gate::Gate;
pub(crate) use self::lines::Lines;
pub(crate) use self::lying::{Lie, Lying};
pub(crate) use self::signer::OneKey;
pub(crate) use self::spoilt::{How, Spoilt};
pub(crate) use self::watched::{Step, Watched};

/// A wait that is longer than this is a failure.
const PATIENCE: Duration = Duration::from_secs(30);
/// A pause between two looks.
const LOOK: Duration = Duration::from_millis(2);
