//! The Export Center command line.

fn main() {}
