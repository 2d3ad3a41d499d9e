//! A result (section 3.27).
//!
//! The type of `serde-sarif` owns every text and sorts every property, which takes three times as long as all that is done
//! here; so results are written as they are read.

use export_core::finding::{Component, Finding};
use export_core::record::{BaselineState, FindingRecord};
use export_core::time::Timestamp;

use crate::json::Json;
use crate::place::Place;
use crate::properties;
use crate::severity;
use crate::suppression::suppressions;
use crate::taxa::Taxon;
use crate::texts;

/// The name of the folder that all paths start from; GitHub and IDEs take it for the root of the repository.
pub(crate) const BASE: &str = "%SRCROOT%";

/// What a result is told besides its record.
pub(crate) struct Frame<'r> {
    /// The place of its rule.
    pub(crate) rule_index: u32,
    /// Whether the record says of the rule what the rule says.
    pub(crate) advisory_is_told: bool,
    /// Its weaknesses.
    pub(crate) taxa: &'r [Taxon],
    /// The place of its scan among the invocations.
    pub(crate) invocation: Option<u32>,
    /// When waivers must hold.
    pub(crate) taken_at: Timestamp,
    /// The most locations that its reader takes.
    pub(crate) locations: usize,
    /// Whether a location without a known line needs one.
    pub(crate) needs_line: bool,
    /// Whether results say what to do in words that programs can read.
    pub(crate) include_remediation: bool,
    /// Whether results are ranked by how sure their guard is, and not by their severity.
    pub(crate) ranks_by_confidence: bool,
}

/// Texts that results are put together in, used again and again.
#[derive(Debug, Default)]
pub(crate) struct ResultTexts {
    message: String,
    short: String,
}

impl ResultTexts {
    /// Appends the result of `record` to `out` as JSON.
    pub(crate) fn write(&mut self, out: &mut Vec<u8>, record: &FindingRecord<'_>, frame: &Frame<'_>) {
        let finding = &record.finding;
        let mut places = Vec::with_capacity(1);
        Place::all_of(finding, &mut places);
        let (listed, further) = places.split_at(places.len().min(frame.locations));
        self.message.clear();
        texts::message(&mut self.message, record, &places);

        let mut json = Json(out);
        json.member(r#"{"ruleId":"#, texts::rule_id(finding));
        json.raw(r#","ruleIndex":"#).value(&frame.rule_index);
        json.word(r#","kind":"#, severity::kind(finding.severity));
        json.word(r#","level":"#, severity::level(finding.severity));
        if frame.ranks_by_confidence {
            if let Some(confidence) = severity::confidence(record) {
                json.raw(r#","rank":"#).decimal(confidence.steps(), 3);
            }
        } else if let Some(tenths) = severity::rank(record) {
            json.raw(r#","rank":"#).value(&tenths);
        }
        json.member(r#","message":{"text":"#, &self.message).raw("}");
        self.locations(&mut json, finding, listed, frame.needs_line);
        self.fingerprints(&mut json, &finding.id);
        // Section 3.27.23: all results of a run have this member, or none has.
        json.raw(r#","suppressions":"#).value(&suppressions(record, frame.taken_at));
        // Section 3.27.24: the same is true of this one; all records know it if there is a scan to compare with.
        json.maybe(r#","baselineState":"#, record.baseline.map(BaselineState::as_str));
        if let Some(index) = frame.invocation {
            json.raw(r#","provenance":{"invocationIndex":"#).value(&index).raw("}");
        }
        taxa(&mut json, frame.taxa);
        properties::write(&mut json, record, further, frame);
        json.raw("}");
    }

    /// The first place, with the component; and the further ones, numbered as the message names them.
    fn locations(
        &mut self,
        json: &mut Json<'_>,
        finding: &Finding<'_>,
        places: &[Place<'_>],
        needs_line: bool,
    ) {
        json.raw(r#","locations":[{"#);
        self.place(json, &places[0], needs_line);
        if let Some(Component { name, purl, .. }) = &finding.component {
            json.member(r#","logicalLocations":[{"name":"#, name);
            json.maybe(r#","fullyQualifiedName":"#, purl.as_deref());
            json.raw(r#","kind":"package"}]"#);
        }
        json.raw("}]");
        let further = &places[1..];
        if further.is_empty() {
            return;
        }
        json.raw(r#","relatedLocations":["#);
        for (at, place) in further.iter().enumerate() {
            json.raw(if at == 0 { r#"{"id":"# } else { r#",{"id":"# }).value(&(at + 1)).raw(",");
            self.place(json, place, needs_line);
            json.raw("}");
        }
        json.raw("]");
    }

    fn place(&mut self, json: &mut Json<'_>, place: &Place<'_>, needs_line: bool) {
        self.short.clear();
        place.uri(&mut self.short);
        json.member(r#""physicalLocation":{"artifactLocation":{"uri":"#, &self.short);
        json.word(r#","uriBaseId":"#, BASE).raw("}");
        if let Some((first, last)) = place.lines(needs_line) {
            json.raw(r#","region":{"startLine":"#).value(&first);
            if let Some(column) = place.start_column {
                json.raw(r#","startColumn":"#).value(&column);
            }
            if let Some(last) = last {
                json.raw(r#","endLine":"#).value(&last);
            }
            json.raw("}");
        }
        json.raw("}");
        if let Some(layer) = place.layer() {
            json.member(r#","properties":{"layer":"#, layer).raw("}");
        }
    }

    /// The finding's id as it is, and in the form `hash:occurrence`, which is the only one that GitHub looks at. The id
    /// changes neither with lines above the finding nor with tags of the image, so that alerts stay what they are.
    fn fingerprints(&mut self, json: &mut Json<'_>, id: &str) {
        self.short.clear();
        self.short.push_str(id.strip_prefix("fnd-").unwrap_or(id));
        self.short.push_str(":1");
        json.member(r#","partialFingerprints":{"findingId/v1":"#, id);
        json.member(r#","primaryLocationLineHash":"#, &self.short).raw("}");
    }
}

fn taxa(json: &mut Json<'_>, taxa: &[Taxon]) {
    for (at, taxon) in taxa.iter().enumerate() {
        json.raw(if at == 0 { r#","taxa":["# } else { "," });
        taxon.write(json);
    }
    if !taxa.is_empty() {
        json.raw("]");
    }
}
