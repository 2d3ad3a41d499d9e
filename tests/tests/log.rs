//! The tenant's log from end to end: checkpoints that are kept, logs that are exported, and what was done to either.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use export_tests::{Run, Settings, Site, exportctl, exportctl_with};
use serde_json::{Value, json};

const SCAN: &str = "payments-api-2026-11-20";

fn text(path: &Path) -> String {
    path.display().to_string()
}

/// Seals a bundle, so that there is something in the log.
async fn bundle(site: &Site) {
    let id =
        site.submit(json!({"type": "evidence_bundle", "format": "zip", "scope": {"scan_ids": [SCAN]}})).await;
    assert_eq!(site.ended(&id).await["status"], "completed", "{}", site.log());
}

/// The public keys as the server publishes them, in a file.
async fn published_keys(site: &Site) -> PathBuf {
    let file = site.folder.path().join("evidence-keys.json");
    let keys = reqwest::get(format!("{}/.well-known/evidence-keys.json", site.url)).await.unwrap();
    fs::write(&file, keys.bytes().await.unwrap()).unwrap();
    file
}

/// The log as the server exports it.
async fn exported(site: &Site, artifact: &str) -> String {
    let id = site
        .submit(json!({
            "type": "audit_log", "format": "json", "scope": {"date_range": {"start": "-1d"}},
            "options": {"json_lines": artifact.ends_with(".ndjson")},
        }))
        .await;
    assert_eq!(site.ended(&id).await["status"], "completed", "{}", site.log());
    String::from_utf8(site.download(&id, artifact).await).unwrap()
}

