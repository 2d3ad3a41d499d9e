//! The server that a command talks to, and how exports are shown.

use clap::Args;
use export_client::Client;
use export_core::export::{Export, Status};
use export_core::id::TenantId;
use url::Url;

use crate::bytes;
use crate::failure::Failure;

/// Where the server is, and the key to it; the same for all commands.
#[derive(Args, Clone)]
#[command(next_help_heading = "Server")]
pub(crate) struct Connection {
    /// Address of the server
    #[arg(
        long,
        global = true,
        env = "EXPORT_URL",
        default_value = "http://127.0.0.1:8080",
        value_name = "URL"
    )]
    server: Url,
    /// Bearer token; `exportctl token` prints one for a server in development mode
    #[arg(long, global = true, env = "EXPORT_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    token: Option<String>,
}

/// For whom a command acts.
#[derive(Args, Clone)]
#[command(next_help_heading = "Server")]
pub(crate) struct Server {
    /// Tenant to act for
    #[arg(long, env = "EXPORT_TENANT", default_value = "demo", value_name = "TENANT")]
    tenant: TenantId,
}

impl Server {
    pub(crate) const fn tenant(&self) -> &TenantId {
        &self.tenant
    }

    pub(crate) fn client(&self, connection: &Connection) -> Result<Client, Failure> {
        let Some(token) = &connection.token else {
            let message =
                "no token: give --token or EXPORT_TOKEN (`exportctl token --tenant demo` prints one)";
            return Err(Failure::usage(message));
        };
        Ok(Client::new(connection.server.clone(), token, self.tenant.clone())?)
    }
}

/// An export on a few lines.
pub(crate) fn describe(export: &Export) -> String {
    let mut text = format!("{}  {}  {} as {}", export.export_id, export.status, export.kind, export.format);
    text += &format!("\n  created {}", export.created_at);
    if let Some(at) = export.completed_at {
        text += &format!(", ended {at}");
    }
    if let Some(estimate) = &export.estimated_completion {
        text += &format!(", usually takes {estimate}");
    }
    if export.status == Status::Processing {
        text += &format!(", attempt {}, {}", export.attempt, export.progress.stage.as_str());
    }
    if let (Some(error), Some(code)) = (&export.error, export.error_code) {
        text += &format!("\n  failed: {error} [{code}]");
    }
    if let Some(bundle) = export.bundle_id {
        text += &format!("\n  sealed as {bundle}");
    }
    for warning in &export.warnings {
        text += &format!("\n  warning: {warning}");
    }
    for artifact in export.artifacts.iter().flatten() {
        text += &format!("\n  {}  {}  sha256 {}", artifact.name, bytes::size(artifact.size), artifact.sha256);
    }
    text
}

/// An export that was followed to its end must be complete, or the command fails.
pub(crate) fn check_completed(export: &Export) -> Result<(), Failure> {
    match (export.status, export.error_code) {
        (Status::Completed, _) => Ok(()),
        (_, Some(code)) => {
            let error = export.error.as_deref().unwrap_or("no reason was given");
            Err(Failure::coded(code, format!("{} failed: {error}", export.export_id)))
        }
        (status, None) => Err(Failure::new(format!("{} is {status}", export.export_id))),
    }
}
