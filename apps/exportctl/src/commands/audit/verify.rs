//! `exportctl audit verify`: the trail in a database file, or in an exported log.

use std::path::PathBuf;

use clap::Args;
use export_boot::{Config, TrailReport, verify_audit};
use export_core::id::TenantId;
use export_core::seal::PublicKey;
use export_seal::note::{LogHead, origin};
use export_seal::trail::{Broken, Checked, Head};
use serde_json::{Value, json};

use super::super::sealing::TrustedKeys;
use super::{exported, heads};
use crate::bytes;
use crate::failure::Failure;
use crate::output::Output;

/// Verify the audit trail, and name the first event that is not to be trusted
///
/// Of a database, also while a server writes it, or of a copy: the chain over all events, the tree, the signed checkpoints in
/// the database, and those given with --checkpoint. Of an exported log (--log): the chain, and --checkpoint if it begins with the first event.
///
/// Exit codes: 0 whole; 1 changed or incomplete; 2 wrong usage; 3 a checkpoint is signed by a key that is not trusted.
#[derive(Args)]
#[command(after_help = "Examples:
  exportctl audit verify                                           every tenant's trail in ./data
  exportctl audit verify --database copy.db --tenant acme --checkpoint kept-elsewhere.txt --keys evidence-keys.json
  exportctl audit verify --log audit-log.json --checkpoint kept-elsewhere.txt --keys evidence-keys.json")]
pub(crate) struct Verify {
    /// The database file [default: that of the data folder]
    #[arg(long, value_name = "FILE", conflicts_with = "log")]
    database: Option<PathBuf>,
    /// An export of type audit_log, as JSON or JSON lines, instead of a database
    #[arg(long, value_name = "FILE")]
    log: Option<PathBuf>,
    /// This tenant's trail only
    #[arg(long, value_name = "TENANT", conflicts_with = "log")]
    tenant: Option<TenantId>,
    /// A checkpoint that was kept elsewhere; may be given several times
    #[arg(long = "checkpoint", value_name = "FILE")]
    checkpoints: Vec<PathBuf>,
    #[command(flatten)]
    trusted: TrustedKeys,
}

impl Verify {
    pub(crate) async fn run(self, output: Output) -> Result<(), Failure> {
        let keys: Vec<PublicKey> = self.trusted.read()?.iter().map(|known| known.key).collect();
        let anchors = self.checkpoints.iter().map(|file| heads::anchor(&heads::read(file, &keys)?));
        let anchors: Vec<(TenantId, Head)> = anchors.collect::<Result<_, _>>()?;
        let reports = match &self.log {
            Some(log) => vec![of_log(exported::check(log, &anchors)?)],
            None => self.of_database(&anchors, keys).await?,
        };
        let value: Vec<Value> = reports.iter().map(machine).collect();
        output.result(&value, || match reports.as_slice() {
            [] => "no trail: nothing was noted yet".to_owned(),
            reports => reports.iter().map(human).collect(),
        });
        let is_broken = reports.iter().any(|report| report.broken.is_some());
        if is_broken { Err(Failure::told(1)) } else { Ok(()) }
    }

    async fn of_database(
        &self,
        anchors: &[(TenantId, Head)],
        keys: Vec<PublicKey>,
    ) -> Result<Vec<TrailReport>, Failure> {
        let config = Config { data_dir: self.trusted.data.clone(), ..Config::default() };
        let file = match &self.database {
            Some(file) => file.clone(),
            None => config.database_file()?,
        };
        if !file.is_file() {
            return Err(Failure::usage(format!(
                "{} is no database; give --database or --data",
                file.display()
            )));
        }
        let open = move |tenant: &TenantId, note: &str| {
            let (head, _) = LogHead::read(note, &keys).ok()?;
            (head.origin == origin(tenant)).then_some(Head { size: head.size, root: head.root })
        };
        verify_audit(&file, self.tenant.as_ref(), anchors, &open)
            .await
            .map_err(|error| Failure::new(error.to_string()))
    }
}

fn of_log(found: exported::Found) -> TrailReport {
    let exported::Found { tenant, first, checked, broken } = found;
    let events = if first == 0 { 0 } else { checked.last };
    TrailReport { tenant, checked: Checked { last: events, ..checked }, signed: 0, unsigned: 0, broken }
}

fn machine(report: &TrailReport) -> Value {
    let TrailReport { tenant, checked, signed, unsigned, broken } = report;
    json!({
        "tenant": tenant,
        "verdict": if broken.is_some() { "broken" } else { "whole" },
        "code": broken.map(Broken::code),
        "seq": broken.map(Broken::seq),
        "message": broken.map(|broken| broken.to_string()),
        "last": checked.last,
        "hash": checked.hash,
        "root": checked.root.map(|root| format!("sha256:{root}")),
        "checkpoints": { "compared": checked.checkpoints, "signed": signed, "unsigned": unsigned },
    })
}

fn human(report: &TrailReport) -> String {
    let TrailReport { tenant, checked, signed, unsigned, broken } = report;
    let events = bytes::count(checked.last);
    let verdict = match broken {
        None => format!("{tenant}: whole, up to event {events}"),
        Some(broken) => format!("{tenant}: BROKEN at event {}: {broken} [{}]", broken.seq(), broken.code()),
    };
    let mut text = format!("{verdict}\n");
    if broken.is_none() {
        text += &format!("  hash         {}\n", checked.hash);
        if let Some(root) = checked.root {
            text += &format!("  root         sha256:{root}\n");
        }
    }
    text += &format!("  checkpoints  {} compared", checked.checkpoints);
    match (signed, unsigned) {
        (0, 0) => {}
        (signed, 0) => text += &format!(", {signed} signed by trusted keys"),
        (signed, unsigned) => {
            text += &format!(", {signed} signed by trusted keys, {unsigned} by none of them");
        }
    }
    text.push('\n');
    if checked.checkpoints == 0 {
        text += "  Without a checkpoint, a trail that was cut at its end or written anew looks whole: give one with --checkpoint.\n";
    }
    text
}
