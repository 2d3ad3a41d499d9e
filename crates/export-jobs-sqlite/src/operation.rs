//! The calls of the port, each as it runs inside the writer's transaction.

mod attempt;
mod audit;
mod checkpoint;
mod claim;
mod insert;
mod sweep;
mod template;
mod user;

use async_trait::async_trait;
use export_core::error::PortError;

pub(crate) use self::attempt::{Record, Renew};
pub(crate) use self::audit::{Append, insert_nodes};
pub(crate) use self::checkpoint::KeepCheckpoint;
pub(crate) use self::claim::ClaimJobs;
pub(crate) use self::insert::{InsertJob, recall};
pub(crate) use self::sweep::Sweep;
pub(crate) use self::template::{DeleteTemplate, PutTemplate};
pub(crate) use self::user::{Cancel, Retry};
use crate::error::while_doing;
use crate::writer::{Operation, Tx};

/// Writes something that changes nothing.
pub(crate) struct Check;

#[async_trait]
impl Operation for Check {
    type Output = ();
    const NAME: &'static str = "job store: check";

    async fn run(&self, tx: &mut Tx<'_>) -> Result<(), PortError> {
        let write = sqlx::query("UPDATE turn_clock SET turn = turn").execute(&mut *tx.db).await;
        write.map(drop).map_err(while_doing(Self::NAME))
    }
}
