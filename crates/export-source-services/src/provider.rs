//! A check that any provider of a service can run.
