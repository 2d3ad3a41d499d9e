//! Small worlds: few names, so that findings and what is said about them often meet, and sometimes just do not.

use export_core::finding::{
    Component, Decision, Epss, Finding, Fix, Intelligence, KnownExploited, Misconfiguration, Probability,
    Product, Severity, Subject, Verdict, VerdictSubject, VexAssertion, VexStatement, VexStatus,
    Vulnerability, Waiver,
};
use export_core::id::ScanId;
use export_core::scan::ScanRef;
use export_core::text::Text;
use export_core::time::Timestamp;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

/// When the snapshots are taken.
pub(crate) const AT: Timestamp = Timestamp::from_millis(1000);

const DIGESTS: [&str; 2] = [
    "sha256:1111111111111111111111111111111111111111111111111111111111111111",
    "sha256:2222222222222222222222222222222222222222222222222222222222222222",
];
const NAMES: &[&str] = &["CVE-1", "CVE-2", "GHSA-1", "GHSA-2", "", "DS1"];
const PURLS: &[&str] = &[
    "pkg:npm/a@1",
    "pkg:npm/a@2",
    "pkg:npm/a",
    "pkg:deb/debian/b@1?arch=amd64",
    "pkg:deb/debian/b@1?arch=arm64",
    "pkg:deb/debian/b@1",
    "pkg:deb/debian/b?arch=amd64",
    "pkg:deb/debian/b",
];
const TARGETS: &[&str] = &["", "lock", "image"];

/// An image, taken apart by hand.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Image {
    pub(crate) repository: &'static str,
    pub(crate) tag: Option<&'static str>,
    pub(crate) digest: Option<&'static str>,
}

const fn image(repository: &'static str, tag: Option<&'static str>, digest: Option<&'static str>) -> Image {
    Image { repository, tag, digest }
}

/// Products that are images, and what they are.
const IMAGES: &[(&str, Image)] = &[
    ("reg.example/team/app:1", image("reg.example/team/app", Some("1"), None)),
    ("reg.example/team/app", image("reg.example/team/app", None, None)),
    ("team/app:2", image("team/app", Some("2"), None)),
    ("app", image("app", None, None)),
    ("pp", image("pp", None, None)),
    (DIGESTS[0], image("", None, Some(DIGESTS[0]))),
    (
        "pkg:oci/app@sha256%3A1111111111111111111111111111111111111111111111111111111111111111",
        image("app", None, Some(DIGESTS[0])),
    ),
    (
        "pkg:oci/app@sha256%3A2222222222222222222222222222222222222222222222222222222222222222?tag=2",
        image("app", Some("2"), Some(DIGESTS[1])),
    ),
];

/// The image that a product is, if it is one.
pub(crate) fn image_of_product(id: &str) -> Option<Image> {
    IMAGES.iter().find(|(text, _)| *text == id).map(|(_, image)| *image)
}

/// The scans, and their images.
pub(crate) fn scans() -> [(ScanRef, Image); 3] {
    let scan = |id: &str, image: &str, digest: Option<&str>| ScanRef {
        id: id.parse().unwrap(),
        image: image.to_owned(),
        image_digest: digest.map(str::to_owned),
        created_at: None,
        tool: "trivy 0.67.0".to_owned(),
    };
    [
        (
            scan("zero", "reg.example/team/app:1", Some(DIGESTS[0])),
            image("reg.example/team/app", Some("1"), Some(DIGESTS[0])),
        ),
        (scan("one", "reg.example/team/app:2", None), image("reg.example/team/app", Some("2"), None)),
        (scan("two", "tool", None), image("tool", None, None)),
    ]
}

