//! Configuration, telemetry, clock, keys, start and stop, adapters by URL.
