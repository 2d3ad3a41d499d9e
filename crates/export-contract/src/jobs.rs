//! The suite of [`JobStore`] and [`JobReader`]: one case for each sentence of their documentation.

mod claim;
mod lease;
mod queue;
mod read;
mod told;
mod user;
mod walk;

use std::sync::Arc;
use std::time::Duration;

use export_core::export::{EventKind, ExportEvent};
use export_core::id::TenantId;
use export_core::job::{Job, RetryPolicy};
use export_core::ports::{Claimed, EventFilter, Inserted, JobReader, JobStore};
use export_core::time::Now;

pub use self::claim::*;
pub use self::lease::*;
pub use self::queue::*;
pub use self::read::*;
pub use self::told::*;
pub use self::user::*;
pub use self::walk::{Step, random_walks_agree_with_the_pure_job, walk};
use crate::corpus::job as of;

/// What the suite expects a store to be opened with: how many jobs of a tenant may run.
pub const MAX_RUNNING: usize = 8;
/// What the suite expects a store to be opened with: how many jobs of a tenant may wait.
pub const MAX_QUEUED: usize = 120;
/// What the suite expects a store to be opened with: when failed attempts are tried again.
pub const POLICY: RetryPolicy =
    RetryPolicy { attempts: 3, crashes: 3, base: Duration::from_secs(2), cap: Duration::from_secs(60) };

/// A store of jobs with its reader.
pub trait Jobs: JobStore + JobReader {}

impl<T: JobStore + JobReader + ?Sized> Jobs for T {}

/// Makes one test of each case. `open` is an async function that gives an empty store with the limits and the policy of
/// this module, and what must live as long: `async fn open() -> (Arc<dyn Jobs>, impl Sized)`.
#[macro_export]
macro_rules! jobs_suite {
    ($open:expr) => {
        $crate::cases! { $open => jobs:
            a_new_job_is_queued_as_given
            a_job_comes_back_with_everything_it_holds
            the_same_key_and_request_queue_once
            a_duplicate_shows_the_job_as_it_stands_now
            a_key_of_another_tenant_is_another_key
            a_key_with_another_request_queues_nothing
            a_key_that_was_here_before_is_recalled
            of_many_calls_with_one_key_one_queues
            a_full_queue_takes_no_more
            a_duplicate_is_found_in_a_full_queue
            a_claimed_job_is_processing_under_its_lease
            no_more_jobs_are_given_than_there_are_or_were_asked_for
            each_job_is_given_to_one_caller_only
            the_oldest_job_of_a_tenant_comes_first
            jobs_wait_until_their_time_has_come
            a_tenant_has_no_more_running_than_it_may
            tenants_take_turns_whatever_the_length_of_their_queues
            tenants_take_turns_over_many_claims
            turns_of_the_past_are_not_held_against_anybody
            a_renewed_lease_holds_from_now_on
            a_renewal_notes_the_progress
            a_lease_holds_until_it_is_taken
            an_expired_lease_is_taken_and_no_other
            a_lease_of_another_boot_has_expired
            a_job_whose_workers_die_runs_out_of_attempts
            a_lease_is_lost_once_it_was_taken
            a_lease_is_lost_at_the_next_claim
            a_lease_of_another_worker_fence_or_job_is_none
            an_attempt_ends_complete
            an_attempt_fails_and_is_tried_again_later
            an_attempt_fails_for_good
            an_attempt_is_released_unharmed
            an_attempt_ends_once
            a_queued_job_is_cancelled_at_once
            a_running_job_is_cancelled_through_its_worker
            a_cancelled_attempt_cannot_complete
            a_job_that_has_ended_cannot_be_cancelled
            a_cancel_and_a_completion_at_the_same_time_agree
            a_failed_job_is_queued_again_under_its_id
            a_job_that_has_not_failed_is_not_retried
            jobs_of_another_tenant_are_none
            a_sealed_bundle_is_found_by_its_tenant
            a_list_shows_the_newest_first
            a_list_has_pages
            a_list_has_what_its_filter_names
            every_change_is_told_once_in_order
            progress_is_told_if_it_differs
            refused_changes_tell_nothing
            events_resume_behind_the_last_one_seen
            events_of_one_export_are_its_own
            an_event_that_is_read_is_never_followed_by_an_older_one
            typical_durations_are_the_median_of_the_last_twenty
            depth_counts_what_waits_and_runs
            a_change_gives_a_hint
            a_claim_that_gives_nothing_gives_no_hint
            a_store_that_works_passes_its_check
            random_walks_agree_with_the_pure_job
        }
    };
}

/// What every case is given.
pub type Store = Arc<dyn Jobs>;

fn acme() -> TenantId {
    of::tenant("acme")
}

fn globex() -> TenantId {
    of::tenant("globex")
}

/// Queues job `number` of `tenant` at second `number`, so that a higher number is a younger job.
async fn queue(jobs: &dyn Jobs, tenant: &TenantId, number: u32) -> Job {
    let now = of::second(u64::from(number));
    match jobs.insert(of::insert(number, tenant, now.wall), now).await.unwrap() {
        Inserted::New(job) => job,
        other @ (Inserted::Duplicate(_) | Inserted::KeyReused | Inserted::QueueFull) => {
            panic!("job {number} of {tenant} is not new but {other:?}")
        }
    }
}

/// Gives the next job to worker `worker`.
async fn take(jobs: &dyn Jobs, worker: u8, now: Now) -> Claimed {
    let mut claimed = jobs.claim(of::claim(worker, 1), now).await.unwrap();
    assert_eq!(claimed.len(), 1, "there is a job to claim");
    claimed.remove(0)
}

/// The job as it stands now.
async fn look(jobs: &dyn Jobs, job: &Job) -> Job {
    jobs.get(&job.tenant, job.id).await.unwrap().expect("a job that was queued is there")
}

/// The first thousand events of the tenant.
async fn all_events(jobs: &dyn Jobs, tenant: &TenantId) -> Vec<ExportEvent> {
    jobs.events(EventFilter { tenant, export: None, after: 0, limit: 1_000 }).await.unwrap()
}

async fn told(jobs: &dyn Jobs, job: &Job) -> Vec<EventKind> {
    let filter = EventFilter { tenant: &job.tenant, export: Some(job.id), after: 0, limit: 1_000 };
    jobs.events(filter).await.unwrap().iter().map(|event| event.event).collect()
}
