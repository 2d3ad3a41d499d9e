//! Who publishes a vulnerability, told by its id.

use export_sbom::iri;
use serde_json::{Value, json};

/// Prefixes of ids, whose they are, and the page of an id, in which `{}` stands for it.
const PUBLISHERS: [(&str, &str, &str); 8] = [
    ("CVE-", "NVD", "https://nvd.nist.gov/vuln/detail/{}"),
    ("GHSA-", "GitHub", "https://github.com/advisories/{}"),
    ("RUSTSEC-", "RustSec", "https://rustsec.org/advisories/{}.html"),
    ("GO-", "Go", "https://pkg.go.dev/vuln/{}"),
    ("PYSEC-", "OSV", "https://osv.dev/vulnerability/{}"),
    ("OSV-", "OSV", "https://osv.dev/vulnerability/{}"),
    ("DSA-", "Debian", "https://security-tracker.debian.org/tracker/{}"),
    ("RHSA-", "Red Hat", "https://access.redhat.com/errata/{}"),
];

/// The publisher of an id, with its page; none if it is not known whose it is.
pub(crate) fn source(id: &str) -> Option<Value> {
    let (_, name, page) = PUBLISHERS.iter().find(|(prefix, _, _)| id.starts_with(prefix))?;
    Some(json!({"name": name, "url": page.replace("{}", &iri::to_uri(id))}))
}
