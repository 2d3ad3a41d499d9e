//! Verifiers that are not ours: on bundles that a seeded generator of another implementation makes and breaks, and on our own.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use export_tests::{exportctl, fixtures};
use serde_json::Value;

fn readers() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("readers/evidence")
}

fn python(script: &str, arguments: &[&str]) -> String {
    let venv = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.venv/bin/python3");
    let output = Command::new(venv).arg(readers().join(script)).args(arguments).output();
    let output = output.expect("scripts/setup.sh test installs the readers");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "{script} {arguments:?}: {told}\n{}",
        String::from_utf8_lossy(&output.stdout)
    );
    String::from_utf8(output.stdout).unwrap()
}

fn text(path: &Path) -> String {
    path.display().to_string()
}

/// Holds our own verifier, which trusts `keys`, to `expected.json` of the folder; how many were whole and not.
fn ours(folder: &Path, keys: &str) -> (usize, usize) {
    let expected: Value = serde_json::from_slice(&fs::read(folder.join("expected.json")).unwrap()).unwrap();
    let (mut whole, mut not) = (0, 0);
    for (bundle, expected) in expected.as_object().unwrap() {
        let keys = expected["keys"].as_str().map_or_else(|| keys.to_owned(), |own| text(&folder.join(own)));
        let run = exportctl(["--json", "verify", &text(&folder.join(bundle)), "--keys", &keys]);
        let told = run.json();
        if expected["verdict"] == "whole" {
            assert_eq!((run.code, &told["verdict"]), (0, &expected["verdict"]), "{bundle}: {told:#}");
            whole += 1;
            continue;
        }
        not += 1;
        if expected["verdict"] == "usage" {
            assert_eq!((run.code, &told["verdict"]), (2, &Value::Null), "{bundle}: {told:#}\n{expected:#}");
            continue;
        }
        assert_ne!(told["verdict"], "whole", "{bundle}: {expected:#}");
        // What begins as no archive does is damaged to whoever took it for one.
        let code = told["code"].as_str().unwrap().replace("not_an_archive", "archive_corrupt");
        let codes = expected["code"].as_str().unwrap();
        assert!(codes.split('|').any(|it| it == code), "{bundle}: {told:#}\n{expected:#}");
        if !codes.contains('|') {
            assert_eq!(
                Some(i64::from(run.code)),
                expected["exit"].as_i64(),
                "{bundle}: {told:#}\n{expected:#}"
            );
        }
    }
    (whole, not)
}

#[test]
fn six_others_agree_on_two_hundred_good_and_two_hundred_bad_bundles() {
    let folder = tempfile::tempdir().unwrap();
    let out = text(folder.path());
    python("make.py", &["--seed", "6", "--good", "200", "--bad", "200", &out]);
    let file = |name: &str| text(&folder.path().join(name));
    let (expected, keys) = (file("expected.json"), file("keys.jwks"));
    assert_eq!(ours(folder.path(), &keys), (200, 200));
    python("verifiers.py", &["--expected", &expected, &out, &keys]);
}

#[test]
fn they_agree_on_what_we_seal_and_on_what_becomes_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let data = text(&folder.path().join("data"));
    let good = folder.path().join("good");
    fs::create_dir(&good).unwrap();
    let library = text(&fixtures().join("library"));
    for (number, format) in ["zip", "tar.gz"].into_iter().enumerate() {
        let out = text(&folder.path().join(format!("out-{number}")));
        let run = exportctl(["convert", &library, "--format", format, "--out", &out, "--data", &data]);
        assert_eq!(run.code, 0, "{run:?}");
        let name = format!("evidence.{format}");
        fs::copy(Path::new(&out).join(&name), good.join(name)).unwrap();
    }
    let keys = text(&good.join("keys.jwks"));
    assert_eq!(exportctl(["keys", "export", "--out", &keys, "--data", &data]).code, 0);
    for line in python("verifiers.py", &[&text(&good), &keys]).lines() {
        let told: Value = serde_json::from_str(line).unwrap();
        assert_eq!(told["verdict"], "whole", "{told:#}");
    }
    let bad = folder.path().join("bad");
    python("make.py", &["--seed", "7", "--mutate", &text(&good), "--bad", "60", &text(&bad)]);
    assert_eq!(ours(&bad, &keys), (0, 60));
    let expected = text(&bad.join("expected.json"));
    python("verifiers.py", &["--only", "pynacl,script,page", "--expected", &expected, &text(&bad), &keys]);
}
