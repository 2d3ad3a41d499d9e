//! The job store on SQLite: one writer with group commit, fenced leases, an event log.
