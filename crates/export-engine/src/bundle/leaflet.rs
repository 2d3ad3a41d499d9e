//! What goes with every bundle: a word to whoever opens it, the page that verifies it, the public key.

use export_core::seal::PublicKey;
use export_seal::canonical;
use export_seal::jwks::Jwk;
use export_seal::manifest::PUBLIC_KEY;

use super::contents::{Contents, Entry};
use crate::render::Order;

/// The folders that a bundle may have, in words.
const PARTS: [(&str, &str); 8] = [
    ("report.*", "what was found, for people"),
    ("sbom.*", "the components, with what is known about them"),
    ("scans/", "the findings of each scan (JSON)"),
    ("verdicts/", "what policies decided (one verdict a line)"),
    ("vex/", "who says what is not affected, and why (OpenVEX 0.2.0)"),
    ("attestations/", "signed statements about the artifacts, as they were found"),
    ("audit/", "what was done with this export, from the tenant's audit trail"),
    (PUBLIC_KEY, "the key that signed; compare its fingerprint with the one that its owner publishes"),
];

/// What goes with the files that are there.
pub(super) fn of(contents: &Contents, order: &Order, key: &PublicKey) -> Vec<Entry> {
    let readme = readme(contents, order, key).into_bytes();
    vec![
        Entry::held(PUBLIC_KEY, "application/jwk+json", canonical::to_vec(&Jwk::bare(key))),
        Entry::held("verify.html", "text/html; charset=utf-8", export_seal::PAGE.into()),
        Entry::held("README.txt", "text/plain; charset=utf-8", readme),
    ]
}

fn readme(contents: &Contents, order: &Order, key: &PublicKey) -> String {
    let facts = order.snapshot.facts();
    let mut text = format!(
        "Evidence bundle of export {}\r\n\
         Data as of {}; scans: {}, findings: {}\r\n\r\n",
        order.export_id,
        facts.taken_at,
        facts.scans.len(),
        facts.totals.findings
    );
    for (path, what) in PARTS {
        if path == PUBLIC_KEY || contents.has(path.trim_end_matches('*')) {
            text += &format!("{path:23}{what}\r\n");
        }
    }
    text += &format!(
        "manifest.json          every file with its size and SHA-256, and the root of the tree over them\r\n\
         attestation.dsse.json  the signed statement about all of it\r\n\r\n\
         How to verify\r\n\r\n\
         1. Get the fingerprint of the sealing key, or its JWKS, from who sealed: not from this bundle.\r\n   \
            This bundle says that it is {}\r\n\
         2. Open verify.html in a browser and drop this archive on it; it needs no network. Or run:\r\n   \
            exportctl verify THIS-ARCHIVE --keys KEYS.jwks\r\n\
         3. To write a verifier of your own, read docs/evidence-format.md of Export Center; it has one of 60 lines.\r\n",
        key.id()
    );
    text
}
