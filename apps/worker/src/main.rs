//! The Export Center worker.

fn main() {}
