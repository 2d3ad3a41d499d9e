//! Whether the audit trails in a file are those that were noted: for operators and auditors, beside a server or on a copy.

mod walk;

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use export_core::error::{ErrorKind, PortError};
use export_core::id::TenantId;
use export_seal::trail::{Broken, Checked, Head, TrailCheck};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{Connection as _, SqliteConnection};

use self::walk::walk;
use crate::error::while_doing;
use crate::ledger::checkpoints;

const NAME: &str = "audit trail: verify";
/// How long the reading waits for whoever recovers the file.
const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// Opens the note of a tenant's checkpoint: what it says, if it is of that tenant's log and a trusted key has signed it.
pub type OpenNote<'o> = dyn Fn(&TenantId, &str) -> Option<Head> + Send + Sync + 'o;

/// What was found of one trail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrailReport {
    /// Whose.
    pub tenant: TenantId,
    /// How far it was checked: to its end if nothing is broken. Its checkpoints are those of the file and the anchors.
    pub checked: Checked,
    /// Checkpoints in the file that a trusted key has signed.
    pub signed: u64,
    /// Checkpoints in the file whose notes could not be opened. Their roots are compared as well.
    pub unsigned: u64,
    /// The first event that is not to be trusted, with the reason.
    pub broken: Option<Broken>,
}

/// Checks the trails in the file at `path`, each or that of `tenant`: the chain over its rows, the tree that is kept of it,
/// the checkpoints that are kept, and `anchors`: checkpoints that were kept elsewhere, whose signatures were checked. Only
/// those find what somebody removed or wrote anew with all that belongs to it.
///
/// The file is opened for reading alone, in one transaction, so that a server may go on writing; memory does not grow with
/// the trail.
///
/// # Errors
/// `Unavailable` if the file cannot be read, `Corrupt` if it is no database, `Internal` if its schema is an older one.
pub async fn verify_audit(
    path: &Path,
    tenant: Option<&TenantId>,
    anchors: &[(TenantId, Head)],
    open: &OpenNote<'_>,
) -> Result<Vec<TrailReport>, PortError> {
    let mut connection = reading(path).await?;
    let mut db = connection.begin().await.map_err(while_doing(NAME))?;
    let mut tenants = match tenant {
        Some(tenant) => BTreeSet::from([tenant.clone()]),
        None => tenants(&mut db).await?,
    };
    if tenant.is_none() {
        tenants.extend(anchors.iter().map(|(tenant, _)| tenant.clone()));
    }
    let mut reports = Vec::with_capacity(tenants.len());
    for tenant in tenants {
        let anchors = anchors.iter().filter(|anchor| anchor.0 == tenant).map(|anchor| anchor.1);
        reports.push(verify_trail(&mut db, tenant.clone(), anchors.collect(), open).await?);
    }
    Ok(reports)
}

/// Everybody who has a trail, or something that is left of one.
pub(crate) async fn tenants(db: &mut SqliteConnection) -> Result<BTreeSet<TenantId>, PortError> {
    let sql = "SELECT tenant FROM audit UNION SELECT tenant FROM audit_node UNION SELECT tenant FROM audit_checkpoint";
    let names: Vec<String> = sqlx::query_scalar(sql).fetch_all(db).await.map_err(while_doing(NAME))?;
    let tenant = |name: String| {
        let parsed = name.parse::<TenantId>();
        parsed.map_err(|_| PortError::new(ErrorKind::Corrupt, NAME, "a trail of no tenant").at(name))
    };
    names.into_iter().map(tenant).collect()
}

/// Checks one trail.
pub(crate) async fn verify_trail(
    db: &mut SqliteConnection,
    tenant: TenantId,
    mut anchors: Vec<Head>,
    open: &OpenNote<'_>,
) -> Result<TrailReport, PortError> {
    let (mut signed, mut unsigned, mut other_note) = (0, 0, None);
    for kept in checkpoints(db, &tenant).await? {
        let head = Head { size: kept.size, root: kept.root };
        anchors.push(head);
        match open(&tenant, &kept.note) {
            None => unsigned += 1,
            Some(said) if said == head => signed += 1,
            // What was signed counts, whatever stands beside it.
            Some(said) => {
                anchors.push(said);
                other_note = other_note.or(Some(Broken::NoteMismatch { seq: kept.size }));
            }
        }
    }
    let mut check = TrailCheck::new(tenant.clone()).anchored(anchors);
    let found = walk(db, &tenant, &mut check).await?;
    let checked = check.checked();
    let broken = [found, check.finish().err().filter(|_| found.is_none()), other_note];
    let broken = broken.into_iter().flatten().min_by_key(|broken| broken.seq());
    Ok(TrailReport { tenant, checked, signed, unsigned, broken })
}

/// Opens the file for reading. SQLite keeps a WAL's index in a file of its own, also for those who read; where it can write
/// none, a file without a WAL is one that nobody writes to, and can be read without.
async fn reading(path: &Path) -> Result<SqliteConnection, PortError> {
    let options = SqliteConnectOptions::new().filename(path).read_only(true).busy_timeout(BUSY_TIMEOUT);
    match probe(&options).await {
        Ok(connection) => Ok(connection),
        Err(error) => {
            let mut wal = path.as_os_str().to_owned();
            wal.push("-wal");
            let is_still = path.is_file() && !Path::new(&wal).exists();
            let read = if is_still { probe(&options.immutable(true)).await } else { Err(error) };
            read.map_err(while_doing(NAME))
        }
    }
}

async fn probe(options: &SqliteConnectOptions) -> Result<SqliteConnection, sqlx::Error> {
    let mut connection = SqliteConnection::connect_with(options).await?;
    sqlx::query("SELECT 1 FROM sqlite_schema LIMIT 1").fetch_optional(&mut connection).await?;
    Ok(connection)
}
