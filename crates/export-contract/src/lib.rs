//! For tests only: one suite per port, in-memory fakes, fault-injecting wrappers.
