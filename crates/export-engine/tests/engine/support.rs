//! A workbench: an engine over ports in memory, a worker when it is wanted, and what to ask of an export afterwards.

mod bench;
mod check;
mod flaky;
mod gate;
mod lines;
mod lying;
mod spoilt;
mod watched;

pub(crate) use self::bench::{Bench, LEASE, REQUEST};
pub(crate) use self::flaky::Flaky;
pub(crate) use self::gate::Gate;
pub(crate) use self::lines::Lines;
pub(crate) use self::lying::{Lie, Lying};
pub(crate) use self::spoilt::{How, Spoilt};
pub(crate) use self::watched::{Step, Watched};
