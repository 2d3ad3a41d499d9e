//! The audit trail as JSON, held to its published schema.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use export_contract::renderers::{self, WitnessPulse};
use export_contract::{MemorySnapshot, corpus};
use export_core::audit::{AuditAction, FlatEvent};
use export_core::catalogue::{ExportType, Format};
use export_core::code::Code;
use export_core::digest::Digest;
use export_core::id::{ExportId, TenantId};
use export_core::ports::{Brief, RecordKind, RenderError, Rendered, Renderer as _, Snapshot as _};
use export_render_json::JsonRenderer;
use serde_json::{Value, json};

static VALIDATOR: LazyLock<jsonschema::Validator> = LazyLock::new(|| {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/formats/audit-log.schema.json");
    let schema: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    assert!(jsonschema::meta::is_valid(&schema));
    jsonschema::options().should_validate_formats(true).build(&schema).unwrap()
});

fn snapshot(events: u64) -> MemorySnapshot {
    MemorySnapshot::new(vec![]).with_audit(corpus::audit::trail(events))
}

fn try_render(snapshot: &MemorySnapshot, options: &str) -> Result<(Rendered, String), RenderError> {
    let mut request = renderers::request(ExportType::AuditLog, Format::Json);
    request.options = serde_json::from_str(options).unwrap();
    let tenant: TenantId = "acme".parse().unwrap();
    let brief = Brief {
        export_id: ExportId::new(corpus::AT, &[5; 10]),
        tenant: &tenant,
        request: &request,
        created_at: corpus::AT,
        template: None,
        seal: None,
        pulse: &WitnessPulse::default(),
    };
    let mut out = Vec::new();
    let rendered = JsonRenderer.render(&brief, snapshot, &mut out)?;
    Ok((rendered, String::from_utf8(out).unwrap()))
}

fn render(snapshot: &MemorySnapshot, options: &str) -> String {
    try_render(snapshot, options).unwrap().1
}

fn document(events: u64) -> Value {
    serde_json::from_str(&render(&snapshot(events), "{}")).unwrap()
}

#[test]
fn the_document_is_valid_and_has_every_event_as_it_is() {
    for events in [0, 1, 500] {
        let document = document(events);
        let wrong: Vec<_> = VALIDATOR.iter_errors(&document).map(|error| error.to_string()).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
        let expected: Vec<Value> = corpus::audit::trail(events)
            .iter()
            .map(|event| serde_json::to_value(FlatEvent::from(event)).unwrap())
            .collect();
        assert_eq!(document["events"], json!(expected));
        assert_eq!(document["totals"]["events"], events);
        assert_eq!(document["snapshot"]["rows"], events);
    }
}

#[test]
fn the_schema_knows_every_action() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/formats/audit-log.schema.json");
    let schema: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let words: Vec<_> = AuditAction::ALL.iter().map(|action| action.as_str()).collect();
    assert_eq!(schema["$defs"]["action"]["enum"], json!(words));
}

#[test]
fn the_schema_refuses_what_it_does_not_know() {
    for (pointer, wrong) in [
        ("/events/0/action", json!("export.Requested")),
        ("/events/0/seq", json!(0)),
        ("/events/0/at", json!("yesterday")),
        ("/events/0/hash", json!("abc")),
        ("/events/0/detail/x", json!("fine")),
        ("/events/0/detail", json!({"n": 1})),
        ("/totals/by_action", json!({"something": 1})),
        ("/snapshot/digest", json!("abc")),
        ("/schema", json!("audit-log/v2")),
    ] {
        let mut changed = document(3);
        let Some(place) = changed.pointer_mut(pointer) else {
            assert_eq!(wrong, "fine", "{pointer}");
            continue;
        };
        *place = wrong;
        assert!(!VALIDATOR.is_valid(&changed), "{pointer}");
    }
    let mut grown = document(3);
    grown["events"][0]["surprise"] = json!(1);
    assert!(!VALIDATOR.is_valid(&grown));
}

#[test]
fn totals_say_what_is_in_it() {
    let totals = &document(33)["totals"];
    assert_eq!((&totals["first_seq"], &totals["last_seq"]), (&json!(1), &json!(33)));
    let by_action = totals["by_action"].as_object().unwrap();
    assert_eq!(by_action.values().filter_map(Value::as_u64).sum::<u64>(), 33);
    assert_eq!(by_action["export.cancelled"], 3);
    let none = &document(0)["totals"];
    assert_eq!(none, &json!({"events": 0, "by_action": {}}));
}

#[test]
fn lines_hold_what_the_document_holds_and_say_when_they_end() {
    let whole = document(7);
    let text = render(&snapshot(7), r#"{"json_lines":true}"#);
    let lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let events: Vec<&Value> = lines.iter().filter_map(|line| line.get("event")).collect();
    assert_eq!(json!(events), whole["events"]);
    for name in ["schema", "export", "snapshot", "totals"] {
        assert_eq!(lines.iter().find_map(|line| line.get(name)), whole.get(name), "{name}");
    }
    assert!(text.ends_with("{\"end\":{\"events\":7}}\n"));
}

#[test]
fn the_digest_is_computed_as_the_documentation_says() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/formats/audit-log.md");
    let page = std::fs::read_to_string(path).unwrap();
    let recipe = page.split("```sh\n").nth(1).unwrap().split("```").next().unwrap();
    for events in [0, 1, 40] {
        let snapshot = snapshot(events);
        let text = render(&snapshot, "{}");
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("audit-digest-{events}"));
        std::fs::create_dir_all(&dir).unwrap();
        std::fs::File::create(dir.join("audit-log.json")).unwrap().write_all(text.as_bytes()).unwrap();
        let mut shell = Command::new("sh");
        let output = shell.arg("-c").arg(recipe).current_dir(&dir).stderr(Stdio::inherit()).output().unwrap();
        std::fs::remove_dir_all(&dir).unwrap();
        let digest = String::from_utf8(output.stdout).unwrap();
        assert_eq!(digest[..64].parse::<Digest>().unwrap(), snapshot.facts().digest, "of {events} events");
    }
}

#[test]
fn it_tells_how_many_events_it_lists() {
    let (rendered, _) = try_render(&snapshot(12), "{}").unwrap();
    assert_eq!(rendered.rows, Some(12));
    assert_eq!(rendered.lists, [(RecordKind::AuditEvent, 12)]);
}

#[test]
fn fewer_events_than_are_counted_are_an_error() {
    let short = snapshot(3).with_facts(|facts| facts.audit.as_mut().unwrap().events = 4);
    assert_eq!(try_render(&short, "{}").map(drop).unwrap_err().code, Code::StorageCorrupt);
}
