//! What a guard's report says about itself, and whether it is one.

use std::collections::BTreeMap;

use export_core::error::PortError;
use export_core::id::ScanId;
use export_core::scan::ScanRef;
use export_core::text::Text;
use export_core::time::Timestamp;
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::json::{JsonReader, members};

/// The members that [`HeadMembers`] takes.
const MEMBERS: [&str; 6] = ["tool", "repository", "scan_id", "created_at", "summary", "findings"];
/// What a finding has besides `rule_id`, one of it at least.
const OF_FINDINGS: [&str; 6] =
    ["file", "category", "confidence", "snippet_sha256", "start_line", "attribution"];
/// The tool whose reports name no tool.
const UNNAMED: &str = "ai-code-guard";

/// The head of a report.
#[derive(Debug, Default)]
pub(crate) struct Head {
    /// The guard and its version.
    tool: String,
    /// The repository that was looked at; empty if the report names none.
    pub(super) repository: String,
    created_at: Option<Timestamp>,
    /// The scan that the report is about; that of its folder if it names none.
    scan_id: Option<String>,
}

members! {
    struct Tool<'a> {
        name: Text<'a> = "name",
        version: Text<'a> = "version",
    }
}

/// The counts of ai-code-guard, which tell its reports from others.
#[derive(Deserialize)]
struct Summary {
    files_scanned: Option<u64>,
}

impl Head {
    /// When the guard looked; none if the report does not say.
    pub(crate) const fn created_at(&self) -> Option<Timestamp> {
        self.created_at
    }

    /// The repository, if the report names it.
    pub(crate) fn repository(&self) -> Option<&str> {
        Some(&*self.repository).filter(|name| !name.is_empty())
    }

    /// The scan whose report this is. Without a repository the scan's id stands for it.
    pub(crate) fn scan(&self, id: &ScanId) -> ScanRef {
        ScanRef {
            id: id.clone(),
            image: self.repository().unwrap_or(id.as_str()).to_owned(),
            image_digest: None,
            created_at: self.created_at,
            tool: self.tool.clone(),
        }
    }

    /// The other scan that the report is about, if it is about another one.
    pub(crate) fn of_another(&self, id: &ScanId) -> Option<&str> {
        self.scan_id.as_deref().filter(|named| *named != id.as_str())
    }
}

/// The members of a head as they come by, in whatever order. What is wrong with one is told only if the file is a report.
#[derive(Default)]
pub(crate) struct HeadMembers {
    head: Head,
    seen: Vec<&'static str>,
    counts_files: bool,
    entries: Entries,
    fault: Option<PortError>,
}

/// What the list of findings tells.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Entries {
    #[default]
    Absent,
    Empty,
    Findings,
    Others,
}

impl HeadMembers {
    /// Whether the member belongs to a head.
    pub(crate) fn takes(member: &str) -> bool {
        MEMBERS.contains(&member)
    }

    /// Whether the file is a report: its first finding says so, or in a report without any the head does.
    pub(crate) fn is_report(&self) -> bool {
        match self.entries {
            Entries::Findings => true,
            Entries::Empty => self.counts_files || !self.head.tool.is_empty(),
            Entries::Absent | Entries::Others => false,
        }
    }

    /// Whether the file is a report and nothing behind its findings can add to the head.
    pub(crate) fn is_complete(&self) -> bool {
        self.is_report() && self.has_head()
    }

    /// Reads the value of a member.
    pub(crate) fn take(&mut self, member: &str, reader: &mut JsonReader) -> Result<(), PortError> {
        if member == "findings" {
            self.entries = entries(reader, || self.has_head())?;
            return Ok(());
        }
        let span = reader.span()?;
        self.seen.extend(MEMBERS.iter().find(|known| **known == member));
        let head = &mut self.head;
        let taken = match member {
            "tool" => reader.parse::<Option<Tool<'_>>>(&span).map(|tool| {
                let Tool { name, version } = tool.unwrap_or_default();
                head.tool = format!("{name} {version}").trim().to_owned();
            }),
            "repository" => {
                reader.parse::<Option<String>>(&span).map(|it| head.repository = it.unwrap_or_default())
            }
            "scan_id" => reader.parse::<Option<String>>(&span).map(|it| head.scan_id = it),
            "created_at" => reader.parse::<Option<Timestamp>>(&span).map(|it| head.created_at = it),
            _ => {
                let summary = reader.parse::<Summary>(&span);
                self.counts_files = summary.is_ok_and(|summary| summary.files_scanned.is_some());
                Ok(())
            }
        };
        if let Err(fault) = taken {
            self.fault.get_or_insert(fault);
        }
        Ok(())
    }

    /// The head.
    ///
    /// # Errors
    /// If one of its members has a wrong type.
    pub(crate) fn read(mut self) -> Result<Head, PortError> {
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        if self.head.tool.is_empty() {
            self.head.tool = UNNAMED.into();
        }
        Ok(self.head)
    }

    /// Whether all is known that a head can say; ai-code-guard says nothing of it.
    fn has_head(&self) -> bool {
        self.counts_files || MEMBERS[..4].iter().all(|member| self.seen.contains(member))
    }
}

/// What a list of findings tells by its first item. The rest is gone past, unless the head is known already.
fn entries(reader: &mut JsonReader, has_head: impl Fn() -> bool) -> Result<Entries, PortError> {
    if !matches!(reader.peek()?, Some(b'[' | b'n')) {
        reader.skip()?;
        return Ok(Entries::Others);
    }
    if !reader.array()? || !reader.item()? {
        return Ok(Entries::Empty);
    }
    let span = reader.span()?;
    let first = reader.parse::<BTreeMap<Text<'_>, IgnoredAny>>(&span).unwrap_or_default();
    let has = |member: &str| first.keys().any(|known| *known == *member);
    let tells = has("rule_id") && OF_FINDINGS.iter().any(|member| has(member));
    if tells && has_head() {
        return Ok(Entries::Findings);
    }
    while reader.item()? {
        reader.value::<IgnoredAny>()?;
    }
    Ok(if tells { Entries::Findings } else { Entries::Others })
}
