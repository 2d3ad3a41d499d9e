//! What a tenant's reports wear: its name, its colour, its logo.
//!
//! All of it comes from people outside of this program, so that each has a door that checks it: an [`Accent`] can be
//! read on paper, a [`Logo`] is a picture and nothing else.

mod accent;

pub use accent::{Accent, BadColour, contrast};
