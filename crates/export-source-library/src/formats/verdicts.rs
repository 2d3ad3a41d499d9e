//! Policy verdicts, one JSON object a line: `docs/contracts/verdicts.md`.

use export_core::digest::Digest;
use export_core::error::PortError;
use export_core::finding::{Decision, Verdict, VerdictSubject, Waiver};
use export_core::text::Text;
use export_core::time::Timestamp;
use export_core::warning::{Warning, WarningCode};

use crate::emit::Emitter;
use crate::format::{Format, Scanned};
use crate::input::Input;
use crate::json::{JsonReader, members};
use crate::shape::Root;

members! {
    struct Line<'a> {
        scan_id: Option<Text<'a>> = "scan_id",
        finding: Option<Subject<'a>> = "finding",
        policy_set: Text<'a> = "policy_set",
        policy: Text<'a> = "policy",
        rule: Text<'a> = "rule",
        decision: Option<Decision> = "decision",
        reason: Text<'a> = "reason",
        evaluated_at: Option<Timestamp> = "evaluated_at",
        waiver: Option<Accepted<'a>> = "waiver",
    }
    struct Subject<'a> {
        vulnerability: Text<'a> = "vulnerability",
        purl: Text<'a> = "purl",
        target: Option<Text<'a>> = "target",
    }
    struct Accepted<'a> {
        by: Text<'a> = "by",
        reason: Text<'a> = "reason",
        expires_at: Option<Timestamp> = "expires_at" | "expires",
    }
}

/// Policy verdicts.
pub(crate) static VERDICTS: Format = Format {
    key: "verdicts",
    name: "a file of policy verdicts",
    is: |it| it.root == Root::Object && it.has_all(&["decision", "policy"]),
    verdicts: Some(|document, scan, emit| read(document.open()?, scan, emit)),
    ..Format::NOTHING
};

/// Reads the verdicts of `input` to its end; its digest. Those that name another scan are left out.
fn read(input: Input, scan: &Scanned<'_>, emit: &mut Emitter<Verdict<'static>>) -> Result<Digest, PortError> {
    let file = input.file().to_owned();
    let mut reader = JsonReader::of_lines(input);
    let mut others = 0_u64;
    while reader.peek()?.is_some() {
        let span = reader.span()?;
        let line: Line<'_> = reader.parse(&span)?;
        if line.scan_id.as_ref().is_some_and(|id| !scan.is_meant_by(id)) {
            others += 1;
            continue;
        }
        let verdict = line.read().map_err(|what| reader.invalid(what))?;
        emit.item(verdict, span.len())?;
    }
    if others > 0 {
        let message = format!("{others} verdicts name another scan and were left out.");
        emit.warning(Warning::new(WarningCode::SourceIgnored, message).at(file))?;
    }
    reader.finish()
}

impl Line<'_> {
    /// The verdict, or what is wrong.
    fn read(self) -> Result<Verdict<'static>, &'static str> {
        for (text, missing) in [
            (&self.policy_set, "policy_set is missing"),
            (&self.policy, "policy is missing"),
            (&self.rule, "rule is missing"),
        ] {
            if text.is_empty() {
                return Err(missing);
            }
        }
        let subject = match self.finding {
            Some(finding) if finding.vulnerability.is_empty() => {
                return Err("the finding's vulnerability is missing");
            }
            finding => finding.map(|finding| VerdictSubject {
                vulnerability: own(finding.vulnerability),
                purl: own(finding.purl),
                target: finding.target.map(own),
            }),
        };
        Ok(Verdict {
            subject,
            policy_set: own(self.policy_set),
            policy: own(self.policy),
            rule: own(self.rule),
            decision: self.decision.ok_or("decision is missing")?,
            reason: own(self.reason),
            evaluated_at: self.evaluated_at,
            waiver: self.waiver.map(|waiver| Waiver {
                by: own(waiver.by),
                reason: own(waiver.reason),
                expires_at: waiver.expires_at,
            }),
        })
    }
}

fn own(text: Text<'_>) -> Text<'static> {
    text.into_string().into()
}
