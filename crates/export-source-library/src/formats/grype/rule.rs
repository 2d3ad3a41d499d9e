//! `appliedIgnoreRules`: why Grype was told to leave a match out.

use export_core::finding::Suppression;
use export_core::text::Text;

use crate::json::members;

members! {
    /// One rule.
    pub(super) struct IgnoreRule<'a> {
        vulnerability: Text<'a> = "vulnerability",
        reason: Text<'a> = "reason",
        namespace: Text<'a> = "namespace",
        fix_state: Text<'a> = "fix-state",
        package: RulePackage<'a> = "package",
        vex_status: Text<'a> = "vex-status",
        vex_justification: Text<'a> = "vex-justification",
        match_type: Text<'a> = "match-type",
    }
    struct RulePackage<'a> {
        name: Text<'a> = "name",
        version: Text<'a> = "version",
        kind: Text<'a> = "type",
        location: Text<'a> = "location",
    }
}

impl IgnoreRule<'_> {
    /// The rule as one line: `vulnerability CVE-2024-1, fix-state not-fixed`.
    fn line(&self) -> String {
        let parts = [
            ("vulnerability", &self.vulnerability),
            ("namespace", &self.namespace),
            ("fix-state", &self.fix_state),
            ("package", &self.package.name),
            ("version", &self.package.version),
            ("type", &self.package.kind),
            ("location", &self.package.location),
            ("match-type", &self.match_type),
            ("vex-status", &self.vex_status),
        ];
        let told = parts.iter().filter(|(_, text)| !text.is_empty());
        told.map(|(name, text)| format!("{name} {text}")).collect::<Vec<_>>().join(", ")
    }
}

/// What the rules say together. A rule of a VEX document has its status; the reason is the given one, else the justification.
pub(super) fn suppression(rules: &[IgnoreRule<'_>]) -> Suppression<'static> {
    let status = rules.iter().map(|rule| &rule.vex_status).find(|status| !status.is_empty());
    let reasons = rules.iter().map(|rule| match &*rule.reason {
        "" => &*rule.vex_justification,
        reason => reason,
    });
    let joined = |texts: Vec<String>| {
        let told: Vec<String> = texts.into_iter().filter(|text| !text.is_empty()).collect();
        Text::from(told.join("; "))
    };
    Suppression {
        status: status.map_or_else(|| "ignored".into(), |status| status.to_string().into()),
        reason: joined(reasons.map(str::to_owned).collect()),
        source: joined(rules.iter().map(IgnoreRule::line).collect()),
    }
}
