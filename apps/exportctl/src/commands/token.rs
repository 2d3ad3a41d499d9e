//! `exportctl token`: a token of development mode.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use export_boot::{DevelopmentTokens, SystemClock};
use export_core::id::TenantId;
use export_core::time::Clock as _;
use serde_json::json;

use crate::failure::Failure;
use crate::output::Output;

/// Print a development token
///
/// The token is signed with the secret of a data folder, and good for servers that use the same folder.
#[derive(Args)]
pub(crate) struct Token {
    /// Tenant that the token grants; may be given several times
    #[arg(long = "tenant", required = true, value_name = "TENANT")]
    tenants: Vec<TenantId>,
    /// What the token allows, separated by spaces
    #[arg(long, default_value = DevelopmentTokens::SCOPES)]
    scopes: String,
    /// Whom the token names
    #[arg(long, default_value = "developer")]
    subject: String,
    /// For how many hours it is good
    #[arg(long, default_value_t = 12, value_parser = clap::value_parser!(u32).range(1..=8_760))]
    hours: u32,
    /// The server's data folder
    #[arg(long, env = "EXPORT_DATA_DIR", default_value = "./data", value_name = "DIR")]
    data: PathBuf,
}

impl Token {
    pub(crate) fn run(&self, output: Output) -> Result<(), Failure> {
        let now = SystemClock::new().now().wall;
        let ttl = Duration::from_secs(u64::from(self.hours) * 3_600);
        let tokens = DevelopmentTokens::open(&self.data)?;
        let token = tokens.issue(&self.subject, &self.tenants, &self.scopes, now, ttl)?;
        let value = json!({ "token": token, "tenants": self.tenants, "expires_at": now.plus(ttl) });
        output.result(&value, || token);
        Ok(())
    }
}
