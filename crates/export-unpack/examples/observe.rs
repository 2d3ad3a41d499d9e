//! Reads a bundle, and says how fast: `cargo run --release -p export-unpack --example observe FILE`.

#![expect(clippy::print_stdout, reason = "an example says what it did")]

use std::ops::ControlFlow;
use std::path::Path;
use std::time::Instant;

use export_unpack::{Limits, observe};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args().nth(1).ok_or("which file?")?;
    let begun = Instant::now();
    let observed = observe(Path::new(&path), &[], &Limits::default(), &|_| ControlFlow::Continue(()))?;
    let seconds = begun.elapsed().as_secs_f64();
    let rate = observed.bytes as f64 / 1e6 / seconds;
    println!("{} files, {} bytes, {seconds:.3} s, {rate:.0} MB/s", observed.files.len(), observed.bytes);
    Ok(())
}
