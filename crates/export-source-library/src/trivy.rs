//! Trivy JSON reports, schema version 2 (Trivy's `pkg/types/report.go`).

mod head;
mod other;
pub(crate) mod packages;
mod rating;
mod report;
mod section;
mod seen;
mod vulnerability;

pub(crate) use self::head::{Head, HeadMembers};
pub(crate) use self::report::Report;
pub(crate) use self::seen::Seen;