/// One call of the writer.
#[derive(Debug, Clone)]
pub(crate) enum Given {
    Finding(Box<Finding<'static>>),
    Verdict(ScanId, Verdict<'static>),
    Statement(ScanId, VexStatement<'static>),
    Intelligence(Intelligence<'static>),
}

/// Calls in any order.
pub(crate) fn given(most: usize) -> impl Strategy<Value = Vec<Given>> {
    let one = prop_oneof![
        4 => finding().prop_map(|finding| Given::Finding(Box::new(finding))),
        2 => (scan_id(), verdict()).prop_map(|(scan, verdict)| Given::Verdict(scan, verdict)),
        2 => (scan_id(), statement()).prop_map(|(scan, statement)| Given::Statement(scan, statement)),
        1 => intelligence().prop_map(Given::Intelligence),
    ];
    vec(one, 0..most)
}

fn scan_id() -> impl Strategy<Value = ScanId> {
    (0..3_usize).prop_map(|number| scans()[number].0.id.clone())
}

fn text(from: &'static [&'static str]) -> impl Strategy<Value = Text<'static>> {
    select(from).prop_map(Text::from)
}

fn time() -> impl Strategy<Value = Option<Timestamp>> {
    option::of((-2..3_i64).prop_map(Timestamp::from_millis))
}

fn probability() -> impl Strategy<Value = Probability> {
    (0..4_u8).prop_map(|quarters| Probability::new(f64::from(quarters) / 4.0).unwrap())
}

fn epss() -> impl Strategy<Value = Epss> {
    (probability(), option::of(probability()))
        .prop_map(|(probability, percentile)| Epss { probability, percentile })
}

fn known_exploited() -> impl Strategy<Value = KnownExploited<'static>> {
    let days = text(&["2021-12-10", "2022-01-01"]);
    (days, any::<bool>()).prop_map(|(added, ransomware)| KnownExploited { added, due: None, ransomware })
}

fn finding() -> impl Strategy<Value = Finding<'static>> {
    let ids = text(&["fnd-1", "fnd-2", "fnd-3", "fnd-4"]);
    let identity = (scan_id(), ids, text(TARGETS), select(Severity::ALL.as_slice()), "[a-z\u{0}é]{0,80}");
    let component = option::of(option::of(text(PURLS)));
    (identity, subject(), component).prop_map(|((scan, id, target, severity, description), subject, purl)| {
        Finding {
            id,
            scan_id: scan.to_string().into(),
            image: "".into(),
            target,
            severity,
            severity_source: None,
            title: "".into(),
            description: description.into(),
            subject,
            component: purl.map(|purl| Component { purl, ..Component::default() }),
            locations: vec![],
            fix: Fix::default(),
            primary_url: None,
            references: vec![],
            published: None,
            modified: None,
            suppression: None,
        }
    })
}

fn subject() -> impl Strategy<Value = Subject<'static>> {
    let names = || (text(NAMES), vec(text(NAMES), 0..3));
    let vulnerability = (names(), option::of(epss()), option::of(known_exploited()));
    prop_oneof![
        3 => vulnerability.prop_map(|((id, aliases), epss, known_exploited)| {
            Subject::Vulnerability(Vulnerability { id, aliases, epss, known_exploited, ..Vulnerability::default() })
        }),
        1 => names().prop_map(|(rule_id, aliases)| {
            Subject::Misconfiguration(Misconfiguration { rule_id, aliases, ..Misconfiguration::default() })
        }),
    ]
}

fn statement() -> impl Strategy<Value = VexStatement<'static>> {
    let images: Vec<&str> = IMAGES.iter().map(|(text, _)| *text).collect();
    let ids = prop_oneof![text(PURLS), select(images).prop_map(Text::from)];
    let product = (ids, vec(text(PURLS), 0..2)).prop_map(|(id, subcomponents)| Product { id, subcomponents });
    let parts = (text(NAMES), vec(text(NAMES), 0..2), vec(product, 0..3));
    (parts, select(VexStatus::ALL.as_slice()), time()).prop_map(
        |((vulnerability, aliases, products), status, timestamp)| {
            let assertion = VexAssertion {
                status,
                justification: None,
                impact: None,
                action: None,
                author: "us".into(),
                timestamp,
                document: "doc".into(),
            };
            VexStatement { vulnerability, aliases, products, assertion }
        },
    )
}

fn verdict() -> impl Strategy<Value = Verdict<'static>> {
    let purl = prop_oneof![Just(Text::from("")), text(PURLS)];
    let subject = (text(NAMES), purl, option::of(text(TARGETS)))
        .prop_map(|(vulnerability, purl, target)| VerdictSubject { vulnerability, purl, target });
    let waiver = option::of(time())
        .prop_map(|expires| expires.map(|expires_at| Waiver { expires_at, ..Waiver::default() }));
    let policy = (text(&["a", "b"]), text(&["a", "b"]));
    (option::weighted(0.9, subject), policy, select(Decision::ALL.as_slice()), time(), waiver).prop_map(
        |(subject, (policy_set, policy), decision, evaluated_at, waiver)| Verdict {
            subject,
            policy_set,
            policy,
            rule: "".into(),
            decision,
            reason: "".into(),
            evaluated_at,
            waiver,
        },
    )
}

fn intelligence() -> impl Strategy<Value = Intelligence<'static>> {
    (text(NAMES), option::of(epss()), option::of(known_exploited())).prop_map(
        |(vulnerability, epss, known_exploited)| Intelligence { vulnerability, epss, known_exploited },
    )
}
