//! The suite of what a [`JobStore`](export_core::ports::JobStore) notes in the audit trail.

use std::sync::Arc;
use std::time::Duration;

use export_core::audit::{AuditAction, AuditEvent};
use export_core::catalogue::{ExportType, Format};
use export_core::code::Code;
use export_core::id::TenantId;
use export_core::job::Job;
use export_core::ports::{AuditSource, Inserted, Recorded};
use export_core::time::Now;

use crate::audit::all;
use crate::corpus::job as of;
use crate::jobs::Jobs;

/// A store of jobs, opened as the suite of [`jobs`](crate::jobs) expects, and the trail that it notes in.
pub struct Subject {
    /// The store.
    pub jobs: Arc<dyn Jobs>,
    /// The trail.
    pub trail: Arc<dyn AuditSource>,
}

/// Makes one test of each case: `async fn open() -> (trails::Subject, impl Sized)`.
#[macro_export]
macro_rules! trails_suite {
    ($open:expr) => {
        $crate::cases! { $open => trails:
            a_request_is_noted_with_what_was_asked_for
            a_request_that_queues_nothing_is_not_noted
            a_cancel_is_noted_once_by_whoever_cancels
            a_cancel_through_the_worker_is_followed_by_the_end
            a_retry_is_noted_by_whoever_retries
            what_is_refused_is_not_noted
            a_completion_is_noted_with_its_main_artifact
            a_failure_is_noted_with_its_code_once_it_is_final
            a_crash_is_noted_when_it_was_the_last_one
        }
    };
}

fn acme() -> TenantId {
    of::tenant("acme")
}

impl Subject {
    async fn queue(&self, number: u32) -> Job {
        let now = of::second(u64::from(number));
        match self.jobs.insert(of::insert(number, &acme(), now.wall), now).await.unwrap() {
            Inserted::New(job) => job,
            other => panic!("{other:?}"),
        }
    }

    async fn trail(&self) -> Vec<AuditEvent<'static>> {
        all(&*self.trail, &acme()).await
    }

    /// Each entry behind the first `skip` as `actor action`.
    async fn told(&self, skip: usize) -> Vec<String> {
        let told = |event: &AuditEvent<'_>| format!("{} {}", event.entry.actor, event.entry.action.as_str());
        self.trail().await.iter().skip(skip).map(told).collect()
    }
}

