//! `exportctl audit verify`: the trail in a database file, or in an exported log.

use std::path::{Path, PathBuf};

use clap::Args;
use export_boot::Config;
use export_core::id::TenantId;
use export_seal::note::origin;
use export_seal::trail::Head;
use serde_json::Value;

use super::super::trusted::{Known, TrustedKeys};
use super::told::Trail;
use super::{database, exported, heads};
use crate::failure::Failure;
use crate::output::Output;

/// Verify the audit trail, and name the first event that is not to be trusted
///
/// Of a database, also while a server writes it, or of a copy: the chain over all events, the tree, the signed checkpoints in
/// the database, and those given with --checkpoint. Of an exported log (--log): that it is whole, the chain, and --checkpoint if
/// it begins with the first event. What a revoked key has signed does not count.
///
/// Exit codes: 0 whole; 1 changed or incomplete; 2 wrong usage, or no database or log of this version; 3 a checkpoint is signed
/// by a key that is not trusted, or was revoked.
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
        let about: Vec<&Path> = self.log.iter().chain(&self.checkpoints).map(PathBuf::as_path).collect();
        let known = self.trusted.read(&about, output)?;
        let anchors = self.checkpoints.iter().map(|file| heads::anchor(&heads::read(file, &known)?));
        let anchors: Vec<(TenantId, Head)> = anchors.collect::<Result<_, _>>()?;
        let trails = match &self.log {
            Some(log) => vec![exported::check(log, &anchors)?],
            None => self.of_database(&anchors, &known).await?,
        };
        let is_broken = trails.iter().any(|trail| trail.broken.is_some());
        if !is_broken {
            self.all_compared(&anchors, &trails)?;
        }
        let value: Vec<Value> = trails.iter().map(Trail::machine).collect();
        output.result(&value, || match trails.as_slice() {
            [] => "no trail: nothing was noted yet".to_owned(),
            trails => trails.iter().map(Trail::human).collect(),
        });
        if is_broken { Err(Failure::told(1)) } else { Ok(()) }
    }

    async fn of_database(&self, anchors: &[(TenantId, Head)], known: &Known) -> Result<Vec<Trail>, Failure> {
        let config = Config { data_dir: self.trusted.data().to_owned(), ..Config::default() };
        let file = match &self.database {
            Some(file) => file.clone(),
            None => config.database_file()?,
        };
        database::check(&file, self.tenant.as_ref(), anchors, known).await
    }

    /// A checkpoint of a trail that was not checked says nothing, and whoever gave it thinks otherwise.
    fn all_compared(&self, anchors: &[(TenantId, Head)], trails: &[Trail]) -> Result<(), Failure> {
        let given = self.checkpoints.iter().zip(anchors);
        let stray = given.into_iter().find(|(_, (of, _))| trails.iter().all(|trail| trail.tenant != *of));
        let Some((file, (tenant, _))) = stray else { return Ok(()) };
        Err(Failure::usage(format!("{} is of the log {}, which is not here", file.display(), origin(tenant))))
    }
}
