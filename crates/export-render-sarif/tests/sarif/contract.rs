//! The renderers' suite. Each log is held to the standard and then to its records.

use std::sync::Arc;

use export_contract::renderers::Subject;
use export_contract::{MemorySnapshot, corpus};
use export_core::catalogue::ExportType;
use export_core::code::Code;
use export_core::error::PortError;
use export_core::finding::{CodeWeakness, Finding, Location, Severity, VexStatus};
use export_core::ports::{
    AnnotationCursor, BaselineFacts, FindingCursor, SbomCursor, Snapshot, SnapshotFacts,
};
use export_core::record::{BaselineState, FindingRecord};
use export_core::sbom::SbomSection;
use export_core::warning::{Warning, WarningCode};
use export_render_sarif::SarifRenderer;
use serde_json::{Value, json};

use crate::support::{index, read, render, text};

export_contract::renderers_suite!(open);

fn open() -> (Subject, tempfile::TempDir) {
    let dir = tempfile::tempdir().unwrap();
    let listing = &[ExportType::ScanReport, ExportType::AiCodeGuardReport];
    (Subject { renderer: Arc::new(SarifRenderer::new(dir.path())), listing, check, streams: true }, dir)
}

fn check(bytes: &[u8], records: &[FindingRecord<'static>]) -> Result<(), String> {
    let log = read(bytes)?;
    let run = &log["runs"][0];
    let results = run["results"].as_array().unwrap();
    if log["runs"].as_array().unwrap().len() != 1 || results.len() != records.len() {
        return Err(format!("{} results of {} records", results.len(), records.len()));
    }
    records.iter().zip(results).try_for_each(|(record, result)| {
        let wrong = |what: &str| Err(format!("{what} of {} is not in {result}", record.finding.id));
        for (pointer, expected) in texts(record) {
            if text(result.pointer(pointer).unwrap_or(&Value::Null)) != expected {
                return wrong(&format!("{pointer} {expected:?}"));
            }
        }
        let finding = &record.finding;
        let message = unescape(text(&result["message"]["text"]));
        for part in told(record) {
            if !message.contains(part) {
                return wrong(&format!("{part:?} in the message"));
            }
        }
        let rule = &run["tool"]["driver"]["rules"][index(&result["ruleIndex"])];
        let described = [&result["properties"]["advisory"]["description"], &rule["fullDescription"]["text"]];
        let blank = finding.description.trim().is_empty();
        if !blank && !described.iter().any(|it| text(it).replace(r"\](", "](") == *finding.description) {
            return wrong("the description");
        }
        let accepted = result["suppressions"].as_array().unwrap().iter().any(|it| it["status"] == "accepted");
        if accepted == record.status.is_open() { wrong("the status") } else { Ok(()) }
    })
}

/// Where texts of a record must stand.
fn texts<'r>(record: &'r FindingRecord<'static>) -> Vec<(&'static str, &'r str)> {
    let finding = &record.finding;
    let mut texts = vec![
        ("/ruleId", finding.rule()),
        ("/partialFingerprints/findingId~1v1", &*finding.id),
        ("/properties/findingId", &finding.id),
        ("/properties/scanId", &finding.scan_id),
        ("/properties/image", &finding.image),
        ("/properties/target", &finding.target),
        ("/properties/severity", finding.severity.as_str()),
        ("/properties/status", record.status.as_str()),
        ("/properties/fix/versions", &finding.fix.versions),
    ];
    if let Some(component) = &finding.component {
        texts.push(("/properties/component/name", &component.name));
        texts.push(("/properties/component/version", &component.version));
        let purl = component.purl.as_deref().unwrap_or_default();
        texts.push(("/locations/0/logicalLocations/0/fullyQualifiedName", purl));
    }
    if let Some(vex) = &record.vex {
        texts.push(("/properties/vex/status", vex.status.as_str()));
        texts.push(("/properties/vex/author", &vex.author));
    }
    if let Some(verdict) = record.verdicts.first() {
        texts.push(("/properties/verdicts/0/reason", &verdict.reason));
        texts.push(("/properties/verdict", verdict.decision.as_str()));
    }
    texts
}

/// What the message must say.
fn told<'r>(record: &'r FindingRecord<'static>) -> Vec<&'r str> {
    let finding = &record.finding;
    let mut parts = vec![finding.rule(), finding.severity.as_str(), finding.title.trim_end()];
    parts.extend(finding.component.iter().flat_map(|it| [&*it.name, &*it.version]));
    let has_action = record.vex.as_ref().is_some_and(|vex| vex.status == VexStatus::Affected);
    if !has_action {
        parts.push(&finding.fix.versions);
    }
    parts
}

/// As a viewer shows it (sections 3.11.5, 3.11.6).
fn unescape(message: &str) -> String {
    message.replace("{{", "{").replace("}}", "}").replace(r"\](", "](")
}

