//! One finding of a guard.

use export_core::digest::Digest;
use export_core::finding::{
    Attribution, CodeGuard, CodeWeakness, Finding, FindingKind, Location, Probability, Severity, Subject,
    finding_id,
};
use export_core::text::Text;
use export_core::warning::{Warning, WarningCode};
use serde::{Deserialize, Deserializer, de};

use super::report::Report;
use crate::format::Scanned;
use crate::json::members;
use crate::kit::{blank, own};

members! {
    /// An entry of `findings`. Where ai-code-guard has names of its own, they are the second ones.
    pub(super) struct Raw<'a> {
        id: Text<'a> = "id",
        rule_id: Text<'a> = "rule_id",
        category: Text<'a> = "category",
        severity: Text<'a> = "severity",
        title: Text<'a> = "title",
        message: Text<'a> = "message",
        description: Text<'a> = "description",
        file: Text<'a> = "file",
        start_line: Option<u32> = "start_line" | "line",
        end_line: Option<u32> = "end_line",
        start_column: Option<u32> = "start_column",
        column_from_zero: Option<u32> = "column",
        snippet_sha256: Text<'a> = "snippet_sha256",
        snippet: Option<Text<'a>> = "code_snippet",
        cwes: Vec<Text<'a>> = "cwes",
        cwe: Text<'a> = "cwe_id",
        resolution: Text<'a> = "resolution" | "fix_suggestion",
        confidence: Option<Share> = "confidence",
        attribution: Option<RawAttribution<'a>> = "attribution",
    }
    pub(super) struct RawAttribution<'a> {
        model: Text<'a> = "model",
        session: Option<Text<'a>> = "session",
        share: Option<Share> = "share",
    }
}

/// A number from 0 to 1.
#[derive(Debug, Clone, Copy)]
pub(super) struct Share(Probability);

impl Default for Share {
    fn default() -> Self {
        Self(Probability::new(0.0).expect("0 is from 0 to 1"))
    }
}

impl<'de> Deserialize<'de> for Share {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = f64::deserialize(deserializer)?;
        let wrong = || de::Error::custom(format_args!("{number} does not lie between 0 and 1"));
        Probability::new(number).map(Self).ok_or_else(wrong)
    }
}

/// What is wrong with a finding, and the JSON pointer of the member.
pub(super) type Wrong = (&'static str, &'static str);

