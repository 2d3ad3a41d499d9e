//! What a guard of AI-written code knows besides the weakness itself (`docs/contracts/ai-code-guard.md`).

use serde::{Deserialize, Serialize};

use super::Probability;
use crate::text::Text;

/// How sure the guard is, what it saw, and who wrote the code.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodeGuard<'a> {
    /// The guard's own id of the finding; empty if it gives none.
    #[serde(borrow)]
    pub id: Text<'a>,
    /// The guard's class of the weakness: `injection`, `secrets`, `hallucinated_dependency`.
    #[serde(borrow)]
    pub category: Text<'a>,
    /// How sure the guard is, 0 to 1.
    pub confidence: Option<Probability>,
    /// The column at which the code begins in its first line, counted from 1.
    pub start_column: Option<u32>,
    /// SHA-256 of the code that was looked at, 64 lower-case hexadecimal digits: the evidence, without the code.
    #[serde(borrow)]
    pub snippet_sha256: Option<Text<'a>>,
    /// What the guard says is to be done; empty if it says nothing.
    #[serde(borrow)]
    pub resolution: Text<'a>,
    /// The repository that the file belongs to; empty if the report names none.
    #[serde(borrow)]
    pub repository: Text<'a>,
    /// Who wrote the code, if the guard can tell.
    #[serde(borrow)]
    pub attribution: Option<Attribution<'a>>,
}

/// Which model wrote the code.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attribution<'a> {
    /// The model: `acme-coder-2`; empty if unknown.
    #[serde(borrow)]
    pub model: Text<'a>,
    /// The session of the assistant in which it was written.
    #[serde(borrow)]
    pub session: Option<Text<'a>>,
    /// The share of the lines that the model wrote, 0 to 1.
    pub share: Option<Probability>,
}
