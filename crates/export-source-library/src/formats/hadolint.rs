//! hadolint's JSON: a list of what it found in Dockerfiles.

use export_core::digest::Digest;
use export_core::error::PortError;
use export_core::finding::{Finding, FindingKind, Misconfiguration, Severity, Subject};
use export_core::text::Text;

use crate::about::About;
use crate::emit::Emitter;
use crate::format::{Format, Scanned};
use crate::input::Input;
use crate::json::{JsonReader, members};
use crate::kit::{GivenLine, Sink, blank, file_path, line_place, location, own, place_id, rated};
use crate::shape::Root;

/// hadolint's report.
pub(crate) static HADOLINT: Format = Format {
    key: "hadolint",
    name: "a hadolint report",
    is: |it| it.root == Root::List && it.has_all(&["code", "file", "level", "message", "column"]),
    about: Some(|document| {
        JsonReader::new(document.open()?).array()?;
        Ok(About { tool: "hadolint".into(), ..About::default() })
    }),
    findings: Some(|document, scan, emit| read(document.open()?, scan, emit)),
    ..Format::NOTHING
};

members! {
    struct Entry<'a> {
        rule: Text<'a> = "code",
        file: Text<'a> = "file",
        line: GivenLine = "line",
        level: Text<'a> = "level",
        message: Text<'a> = "message",
    }
}

/// Reads the findings of `input` to its end; its digest.
fn read(input: Input, scan: &Scanned<'_>, emit: &mut Emitter<Finding<'static>>) -> Result<Digest, PortError> {
    let mut reader = JsonReader::new(input);
    let mut sink = Sink::new(emit);
    let entered = reader.array()?;
    while entered && reader.item()? {
        let span = reader.span()?;
        let entry: Entry<'_> = reader.parse(&span)?;
        if entry.rule.is_empty() {
            return Err(reader.invalid_in(&span, "code is missing", "/code"));
        }
        sink.finding(&reader, span.len(), entry.finding(scan))?;
    }
    sink.finish(reader)
}

impl Entry<'_> {
    fn finding(self, scan: &Scanned<'_>) -> Finding<'static> {
        let path = file_path(&self.file).to_owned();
        let line = self.line.0;
        let id = place_id(scan, FindingKind::Misconfiguration, &path, &self.rule, &line_place(line));
        let subject = Subject::Misconfiguration(Misconfiguration {
            rule_id: own(self.rule),
            message: own(self.message.clone()),
            ..Misconfiguration::default()
        });
        Finding {
            severity: rated::of_level(&self.level).unwrap_or(Severity::Unknown),
            title: own(self.message),
            locations: vec![location(&path, line, None)],
            target: path.into(),
            ..blank(scan, scan.image, id, subject)
        }
    }
}
