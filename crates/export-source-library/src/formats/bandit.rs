//! Bandit's JSON about Python code.

use export_core::digest::Digest;
use export_core::error::PortError;
use export_core::finding::{CodeWeakness, Finding, FindingKind, Severity, Subject};
use export_core::text::Text;

use crate::about::About;
use crate::emit::Emitter;
use crate::format::{Format, Scanned};
use crate::input::Input;
use crate::json::{JsonReader, members};
use crate::kit::{
    GivenLine, GivenTime, Sink, blank, cwe, file_path, line_place, location, own, place_id, some,
};
use crate::shape::Root;

/// Bandit's report.
pub(crate) static BANDIT: Format = Format {
    key: "bandit",
    name: "a Bandit report",
    is: |it| {
        let has_head = it.has("generated_at") && (it.has("metrics") || it.has("errors"));
        it.root == Root::Object && (has_head || it.has_in("results", "test_id"))
    },
    about: Some(|document| about(document.open()?)),
    findings: Some(|document, scan, emit| read(document.open()?, scan, emit)),
    ..Format::NOTHING
};

members! {
    struct Entry<'a> {
        rule: Text<'a> = "test_id",
        name: Text<'a> = "test_name",
        file: Text<'a> = "filename",
        line: GivenLine = "line_number",
        lines: Vec<GivenLine> = "line_range",
        severity: Text<'a> = "issue_severity",
        text: Text<'a> = "issue_text",
        page: Text<'a> = "more_info",
    }
}

/// The class, which older versions do not tell.
#[derive(serde::Deserialize)]
struct Class {
    issue_cwe: Option<ClassId>,
}

#[derive(serde::Deserialize)]
struct ClassId {
    id: Option<u32>,
}

fn about(input: Input) -> Result<About, PortError> {
    let mut about = About { tool: "bandit".into(), ..About::default() };
    let mut reader = JsonReader::new(input);
    reader.object()?;
    while let Some(member) = reader.member()? {
        if member == "generated_at" {
            about.created_at = reader.value::<Option<GivenTime>>()?.unwrap_or_default().0;
        } else {
            reader.skip()?;
        }
    }
    Ok(about)
}

/// Reads the findings of `input` to its end; its digest.
fn read(input: Input, scan: &Scanned<'_>, emit: &mut Emitter<Finding<'static>>) -> Result<Digest, PortError> {
    let mut reader = JsonReader::new(input);
    let mut sink = Sink::new(emit);
    reader.object()?;
    while let Some(member) = reader.member()? {
        let what = member.as_str();
        let entered = matches!(what, "results" | "errors") && reader.array()?;
        if !matches!(what, "results" | "errors") {
            reader.skip()?;
        }
        while entered && reader.item()? {
            if what == "errors" {
                reader.skip()?;
                let doubt = "Bandit could not look at a file, so nothing is known of it";
                sink.doubts.add(doubt, || reader.place());
                continue;
            }
            let span = reader.span()?;
            let entry: Entry<'_> = reader.parse(&span)?;
            let class: Class = reader.parse(&span)?;
            if entry.rule.is_empty() {
                return Err(reader.invalid_in(&span, "test_id is missing", "/test_id"));
            }
            sink.finding(&reader, span.len(), entry.finding(scan, &class))?;
        }
    }
    sink.finish(reader)
}

impl Entry<'_> {
    fn finding(self, scan: &Scanned<'_>, class: &Class) -> Finding<'static> {
        let path = file_path(&self.file).to_owned();
        let first = self.lines.first().copied().unwrap_or(self.line).0;
        let last = self.lines.last().and_then(|line| line.0);
        let id = place_id(scan, FindingKind::Code, &path, &self.rule, &line_place(first));
        let class = class.issue_cwe.as_ref().and_then(|class| cwe(&class.id?.to_string()));
        let subject = Subject::Code(CodeWeakness {
            rule_id: own(self.rule),
            cwes: class.into_iter().collect(),
            message: own(self.text.clone()),
            guard: None,
        });
        Finding {
            severity: Severity::from_word(&self.severity),
            title: own(self.name),
            locations: vec![location(&path, first, last)],
            primary_url: some(self.page),
            target: path.into(),
            ..blank(scan, scan.image, id, subject)
        }
    }
}
