//! What policy engines write, as verdicts: Conftest, OPA, the reports of Kubernetes' policy working group, OSCAL.
//!
//! `docs/formats/inputs-statements.md` says what becomes policy set, policy and rule. A file of these makes its folder a scan
//! where nothing else does.

mod conftest;
mod opa;
mod oscal;
mod report;
mod yaml;

pub(crate) use self::conftest::CONFTEST;
pub(crate) use self::opa::OPA;
pub(crate) use self::oscal::OSCAL;
pub(crate) use self::report::{REPORT, YAML_REPORT};

use export_core::finding::{Decision, Verdict};
use export_core::text::Text;

/// A verdict about the whole scan.
fn verdict(
    (set, policy, rule): (Text<'static>, Text<'static>, Text<'static>),
    decision: Decision,
    reason: String,
) -> Verdict<'static> {
    Verdict {
        subject: None,
        policy_set: set,
        policy,
        rule,
        decision,
        reason: reason.into(),
        evaluated_at: None,
        waiver: None,
    }
}
