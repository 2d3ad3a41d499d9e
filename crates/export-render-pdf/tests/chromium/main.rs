//! The browser client against the real browser. Without one the tests are skipped, except on CI.

mod failures;
mod hostile;
mod lockdown;
mod printing;
mod support;