fn one(change: impl FnOnce(&mut Finding<'static>)) -> Value {
    let mut record = corpus::record(4);
    change(&mut record.finding);
    let (_, files) = render(&MemorySnapshot::new(vec![record]), "{}").unwrap();
    read(files.main()).unwrap()["runs"][0].take()
}

#[test]
fn the_head_tells_the_facts() {
    let warning = Warning::new(WarningCode::SourceLenient, "a date was {not} one").at("a.json#/b");
    let snapshot =
        MemorySnapshot::new(corpus::records(40)).with_facts(|facts| facts.warnings = vec![warning]);
    let (rendered, files) = render(&snapshot, r#"{"custom_fields":{"team":"blue"}}"#).unwrap();
    let run = read(files.main()).unwrap()["runs"][0].take();
    assert_eq!(run["properties"]["snapshot"]["digest"], snapshot.facts().digest.to_string());
    assert_eq!(run["properties"]["totals"]["findings"], 40);
    assert_eq!(run["properties"]["customFields"]["team"], "blue");
    assert_eq!(run["invocations"].as_array().unwrap().len(), 3);
    assert_eq!(run["invocations"][0]["endTimeUtc"], "2026-11-23T14:05:00Z");
    let notification = &run["invocations"][0]["toolExecutionNotifications"][0];
    assert_eq!(notification["message"]["text"], "a date was {{not}} one (a.json#/b)");
    assert_eq!(run["tool"]["driver"]["name"], "Export Center");
    assert_eq!(run["tool"]["driver"]["supportedTaxonomies"][0]["name"], "CWE");
    assert_eq!(run["taxonomies"][0]["taxa"][0]["helpUri"], "https://cwe.mitre.org/data/definitions/502.html");
    let template = rendered.template.unwrap();
    assert_eq!(template.name, "developer-sarif");
    assert!(rendered.warnings.is_empty());
}

#[test]
fn a_template_that_does_not_exist_is_an_error() {
    let snapshot = MemorySnapshot::new(vec![]);
    assert!(render(&snapshot, r#"{"template":"developer-sarif"}"#).is_ok());
    let refused = render(&snapshot, r#"{"template":"other"}"#).map(drop).unwrap_err();
    assert_eq!(refused.code, Code::TemplateError);
}

#[test]
fn further_places_are_related_and_named_in_the_message() {
    let place = |path: &'static str| Location { path: path.into(), ..Location::default() };
    let run = one(|finding| finding.locations = vec![place("/a"), place("b[0].js"), place("c")]);
    let result = &run["results"][0];
    assert_eq!(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "a");
    let related = &result["relatedLocations"];
    assert_eq!((&related[0]["id"], &related[1]["id"]), (&json!(1), &json!(2)));
    assert_eq!(related[0]["physicalLocation"]["artifactLocation"]["uri"], "b%5B0%5D.js");
    assert!(text(&result["message"]["text"]).contains(r"; also in [b\[0\].js](1), [c](2)."), "{result}");
}

#[test]
fn lines_are_told_where_they_are_known() {
    let lines = |start_line, end_line| {
        let run = one(|finding| {
            finding.locations = vec![Location { path: "a".into(), start_line, end_line, layer: None }];
        });
        run["results"][0]["locations"][0]["physicalLocation"]["region"].clone()
    };
    assert_eq!(lines(Some(3), Some(5)), json!({"startLine": 3, "endLine": 5}));
    assert_eq!(lines(Some(3), Some(2)), json!({"startLine": 3}));
    assert_eq!(lines(Some(0), Some(2)), Value::Null);
    assert_eq!(lines(None, None), Value::Null);
}

#[test]
fn one_rule_serves_all_its_results_and_what_differs_is_told_by_the_result() {
    let with = |seed: u64, description: &'static str| {
        let mut record = corpus::record(seed);
        record.finding = Finding {
            severity: if seed == 4 { Severity::Critical } else { Severity::Low },
            subject: corpus::record(4).finding.subject,
            primary_url: None,
            references: vec![],
            modified: None,
            description: description.into(),
            ..record.finding
        };
        record
    };
    let records = vec![with(4, "one"), with(5, "one"), with(6, "other")];
    let (_, files) = render(&MemorySnapshot::new(records), "{}").unwrap();
    let run = read(files.main()).unwrap()["runs"][0].take();
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert_eq!(rules.len(), 1);
    assert_eq!(rules[0]["defaultConfiguration"]["level"], "error", "of the most severe result");
    let told: Vec<_> = run["results"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| &it["properties"]["advisory"]["description"])
        .collect();
    assert_eq!(
        told.iter().filter(|it| **it == "other").count() + told.iter().filter(|it| **it == "one").count(),
        1
    );
}

#[test]
fn scanner_text_makes_no_markup_of_help() {
    for record in corpus::hostile_records() {
        let (_, files) = render(&MemorySnapshot::new(vec![record]), "{}").unwrap();
        let log = read(files.main()).unwrap();
        let markdown = text(&log["runs"][0]["tool"]["driver"]["rules"][0]["help"]["markdown"]).to_owned();
        let bare = markdown.replace(r"\\", "");
        for wrong in ["<script", "<img", "](", "![", "</", "<!"] {
            let at = bare.match_indices(wrong).find(|(at, _)| !bare[..*at].ends_with('\\'));
            assert!(at.is_none(), "{wrong} in {markdown}");
        }
        assert!(!log.to_string().contains("\"helpUri\":\"javascript"), "{log}");
    }
}

#[test]
fn a_weakness_in_code_is_found_at_its_line() {
    let weakness = CodeWeakness {
        rule_id: "js/xss".into(),
        cwes: vec!["CWE-79".into()],
        message: "the parameter reaches the page".into(),
        guard: None,
    };
    let run = one(|finding| {
        finding.subject = export_core::finding::Subject::Code(weakness);
        finding.component = None;
    });
    let rule = &run["tool"]["driver"]["rules"][0];
    assert_eq!(rule["properties"]["tags"], json!(["security", "code", "external/cwe/cwe-079"]));
    assert_eq!(rule["relationships"][0]["target"]["id"], "CWE-79");
    assert_eq!(run["results"][0]["taxa"][0]["id"], "CWE-79");
    let message = text(&run["results"][0]["message"]["text"]);
    assert!(message.contains("the parameter reaches the page. Found in usr/lib/"), "{message}");
}

/// Its records, compared with an earlier scan that had two more.
struct Compared {
    inner: MemorySnapshot,
    absent: MemorySnapshot,
}

struct Stated<'a> {
    inner: Box<dyn FindingCursor + 'a>,
    state: BaselineState,
}

impl FindingCursor for Stated<'_> {
    fn next(&mut self) -> Result<Option<FindingRecord<'_>>, PortError> {
        let record = self.inner.next()?;
        Ok(record.map(|record| FindingRecord { baseline: Some(self.state), ..record }))
    }
}

impl Snapshot for Compared {
    fn facts(&self) -> &SnapshotFacts {
        self.inner.facts()
    }

    fn findings(&self) -> Result<Box<dyn FindingCursor + '_>, PortError> {
        Ok(Box::new(Stated { inner: self.inner.findings()?, state: BaselineState::New }))
    }

    fn absent(&self) -> Result<Box<dyn FindingCursor + '_>, PortError> {
        Ok(Box::new(Stated { inner: self.absent.findings()?, state: BaselineState::Absent }))
    }

    fn annotations(&self) -> Result<Box<dyn AnnotationCursor + '_>, PortError> {
        self.inner.annotations()
    }

    fn sbom(&self, section: SbomSection) -> Result<Box<dyn SbomCursor + '_>, PortError> {
        self.inner.sbom(section)
    }
}

