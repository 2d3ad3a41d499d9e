//! What kind of thing a result is: SARIF itself only knows results.

use export_core::finding::FindingKind;

use super::package::Package;
use super::rule::Rule;
use crate::kit::is_vulnerability;

/// Tools that look for credentials, by the beginning of their names.
const OF_SECRETS: [&str; 7] =
    ["gitleaks", "trufflehog", "detect-secrets", "ggshield", "gitguardian", "kingfisher", "noseyparker"];
/// Tools that look at configuration.
const OF_CONFIGURATION: [&str; 18] = [
    "checkov",
    "hadolint",
    "tfsec",
    "kics",
    "terrascan",
    "kube-linter",
    "kubelinter",
    "kubescape",
    "polaris",
    "conftest",
    "cfn-lint",
    "cfn_nag",
    "cfn-nag",
    "kubeaudit",
    "kube-score",
    "dockle",
    "tflint",
    "prowler",
];
/// Tools that look for known vulnerabilities only, so that their rules are these.
const OF_VULNERABILITIES: [&str; 4] = ["grype", "osv-scanner", "govulncheck", "pip-audit"];

/// What is known of a result that tells its kind.
pub(super) struct Clues<'a> {
    /// The tool's name in small letters.
    pub(super) tool: &'a str,
    pub(super) rule_id: &'a str,
    pub(super) rule: Option<&'a Rule>,
    pub(super) package: Option<&'a Package>,
}

impl Clues<'_> {
    /// The kind. The rule's tags count first, for tools such as Trivy find several kinds; then the rule's id; then the tool.
    pub(super) fn kind(&self) -> FindingKind {
        let tagged = self.rule.into_iter().flat_map(|rule| &rule.tags).find_map(|tag| of_tag(tag));
        if let Some(kind) = tagged {
            return kind;
        }
        let is_one_of = |tools: &[&str]| tools.iter().any(|tool| self.tool.starts_with(tool));
        if self.rule_id.starts_with("CKV_SECRET_") || is_one_of(&OF_SECRETS) {
            FindingKind::Secret
        } else if is_vulnerability(self.rule_id) || is_one_of(&OF_VULNERABILITIES) {
            FindingKind::Vulnerability
        } else if is_one_of(&OF_CONFIGURATION) || self.rule_id.starts_with("AVD-") {
            FindingKind::Misconfiguration
        } else if self.package.is_some_and(|package| package.is_vulnerable) {
            FindingKind::Vulnerability
        } else {
            FindingKind::Code
        }
    }
}

fn of_tag(tag: &str) -> Option<FindingKind> {
    match tag.to_ascii_lowercase().as_str() {
        "vulnerability" => Some(FindingKind::Vulnerability),
        "misconfiguration" | "iac" => Some(FindingKind::Misconfiguration),
        "secret" | "secrets" => Some(FindingKind::Secret),
        "license" => Some(FindingKind::Licence),
        _ => None,
    }
}
