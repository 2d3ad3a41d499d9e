//! Joining findings with what others say about them, on the disk.
//!
//! # Who speaks about what
//!
//! Everything is joined within one scan and by name: the id of a vulnerability or one of its aliases, on either side.
//!
//! | what | matches a finding if |
//! |---|---|
//! | statement, product without sub-components | the product is the component's package URL (below), or names the scan's image ([`image`]) |
//! | statement, product with sub-components | one of these is the component's package URL; if the product is an image, it also names the scan's |
//! | verdict with a package URL | it is that of the component |
//! | verdict without package URL | the finding has none, or is no vulnerability; the name is then the rule's |
//! | verdict with a target | the above, and the target is that of the finding |
//! | verdict without subject | never: it is about the whole scan, and counts for its policy only |
//! | intelligence | the name is one of its names, in every scan |
//!
//! A vulnerable component without a package URL answers to `name@version`, and to its name, in the place of one.
//!
//! Package URLs are equal if their names are, and version and qualifiers too where the statement has them: one without version
//! is about every version, one without qualifiers about every architecture ([`purl`]). An image is a package URL of type `oci`
//! or `docker`, or a text that is no package URL. Statements are about vulnerabilities alone. An empty name matches nothing.
//!
//! Of the statements about one finding the newest counts; one without time is oldest, and of equal ones the one that was read
//! later counts. Verdicts all count. Of several EPSS scores the highest counts, and of several entries of a catalogue the
//! one added last; neither replaces what the scanner said.
//!
//! # How
//!
//! ```text
//! statements, verdicts, intelligence -> annotations (key, what is said) --sort--.
//!                                           | filter                            join by key -> (finding's number, what is said)
//! findings -> subjects (all their names) -> probes (key, finding's number) -sort-'                          |
//!     |                                                                                                   sort by number
//!     '---- findings, in the order of arrival ------------------------------------------------------- merge -> records
//! ```
//!
//! Everything in this picture is a spool or a sorter of fixed memory. Findings are written once here, whole; only their names
//! are sorted. What is said is carried along through both sorts instead of being fetched by place: it is small, and a fetch
//! would be a random read for each finding.

mod annotate;
mod filter;
mod found;
mod image;
mod key;
mod matching;
mod probe;
mod purl;
mod said;
mod unmatched;

pub(crate) use self::annotate::Annotations;
pub(crate) use self::found::{Found, Matches};
pub(crate) use self::matching::{Matched, join};
pub(crate) use self::probe::{Subjects, probe};
