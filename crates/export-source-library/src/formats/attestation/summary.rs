//! Verification summaries as verdicts: SLSA's VSA (v0.2, v1) and in-toto's simple verification results (SVR v0.1, v0.2).

use export_core::digest::Digest;
use export_core::error::PortError;
use export_core::finding::{Decision, Verdict};
use export_core::text::Text;
use export_core::time::Timestamp;

use super::envelope::each;
use super::open;
use super::statement::Statement;
use crate::document::Document;
use crate::emit::Emitter;
use crate::json::{JsonReader, members};
use crate::kit::{Doubts, own};

members! {
    struct Summary<'a> {
        verifier: Verifier<'a> = "verifier",
        policy: Named<'a> = "policy",
        result: Text<'a> = "verificationResult" | "verification_result",
        levels: Vec<Text<'a>> = "verifiedLevels",
        level: Text<'a> = "policy_level",
        resource: Text<'a> = "resourceUri",
        properties: Vec<Text<'a>> = "properties",
        at: Option<Timestamp> = "timeVerified" | "time_verified" | "timeCreated",
    }
    struct Verifier<'a> {
        id: Text<'a> = "id",
        policies: Vec<Named<'a>> = "policies",
    }
    struct Named<'a> {
        uri: Text<'a> = "uri",
    }
}

/// Reads the verdicts of the statements in a document to its end; its digest.
pub(super) fn read(document: &Document, emit: &mut Emitter<Verdict<'static>>) -> Result<Digest, PortError> {
    each(document, &mut Doubts::default(), |wrapped| {
        let statement = Statement::of(document, &wrapped)?;
        let kind = statement.predicate_type.as_str();
        let is_vsa = kind.starts_with("https://slsa.dev/verification_summary/");
        if !is_vsa && !kind.starts_with("https://in-toto.io/attestation/svr/") {
            return Ok(());
        }
        let bytes = statement.predicate.len();
        let mut reader =
            JsonReader::new(open(document, &wrapped.part("/predicate"), statement.predicate.clone())?);
        let span = reader.span()?;
        let summary: Summary<'_> = reader.parse(&span)?;
        if !is_vsa {
            return summary.properties(kind).try_for_each(|verdict| emit.item(verdict, bytes));
        }
        match summary.decision() {
            Some(decision) => emit.item(summary.verdict(kind, decision), bytes),
            None => Err(reader.invalid_in(
                &span,
                "the result is neither PASSED nor FAILED",
                "/verificationResult",
            )),
        }
    })
}

impl Summary<'_> {
    fn decision(&self) -> Option<Decision> {
        match self.result.as_str() {
            "PASSED" => Some(Decision::Pass),
            "FAILED" => Some(Decision::Fail),
            _ => None,
        }
    }

    fn verdict(&self, kind: &str, decision: Decision) -> Verdict<'static> {
        let levels = self.levels.iter().chain([&self.level]).map(Text::as_str);
        let levels: Vec<&str> = levels.filter(|level| !level.is_empty()).collect();
        let mut reason = levels.join(", ");
        if !self.resource.is_empty() {
            reason = format!("{reason} ({})", self.resource).trim_start().to_owned();
        }
        self.about(kind, "verification".into(), decision, reason)
    }

    /// Each property that was verified.
    fn properties(&self, kind: &str) -> impl Iterator<Item = Verdict<'static>> {
        self.properties.iter().map(move |property| {
            self.about(kind, own(property.as_str().into()), Decision::Pass, String::new())
        })
    }

    fn about(&self, kind: &str, rule: Text<'static>, decision: Decision, reason: String) -> Verdict<'static> {
        let policy = [&self.policy].into_iter().chain(&self.verifier.policies).map(|policy| &policy.uri);
        let policy = policy.into_iter().find(|uri| !uri.is_empty()).map_or(kind, |uri| uri.as_str());
        let set = if self.verifier.id.is_empty() { kind } else { &self.verifier.id };
        Verdict {
            subject: None,
            policy_set: set.to_owned().into(),
            policy: policy.to_owned().into(),
            rule,
            decision,
            reason: reason.into(),
            evaluated_at: self.at,
            waiver: None,
        }
    }
}
