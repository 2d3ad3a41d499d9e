//! Documents through the public door, read back by poppler's tools.

mod hostile;
mod layout;
mod reading;
mod scripts;
mod standards;
mod support;
