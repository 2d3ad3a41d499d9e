//! PolicyReport and ClusterPolicyReport of Kubernetes (`wgpolicyk8s.io` v1alpha1, v1alpha2, v1beta1; `openreports.io`), one or
//! several, in lists too.

use export_core::digest::Digest;
use export_core::error::{ErrorKind, PortError};
use export_core::finding::{Decision, Verdict, VerdictSubject};
use export_core::text::Text;
use export_core::time::Timestamp;
use serde::Deserialize as _;
use serde_json::Value;

use super::{verdict, yaml};
use crate::about::About;
use crate::document::Document;
use crate::emit::Emitter;
use crate::format::{Authority, Format};
use crate::json::{JsonReader, members};
use crate::kit::{Doubts, own, tell_empty};
use crate::shape::{Root, Shape};

const SKIPPED: &str = "Results that were skipped decide nothing and were left out";
const OTHERS: &str = "A list has items that are no policy reports, which were left out";

/// Reports as JSON.
pub(crate) static REPORT: Format = Format {
    key: "policy-report",
    name: "a policy report",
    is: |it| {
        let is_list = it.value("kind") == "List" && it.has_in("items", "results");
        it.root == Root::Object && (is_report(it) || is_list)
    },
    verdicts: Some(|document, _, emit| read(document, emit)),
    ..READ
};

/// Reports as YAML.
pub(crate) static YAML_REPORT: Format = Format {
    key: "policy-report-yaml",
    name: "a policy report",
    is: |it| {
        let is_list = it.value("kind") == "List" && it.has("items");
        it.root == Root::Yaml && (is_report(it) || is_list)
    },
    verdicts: Some(|document, _, emit| read(document, emit)),
    ..READ
};

const READ: Format = Format { about: Some(about), authority: Authority::Policy, ..Format::NOTHING };

fn is_report(shape: &Shape) -> bool {
    is_group(shape.value("apiVersion"))
}

fn is_group(api: &str) -> bool {
    api.starts_with("wgpolicyk8s.io/") || api.starts_with("openreports.io/")
}

members! {
    struct Report<'a> {
        metadata: Metadata<'a> = "metadata",
        source: Text<'a> = "source",
        scope: Resource<'a> = "scope",
        results: Vec<Told<'a>> = "results",
    }
    struct Metadata<'a> {
        name: Text<'a> = "name",
        namespace: Text<'a> = "namespace",
    }
    struct Resource<'a> {
        kind: Text<'a> = "kind",
        name: Text<'a> = "name",
        namespace: Text<'a> = "namespace",
    }
    struct Told<'a> {
        policy: Text<'a> = "policy",
        rule: Text<'a> = "rule",
        result: Text<'a> = "result" | "status",
        message: Text<'a> = "message" | "description",
        severity: Text<'a> = "severity",
        source: Text<'a> = "source",
        timestamp: At = "timestamp",
        resources: Vec<Resource<'a>> = "resources" | "subjects",
        properties: Properties<'a> = "properties",
    }
    struct Properties<'a> {
        purl: Text<'a> = "purl",
    }
}

/// Seconds and nanoseconds.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
struct At {
    seconds: Option<i64>,
    nanos: i64,
}

fn about(document: &Document) -> Result<About, PortError> {
    let mut names: Vec<String> = Vec::new();
    each(document, &mut |report, _| {
        let report: Report<'_> = Report::deserialize(report).unwrap_or_default();
        let Resource { name, namespace, .. } = &report.scope;
        let name = [name, namespace, &report.metadata.namespace, &report.metadata.name];
        let name = name.into_iter().find(|it| !it.is_empty()).map(ToString::to_string).unwrap_or_default();
        if names.len() < 2 && !names.contains(&name) {
            names.push(name);
        }
        Ok(())
    })?;
    let image = if names.len() == 1 { names.remove(0) } else { String::new() };
    Ok(About { image, ..About::default() })
}

