//! The Export Center command line.

mod bytes;
mod commands;
mod failure;
mod meter;
mod output;

use std::process::ExitCode;

use clap::Parser;

use self::commands::{Command, Connection};
use self::output::Output;

/// Turns what security tools know into reports and evidence: with a server, or without one.
///
/// Results go to standard output, progress and messages to standard error. Exit codes: 0 success, 1 something was refused or
/// failed, 2 wrong usage.
#[derive(Parser)]
#[command(
    name = "exportctl",
    version,
    arg_required_else_help = true,
    after_help = "\
Examples:
  exportctl convert trivy.json --format csv,json --out out     files from a scanner's report, no server needed
  exportctl convert scans/ --format pdf --out out              a whole folder of scans
  exportctl submit --scan payments-api-2026-11-20 --format pdf --watch
  exportctl list --status failed
  exportctl download exp-... --out .

A server is found by --server or EXPORT_URL, the token by --token or EXPORT_TOKEN."
)]
struct Arguments {
    /// Print results as JSON, for machines
    #[arg(long, global = true)]
    json: bool,
    /// Print no progress
    #[arg(long, short, global = true)]
    quiet: bool,
    #[command(flatten)]
    connection: Connection,
    #[command(subcommand)]
    command: Command,
}

fn main() -> ExitCode {
    if let Some(done) = export_boot::serve_as_child() {
        return done;
    }
    let arguments = Arguments::parse();
    export_boot::install_tls();
    let output = Output { json: arguments.json, quiet: arguments.quiet };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            return output.failed(&failure::Failure::new(format!("the runtime cannot be started: {error}")));
        }
    };
    match runtime.block_on(arguments.command.run(output, &arguments.connection)) {
        Ok(()) => output.succeeded(),
        Err(failure) => output.failed(&failure),
    }
}
