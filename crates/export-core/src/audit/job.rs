//! What is noted of an export's life. Stores of jobs call these, so that all of them note the same.

use super::{AuditAction, AuditEntry, SYSTEM};
use crate::job::{Job, JobState};

impl AuditEntry<'static> {
    /// `job` was asked for. Its idempotency key is not noted: it may carry what callers mean to keep to themselves.
    #[must_use]
    pub fn requested(job: &Job) -> Self {
        let request = &job.request;
        let entry = of(job, &job.created_by, AuditAction::ExportRequested)
            .with("type", request.kind.as_str())
            .with("format", request.format.as_str());
        match &request.options.template {
            Some(template) => entry.with("template", template.clone()),
            None => entry,
        }
    }

    /// `by` has cancelled `before`, which has become `after`; none if that cancel came to nothing new.
    #[must_use]
    pub fn cancelled(before: &Job, after: &Job, by: &str) -> Option<Self> {
        (before != after).then(|| of(after, by, AuditAction::ExportCancelled))
    }

    /// `by` had `job` queued again.
    #[must_use]
    pub fn retried(job: &Job, by: &str) -> Self {
        of(job, by, AuditAction::ExportRetried)
    }

    /// The service has brought `job` to an end; none while it has not ended.
    #[must_use]
    pub fn ended(job: &Job) -> Option<Self> {
        let entry = |action| of(job, SYSTEM, action).with("attempt", job.attempt.to_string());
        match &job.state {
            JobState::Queued { .. } | JobState::Processing { .. } => None,
            JobState::Failed { failure, .. } => {
                Some(entry(AuditAction::ExportFailed).with("code", failure.code.as_str()))
            }
            JobState::Completed { outcome } => {
                let count = outcome.artifacts.len().to_string();
                let entry = entry(AuditAction::ExportCompleted).with("artifacts", count);
                let main = outcome.artifacts.first();
                Some(main.into_iter().fold(entry, |entry, main| {
                    entry.with("artifact", main.name.clone()).with("sha256", main.sha256.to_string())
                }))
            }
        }
    }
}

fn of(job: &Job, actor: &str, action: AuditAction) -> AuditEntry<'static> {
    AuditEntry::new(actor.to_owned(), action, job.id.to_string())
}
