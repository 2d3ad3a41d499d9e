//! The spooled snapshot: written once, joined, sorted, counted, read many times.
