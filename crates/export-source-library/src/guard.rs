//! Findings of guards of AI-written code (`docs/contracts/ai-code-guard.md`), and the JSON of the tool ai-code-guard.

mod finding;
mod head;
mod ids;
mod report;

pub(crate) use self::head::{Head, HeadMembers};
pub(crate) use self::ids::Ids;
pub(crate) use self::report::Report;
