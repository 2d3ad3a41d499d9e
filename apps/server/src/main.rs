//! The Export Center server.

fn main() {}
