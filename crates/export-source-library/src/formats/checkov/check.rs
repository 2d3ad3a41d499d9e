//! One check that failed or was skipped.

use export_core::finding::{
    Component, Finding, Fix, FixState, Severity, Subject, Suppression, vulnerability_finding_id,
};
use export_core::text::Text;

use super::kind::{kind_of, subject};
use crate::format::Scanned;
use crate::json::members;
use crate::kit::{
    GivenLine, GivenScore, blank, file_path, joined, location, own, place_id, repository, some,
};

/// What the checks of a list have in common.
pub(super) struct Context<'a> {
    pub(super) scan: &'a Scanned<'a>,
    /// `check_type`.
    pub(super) kind: &'a str,
    pub(super) is_skipped: bool,
}

members! {
    /// An entry of `failed_checks` or `skipped_checks`.
    pub(super) struct Check<'a> {
        pub(super) id: Text<'a> = "check_id",
        pub(super) bc_id: Text<'a> = "bc_check_id",
        pub(super) name: Text<'a> = "check_name",
        result: CheckResult<'a> = "check_result",
        file: Text<'a> = "file_path",
        lines: Vec<GivenLine> = "file_line_range",
        pub(super) resource: Text<'a> = "resource",
        severity: Text<'a> = "severity",
        guideline: Text<'a> = "guideline",
        description: Text<'a> = "description",
        pub(super) details: Vec<Text<'a>> = "details",
        pub(super) package: Details<'a> = "vulnerability_details",
    }
    struct CheckResult<'a> {
        comment: Text<'a> = "suppress_comment",
    }
    /// What Checkov's scan of packages tells.
    pub(super) struct Details<'a> {
        pub(super) id: Text<'a> = "id",
        pub(super) status: Text<'a> = "status",
        severity: Text<'a> = "severity",
        pub(super) name: Text<'a> = "package_name",
        pub(super) version: Text<'a> = "package_version",
        kind: Text<'a> = "package_type",
        link: Text<'a> = "link",
        pub(super) score: GivenScore = "cvss",
        pub(super) vector: Text<'a> = "vector",
        description: Text<'a> = "description",
        pub(super) licence: Text<'a> = "license",
        fixed: Text<'a> = "lowest_fixed_version",
    }
}

impl Check<'_> {
    /// The finding, or what is wrong.
    pub(super) fn finding(
        mut self,
        context: &Context<'_>,
    ) -> Result<Finding<'static>, (&'static str, &'static str)> {
        if self.id.is_empty() {
            return Err(("check_id is missing", "/check_id"));
        }
        let kind = kind_of(context.kind, &self);
        let path = file_path(&self.file).to_owned();
        let (start, end) = (self.line(0), self.line(1));
        let subject = subject(kind, &mut self);
        let component = Some(&self.package).filter(|it| !it.name.is_empty());
        let component = component.map(|it| Component {
            name: own(it.name.clone()),
            version: own(it.version.clone()),
            purl: None,
            ecosystem: own(it.kind.clone()),
        });
        // Lines move with every edit, so the resource is the place. That of a secret is its hash.
        let id = match (&subject, &component) {
            (Subject::Vulnerability(it), Some(component)) => {
                vulnerability_finding_id(repository(context.scan.image), component, it, &path)
            }
            _ => place_id(context.scan, kind, &path, &self.id, &self.resource),
        };
        let word = if self.severity.is_empty() { &self.package.severity } else { &self.severity };
        let severity = Severity::from_word(word);
        let page = if self.guideline.is_empty() { self.package.link } else { self.guideline };
        let told = if self.description.is_empty() { self.package.description } else { self.description };
        let suppression = context.is_skipped.then(|| Suppression {
            status: "skipped".into(),
            reason: own(self.result.comment),
            source: "checkov".into(),
        });
        let fixed = match self.package.status.strip_prefix("fixed in ") {
            Some(versions) => versions.to_owned().into(),
            None => own(self.package.fixed),
        };
        Ok(Finding {
            target: path.clone().into(),
            severity,
            title: own(self.name),
            description: own(told),
            component,
            locations: (!path.is_empty()).then(|| location(&path, start, end)).into_iter().collect(),
            fix: Fix {
                state: if fixed.is_empty() { FixState::Unknown } else { FixState::Fixed },
                versions: fixed,
            },
            primary_url: some(page),
            suppression,
            ..blank(context.scan, context.scan.image, id, subject)
        })
    }

    /// What this place does wrong: Checkov's details, else the resource.
    pub(super) fn message(&self) -> Text<'static> {
        if self.details.is_empty() { own(self.resource.clone()) } else { joined(&self.details) }
    }

    fn line(&self, index: usize) -> Option<u32> {
        self.lines.get(index).and_then(|line| line.0)
    }
}
