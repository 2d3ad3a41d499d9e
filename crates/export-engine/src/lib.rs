//! The six steps of an export, the worker loop, the heartbeat.
