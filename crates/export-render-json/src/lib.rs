//! The JSON renderer: one streamed document with a published schema.