#[test]
fn every_result_says_how_it_stands_to_the_baseline() {
    let facts = BaselineFacts {
        scans: vec![corpus::scan(9)],
        by_state: [5, 0, 0, 2],
        changed_severity: 0,
        changed_vex: 0,
    };
    let gone = (40..42).map(|seed| {
        let mut record = corpus::record(seed);
        record.finding.scan_id = "scan-9".into();
        record
    });
    let compared = Compared {
        inner: MemorySnapshot::new(corpus::records(5)).with_facts(|it| it.baseline = Some(facts)),
        absent: MemorySnapshot::new(gone.collect()),
    };
    let states = |options: &str| {
        let (rendered, files) = render(&compared, options).unwrap();
        assert_eq!(rendered.rows, Some(5), "what is gone counts nowhere");
        let run = read(files.main()).unwrap()["runs"][0].take();
        assert_eq!(run["properties"]["baseline"]["results"]["absent"], 2);
        let results = run["results"].as_array().unwrap().iter();
        results.map(|result| text(&result["baselineState"]).to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(states("{}"), ["new", "new", "new", "new", "new", "absent", "absent"]);
    assert_eq!(states(r#"{"sarif_profile":"github"}"#), ["new"; 5]);
}

#[test]
fn what_to_do_is_told_if_asked_for() {
    let snapshot = MemorySnapshot::new(corpus::records(60));
    let results = |options: &str| {
        let (_, files) = render(&snapshot, options).unwrap();
        read(files.main()).unwrap()["runs"][0]["results"].as_array().unwrap().clone()
    };
    assert!(results("{}").iter().all(|it| it["properties"].get("remediation").is_none()));
    let told = results(r#"{"include_remediation":true}"#);
    assert!(told.iter().all(|it| !text(&it["properties"]["remediation"]["action"]).is_empty()));
    let upgrade = told.iter().find_map(|it| it["properties"]["remediation"].get("upgrade")).unwrap();
    assert!(!text(&upgrade["package"]).is_empty() && !text(&upgrade["to"]).is_empty(), "{upgrade}");
}
