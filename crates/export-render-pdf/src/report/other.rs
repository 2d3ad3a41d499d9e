//! Open findings that are not in packages: misconfigurations, secrets, licences, code.

use export_core::catalogue::ExportType;
use export_core::finding::{FindingKind, Subject};
use export_core::record::FindingRecord;
use export_render_kit::charts::Mark;
use export_templates::format;
use export_templates::view::{OtherGroup, OtherRow};

use super::detail::verdict;
use super::words::{self, NAME, Pen, TEXT};
use super::{place, remedy};

/// The rows so far, by [`FindingKind::ALL`].
pub(super) struct Others {
    rows: [Vec<OtherRow>; 5],
    open: [u64; 5],
    /// Whether a row says what is wrong and what ends it. A report of vulnerabilities only names the others.
    explained: bool,
}

impl Others {
    /// No rows yet, for a report of `kind`.
    pub(super) fn new(kind: ExportType) -> Self {
        let explained = kind != ExportType::VulnerabilityReport;
        Self { rows: <[Vec<OtherRow>; 5]>::default(), open: [0; 5], explained }
    }

    /// One more open finding, whether or not it gets a row.
    pub(super) const fn count(&mut self, kind: FindingKind) {
        self.open[kind as usize] += 1;
    }

    /// How many there are.
    pub(super) fn open(&self) -> u64 {
        self.open.iter().sum()
    }

    /// The row of an open finding.
    pub(super) fn add(&mut self, record: &FindingRecord<'_>, image: &str, pen: &Pen) {
        let finding = &record.finding;
        let message = if self.explained { message(record, pen) } else { None };
        let file = place::file(finding, pen).map(|file| format!(", {file}")).unwrap_or_default();
        self.rows[finding.kind() as usize].push(OtherRow {
            mark: Mark::from(finding.severity),
            id: pen.copy_or(finding.rule(), NAME, "no id"),
            link: words::link(finding.primary_url.as_deref()),
            title: title(record, pen),
            message,
            place: format!("{image}{file}"),
            verdict: record.decision().map(verdict),
        });
    }

    /// The groups that have findings.
    pub(super) fn finish(self) -> Vec<OtherGroup> {
        let groups = FindingKind::ALL.into_iter().zip(self.rows).zip(self.open);
        let with_findings = groups.filter(|(_, open)| *open > 0);
        let group = |((kind, rows), total)| OtherGroup { title: name(kind).to_owned(), total, rows };
        with_findings.map(group).collect()
    }
}

const fn name(kind: FindingKind) -> &'static str {
    match kind {
        FindingKind::Vulnerability => "Vulnerabilities",
        FindingKind::Misconfiguration => "Misconfigurations",
        FindingKind::Secret => "Secrets",
        FindingKind::Licence => "Licences",
        FindingKind::Code => "Code",
    }
}

fn title(record: &FindingRecord<'_>, pen: &Pen) -> String {
    let finding = &record.finding;
    match (&finding.subject, &finding.component) {
        (Subject::Licence(_), Some(component)) => place::component(component, pen),
        (Subject::Licence(licence), None) => {
            format!("{} licence", pen.copy_or(&licence.name, NAME, "Unnamed"))
        }
        _ => pen.copy(&finding.title, TEXT),
    }
}

/// What is wrong here, and what ends it.
fn message(record: &FindingRecord<'_>, pen: &Pen) -> Option<String> {
    let wrong = match &record.finding.subject {
        Subject::Vulnerability(_) => None,
        Subject::Misconfiguration(check) => pen.copy_some(&check.message, TEXT),
        Subject::Secret(secret) => pen.copy_some(&secret.category, NAME).map(|kind| format!("Kind: {kind}")),
        Subject::Licence(licence) => {
            let sure = licence.confidence.map(|it| format!(", {} certain", format::percent(it.as_f64())));
            pen.copy_some(&licence.category, NAME)
                .map(|class| format!("Class: {class}{}", sure.unwrap_or_default()))
        }
        Subject::Code(code) => pen.copy_some(&code.message, TEXT),
    };
    let sentence =
        |text: String| if text.ends_with(['.', '!', '?', '…']) { text } else { format!("{text}.") };
    let parts = wrong.into_iter().chain([remedy::action(record, pen)]).map(sentence);
    Some(parts.collect::<Vec<_>>().join(" "))
}