impl Raw<'_> {
    /// The finding, or what is wrong. It is given its id without looking at others.
    pub(super) fn finding(self, report: &Report<'_>, doubts: &mut Doubts) -> Result<Finding<'static>, Wrong> {
        if self.rule_id.is_empty() {
            return Err(("rule_id is missing", "/rule_id"));
        }
        if self.file.is_empty() {
            return Err(("file is missing", "/file"));
        }
        let digest = self.evidence(doubts)?;
        let (start_line, end_line) = self.lines(doubts);
        let column = self.start_column.or(self.column_from_zero.map(|column| column.saturating_add(1)));
        let column = column.filter(|column| *column > 0 && start_line.is_some());
        let severity = doubts.severity(&self.severity);
        doubts.unsure += u64::from(self.confidence.is_none());
        let place = match (&*self.id, &digest) {
            ("", Some(digest)) => digest.clone(),
            ("", None) => format!("{start_line:?}-{end_line:?}-{column:?}"),
            (id, _) => id.to_owned(),
        };
        let id = report.id_of(&self.file, &self.rule_id, &place);
        // What ai-code-guard calls a description tells of this place, as a message does.
        let (message, description) = match &*self.message {
            "" => (self.description, Text::default()),
            _ => (self.message, self.description),
        };
        let location = Location { path: own(self.file.clone()), start_line, end_line, ..Location::default() };
        let guard = CodeGuard {
            id: own(self.id),
            category: own(self.category),
            confidence: self.confidence.map(|share| share.0),
            start_column: column,
            snippet_sha256: digest.map(Text::from),
            resolution: own(self.resolution),
            repository: report.repository(),
            attribution: self.attribution.and_then(RawAttribution::read),
        };
        let cwe = Some(self.cwe).filter(|cwe| !cwe.is_empty() && !self.cwes.contains(cwe));
        let subject = Subject::Code(CodeWeakness {
            rule_id: own(self.rule_id),
            cwes: self.cwes.into_iter().chain(cwe).map(own).collect(),
            message: own(message),
            guard: Some(guard),
        });
        let finding = report.finding(id, own(self.file), severity, subject);
        Ok(Finding {
            title: own(self.title),
            description: own(description),
            locations: vec![location],
            ..finding
        })
    }

    /// The digest of the code. The code itself goes no further: it may hold a credential.
    fn evidence(&self, doubts: &mut Doubts) -> Result<Option<String>, Wrong> {
        let told = &*self.snippet_sha256;
        if told.is_empty() {
            let computed = self.snippet.as_ref().map(|code| Digest::of(code.as_bytes()).to_string());
            return Ok(computed);
        }
        let bare = told.strip_prefix("sha256:").unwrap_or(told);
        if bare.len() != 64 || !bare.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(("a SHA-256 is 64 hexadecimal digits", "/snippet_sha256"));
        }
        let digest = bare.to_ascii_lowercase();
        doubts.rewritten += u64::from(digest != told);
        Ok(Some(digest))
    }

    /// First and last line. A last line before the first, and a line 0, say nothing.
    fn lines(&self, doubts: &mut Doubts) -> (Option<u32>, Option<u32>) {
        let start = self.start_line.filter(|line| *line > 0);
        let end = self.end_line.filter(|end| start.is_some_and(|start| *end >= start));
        doubts.lines += u64::from(start != self.start_line || end != self.end_line);
        (start, end)
    }
}

impl RawAttribution<'_> {
    /// Who wrote it; none if nothing is told.
    fn read(self) -> Option<Attribution<'static>> {
        let session = self.session.filter(|session| !session.is_empty());
        let tells = !self.model.is_empty() || session.is_some() || self.share.is_some();
        tells.then(|| Attribution {
            model: own(self.model),
            session: session.map(own),
            share: self.share.map(|share| share.0),
        })
    }
}

/// How often a report was read leniently, because its meaning was clear.
#[derive(Debug, Default)]
pub(super) struct Doubts {
    unsure: u64,
    unrated: u64,
    lines: u64,
    rewritten: u64,
}

impl Doubts {
    fn severity(&mut self, word: &str) -> Severity {
        let severity = Severity::from_word(word);
        let is_known = severity != Severity::Unknown || word.eq_ignore_ascii_case("unknown");
        self.unrated += u64::from(!is_known);
        severity
    }

    /// What there is to say of the report.
    pub(super) fn warnings(&self) -> impl Iterator<Item = Warning> {
        [
            (self.unrated, "have no severity that is known: they count as unknown"),
            (self.unsure, "have no confidence"),
            (
                self.lines,
                "have lines that cannot be (line 0, or a last line before the first): those are left out",
            ),
            (self.rewritten, "have a SHA-256 in capitals or with a prefix: it is written as usual"),
        ]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| {
            let message = format!("Findings in AI-written code: {count} {what}.");
            Warning::new(WarningCode::SourceLenient, message)
        })
    }
}

impl Report<'_> {
    /// The stable id of a finding in `file`.
    fn id_of(&self, file: &str, rule: &str, place: &str) -> String {
        let artifact = self.head.repository().unwrap_or(self.id.as_str());
        finding_id(FindingKind::Code, artifact, file, "", rule, place)
    }

    fn repository(&self) -> Text<'static> {
        self.head.repository.clone().into()
    }

    /// A finding without what is told of it.
    fn finding(
        &self,
        id: String,
        target: Text<'static>,
        severity: Severity,
        subject: Subject<'static>,
    ) -> Finding<'static> {
        let scan = Scanned::of(self.id, self.image);
        Finding { target, severity, ..blank(&scan, self.image, id, subject) }
    }
}
