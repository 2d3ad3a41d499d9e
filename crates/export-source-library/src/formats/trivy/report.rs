//! The walk through a report, entry by entry.

use export_core::digest::Digest;
use export_core::error::PortError;
use export_core::finding::{Finding, Suppression};
use export_core::id::ScanId;
use export_core::text::Text;
use serde::Deserialize;

use super::head::Head;
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

/// `Target` and `Type` of an entry.
#[derive(Debug, Clone, Default)]
struct Names {
    target: Option<String>,
    ecosystem: Option<String>,
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

impl Report<'_> {
    /// Reads the findings of `input` to its end; its digest.
    pub(crate) fn read(
        &self,
        input: Input,
        emit: &mut Emitter<Finding<'static>>,
    ) -> Result<Digest, PortError> {
        let doubts = Doubts::default();
        let mut walk = Walk { report: self, reader: JsonReader::new(input), emit, all_names: None, doubts };
        walk.reader.object()?;
        while let Some(name) = walk.reader.member()? {
            if name != "Results" {
                walk.reader.skip()?;
            } else if walk.reader.array()? {
                let mut index = 0;
                while walk.reader.item()? {
                    walk.section(index)?;
                    index += 1;
                }
            }
        }
        let Walk { reader, emit, doubts, .. } = walk;
        doubts.tell(emit)?;
        reader.finish()
    }
}

struct Walk<'a> {
    report: &'a Report<'a>,
    reader: JsonReader,
    emit: &'a mut Emitter<Finding<'static>>,
    all_names: Option<Vec<Names>>,
    doubts: Doubts,
}

impl Walk<'_> {
    /// Reads one entry of `Results`.
    fn section(&mut self, index: usize) -> Result<(), PortError> {
        let mut names = Names::default();
        let mut section = Section::new(self.report.id, self.report.head);
        self.reader.object()?;
        while let Some(member) = self.reader.member()? {
            match (member.as_str(), List::of_member(&member)) {
                ("Target", _) => names.target = self.reader.value()?,
                ("Type", _) => names.ecosystem = self.reader.value()?,
                (_, Some(list)) => {
                    let mut named = false;
                    let entered = self.reader.array()?;
                    while entered && self.reader.item()? {
                        if !named {
                            self.complete(&mut names, list, index)?;
                            section.name(names.target.as_deref(), names.ecosystem.as_deref());
                            named = true;
                        }
                        self.finding(list, &mut section)?;
                    }
                }
                (_, None) => self.reader.skip()?,
            }
        }
        Ok(())
    }

    /// Completes the names of an entry. Trivy writes them first. Where they come behind a list, or are missing, the file is
    /// read once more, for the names of all its entries.
    fn complete(&mut self, names: &mut Names, list: List, index: usize) -> Result<(), PortError> {
        let needs_ecosystem = matches!(list, List::Vulnerabilities | List::Modified);
        if names.target.is_some() && (names.ecosystem.is_some() || !needs_ecosystem) {
            return Ok(());
        }
        if self.all_names.is_none() {
            self.all_names = Some(read_names((self.report.reopen)()?)?);
        }
        if let Some(known) = self.all_names.as_ref().and_then(|all| all.get(index)) {
            names.clone_from(known);
        }
        Ok(())
    }

    fn finding(&mut self, list: List, section: &mut Section<'_>) -> Result<(), PortError> {
        let span = self.reader.span()?;
        let before = section.differing_scores;
        let finding = self.entry(list, &span, section)?;
        for _ in before..section.differing_scores {
            self.doubts.add(DIFFERS, || self.reader.place());
        }
        match finding {
            Some(finding) => self.emit.item(finding, span.len()),
            None => Ok(()),
        }
    }

    fn entry(
        &self,
        list: List,
        span: &Span,
        section: &mut Section<'_>,
    ) -> Result<Option<Finding<'static>>, PortError> {
        let reader = &self.reader;
        let finding = match list {
            List::Vulnerabilities => reader.parse::<RawVulnerability<'_>>(span)?.finding(section).map(Some),
            List::Misconfigurations => reader.parse::<RawMisconfiguration<'_>>(span)?.finding(section),
            List::Secrets => reader.parse::<RawSecret<'_>>(span)?.finding(section).map(Some),
            List::Licences => reader.parse::<RawLicence<'_>>(span)?.finding(section).map(Some),
            List::Modified => return self.modified(span, section),
        };
        finding.map_err(|what| reader.invalid(what))
    }

    /// A finding that Trivy was told to leave out, by an ignore file or a VEX document.
    fn modified(
        &self,
        span: &Span,
        section: &mut Section<'_>,
    ) -> Result<Option<Finding<'static>>, PortError> {
        let reader = &self.reader;
        let modified: Modified<'_> = reader.parse(span)?;
        let finding = match modified.kind.as_str() {
            "vulnerability" => {
                reader.parse::<Inner<RawVulnerability<'_>>>(span)?.finding.finding(section).map(Some)
            }
            "misconfiguration" => {
                reader.parse::<Inner<RawMisconfiguration<'_>>>(span)?.finding.finding(section)
            }
            "secret" => reader.parse::<Inner<RawSecret<'_>>>(span)?.finding.finding(section).map(Some),
            "license" => reader.parse::<Inner<RawLicence<'_>>>(span)?.finding.finding(section).map(Some),
            _ => Err(
                "the Type of a modified finding is none of vulnerability, misconfiguration, secret, license",
            ),
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
}

/// The names of all entries of `Results`.
fn read_names(input: Input) -> Result<Vec<Names>, PortError> {
    let mut reader = JsonReader::new(input);
    let mut all = Vec::new();
    reader.object()?;
    while let Some(member) = reader.member()? {
        if member != "Results" {
            reader.skip()?;
        } else if reader.array()? {
            while reader.item()? {
                let mut names = Names::default();
                reader.object()?;
                while let Some(member) = reader.member()? {
                    match member.as_str() {
                        "Target" => names.target = reader.value()?,
                        "Type" => names.ecosystem = reader.value()?,
                        _ => reader.skip()?,
                    }
                }
                all.push(names);
            }
        }
    }
    Ok(all)
}
