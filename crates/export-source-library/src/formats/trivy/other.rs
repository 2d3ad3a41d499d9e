//! `Misconfigurations`, `Secrets` and `Licenses`.

use export_core::finding::{
    Component, Finding, FindingKind, Licence, Misconfiguration, Probability, Secret, Subject,
};
use export_core::text::Text;
use serde::{Deserialize, Deserializer, de};

use super::section::{Layer, Section, location};
use crate::json::members;
use crate::kit::{own, own_all, some};

members! {
    /// An entry of `Misconfigurations` (Trivy's `DetectedMisconfiguration`).
    pub(super) struct RawMisconfiguration<'a> {
        id: Text<'a> = "ID",
        avd_id: Text<'a> = "AVDID",
        title: Text<'a> = "Title",
        description: Text<'a> = "Description",
        message: Text<'a> = "Message",
        resolution: Text<'a> = "Resolution",
        severity: Text<'a> = "Severity",
        primary_url: Text<'a> = "PrimaryURL",
        references: Vec<Text<'a>> = "References",
        status: Text<'a> = "Status",
        layer: Layer<'a> = "Layer",
        cause: Cause<'a> = "CauseMetadata",
    }
    struct Cause<'a> {
        resource: Text<'a> = "Resource",
        start_line: u32 = "StartLine",
        end_line: u32 = "EndLine",
        occurrences: Vec<Occurrence<'a>> = "Occurrences",
    }
    struct Occurrence<'a> {
        file: Text<'a> = "Filename",
        lines: Lines = "Location",
    }
    /// An entry of `Secrets` (Trivy's `SecretFinding`).
    pub(super) struct RawSecret<'a> {
        rule_id: Text<'a> = "RuleID",
        category: Text<'a> = "Category",
        severity: Text<'a> = "Severity",
        title: Text<'a> = "Title",
        start_line: u32 = "StartLine",
        end_line: u32 = "EndLine",
        line: Text<'a> = "Match",
        layer: Layer<'a> = "Layer",
    }
    /// An entry of `Licenses` (Trivy's `DetectedLicense`).
    pub(super) struct RawLicence<'a> {
        severity: Text<'a> = "Severity",
        category: Text<'a> = "Category",
        package: Text<'a> = "PkgName",
        file: Text<'a> = "FilePath",
        name: Text<'a> = "Name",
        confidence: Confidence = "Confidence",
        link: Text<'a> = "Link",
    }
}

/// Where an occurrence lies in its file.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub(crate) struct Lines {
    start_line: u32,
    end_line: u32,
}

impl RawMisconfiguration<'_> {
    /// The finding, if it is one: what passed, or is excepted, is none.
    pub(super) fn finding(self, section: &mut Section<'_>) -> Result<Option<Finding<'static>>, &'static str> {
        if matches!(self.status.as_str(), "PASS" | "EXCEPTION") {
            return Ok(None);
        }
        let rule_id = if self.id.is_empty() { self.avd_id.clone() } else { self.id };
        if rule_id.is_empty() {
            return Err("ID is missing");
        }
        let lines = (self.cause.start_line, self.cause.end_line);
        let place = format!("{}-{}\0{}\0{}", lines.0, lines.1, self.cause.resource, self.message);
        let id = section.numbered_id(FindingKind::Misconfiguration, "", &rule_id, &place);
        let own_place = location(section.target().into(), lines, self.layer);
        let occurrences =
            self.cause.occurrences.into_iter().filter_map(|it| {
                location(it.file, (it.lines.start_line, it.lines.end_line), Layer::default())
            });
        let subject = Subject::Misconfiguration(Misconfiguration {
            aliases: some(self.avd_id).into_iter().filter(|alias| *alias != rule_id).collect(),
            rule_id: own(rule_id),
            message: own(self.message),
            resolution: own(self.resolution),
        });
        Ok(Some(Finding {
            title: own(self.title),
            description: own(self.description),
            locations: own_place.into_iter().chain(occurrences).collect(),
            primary_url: some(self.primary_url),
            references: own_all(self.references),
            ..section.finding(id, &self.severity, subject)
        }))
    }
}

impl RawSecret<'_> {
    /// The finding, or what is wrong.
    pub(super) fn finding(self, section: &mut Section<'_>) -> Result<Finding<'static>, &'static str> {
        if self.rule_id.is_empty() {
            return Err("RuleID is missing");
        }
        // A line without the mask may hold the secret itself.
        let masked = if self.line.contains('*') { self.line } else { Text::default() };
        let place = format!("{}-{}\0{masked}", self.start_line, self.end_line);
        let id = section.numbered_id(FindingKind::Secret, "", &self.rule_id, &place);
        let place = location(section.target().into(), (self.start_line, self.end_line), self.layer);
        let subject = Subject::Secret(Secret {
            rule_id: own(self.rule_id),
            category: own(self.category),
            masked: own(masked),
        });
        Ok(Finding {
            title: own(self.title),
            locations: place.into_iter().collect(),
            ..section.finding(id, &self.severity, subject)
        })
    }
}

impl RawLicence<'_> {
    /// The finding, or what is wrong.
    pub(super) fn finding(self, section: &mut Section<'_>) -> Result<Finding<'static>, &'static str> {
        if self.name.is_empty() {
            return Err("Name is missing");
        }
        let id = section.numbered_id(FindingKind::Licence, &self.package, &self.name, &self.file);
        let subject = Subject::Licence(Licence {
            name: own(self.name),
            category: own(self.category),
            confidence: self.confidence.0,
        });
        let component = some(self.package).map(|name| Component {
            name,
            ecosystem: section.ecosystem(),
            ..Component::default()
        });
        Ok(Finding {
            component,
            locations: location(self.file, (0, 0), Layer::default()).into_iter().collect(),
            primary_url: some(self.link),
            ..section.finding(id, &self.severity, subject)
        })
    }
}

/// How sure Trivy is about a licence, 0 to 1.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Confidence(Option<Probability>);

impl<'de> Deserialize<'de> for Confidence {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = f64::deserialize(deserializer)?;
        let share =
            Probability::new(number).ok_or_else(|| de::Error::custom("a confidence lies between 0 and 1"))?;
        Ok(Self(Some(share)))
    }
}
