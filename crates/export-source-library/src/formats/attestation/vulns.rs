//! Findings of in-toto's vulnerability predicate (`https://in-toto.io/attestation/vulns/v0.1` and `v0.2`).
//!
//! It lists ids and scores and names no place: the component is the statement's first subject with a package URL, if it has one.

use export_core::digest::Digest;
use export_core::error::PortError;
use export_core::finding::{
    Component, CvssVersion, Finding, Severity, Subject, Vulnerability, vulnerability_finding_id,
};
use export_core::scan::repository;
use export_core::text::Text;

use super::envelope::each;
use super::open;
use super::statement::Statement;
use crate::document::Document;
use crate::emit::Emitter;
use crate::format::Scanned;
use crate::formats::vdr::of_purl;
use crate::json::{JsonReader, members};
use crate::kit::rated::of_score;
use crate::kit::{Doubts, Ids, blank, own, rating, some};

/// How the predicate's type begins.
const KIND: &str = "https://in-toto.io/attestation/vulns/";

members! {
    struct Predicate<'a> {
        scanner: Scanner<'a> = "scanner",
    }
    struct Scanner<'a> {
        uri: Text<'a> = "uri",
        result: Vec<Found<'a>> = "result",
    }
    struct Found<'a> {
        id: Text<'a> = "id",
        severity: Vec<Rated<'a>> = "severity",
    }
    struct Rated<'a> {
        method: Text<'a> = "method",
        score: Text<'a> = "score",
    }
}

/// Reads the findings of the statements in a document to its end; its digest.
pub(super) fn read(
    document: &Document,
    scan: &Scanned<'_>,
    emit: &mut Emitter<Finding<'static>>,
) -> Result<Digest, PortError> {
    each(document, &mut Doubts::default(), |wrapped| {
        let statement = Statement::of(document, &wrapped)?;
        if !statement.predicate_type.starts_with(KIND) {
            return Ok(());
        }
        let bytes = statement.predicate.len();
        let place = wrapped.part("/predicate");
        let mut reader = JsonReader::new(open(document, &place, statement.predicate.clone())?);
        let span = reader.span()?;
        let Predicate { scanner } = reader.parse(&span)?;
        let purl =
            statement.subjects.iter().map(|subject| subject.name.as_str()).find(|it| it.starts_with("pkg:"));
        let component = purl.map(of_purl);
        let mut ids = Ids::default();
        for (at, found) in scanner.result.into_iter().enumerate() {
            if found.id.is_empty() {
                return Err(reader.invalid_in(
                    &span,
                    "the id is missing",
                    &format!("/scanner/result/{at}/id"),
                ));
            }
            let finding = found.finding(scan, component.clone(), &scanner.uri);
            let id = ids
                .give(finding.kind(), &finding.id)
                .ok_or_else(|| reader.invalid("there are too many findings"))?;
            emit.item(Finding { id: id.into(), ..finding }, bytes)?;
        }
        Ok(())
    })
}

impl Found<'_> {
    fn finding(
        self,
        scan: &Scanned<'_>,
        component: Option<Component<'static>>,
        source: &str,
    ) -> Finding<'static> {
        let ratings = self.severity.into_iter().map(|it| it.rating(source)).collect();
        let vulnerability = Vulnerability { id: own(self.id), ratings, ..Vulnerability::default() };
        let named = component.clone().unwrap_or_default();
        let id = vulnerability_finding_id(repository(scan.image), &named, &vulnerability, "");
        let leading = vulnerability.leading_rating();
        let worst = vulnerability.ratings.iter().filter_map(|it| it.severity).min();
        let severity = leading.and_then(|it| it.score).map(of_score).or(worst).unwrap_or(Severity::Unknown);
        Finding { severity, component, ..blank(scan, scan.image, id, Subject::Vulnerability(vulnerability)) }
    }
}

impl Rated<'_> {
    /// `score` is a vector, a number or a word; `method` says of which system.
    fn rating(self, source: &str) -> export_core::finding::Rating<'static> {
        let source = source.to_owned().into();
        let version = match self.method.as_str() {
            "CVSSv2" => CvssVersion::V2,
            "CVSSv3" => CvssVersion::V3,
            "CVSSv4" => CvssVersion::V4,
            _ => CvssVersion::V31,
        };
        let number = self.score.parse().ok().and_then(export_core::finding::Score::new);
        if number.is_some() {
            return rating(source, version, None, number, None).0;
        }
        if self.score.contains('/') {
            return rating(source, version, some(self.score), None, None).0;
        }
        let word = Severity::from_word(&self.score);
        rating(source, version, None, None, Some(word)).0
    }
}
