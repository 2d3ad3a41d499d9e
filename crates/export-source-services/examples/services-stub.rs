//! Serves the examples of the contract as all four services, to try a provider check or a server without a platform:
//!
//! ```sh
//! cargo run -p export-source-services --example services-stub     # prints its address and token
//! just provider-check URL --token TOKEN --tenant TENANT
//! ```

#![expect(clippy::print_stdout, reason = "a program for the terminal")]

use export_contract::services::{Stub, Style, TENANT, TOKEN};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let stub = Stub::start(Style::Lines).await;
    println!("{} --token {TOKEN} --tenant {TENANT}", stub.url);
    // Until it is interrupted.
    std::future::pending::<()>().await;
}
