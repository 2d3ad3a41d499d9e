//! Checks a running service against the contract: `just provider-check URL [--token T] [--tenant T] [--scan ID]`.

#![expect(clippy::print_stdout, reason = "a table for people is what this is for")]

use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use export_core::id::{ScanId, TenantId};
use export_core::time::{Clock, Now, Timestamp};
use export_source_library::SbomDocuments;
use export_source_services::provider::{Check, Outcome, Provider};
use export_source_services::{Endpoint, Limits, Service, Surroundings, Token};
use url::Url;

/// Asks a service as Export Center does, and says what is not as docs/contracts/services.md has it.
///
/// Exit codes: 0 all is well, 1 something is not, 2 wrong usage.
#[derive(Parser)]
#[command(name = "provider-check")]
struct Arguments {
    /// The URL below which /internal/... lies
    url: Url,
    /// The service token
    #[arg(long, env = "PROVIDER_TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// A tenant that the token allows
    #[arg(long, default_value = "demo")]
    tenant: TenantId,
    /// A scan that the service knows; the newest of the list if absent
    #[arg(long)]
    scan: Option<ScanId>,
    /// Which services are at this address; whatever answers, if absent
    #[arg(long, value_parser = service, value_delimiter = ',')]
    service: Vec<Service>,
}

fn service(name: &str) -> Result<Service, String> {
    let found = Service::ALL.into_iter().find(|it| it.name() == name);
    found.ok_or_else(|| format!("must be one of {}", Service::ALL.map(Service::name).join(", ")))
}

/// Nothing here looks at the time: an attempt is not made twice.
struct NoClock;

impl Clock for NoClock {
    fn now(&self) -> Now {
        Now::at(Timestamp::from_millis(0))
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let _installed_before = rustls::crypto::ring::default_provider().install_default();
    let arguments = Arguments::parse();
    match run(arguments).await {
        Ok(checks) => report(&checks),
        Err(error) => {
            println!("{error}");
            ExitCode::from(2)
        }
    }
}

async fn run(arguments: Arguments) -> Result<Vec<Check>, Box<dyn std::error::Error>> {
    let token = arguments.token.map(Token::new).transpose()?;
    let scratch = tempfile::tempdir()?;
    let around = Surroundings {
        clock: Arc::new(NoClock),
        random: Arc::new(|| 0),
        trace: Arc::new(|| Some("00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00".to_owned())),
        sboms: Arc::new(SbomDocuments),
        scratch: scratch.path().to_owned(),
    };
    let provider = Provider {
        endpoint: Endpoint::new(arguments.url, token, Limits::default())?,
        around,
        tenant: arguments.tenant,
        scan: arguments.scan,
        services: arguments.service,
    };
    Ok(provider.check().await?)
}

fn report(checks: &[Check]) -> ExitCode {
    let (mut passed, mut failed) = (0, 0);
    for Check { service, what, outcome } in checks {
        let (mark, seen) = match outcome {
            Outcome::Passed(seen) => {
                passed += 1;
                ("pass", seen)
            }
            Outcome::Failed(seen) => {
                failed += 1;
                ("FAIL", seen)
            }
            Outcome::Skipped(seen) => ("skip", seen),
        };
        println!("{mark}  {:<8} {what}: {seen}", service.name());
    }
    println!("{passed} passed, {failed} failed");
    if failed == 0 && passed > 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
