//! The REST API, events, downloads: axum over the engine.
