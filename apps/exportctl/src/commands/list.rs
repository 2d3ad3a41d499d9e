//! `exportctl list`: exports, newest first.

use clap::Args;
use export_client::ListQuery;
use export_core::catalogue::{ExportType, Format};
use export_core::export::{Export, Status};
use export_core::time::DateBound;
use serde_json::json;

use super::server::{Connection, Server};
use crate::failure::Failure;
use crate::output::Output;

/// List exports, newest first
#[derive(Args)]
pub(crate) struct List {
    /// Only of this type
    #[arg(long = "type", value_name = "TYPE")]
    kind: Option<ExportType>,
    /// Only of this format
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
    /// Only of this status: queued, processing, completed, failed
    #[arg(long, value_name = "STATUS")]
    status: Option<Status>,
    /// Only created since then: a time, or -7d, -12h
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    since: Option<DateBound>,
    /// At most so many
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=10_000))]
    limit: u32,
    #[command(flatten)]
    server: Server,
}

impl List {
    pub(crate) async fn run(self, output: Output, connection: &Connection) -> Result<(), Failure> {
        let client = self.server.client(connection)?;
        let mut query = ListQuery {
            kind: self.kind,
            format: self.format,
            status: self.status,
            created_after: self.since,
            ..ListQuery::default()
        };
        let mut exports = Vec::new();
        loop {
            let missing = self.limit.saturating_sub(u32::try_from(exports.len()).unwrap_or(u32::MAX));
            query.limit = Some(missing.min(200));
            let page = client.list(&query).await?;
            exports.extend(page.exports);
            query.cursor = page.next_cursor;
            if query.cursor.is_none() || exports.len() >= self.limit as usize {
                break;
            }
        }
        let value = json!({ "exports": exports, "next_cursor": query.cursor });
        output.result(&value, || table(&exports, query.cursor.is_some()));
        Ok(())
    }
}

fn table(exports: &[Export], more: bool) -> String {
    if exports.is_empty() {
        return "no exports; `exportctl submit` asks for one".to_owned();
    }
    let mut text = format!("{:30}  {:10}  {:20}  {:9}  CREATED\n", "ID", "STATUS", "TYPE", "FORMAT");
    for export in exports {
        text += &format!(
            "{}  {:10}  {:20}  {:9}  {}\n",
            export.export_id, export.status, export.kind, export.format, export.created_at
        );
    }
    if more {
        text += "there are more; ask for them with --limit\n";
    }
    text
}
