//! The keys of seals, with the real `exportctl`.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use export_tests::{Run, exportctl, exportctl_with};

fn keys(folder: &Path, arguments: &[&str]) -> Run {
    let folder = folder.to_str().expect("a text");
    exportctl(["keys", "--keys", folder].iter().chain(arguments))
}

fn id_of(run: &Run) -> String {
    assert_eq!(run.code, 0, "{run:?}");
    run.json()["key"]["kid"].as_str().expect("an id").to_owned()
}

#[test]
fn keys_are_made_rotated_and_revoked() {
    let folder = tempfile::tempdir().expect("a folder");
    let ring = folder.path().join("ring");
    let empty = keys(&ring, &["list"]);
    assert!(empty.code == 0 && empty.stdout.contains("has no keys"), "{empty:?}");
    assert!(!ring.exists(), "a list makes nothing");
    assert_eq!(keys(&ring, &["rotate"]).code, 1);

    let first = id_of(&keys(&ring, &["generate", "--json"]));
    let again = keys(&ring, &["generate"]);
    assert!(again.code == 1 && again.stderr.contains("rotate"), "{again:?}");
    let second = id_of(&keys(&ring, &["rotate", "--json"]));
    assert!(!ring.join(format!("{first}.pem")).exists());
    let third = id_of(&keys(&ring, &["rotate", "--keep", "--json"]));
    assert!(ring.join(format!("{second}.pem")).exists());

    let future = keys(&ring, &["revoke", "--at", "2999-01-01T00:00:00Z", "--reason", "x", "--", &first]);
    assert_eq!(future.code, 2, "{future:?}");
    assert_eq!(keys(&ring, &["revoke", "nobody", "--reason", "x"]).code, 2);
    assert_eq!(keys(&ring, &["revoke", "--", &first]).code, 2, "a reason is needed");
    let revoked =
        keys(&ring, &["revoke", "--at", "2020-01-01T00:00:00Z", "--reason", "stolen", "--", &first]);
    assert!(revoked.code == 0 && revoked.stdout.contains(&format!("{third} signs")), "{revoked:?}");
    let last = keys(&ring, &["revoke", "--reason", "stolen", "--", &third]);
    assert!(last.code == 0 && last.stdout.contains("No key signs now"), "{last:?}");

    let listed = keys(&ring, &["list", "--json"]).json();
    let statuses: Vec<_> =
        listed["keys"].as_array().expect("keys").iter().map(|key| &key["status"]).collect();
    assert_eq!(statuses, ["revoked", "retired", "revoked"]);
    let shown = keys(&ring, &["list"]).stdout;
    assert!(shown.contains(&format!("{first}  revoked   2020-01-01T00:00:00Z  stolen")), "{shown}");
    assert_eq!(keys(&ring, &["generate"]).code, 0);
}

#[test]
fn public_keys_are_exported_and_private_ones_imported() {
    let folder = tempfile::tempdir().expect("a folder");
    let openssl = |arguments: &[&str]| {
        let run = Command::new("openssl").args(arguments).current_dir(folder.path()).output();
        let run = run.expect("openssl is installed (scripts/setup.sh test)");
        assert!(run.status.success(), "{arguments:?}: {run:?}");
        String::from_utf8(run.stdout).expect("a text")
    };
    let private = folder.path().join("private.pem");
    openssl(&["genpkey", "-algorithm", "ED25519", "-out", "private.pem"]);
    let ring = folder.path().join("ring");
    let imported = keys(&ring, &["import", private.to_str().expect("a text"), "--json"]);
    let id = id_of(&imported);
    let file = ring.join(format!("{id}.pem"));
    assert_eq!(fs::metadata(&file).expect("the key").permissions().mode() & 0o777, 0o600);

    let pem = keys(&ring, &["export", "--format", "pem"]).stdout;
    assert_eq!(pem, openssl(&["pkey", "-in", "private.pem", "-pubout"]));
    let jwks = keys(&ring, &["export"]).json();
    assert_eq!(jwks["keys"][0]["kid"], id.as_str());
    assert!(jwks["keys"][0].get("d").is_none(), "no private part");
    let out = folder.path().join("keys.json");
    let written = keys(&ring, &["export", "--out", out.to_str().expect("a text"), "--", &id]);
    assert_eq!(written.code, 0, "{written:?}");
    let text = fs::read_to_string(&out).expect("the file");
    assert_eq!(serde_json::from_str::<serde_json::Value>(&text).expect("JSON"), jwks);

    let secret = fs::read_to_string(&private).expect("the key");
    let line = secret.lines().nth(1).expect("base64");
    for run in [&imported, &keys(&ring, &["list", "--json"]), &keys(&ring, &["rotate"])] {
        assert!(!run.stdout.contains(line) && !run.stderr.contains(line), "{run:?}");
    }
}

#[test]
fn an_open_key_file_is_refused_and_can_be_revoked() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().to_str().expect("a text");
    let variables = [("EXPORT_DATA_DIR", data)];
    let made = exportctl_with(&variables, ["keys", "generate", "--json"]);
    let id = id_of(&made);
    let file = folder.path().join("keys/sealing").join(format!("{id}.pem"));
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).expect("the mode");
    let refused = exportctl_with(&variables, ["keys", "generate"]);
    assert!(refused.code == 1 && refused.stderr.contains("chmod 600"), "{refused:?}");
    let revoked = exportctl_with(&variables, ["keys", "revoke", "--reason", "it was open", "--", &id]);
    assert_eq!(revoked.code, 0, "{revoked:?}");
    let next = id_of(&exportctl_with(&variables, ["keys", "generate", "--json"]));
    fs::remove_file(folder.path().join("keys/sealing").join(format!("{next}.pem"))).expect("the key");
    let lost = exportctl_with(&variables, ["keys", "generate"]);
    assert!(lost.code == 1 && lost.stderr.contains("is not there"), "{lost:?}");
    assert_eq!(exportctl_with(&variables, ["keys", "rotate"]).code, 0, "a lost key can be retired");
}
