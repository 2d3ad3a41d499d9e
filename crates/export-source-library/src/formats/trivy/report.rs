//! The walk through a report, entry by entry.

use export_core::digest::Digest;
use export_core::error::PortError;
use export_core::finding::{Finding, Suppression};
use export_core::id::ScanId;
use export_core::text::Text;
use serde::Deserialize;

use super::entries::{Resource, Visitor, visit};
use super::head::Head;
use super::names::Names;
use super::other::{RawLicence, RawMisconfiguration, RawSecret};
use super::section::Section;
use super::vulnerability::RawVulnerability;
use crate::emit::Emitter;
use crate::input::Input;
use crate::json::{JsonReader, Span, members};
use crate::kit::{DIFFERS, Doubts, own};

/// A report of one scan.
pub(crate) struct Report<'a> {
    /// The scan.
    pub(crate) id: &'a ScanId,
    /// The report's head.
    pub(crate) head: &'a Head,
    /// Opens the report once more.
    pub(crate) reopen: &'a dyn Fn() -> Result<Input, PortError>,
}

/// The lists of an entry of `Results` that hold findings.
#[derive(Clone, Copy)]
enum List {
    Vulnerabilities,
    Misconfigurations,
    Secrets,
    Licences,
    Modified,
}

impl List {
    fn of_member(name: &str) -> Option<Self> {
        match name {
            "Vulnerabilities" => Some(Self::Vulnerabilities),
            "Misconfigurations" => Some(Self::Misconfigurations),
            "Secrets" => Some(Self::Secrets),
            "Licenses" => Some(Self::Licences),
            "ExperimentalModifiedFindings" => Some(Self::Modified),
            _ => None,
        }
    }
}

members! {
    /// An entry of `ExperimentalModifiedFindings`, without the finding itself.
    struct Modified<'a> {
        kind: Text<'a> = "Type",
        status: Text<'a> = "Status",
        statement: Text<'a> = "Statement",
        source: Text<'a> = "Source",
    }
}

/// The finding in an entry of `ExperimentalModifiedFindings`.
#[derive(Deserialize)]
struct Inner<T> {
    #[serde(rename = "Finding")]
    finding: T,
}

/// `MisconfSummary`.
#[derive(Default, Deserialize)]
struct Counts {
    #[serde(rename = "Failures")]
    failures: Option<u64>,
}

impl Report<'_> {
    /// Reads the findings of `input` to its end; its digest.
    pub(crate) fn read(
        &self,
        input: Input,
        emit: &mut Emitter<Finding<'static>>,
    ) -> Result<Digest, PortError> {
        let mut reader = JsonReader::new(input);
        let doubts = Doubts::default();
        let mut walk = Walk { report: self, emit, all_names: None, doubts, entries: 0 };
        visit(&mut reader, &mut walk)?;
        walk.doubts.tell(walk.emit)?;
        reader.finish()
    }
}

struct Walk<'a> {
    report: &'a Report<'a>,
    emit: &'a mut Emitter<Finding<'static>>,
    all_names: Option<Vec<Names>>,
    doubts: Doubts,
    /// How many entries came before.
    entries: usize,
}

impl Visitor for Walk<'_> {
    /// Reads one entry of `Results`.
    fn entry(&mut self, reader: &mut JsonReader, resource: Option<&Resource>) -> Result<(), PortError> {
        let mut names = Names::default();
        let mut section = Section::new(self.report.id, self.report.head, resource);
        let (mut failures, mut has_checks) = (0, false);
        reader.object()?;
        while let Some(member) = reader.member()? {
            match (member.as_str(), List::of_member(&member)) {
                ("Target", _) => names.target = reader.value()?,
                ("Type", _) => names.ecosystem = reader.value()?,
                ("MisconfSummary", _) => {
                    failures = reader.value::<Option<Counts>>()?.unwrap_or_default().failures.unwrap_or(0);
                }
                (_, Some(list)) => {
                    has_checks |= matches!(list, List::Misconfigurations | List::Modified);
                    let mut named = false;
                    let entered = reader.array()?;
                    while entered && reader.item()? {
                        if !named {
                            self.complete(&mut names, list)?;
                            section.name(names.target.as_deref(), names.ecosystem.as_deref());
                            named = true;
                        }
                        self.finding(reader, list, &mut section)?;
                    }
                }
                (_, None) => reader.skip()?,
            }
        }
        if resource.is_some() && failures > 0 && !has_checks {
            let what = "this is a summary, which has counts and no findings: run Trivy with `--report all`";
            return Err(reader.invalid(what));
        }
        self.entries += 1;
        Ok(())
    }

    fn fault(&mut self, reader: &JsonReader) {
        let what = "Trivy could not look at a resource, so nothing is known of it";
        self.doubts.add(what, || reader.place());
    }
}

