//! Log files and their runs: opened, filled and closed as the limits demand.

use std::io::{self, Write as _};
use std::path::Path;

use export_core::catalogue::{ExportType, Format};
use export_core::ports::{Brief, Outlet, RenderError, SnapshotFacts};
use export_core::record::FindingRecord;
use serde::Serialize;

use crate::advisory::AdvisoryJson;
use crate::file::FileWriter;
use crate::head::Head;
use crate::limits::Limits;
use crate::result::{Frame, ResultTexts};
use crate::rule::RuleTexts;
use crate::rules::{RuleKey, Rules};
use crate::taxa::{Taxa, Taxon};

const OPENING: &str = concat!(
    r#"{"version":"2.1.0","$schema":"#,
    r#""https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json","runs":["#
);
/// Room for what stands in a file behind its results and rules, and for one more of them.
const RESERVE: u64 = 128 << 10;

/// Writes records as results, into as many runs and files as it takes.
pub(crate) struct LogWriter<'a> {
    brief: &'a Brief<'a>,
    head: Head<'a>,
    facts: &'a SnapshotFacts,
    limits: Limits,
    scratch: &'a Path,
    file: FileWriter<'a>,
    run: Run,
    rows: u64,
    written: Written,
    buffers: Buffers,
}

/// One run.
struct Run {
    rules: Rules,
    taxa: Taxa,
    results: u64,
}

/// What was written.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Written {
    /// The results of each file.
    pub(crate) files: Vec<u64>,
    /// The runs of all files.
    pub(crate) runs: u64,
    /// Files that are larger than their reader takes, with their size after gzip.
    pub(crate) too_large: Vec<(String, u64)>,
    runs_of_file: u64,
}

/// Memory that is used again for each record.
#[derive(Default)]
struct Buffers {
    rule: RuleTexts,
    rule_json: Vec<u8>,
    result: ResultTexts,
    taxa: Vec<Taxon>,
}

impl<'a> LogWriter<'a> {
    /// Opens the first run of the first file; rules wait in `scratch`.
    pub(crate) fn begin(
        brief: &'a Brief<'a>,
        facts: &'a SnapshotFacts,
        limits: Limits,
        scratch: &'a Path,
        out: &'a mut dyn Outlet,
    ) -> Result<Self, RenderError> {
        let gauged = limits.compressed.is_some();
        let mut log = Self {
            brief,
            head: Head::new(brief, facts),
            facts,
            limits,
            scratch,
            file: FileWriter::new(out, gauged),
            run: Run::new(scratch, gauged),
            rows: 0,
            written: Written::default(),
            buffers: Buffers::default(),
        };
        log.open_file()?;
        Ok(log)
    }

    /// Writes one more result, and its rule if the run does not have it yet.
    pub(crate) fn result(&mut self, record: &FindingRecord<'_>) -> Result<(), RenderError> {
        let key = RuleKey::of(&record.finding);
        self.make_room(key)?;
        let advisory = AdvisoryJson::of(&record.finding).hash();
        let Run { rules, taxa, .. } = &mut self.run;
        taxa.of(cwes(record), &mut self.buffers.taxa);
        let known = rules.get(key);
        let frame = Frame {
            rule_index: known.map_or_else(|| rules.next_index(), |known| known.index),
            advisory_is_told: known.is_none_or(|known| known.tells(advisory)),
            taxa: &self.buffers.taxa,
            invocation: self.head.invocation(&record.finding.scan_id),
            taken_at: self.facts.taken_at,
            locations: self.limits.locations,
            needs_line: self.limits != Limits::NONE,
            include_remediation: self.brief.request.options.include_remediation,
            ranks_by_confidence: self.brief.request.kind == ExportType::AiCodeGuardReport,
        };
        if known.is_none() {
            self.buffers.rule_json.clear();
            self.buffers.rule.write(&mut self.buffers.rule_json, record, frame.taxa);
            rules.add(key, advisory, &self.buffers.rule_json)?;
        }
        let block = self.file.block();
        block.extend_from_slice(if self.run.results == 0 { b"\n" } else { b",\n" });
        self.buffers.result.write(block, record, &frame);
        self.run.results += 1;
        self.rows += 1;
        Ok(self.file.settle()?)
    }

    /// Closes everything.
    pub(crate) fn end(mut self) -> Result<Written, RenderError> {
        self.close_run()?;
        self.close_file()?;
        Ok(self.written)
    }

