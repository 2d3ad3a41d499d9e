//! Envelopes taken off (DSSE 1.0, "Envelope"; sigstore bundles 0.1 to 0.3).

use std::sync::Arc;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::general_purpose::GeneralPurpose;
use base64::engine::{DecodePaddingMode, GeneralPurposeConfig};
use export_core::attestation::AttestationEnvelope;
use export_core::digest::Digest;
use export_core::error::PortError;
use export_core::text::Text;
use serde::de::IgnoredAny;

use crate::document::Document;
use crate::json::{JsonReader, Span, members};
use crate::kit::Doubts;

const NO_SIGNATURES: &str = "An envelope has no list of signatures, and was read as one without a signature";
const OTHER_TYPE: &str =
    "An envelope calls its payload something else than an in-toto statement, which it is";
const IN_TOTO: &str = "application/vnd.in-toto+json";

const CONFIG: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, CONFIG);
const URL: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, CONFIG);

members! {
    struct Outer<'a> {
        kind: Text<'a> = "_type",
        predicate_type: Text<'a> = "predicateType",
        bundled: Option<Dsse<'a>> = "dsseEnvelope",
        message: Option<IgnoredAny> = "messageSignature",
        payload_type: Text<'a> = "payloadType",
        payload: Option<Text<'a>> = "payload",
        signatures: Option<Vec<IgnoredAny>> = "signatures",
    }
    struct Dsse<'a> {
        payload_type: Text<'a> = "payloadType",
        payload: Option<Text<'a>> = "payload",
        signatures: Option<Vec<IgnoredAny>> = "signatures",
    }
}

/// A statement, out of its envelope.
pub(super) struct Wrapped {
    pub(super) envelope: AttestationEnvelope,
    pub(super) signatures: u32,
    /// The line of the file, counted from 1, if several stand in it.
    pub(super) line: Option<usize>,
    /// The JSON pointer of the statement in the envelope; empty for a bare one.
    pub(super) pointer: &'static str,
    /// The envelope as it stands in the file.
    pub(super) document: String,
    /// The statement.
    pub(super) statement: Arc<[u8]>,
}

/// Calls `visit` with each statement of a file; the file's digest.
pub(super) fn each(
    document: &Document,
    doubts: &mut Doubts,
    mut visit: impl FnMut(Wrapped) -> Result<(), PortError>,
) -> Result<Digest, PortError> {
    let mut reader = JsonReader::new(document.open()?);
    let mut is_first = true;
    while reader.peek()?.is_some() {
        let span = reader.span()?;
        let line = reader.position_of(&span).line + 1;
        let mut wrapped = take_off(&reader, &span, doubts)?;
        if !is_first || reader.peek()?.is_some() {
            wrapped.line = Some(line);
        }
        is_first = false;
        visit(wrapped)?;
    }
    reader.finish()
}

fn take_off(reader: &JsonReader, span: &Span, doubts: &mut Doubts) -> Result<Wrapped, PortError> {
    let outer: Outer<'_> = reader.parse(span)?;
    let text = std::str::from_utf8(reader.text(span));
    let document = text.map_err(|_| reader.invalid_in(span, "the text is not UTF-8", ""))?.to_owned();
    if outer.message.is_some() {
        return Err(reader.invalid_in(
            span,
            "the bundle signs a file and holds no statement about it",
            "/messageSignature",
        ));
    }
    let is_bare = outer.bundled.is_none()
        && outer.payload.is_none()
        && (!outer.kind.is_empty() || !outer.predicate_type.is_empty());
    if is_bare {
        let statement = document.as_bytes().into();
        return Ok(Wrapped {
            envelope: AttestationEnvelope::Statement,
            signatures: 0,
            line: None,
            pointer: "",
            document,
            statement,
        });
    }
    let (envelope, at, pointer, dsse) = match outer.bundled {
        Some(dsse) => (AttestationEnvelope::Sigstore, "/dsseEnvelope", "/dsseEnvelope/payload", dsse),
        None => {
            let Outer { payload_type, payload, signatures, .. } = outer;
            (AttestationEnvelope::Dsse, "", "/payload", Dsse { payload_type, payload, signatures })
        }
    };
    let payload = dsse.payload.ok_or_else(|| reader.invalid_in(span, "the envelope has no payload", at))?;
    let decoded = STANDARD.decode(payload.as_bytes()).or_else(|_| URL.decode(payload.as_bytes()));
    let statement = decoded.map_err(|_| reader.invalid_in(span, "the payload is no base64", pointer))?;
    if dsse.payload_type != IN_TOTO {
        if !is_statement(&statement) {
            let what = format!("the payload is `{}` and no in-toto statement", dsse.payload_type);
            return Err(reader.invalid_in(span, &what, &format!("{at}/payloadType")));
        }
        doubts.add(OTHER_TYPE, || reader.place());
    }
    if dsse.signatures.is_none() {
        doubts.add(NO_SIGNATURES, || reader.place());
    }
    let signatures = dsse.signatures.map_or(0, |all| u32::try_from(all.len()).unwrap_or(u32::MAX));
    Ok(Wrapped { envelope, signatures, line: None, pointer, document, statement: statement.into() })
}

fn is_statement(bytes: &[u8]) -> bool {
    let outer = serde_json::from_slice::<Outer<'_>>(bytes);
    outer.is_ok_and(|it| it.kind.contains("in-toto.io/Statement") && !it.predicate_type.is_empty())
}