fn read(document: &Document, emit: &mut Emitter<Verdict<'static>>) -> Result<Digest, PortError> {
    let (mut doubts, before) = (Doubts::default(), emit.items());
    let digest = each(document, &mut |value, place| {
        if !is_group(value["apiVersion"].as_str().unwrap_or_default()) {
            doubts.add(OTHERS, || place.to_owned());
            return Ok(());
        }
        let report: Report<'_> = serde_path_to_error::deserialize(value).map_err(|error| {
            let path = error.path().to_string().replace("].", "/").replace([']', '['], "/").replace('.', "/");
            invalid(error.inner().to_string(), &format!("{place}/{}", path.trim_end_matches('/')))
        })?;
        for (index, told) in report.results.iter().enumerate() {
            let place = format!("{place}/results/{index}");
            match told.decision().map_err(|what| invalid(what, &format!("{place}/result")))? {
                Some(decision) => emit.item(told.verdict(&report, decision), 512)?,
                None => doubts.add(SKIPPED, || place),
            }
        }
        Ok(())
    })?;
    doubts.tell(emit)?;
    tell_empty(emit, before, &document.name, "result that decides something")?;
    Ok(digest)
}

fn invalid(what: String, place: &str) -> PortError {
    PortError::new(ErrorKind::Invalid, "library: policy report", what).at(place)
}

/// Calls `visit` with each report, and its place; the file's digest.
fn each(
    document: &Document,
    visit: &mut dyn FnMut(&Value, &str) -> Result<(), PortError>,
) -> Result<Digest, PortError> {
    if std::ptr::eq(document.format, &raw const YAML_REPORT) {
        return yaml::each(document, |value, number| {
            items(&value, &format!("{}#D{number}", document.name), visit)
        });
    }
    let mut reader = JsonReader::new(document.open()?);
    while reader.peek()?.is_some() {
        let span = reader.span()?;
        let value: Value = reader.parse(&span)?;
        items(&value, &format!("{}#", document.name), visit)?;
    }
    reader.finish()
}

/// A report, or those of a list.
fn items(
    value: &Value,
    place: &str,
    visit: &mut dyn FnMut(&Value, &str) -> Result<(), PortError>,
) -> Result<(), PortError> {
    let is_list = value["kind"].as_str().is_some_and(|kind| kind.ends_with("List"));
    match value["items"].as_array().filter(|_| is_list) {
        None => visit(value, place),
        Some(all) => {
            let mut all = all.iter().enumerate();
            all.try_for_each(|(index, item)| visit(item, &format!("{place}/items/{index}")))
        }
    }
}

impl Told<'_> {
    /// The decision; none if the policy was not applied.
    fn decision(&self) -> Result<Option<Decision>, String> {
        match self.result.as_str() {
            "pass" => Ok(Some(Decision::Pass)),
            "fail" => Ok(Some(Decision::Fail)),
            "warn" => Ok(Some(Decision::Warn)),
            "error" => Ok(Some(Decision::Error)),
            "skip" => Ok(None),
            "" => Err("the result is missing".to_owned()),
            other => Err(format!("the result `{other}` is none of pass, fail, warn, error and skip")),
        }
    }

    fn verdict(&self, report: &Report<'_>, decision: Decision) -> Verdict<'static> {
        let set = [&self.source, &report.source, &report.metadata.name];
        let set = set.into_iter().find(|text| !text.is_empty()).map_or("policy-report", Text::as_str);
        let rule = if self.rule.is_empty() { &self.policy } else { &self.rule };
        let text = |text: &Text<'_>| own(text.as_str().into());
        let names = (set.to_owned().into(), text(&self.policy), text(rule));
        let purl = &self.properties.purl;
        let subject = (!purl.is_empty()).then(|| VerdictSubject {
            vulnerability: text(&self.policy),
            purl: text(purl),
            target: None,
        });
        let millis =
            self.timestamp.seconds.map(|it| it.saturating_mul(1000) + self.timestamp.nanos / 1_000_000);
        let evaluated_at = millis.map(Timestamp::from_millis);
        Verdict { subject, evaluated_at, ..verdict(names, decision, self.reason(report)) }
    }

    /// The message, the severity, and what it is about.
    fn reason(&self, report: &Report<'_>) -> String {
        let mut parts = vec![self.message.trim_end().to_owned()];
        if !self.severity.is_empty() {
            parts.push(format!("severity: {}", self.severity));
        }
        let scope = Some(&report.scope).filter(|scope| self.resources.is_empty() && !scope.name.is_empty());
        for Resource { kind, name, namespace } in self.resources.iter().chain(scope) {
            let name = if namespace.is_empty() { name.to_string() } else { format!("{namespace}/{name}") };
            parts.push(format!("{kind} {name}").trim_start().to_owned());
        }
        parts.retain(|part| !part.is_empty());
        parts.join("\n")
    }
}
