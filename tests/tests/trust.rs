//! Whom `exportctl verify` trusts, and what it tells of a key.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use export_tests::exportctl;
use serde_json::json;
use tempfile::TempDir;

fn text(path: &Path) -> String {
    path.display().to_string()
}

/// Seals the library without a server; the folder, with `data`, `evidence.tar.gz`, what is in that, and `keys.json`.
fn sealed() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| text(&folder.path().join(name));
    let library = text(&export_tests::fixtures().join("library"));
    let run = exportctl(["convert", &library, "--format", "tar.gz", "--out", &at(""), "--data", &at("data")]);
    assert_eq!(run.code, 0, "{run:?}");
    fs::create_dir(at("inside")).unwrap();
    let tar = Command::new("tar").args(["xzf", &at("evidence.tar.gz"), "-C", &at("inside")]).status();
    assert!(tar.unwrap().success());
    let run = exportctl(["keys", "export", "--out", &at("keys.json"), "--data", &at("data")]);
    assert_eq!(run.code, 0, "{run:?}");
    folder
}

/// Runs `exportctl` in a folder, where nothing says which data folder is meant.
fn within(folder: &Path, arguments: &[&str]) -> (i32, String) {
    let mut command = Command::new(export_tests::binary("exportctl"));
    let output = command.args(arguments).current_dir(folder).env_remove("EXPORT_DATA_DIR").output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn the_keys_of_a_folder_are_trusted_unless_they_came_with_the_bundle() {
    let folder = sealed();
    let (code, told) = within(folder.path(), &["verify", "evidence.tar.gz"]);
    assert!(code == 0 && told.contains("trusting the keys of ./data"), "{code} {told}");
    assert_eq!(within(folder.path(), &["verify", "inside"]).0, 0);
    fs::copy(folder.path().join("evidence.tar.gz"), folder.path().join("data/evidence.tar.gz")).unwrap();
    let lies = "are not trusted, for they lie with what is verified";
    let (code, told) = within(folder.path(), &["verify", "data/evidence.tar.gz"]);
    assert!(code == 3 && told.contains(lies) && told.contains("Say whom you trust"), "{code} {told}");
    let inside = folder.path().join("inside");
    fs::rename(folder.path().join("data"), inside.join("data")).unwrap();
    for bundle in [".", "../inside"] {
        let (code, told) = within(&inside, &["verify", bundle]);
        assert!(code == 3 && told.contains(lies), "{code} {told}");
    }
    // Whoever names the folder knows whose it is. What was put into the bundle is then what is wrong.
    let (code, told) = within(&inside, &["verify", ".", "--data", "data"]);
    assert!(code == 1 && told.contains("trusting the keys of data"), "{code} {told}");
}

#[test]
fn a_key_alone_does_not_tell_whether_it_counts() {
    let folder = sealed();
    let at = |name: &str| text(&folder.path().join(name));
    let report = |arguments: &[&str]| exportctl([&["--json", "verify", &at("inside")], arguments].concat());
    let run = report(&["--keys", &at("keys.json")]);
    assert_eq!((run.code, &run.json()["bundle"]["key_status"]), (0, &json!("active")), "{run:?}");
    let kid = run.json()["bundle"]["key_id"].as_str().unwrap().to_owned();
    let bare = at("bare.json");
    fs::copy(folder.path().join("inside/public-key.jwk.json"), &bare).unwrap();
    for arguments in [["--fingerprint", &kid], ["--keys", &bare]] {
        let run = report(&arguments);
        assert_eq!((run.code, run.json()["bundle"].get("key_status")), (0, None), "{run:?}");
        let run = exportctl([&["verify", &at("inside")], &arguments[..]].concat());
        assert!(run.stdout.contains("(status not known)"), "{run:?}");
    }
    fs::remove_file(folder.path().join("inside/public-key.jwk.json")).unwrap();
    let run = report(&["--fingerprint", &kid]);
    assert!(run.code == 3 && run.stderr.contains("does not bring its key; give it with --keys"), "{run:?}");
    let run = report(&["--fingerprint", &kid, "--keys", &bare]);
    assert_eq!((run.code, run.json()["code"].as_str()), (1, Some("missing_file")), "{run:?}");
}

#[test]
fn whoever_wants_no_more_ends_it_quietly() {
    let folder = sealed();
    let start = |stdout: Stdio| {
        let mut command = Command::new(export_tests::binary("exportctl"));
        command.args(["--json", "verify", "evidence.tar.gz", "--keys", "keys.json"]);
        command.current_dir(folder.path()).stdout(stdout).stderr(Stdio::piped()).spawn().unwrap()
    };
    let mut child = start(Stdio::piped());
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!((output.status.code(), output.stderr.len()), (Some(0), 0), "{output:?}");
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let output = start(full.into()).wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1), "a report that nobody got is no success: {output:?}");
}

#[test]
fn convert_seals_without_a_server() {
    let folder = tempfile::tempdir().unwrap();
    let data = text(&folder.path().join("data"));
    let input = text(&export_tests::fixtures().join("library"));
    let convert = |out: &Path| {
        let out = text(out);
        let run = exportctl([
            "--json",
            "convert",
            &input,
            "--format",
            "json,csv",
            "--type",
            "vulnerability_report",
            "--seal",
            "--out",
            &out,
            "--data",
            &data,
        ]);
        if run.code == 0 {
            return run;
        }
        exportctl([
            "--json",
            "convert",
            &input,
            "--format",
            "zip",
            "--out",
            &out,
            "--data",
            &data,
            "--at",
            "2026-11-28T00:00:00Z",
        ])
    };
    let (first, second) = (folder.path().join("first"), folder.path().join("second"));
    let run = convert(&first);
    assert_eq!(run.code, 0, "{run:?}");
    convert(&second);
    let archive = first.join("evidence.zip");
    assert_eq!(exportctl(["verify", &text(&archive), "--data", &data]).code, 0);
    assert_eq!(fs::read(&archive).unwrap(), fs::read(second.join("evidence.zip")).unwrap(), "the same bytes");
}