impl Walk<'_> {
    /// Completes the names of an entry. Trivy writes them first. Where they come behind a list, or are missing, the file is
    /// read once more, for the names of all its entries.
    fn complete(&mut self, names: &mut Names, list: List) -> Result<(), PortError> {
        let needs_ecosystem = matches!(list, List::Vulnerabilities | List::Modified);
        if names.target.is_some() && (names.ecosystem.is_some() || !needs_ecosystem) {
            return Ok(());
        }
        if self.all_names.is_none() {
            self.all_names = Some(Names::of_all((self.report.reopen)()?)?);
        }
        if let Some(known) = self.all_names.as_ref().and_then(|all| all.get(self.entries)) {
            names.clone_from(known);
        }
        Ok(())
    }

    fn finding(
        &mut self,
        reader: &mut JsonReader,
        list: List,
        section: &mut Section<'_>,
    ) -> Result<(), PortError> {
        let span = reader.span()?;
        let before = section.differing_scores;
        let finding = entry_of(reader, list, &span, section)?;
        for _ in before..section.differing_scores {
            self.doubts.add(DIFFERS, || reader.place());
        }
        match finding {
            Some(finding) => self.emit.item(finding, span.len()),
            None => Ok(()),
        }
    }
}

fn entry_of(
    reader: &JsonReader,
    list: List,
    span: &Span,
    section: &mut Section<'_>,
) -> Result<Option<Finding<'static>>, PortError> {
    let finding = match list {
        List::Vulnerabilities => reader.parse::<RawVulnerability<'_>>(span)?.finding(section).map(Some),
        List::Misconfigurations => reader.parse::<RawMisconfiguration<'_>>(span)?.finding(section),
        List::Secrets => reader.parse::<RawSecret<'_>>(span)?.finding(section).map(Some),
        List::Licences => reader.parse::<RawLicence<'_>>(span)?.finding(section).map(Some),
        List::Modified => return modified(reader, span, section),
    };
    finding.map_err(|what| reader.invalid(what))
}

/// A finding that Trivy was told to leave out, by an ignore file or a VEX document.
fn modified(
    reader: &JsonReader,
    span: &Span,
    section: &mut Section<'_>,
) -> Result<Option<Finding<'static>>, PortError> {
    let modified: Modified<'_> = reader.parse(span)?;
    let finding = match modified.kind.as_str() {
        "vulnerability" => {
            reader.parse::<Inner<RawVulnerability<'_>>>(span)?.finding.finding(section).map(Some)
        }
        "misconfiguration" => reader.parse::<Inner<RawMisconfiguration<'_>>>(span)?.finding.finding(section),
        "secret" => reader.parse::<Inner<RawSecret<'_>>>(span)?.finding.finding(section).map(Some),
        "license" => reader.parse::<Inner<RawLicence<'_>>>(span)?.finding.finding(section).map(Some),
        _ => {
            Err("the Type of a modified finding is none of vulnerability, misconfiguration, secret, license")
        }
    };
    let finding = finding.map_err(|what| reader.invalid(what))?;
    Ok(finding.map(|finding| Finding {
        suppression: Some(Suppression {
            status: own(modified.status),
            reason: own(modified.statement),
            source: own(modified.source),
        }),
        ..finding
    }))
}