fn detail(event: &AuditEvent<'_>) -> Vec<(String, String)> {
    event.entry.detail.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect()
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// Notes a request with its type, format and template, by whoever asked, at the time of the job; never its key.
pub async fn a_request_is_noted_with_what_was_asked_for(subject: Subject) {
    let now = of::second(3);
    let mut insert = of::keyed_insert(1, &acme(), now.wall, "the key", "body");
    insert.job.request = of::request(ExportType::ScanReport, Format::Pdf);
    insert.job.request.options.template = Some("custom-acme".to_owned());
    let id = insert.job.id.to_string();
    subject.jobs.insert(insert, now).await.unwrap();
    let trail = subject.trail().await;
    assert_eq!((trail.len(), trail[0].seq, trail[0].at), (1, 1, now.wall));
    let entry = &trail[0].entry;
    assert_eq!((&*entry.actor, &*entry.target), ("ann@example.org", id.as_str()));
    assert_eq!(entry.action, AuditAction::ExportRequested);
    let asked = [("format", "pdf"), ("template", "custom-acme"), ("type", "scan_report")];
    assert_eq!(detail(&trail[0]), pairs(&asked));
}

/// Notes nothing for a duplicate and a key that was used for something else.
pub async fn a_request_that_queues_nothing_is_not_noted(subject: Subject) {
    let now = of::second(1);
    for (number, body) in [(1, "body"), (2, "body"), (3, "another")] {
        subject.jobs.insert(of::keyed_insert(number, &acme(), now.wall, "k", body), now).await.unwrap();
    }
    assert_eq!(subject.told(0).await, ["ann@example.org export.requested"]);
}

/// Notes a cancel of a queued job as its end.
pub async fn a_cancel_is_noted_once_by_whoever_cancels(subject: Subject) {
    let job = subject.queue(1).await;
    subject.jobs.cancel(&acme(), job.id, "bob", of::second(9)).await.unwrap();
    subject.jobs.cancel(&acme(), job.id, "eve", of::second(10)).await.unwrap();
    assert_eq!(subject.told(1).await, ["bob export.cancelled"]);
    let cancelled = subject.trail().await.remove(1);
    assert_eq!((cancelled.at, &*cancelled.entry.target), (of::second(9).wall, &*job.id.to_string()));
}

/// Notes that a user wants a running job cancelled, and its end when it comes.
pub async fn a_cancel_through_the_worker_is_followed_by_the_end(subject: Subject) {
    let job = subject.queue(1).await;
    let lease = subject.jobs.claim(of::claim(1, 1), of::second(2)).await.unwrap().remove(0).lease;
    for by in ["bob", "eve"] {
        subject.jobs.cancel(&acme(), job.id, by, of::second(3)).await.unwrap();
    }
    assert_eq!(subject.told(1).await, ["bob export.cancelled"], "the second one changed nothing");
    subject.jobs.record(&lease, Recorded::Release, of::second(4)).await.unwrap();
    assert_eq!(subject.told(2).await, ["system export.failed"]);
    let failed = subject.trail().await.remove(2);
    assert_eq!(detail(&failed), pairs(&[("attempt", "1"), ("code", "cancelled")]));
}

/// Notes a retry.
pub async fn a_retry_is_noted_by_whoever_retries(subject: Subject) {
    let job = subject.queue(1).await;
    subject.jobs.cancel(&acme(), job.id, "bob", of::second(2)).await.unwrap();
    subject.jobs.retry(&acme(), job.id, "eve", of::second(3)).await.unwrap();
    assert_eq!(subject.told(1).await, ["bob export.cancelled", "eve export.retried"]);
}

/// Notes nothing that did not happen.
pub async fn what_is_refused_is_not_noted(subject: Subject) {
    let job = subject.queue(1).await;
    let (globex, now) = (of::tenant("globex"), of::second(5));
    subject.jobs.retry(&acme(), job.id, "eve", now).await.unwrap();
    subject.jobs.cancel(&globex, job.id, "eve", now).await.unwrap();
    let lease = subject.jobs.claim(of::claim(1, 1), now).await.unwrap().remove(0).lease;
    subject.jobs.record(&lease, of::complete(now.wall), now).await.unwrap();
    subject.jobs.record(&lease, of::complete(now.wall), now).await.unwrap();
    subject.jobs.cancel(&acme(), job.id, "eve", now).await.unwrap();
    assert_eq!(subject.told(1).await, ["system export.completed"]);
    assert_eq!(all(&*subject.trail, &globex).await, []);
}

/// Notes a completion with the number of artifacts, the main one with its digest, and the attempt.
pub async fn a_completion_is_noted_with_its_main_artifact(subject: Subject) {
    subject.queue(1).await;
    let lease = subject.jobs.claim(of::claim(1, 1), of::second(2)).await.unwrap().remove(0).lease;
    subject.jobs.record(&lease, of::complete(of::second(3).wall), of::second(3)).await.unwrap();
    assert_eq!(subject.told(1).await, ["system export.completed"]);
    let sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    let told = [("artifact", "report.json"), ("artifacts", "1"), ("attempt", "1"), ("sha256", sha256)];
    assert_eq!(detail(&subject.trail().await[1]), pairs(&told));
}

/// Notes a failure when no attempt follows, and not before.
pub async fn a_failure_is_noted_with_its_code_once_it_is_final(subject: Subject) {
    subject.queue(1).await;
    for attempt in 1..=3_u64 {
        assert_eq!(subject.told(1).await, Vec::<String>::new(), "attempt {attempt} is still to come");
        let now = of::second(1_000 * attempt);
        let lease = subject.jobs.claim(of::claim(1, 1), now).await.unwrap().remove(0).lease;
        subject.jobs.record(&lease, of::fail(Code::StorageUnavailable), now).await.unwrap();
    }
    assert_eq!(subject.told(1).await, ["system export.failed"]);
    let told = [("attempt", "3"), ("code", Code::StorageUnavailable.as_str())];
    assert_eq!(detail(&subject.trail().await[1]), pairs(&told));
}

/// Notes the end of a job whose workers die.
pub async fn a_crash_is_noted_when_it_was_the_last_one(subject: Subject) {
    subject.queue(1).await;
    let mut now: Now = of::second(10);
    for _ in 0..50 {
        now = now.plus(Duration::from_secs(1_000));
        if subject.jobs.claim(of::claim(1, 1), now).await.unwrap().is_empty() {
            break;
        }
        now = now.plus(Duration::from_secs(1_000));
        subject.jobs.requeue_expired(now).await.unwrap();
    }
    assert_eq!(subject.told(1).await, ["system export.failed"]);
}
