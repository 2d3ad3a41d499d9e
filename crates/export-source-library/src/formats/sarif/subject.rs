//! What only one kind of finding has.

use export_core::finding::{
    CodeWeakness, CvssVersion, FindingKind, Licence, Misconfiguration, Score, Secret, Subject, Vulnerability,
};
use export_core::text::Text;

use super::package::{Package, field};
use crate::kit::{aliases_of, cwes, rating};

/// What a result says.
pub(super) struct Content<'a> {
    /// The tool as it writes itself.
    pub(super) tool: &'a str,
    pub(super) rule_id: &'a str,
    pub(super) package: Option<&'a Package>,
    pub(super) message: &'a str,
    pub(super) cwes: Vec<String>,
    pub(super) score: Option<Score>,
    /// What the tool proposes to do.
    pub(super) resolution: String,
}

impl Content<'_> {
    /// The subject of a finding of this kind.
    pub(super) fn subject(mut self, kind: FindingKind) -> Subject<'static> {
        let rule_id = Text::from(self.rule_id.to_owned());
        match kind {
            FindingKind::Vulnerability => Subject::Vulnerability(self.vulnerability()),
            FindingKind::Misconfiguration => Subject::Misconfiguration(Misconfiguration {
                rule_id,
                aliases: Vec::new(),
                // Trivy's messages are a list of members.
                message: field(self.message, "Message: ").unwrap_or(self.message).to_owned().into(),
                resolution: std::mem::take(&mut self.resolution).into(),
            }),
            FindingKind::Secret => Subject::Secret(Secret {
                rule_id,
                category: Text::default(),
                // The message itself may hold the secret; a line that was masked is told so by Trivy.
                masked: self.masked().unwrap_or_default().to_owned().into(),
            }),
            FindingKind::Licence => Subject::Licence(Licence {
                name: field(self.message, "License ").map_or(rule_id, |name| name.to_owned().into()),
                category: field(self.message, "Classification: ").unwrap_or_default().to_owned().into(),
                confidence: None,
            }),
            FindingKind::Code => Subject::Code(CodeWeakness {
                rule_id,
                cwes: cwes(self.cwes.iter().map(String::as_str)),
                message: self.message.to_owned().into(),
                guard: None,
            }),
        }
    }

    /// The vulnerability's id: the rule's, but for Grype.
    fn vulnerability(&self) -> Vulnerability<'static> {
        let told = self.package.map(|package| &package.vulnerability).filter(|id| !id.is_empty());
        let id = told.map_or(self.rule_id, String::as_str);
        let aliases = self.package.map_or(&[][..], |package| &package.aliases);
        let scored = self.score.map(|score| {
            let source = self.tool.to_lowercase().into();
            rating(source, CvssVersion::V31, None, Some(score), None).0
        });
        Vulnerability {
            aliases: aliases_of(id, aliases.iter().map(|alias| Text::from(alias.clone()))),
            id: id.to_owned().into(),
            cwes: cwes(self.cwes.iter().map(String::as_str)),
            ratings: scored.into_iter().collect(),
            epss: None,
            known_exploited: None,
        }
    }

    fn masked(&self) -> Option<&str> {
        field(self.message, "Match: ").filter(|line| line.contains("***"))
    }
}
