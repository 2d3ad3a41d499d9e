//! The scope of an audit log: a range of time and nothing else, for the trail is the tenant's and not of scans.

use super::Scope;
use super::parse::invalid;
use crate::problem::{FieldError, Problem};

/// Whether `scope` is one of an audit log.
///
/// # Errors
/// `invalid_request` with each place.
pub(super) fn check(scope: &Scope) -> Result<(), Box<Problem>> {
    let named = [
        (!scope.scan_ids.is_empty(), "/scope/scan_ids"),
        (!scope.image_refs.is_empty(), "/scope/image_refs"),
        (!scope.policy_sets.is_empty(), "/scope/policy_sets"),
    ];
    let why = "does not fit an audit_log, which tells all that was done in a date_range";
    let named = named.into_iter().filter(|(is_named, _)| *is_named);
    let mut errors: Vec<_> = named.map(|(_, pointer)| FieldError::new(pointer, why)).collect();
    if scope.date_range.is_none() {
        let required = "is required for an audit_log: events from its start to its end, both included";
        errors.push(FieldError::new("/scope/date_range", required));
    }
    if errors.is_empty() { Ok(()) } else { Err(Box::new(invalid(errors))) }
}