    fn make_room(&mut self, key: RuleKey) -> Result<(), RenderError> {
        let limits = self.limits;
        if self.run.results == 0 && self.written.runs_of_file == 1 {
            return Ok(());
        }
        let compressed = self.file.compressed() + self.run.rules.compressed() + RESERVE;
        let file_is_full = limits.compressed.is_some_and(|limit| compressed > limit);
        let rules_are_full = self.run.rules.len() >= limits.rules && self.run.rules.get(key).is_none();
        if !file_is_full && !rules_are_full && self.run.results < limits.results {
            return Ok(());
        }
        self.close_run()?;
        if file_is_full || self.written.runs_of_file >= limits.runs {
            self.close_file()?;
            let name = self.file_name(self.written.files.len() + 1);
            self.file.next(&name, Format::Sarif.media_type())?;
            self.open_file()
        } else {
            self.file.block().extend_from_slice(b",");
            self.open_run()
        }
    }

    fn open_file(&mut self) -> Result<(), RenderError> {
        self.written.files.push(0);
        self.written.runs_of_file = 0;
        self.file.block().extend_from_slice(OPENING.as_bytes());
        self.open_run()
    }

    fn open_run(&mut self) -> Result<(), RenderError> {
        self.run = Run::new(self.scratch, self.limits.compressed.is_some());
        self.written.runs += 1;
        self.written.runs_of_file += 1;
        let block = self.file.block();
        block.extend_from_slice(b"\n{");
        for (name, value) in self.head.opening() {
            member(block, name, &value)?;
            block.extend_from_slice(b",\n");
        }
        block.extend_from_slice(b"\"results\":[");
        Ok(self.file.settle()?)
    }

    fn close_run(&mut self) -> Result<(), RenderError> {
        let Self { file, run, brief, rows, .. } = self;
        let block = file.block();
        block.extend_from_slice(b"\n],\n");
        member(block, "taxonomies", &[run.taxa.taxonomy()])?;
        block.extend_from_slice(b",\n");
        member(block, "automationDetails", &self.head.automation(self.written.runs))?;
        block.extend_from_slice(b",\n\"tool\":{");
        member(block, "driver", &Head::driver())?;
        // The rules are the driver's last member: its brace is taken back, and closed behind them.
        let brace = block.pop();
        debug_assert_eq!(brace, Some(b'}'));
        block.extend_from_slice(b",\"rules\":[");
        file.copy(run.rules.read()?, || Ok(brief.pulse.beat(*rows)?))?;
        file.block().extend_from_slice(b"\n]}}}");
        let results = self.written.files.last_mut().expect("a run is in a file");
        *results += run.results;
        Ok(())
    }

    fn close_file(&mut self) -> Result<(), RenderError> {
        self.file.block().extend_from_slice(b"\n]}\n");
        let size = self.file.finish()?;
        if let (Some(size), Some(limit)) = (size, self.limits.compressed)
            && size > limit
        {
            self.written.too_large.push((self.file_name(self.written.files.len()), size));
        }
        Ok(())
    }

    /// The name of file number `file`, counted from 1.
    fn file_name(&self, file: usize) -> String {
        let main = self.brief.request.kind.artifact_name(Format::Sarif);
        match main.strip_suffix(Format::Sarif.ending()) {
            Some(stem) if file > 1 => format!("{stem}-{file}{}", Format::Sarif.ending()),
            Some(_) | None => main,
        }
    }
}

impl Run {
    fn new(scratch: &Path, gauged: bool) -> Self {
        Self { rules: Rules::new(scratch, gauged), taxa: Taxa::default(), results: 0 }
    }
}

fn cwes<'r>(record: &'r FindingRecord<'r>) -> impl Iterator<Item = &'r str> {
    use export_core::finding::Subject;
    let cwes = match &record.finding.subject {
        Subject::Vulnerability(vulnerability) => &*vulnerability.cwes,
        Subject::Code(weakness) => &*weakness.cwes,
        Subject::Misconfiguration(_) | Subject::Secret(_) | Subject::Licence(_) => &[],
    };
    cwes.iter().map(|cwe| &**cwe)
}

fn member<T: Serialize>(block: &mut Vec<u8>, name: &str, value: &T) -> io::Result<()> {
    write!(block, "\"{name}\":")?;
    Ok(serde_json::to_writer(block, value)?)
}
