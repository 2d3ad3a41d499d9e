//! OSCAL assessment results (NIST, version 1): each finding is a verdict about the objective that it targets.

use std::collections::HashMap;

use export_core::digest::Digest;
use export_core::error::PortError;
use export_core::finding::{Decision, Verdict, Waiver};
use export_core::text::Text;
use export_core::time::Timestamp;

use super::verdict;
use crate::about::About;
use crate::document::Document;
use crate::emit::Emitter;
use crate::format::{Authority, Format};
use crate::json::{JsonReader, Span, members};
use crate::kit::{Doubts, own, tell_empty};
use crate::shape::Root;

const NO_FINDING: &str = "Observations that no finding relates to decide nothing and were left out";

/// OSCAL.
pub(crate) static OSCAL: Format = Format {
    key: "oscal",
    name: "an OSCAL assessment result",
    is: |it| it.root == Root::Object && it.has("assessment-results"),
    about: Some(|document| Ok(Head::of(document)?.about)),
    authority: Authority::Policy,
    verdicts: Some(|document, _, emit| read(document, emit)),
    ..Format::NOTHING
};

members! {
    struct Metadata<'a> {
        title: Text<'a> = "title",
        modified: Option<Timestamp> = "last-modified",
    }
    struct Import<'a> {
        href: Text<'a> = "href",
    }
    struct Assessed<'a> {
        title: Text<'a> = "title",
        start: Option<Timestamp> = "start",
        end: Option<Timestamp> = "end",
        observations: Vec<Named<'a>> = "observations",
        risks: Vec<Risk<'a>> = "risks",
        findings: Vec<Found<'a>> = "findings",
    }
    struct Named<'a> {
        id: Text<'a> = "uuid",
    }
    struct Risk<'a> {
        id: Text<'a> = "uuid",
        title: Text<'a> = "title",
        status: Text<'a> = "status",
    }
    struct Found<'a> {
        title: Text<'a> = "title",
        description: Text<'a> = "description",
        target: Target<'a> = "target",
        observations: Vec<Related<'a>> = "related-observations",
        risks: Vec<Related<'a>> = "related-risks" | "associated-risks",
    }
    struct Related<'a> {
        observation: Text<'a> = "observation-uuid",
        risk: Text<'a> = "risk-uuid",
    }
    struct Target<'a> {
        id: Text<'a> = "target-id",
        status: Status<'a> = "status",
    }
    struct Status<'a> {
        state: Text<'a> = "state",
        reason: Text<'a> = "reason",
        remarks: Text<'a> = "remarks",
    }
}

#[derive(Debug, Default)]
struct Head {
    about: About,
    plan: String,
}

impl Head {
    fn of(document: &Document) -> Result<Self, PortError> {
        let mut head = Self::default();
        each(document, |reader, member| match member {
            "metadata" => {
                let Metadata { title, modified } =
                    reader.value::<Option<Metadata<'_>>>()?.unwrap_or_default();
                head.about.image = title.to_string();
                head.about.created_at = modified;
                Ok(())
            }
            "import-ap" => {
                head.plan = reader.value::<Option<Import<'_>>>()?.unwrap_or_default().href.to_string();
                Ok(())
            }
            _ => reader.skip(),
        })?;
        Ok(head)
    }
}

fn read(document: &Document, emit: &mut Emitter<Verdict<'static>>) -> Result<Digest, PortError> {
    let head = Head::of(document)?;
    let set = if head.plan.is_empty() { head.about.image } else { head.plan };
    let (mut doubts, before) = (Doubts::default(), emit.items());
    let digest = each(document, |reader, member| {
        if member != "results" {
            return reader.skip();
        }
        let entered = reader.array()?;
        while entered && reader.item()? {
            let span = reader.span()?;
            let assessed: Assessed<'_> = reader.parse(&span)?;
            for verdict in assessed.verdicts(&set, reader, &span)? {
                emit.item(verdict, 1024)?;
            }
            if assessed.has_lone_observations() {
                doubts.add(NO_FINDING, || reader.place());
            }
        }
        Ok(())
    })?;
    doubts.tell(emit)?;
    tell_empty(emit, before, &document.name, "finding")?;
    Ok(digest)
}

/// Calls `visit` with each member of `assessment-results`, whose value is the next one.
fn each(
    document: &Document,
    mut visit: impl FnMut(&mut JsonReader, &str) -> Result<(), PortError>,
) -> Result<Digest, PortError> {
    let mut reader = JsonReader::new(document.open()?);
    reader.object()?;
    while let Some(outer) = reader.member()? {
        if outer != "assessment-results" {
            reader.skip()?;
            continue;
        }
        reader.object()?;
        while let Some(member) = reader.member()? {
            visit(&mut reader, &member)?;
        }
    }
    reader.finish()
}

impl Assessed<'_> {
    fn verdicts(
        &self,
        set: &str,
        reader: &JsonReader,
        span: &Span,
    ) -> Result<Vec<Verdict<'static>>, PortError> {
        let risks: HashMap<&str, &Risk<'_>> =
            self.risks.iter().map(|risk| (risk.id.as_str(), risk)).collect();
        let mut verdicts = Vec::with_capacity(self.findings.len());
        for (index, found) in self.findings.iter().enumerate() {
            let risks: Vec<&Risk<'_>> =
                found.risks.iter().filter_map(|related| risks.get(related.risk.as_str()).copied()).collect();
            let is_accepted = risks.iter().any(|risk| risk.status == "deviation-approved");
            let decision = match found.target.status.state.as_str() {
                "satisfied" => Decision::Pass,
                "not-satisfied" if is_accepted => Decision::Waived,
                "not-satisfied" => Decision::Fail,
                _ => {
                    let place = format!("/findings/{index}/target/status/state");
                    return Err(reader.invalid_in(
                        span,
                        "the state is neither satisfied nor not-satisfied",
                        &place,
                    ));
                }
            };
            let names = (
                set.to_owned().into(),
                own(self.title.as_str().into()),
                own(found.target.id.as_str().into()),
            );
            verdicts.push(Verdict {
                evaluated_at: self.end.or(self.start),
                waiver: (decision == Decision::Waived)
                    .then(|| Waiver { reason: found.reason(&risks).into(), ..Waiver::default() }),
                ..verdict(names, decision, found.reason(&risks))
            });
        }
        Ok(verdicts)
    }

    fn has_lone_observations(&self) -> bool {
        let related = |id: &Text<'_>| {
            let mut all = self.findings.iter().flat_map(|found| &found.observations);
            all.any(|related| related.observation == *id)
        };
        self.observations.iter().any(|observation| !related(&observation.id))
    }
}

impl Found<'_> {
    fn reason(&self, risks: &[&Risk<'_>]) -> String {
        let status = &self.target.status;
        let texts = [&self.title, &self.description, &status.reason, &status.remarks];
        let texts = texts.into_iter().filter(|text| !text.is_empty()).map(ToString::to_string);
        let risks = risks.iter().map(|risk| format!("Risk ({}): {}", risk.status, risk.title));
        texts.chain(risks).collect::<Vec<_>>().join("\n")
    }
}
