//! What to do about a finding.

use export_core::record::FindingRecord;
use export_render_kit::remedy::{self, Upgrade};
use serde::Serialize;

/// What to do about a finding as JSON.
#[derive(Serialize)]
pub(crate) struct RemediationJson<'r> {
    action: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fixed_versions: Vec<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    upgrade: Option<UpgradeJson<'r>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    references: Vec<&'r str>,
}

#[derive(Serialize)]
struct UpgradeJson<'r> {
    package: &'r str,
    #[serde(skip_serializing_if = "str::is_empty")]
    from: &'r str,
    to: String,
}

impl<'r> RemediationJson<'r> {
    pub(crate) fn of(record: &'r FindingRecord<'r>) -> Self {
        let finding = &record.finding;
        Self {
            action: remedy::action(record, &|text, _| text.to_owned()),
            fixed_versions: remedy::fixed_versions(finding).collect(),
            upgrade: Upgrade::of(finding).map(|Upgrade { package, from, to }| UpgradeJson {
                package,
                from,
                to,
            }),
            references: remedy::references(finding).collect(),
        }
    }
}