/// Runs `exportctl` against the site.
fn asks(site: &Site, arguments: &[&str]) -> Run {
    let variables = [("EXPORT_URL", site.url.as_str()), ("EXPORT_TOKEN", site.token.as_str())];
    exportctl_with(&variables, arguments)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_finds_what_was_done_to_the_database() {
    let mut site = Site::start(Settings::default()).await;
    bundle(&site).await;
    let keys = published_keys(&site).await;
    let variables = [("EXPORT_URL", site.url.clone()), ("EXPORT_TOKEN", site.token.clone())];
    let with: Vec<(&str, &str)> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let kept = ["early", "late"].map(|name| text(&site.folder.path().join(name)));
    let fetch = |out: &str| exportctl_with(&with, ["audit", "checkpoint", "--out", out]);
    assert_eq!(fetch(&kept[0]).code, 0);
    let id =
        site.submit(json!({"type": "scan_report", "format": "json", "scope": {"scan_ids": [SCAN]}})).await;
    site.ended(&id).await;
    assert_eq!(fetch(&kept[1]).code, 0);
    let keys = text(&keys);
    let compare = exportctl_with(&with, ["audit", "compare", &kept[0], &kept[1], "--keys", &keys]);
    assert_eq!(compare.code, 0, "{compare:?}");
    let reversed = exportctl_with(&with, ["audit", "compare", &kept[1], &kept[0], "--keys", &keys]);
    assert!(reversed.code == 2 && reversed.stderr.contains("the earlier one first"), "{reversed:?}");

    let log = site
        .submit(json!({"type": "audit_log", "format": "json", "scope": {"date_range": {"start": "-1d"}}}))
        .await;
    site.ended(&log).await;
    let exported = site.folder.path().join("audit-log.json");
    fs::write(&exported, site.download(&log, "audit-log.json").await).unwrap();
    let of_log = |more: &[&str]| {
        exportctl([&["--json", "audit", "verify", "--log", &text(&exported), "--keys", &keys], more].concat())
    };
    let run = of_log(&["--checkpoint", &kept[0], "--checkpoint", &kept[1]]);
    assert_eq!((run.code, &run.json()[0]["checkpoints"]["compared"]), (0, &json!(2)), "{run:?}");
    let changed = fs::read_to_string(&exported).unwrap().replacen("developer", "somebody", 1);
    fs::write(&exported, changed).unwrap();
    let run = of_log(&[]);
    assert_eq!((run.code, &run.json()[0]["code"]), (1, &json!("chain_broken")), "{run:?}");

    let server = site.server.take().unwrap();
    server.stop();
    let data = text(&site.data());
    let of_data = |more: &[&str]| {
        exportctl([&["--json", "audit", "verify", "--data", &data, "--keys", &keys], more].concat())
    };
    let run = of_data(&["--checkpoint", &kept[1]]);
    assert_eq!((run.code, &run.json()[0]["verdict"]), (0, &json!("whole")), "{run:?}");
    // Whoever has the file can cut off its end with all that belongs to it; a checkpoint that was kept elsewhere tells.
    let cut = "
import sqlite3, sys
db = sqlite3.connect(sys.argv[1] + '/export-center.db')
for (name,) in db.execute(\"SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'audit%'\").fetchall():
    db.execute('DROP TRIGGER ' + name)
db.execute('DELETE FROM audit WHERE seq > 3')
db.execute('DELETE FROM audit_checkpoint WHERE size > 3')
db.execute('DELETE FROM audit_node WHERE (idx + 1) * (1 << level) > 3')
db.commit()
";
    assert!(Command::new("python3").args(["-c", cut, &data]).status().unwrap().success());
    assert_eq!(of_data(&[]).code, 0, "without an anchor it looks whole");
    let run = of_data(&["--checkpoint", &kept[1]]);
    assert_eq!(
        (run.code, &run.json()[0]["code"], &run.json()[0]["seq"]),
        (1, &json!("truncated"), &json!(4)),
        "{run:?}"
    );
}

/// What somebody may do to a log that was exported as a document, so that one reader sees it and another does not.
fn forgeries(log: &str) -> Vec<(&'static str, String)> {
    let first = log.lines().find(|line| line.starts_with("{\"seq\":1,")).unwrap();
    let last = log.lines().rev().find(|line| line.starts_with("{\"seq\":")).unwrap();
    let turned = first.trim_end_matches(',').replacen("\"seq\":1,", "", 1);
    let turned = format!("{},\"seq\":99}},", turned.trim_end_matches('}'));
    let once = |from: &str, to: &str| log.replacen(from, to, 1);
    vec![
        ("behind a space", once(first, &format!(" {first}\n{first}"))),
        ("members in another order", once("\"events\":[\n", &format!("\"events\":[\n{turned}\n"))),
        ("two events on a line", once(&format!("{first}\n"), &format!("{first}{first}\n"))),
        ("a member more", once("{\"seq\":1,", "{\"note\":\"x\",\"seq\":1,")),
        ("a member twice", once("{\"seq\":1,", "{\"seq\":7,\"seq\":1,")),
        ("events twice", once("\"events\":[\n", &format!("\"events\":[\n{last}\n],\n\"events\":[\n"))),
        ("an unknown member", once("\"warnings\":", "\"more\":[{\"seq\":9}],\n\"warnings\":")),
        ("behind the end", format!("{log}{last}\n")),
        ("an empty line behind the end", format!("{log}\n")),
        ("without its last event", once(&format!(",\n{last}"), "")),
        ("without its end", log.trim_end().trim_end_matches('}').to_owned()),
        ("an event of no number", once("{\"seq\":1,", "{\"seq\":0,")),
        ("an event of the last number", once("{\"seq\":1,", "{\"seq\":18446744073709551615,")),
        ("another first event", once("\"first_seq\":1,", "\"first_seq\":2,")),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_hides_in_an_exported_log() {
    let site = Site::start(Settings::default()).await;
    bundle(&site).await;
    let file = text(&site.folder.path().join("log"));
    let verify = |log: &str| {
        fs::write(&file, log).unwrap();
        exportctl(["--json", "audit", "verify", "--log", &file])
    };
    let log = exported(&site, "audit-log.json").await;
    let run = verify(&log);
    assert_eq!((run.code, &run.json()[0]["first"]), (0, &json!(1)), "{run:?}");
    for (what, forged) in forgeries(&log) {
        assert_ne!(forged, log, "{what}");
        let run = verify(&forged);
        assert_eq!(run.code, 1, "{what}: {run:?}");
        assert!(!run.stderr.contains("panicked"), "{what}: {run:?}");
    }
    let lines = exported(&site, "audit-log.ndjson").await;
    assert_eq!(verify(&lines).code, 0);
    for (what, from, to) in [
        ("an unknown line", "{\"totals\":", "{\"note\":1}\n{\"totals\":"),
        ("an event without its name", "{\"end\":", "{\"seq\":9}\n{\"end\":"),
        ("another number of events", "{\"end\":{\"events\":", "{\"end\":{\"events\":1"),
        ("another name", "{\"event\":", "{\"Event\":"),
        ("two members on a line", "{\"event\":", "{\"x\":1,\"event\":"),
    ] {
        let run = verify(&lines.replacen(from, to, 1));
        assert!(run.code == 1 && run.stderr.contains(", line "), "{what}: {run:?}");
    }
    assert_eq!(verify(lines.rsplit_once("{\"end\":").unwrap().0).code, 1);
    assert_eq!(verify("seq,at,actor\n").code, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_part_of_a_log_says_what_it_is() {
    let site = Site::start(Settings::default()).await;
    bundle(&site).await;
    let log = exported(&site, "audit-log.json").await;
    let mut lines: Vec<String> = log.lines().map(str::to_owned).collect();
    let first = lines.iter().position(|line| line.starts_with("{\"seq\":1,")).unwrap();
    let event: Value = serde_json::from_str(lines.remove(first).trim_end_matches(',')).unwrap();
    let totals = lines.iter_mut().find(|line| line.starts_with("\"totals\":")).unwrap();
    let mut told: Value =
        serde_json::from_str(totals.trim_start_matches("\"totals\":").trim_end_matches(',')).unwrap();
    let (events, action) = (told["events"].as_u64().unwrap(), event["action"].as_str().unwrap());
    told["by_action"][action] = json!(told["by_action"][action].as_u64().unwrap() - 1);
    (told["events"], told["first_seq"]) = (json!(events - 1), json!(2));
    *totals = format!("\"totals\":{told},");
    let file = text(&site.folder.path().join("part"));
    fs::write(&file, lines.join("\n") + "\n").unwrap();
    let run = exportctl(["--json", "audit", "verify", "--log", &file]);
    assert_eq!((run.code, &run.json()[0]["first"], &run.json()[0]["last"]), (0, &json!(2), &json!(events)));
    let run = exportctl(["audit", "verify", "--log", &file]);
    let expected = format!("events 2 to {events}; the first is taken as it stands");
    assert!(run.stdout.contains(&expected), "{run:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checkpoint_counts_if_its_key_does() {
    let site = Site::start(Settings::default()).await;
    bundle(&site).await;
    let at = |name: &str| text(&site.folder.path().join(name));
    let (data, keys, kept) = (text(&site.data()), text(&published_keys(&site).await), at("kept"));
    // A note is kept if somebody whom one trusts has signed it.
    let strangers = at("strangers");
    assert_eq!(exportctl(["keys", "generate", "--keys", &strangers]).code, 0);
    let run = exportctl(["keys", "export", "--out", &at("strangers.json"), "--keys", &strangers]);
    assert_eq!(run.code, 0, "{run:?}");
    let run = asks(&site, &["audit", "checkpoint", "--out", &kept, "--keys", &at("strangers.json")]);
    assert!(run.code == 3 && !Path::new(&kept).exists(), "{run:?}");
    let run = asks(&site, &["audit", "checkpoint"]);
    assert!(run.code == 0 && run.stderr.contains("not checked, for no keys are known"), "{run:?}");
    let run = asks(&site, &["audit", "checkpoint", "--out", &kept, "--keys", &keys]);
    assert!(run.code == 0 && !run.stderr.contains("not checked"), "{run:?}");

    // One of another log proves nothing of this one.
    let other = at("other");
    let token = site.token_for("other");
    let variables = [("EXPORT_URL", &*site.url), ("EXPORT_TOKEN", &*token), ("EXPORT_TENANT", "other")];
    let run = exportctl_with(&variables, ["submit", "--scan", SCAN, "--format", "json"]);
    assert_eq!(run.code, 0, "{run:?}");
    let run = exportctl_with(&variables, ["audit", "checkpoint", "--out", &other, "--keys", &keys]);
    assert_eq!(run.code, 0, "{run:?}");
    let log = at("log");
    fs::write(&log, exported(&site, "audit-log.json").await).unwrap();
    let of = ["audit", "verify", "--checkpoint", &other, "--keys", &keys];
    for more in [&["--log", &*log][..], &["--data", &data, "--tenant", "demo"]] {
        let run = exportctl([&of, more].concat());
        let told = "is of the log export-center/log/other, which is not here";
        assert!(run.code == 2 && run.stderr.contains(told), "{run:?}");
    }

    let of_data = ["--json", "audit", "verify", "--data", &data, "--tenant", "demo"];
    let before = exportctl(of_data).json()[0]["checkpoints"].clone();
    assert!(before["signed"].as_u64() > Some(0) && before["revoked"] == 0, "{before:#}");
    let ring: Value = serde_json::from_slice(&fs::read(&keys).unwrap()).unwrap();
    let kid = ring["keys"][0]["kid"].as_str().unwrap();
    let run = exportctl(["keys", "revoke", "--data", &data, "--reason", "stolen", "--", kid]);
    assert_eq!(run.code, 0, "{run:?}");
    let after = exportctl(of_data).json()[0]["checkpoints"].clone();
    assert_eq!((&after["signed"], &after["revoked"]), (&json!(0), &before["signed"]), "{after:#}");
    for run in [
        exportctl([&of_data[..], &["--checkpoint", &kept]].concat()),
        exportctl(["audit", "compare", &kept, &kept, "--data", &data]),
    ] {
        assert!(run.code == 3 && run.stderr.contains("was revoked at"), "{run:?}");
    }
}

#[test]
fn a_file_that_is_no_database_of_this_version_is_no_answer() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| text(&folder.path().join(name));
    fs::write(at("text"), "no database, and long enough to have a header of one hundred bytes".repeat(4))
        .unwrap();
    let old = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute('CREATE TABLE audit (tenant TEXT, seq INTEGER)')";
    assert!(Command::new("python3").args(["-c", old, &at("old")]).status().unwrap().success());
    for (file, told) in [("text", "is no database"), ("old", "open it once with this version's server")] {
        let run = exportctl(["audit", "verify", "--database", &at(file)]);
        assert!(run.code == 2 && run.stderr.contains(told), "{run:?}");
    }
}
