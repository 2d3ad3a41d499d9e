//! FIRST's Exploit Prediction Scoring System: the daily CSV of all scores.
//!
//! `#model_version:v2025.03.14,score_date:2026-11-22T00:00:00+0000`, then `cve,epss,percentile`, then one line for each CVE.

use std::str;

use export_core::digest::Digest;
use export_core::error::PortError;
use export_core::finding::{Epss, Intelligence, Probability};
use export_core::warning::{Warning, WarningCode};

use crate::emit::Emitter;
use crate::format::Format;
use crate::input::{Input, Position};
use crate::shape::Root;

/// FIRST's scores.
pub(crate) static EPSS: Format = Format {
    key: "epss",
    name: "a list of EPSS scores",
    is: |it| {
        it.root == Root::Text
            && (it.first_line.starts_with("#model_version") || it.first_line.starts_with(HEADER))
    },
    intelligence: Some(|document, _, emit| read(document.open()?, emit)),
    ..Format::NOTHING
};

/// The header of the columns that are read.
const HEADER: &str = "cve,epss,percentile";
/// No line is nearly as long.
const MAX_LINE: usize = 64 * 1024;

/// Reads the scores of `input` to its end; its digest.
fn read(mut input: Input, emit: &mut Emitter<Intelligence<'static>>) -> Result<Digest, PortError> {
    let mut header_seen = false;
    while let Some(line) = next_line(&mut input)? {
        let position = Position { line: line.number, column: 0 };
        let invalid = |what: &str| input.invalid(what, &format!("#L{}", line.number + 1), position);
        let text = str::from_utf8(input.consumed(line.bytes.clone()))
            .map_err(|_| invalid("the line is not UTF-8"))?;
        let text = text.trim_end_matches(['\n', '\r']);
        if text.is_empty() || text.starts_with('#') {
            continue;
        }
        if !header_seen {
            if text != HEADER {
                return Err(invalid("expected the header `cve,epss,percentile`"));
            }
            header_seen = true;
            continue;
        }
        let known =
            parse(text).ok_or_else(|| invalid("expected a CVE, its probability and its percentile"))?;
        emit.item(known, text.len())?;
        if !line.ended {
            let message = "The last line does not end with a line break: the file may be cut off.";
            let place = format!("{}#L{}", input.file(), line.number + 1);
            emit.warning(Warning::new(WarningCode::SourceLenient, message).at(place))?;
        }
    }
    if header_seen {
        Ok(input.digest())
    } else {
        Err(input.invalid("the scores are missing", "", input.position()))
    }
}

/// One line in the window.
struct Line {
    number: usize,
    bytes: std::ops::Range<usize>,
    ended: bool,
}

fn next_line(input: &mut Input) -> Result<Option<Line>, PortError> {
    loop {
        let window = input.window();
        let break_at = window.iter().position(|byte| *byte == b'\n');
        let length = break_at.map_or(window.len(), |at| at + 1);
        if break_at.is_none() {
            if length > MAX_LINE {
                return Err(input.invalid("the line is too long", "", input.position()));
            }
            if input.fill()? {
                continue;
            }
            if length == 0 {
                return Ok(None);
            }
        }
        let number = input.position().line;
        return Ok(Some(Line { number, bytes: input.consume(length), ended: break_at.is_some() }));
    }
}

fn parse(line: &str) -> Option<Intelligence<'static>> {
    let mut fields = line.split(',');
    let (id, epss, percentile) = (fields.next()?, fields.next()?, fields.next()?);
    let probability = |text: &str| Probability::new(text.parse().ok()?);
    let epss = Epss { probability: probability(epss)?, percentile: Some(probability(percentile)?) };
    let whole = fields.next().is_none() && id.starts_with("CVE-");
    whole.then(|| Intelligence {
        vulnerability: id.to_owned().into(),
        epss: Some(epss),
        known_exploited: None,
    })
}
