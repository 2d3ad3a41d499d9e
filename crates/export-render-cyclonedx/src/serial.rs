//! The serial number of the file.

use export_core::digest::Digest;
use uuid::Builder;

use crate::work::Work;

/// A UUID of version 8 (RFC 9562, 5.8) from the version that is written, the snapshot's digest, and the digests of
/// all documents that it was made from: the same data gives the same number.
pub(crate) fn serial_number(work: &Work<'_>) -> String {
    let facts = work.facts();
    let mut text = format!("cyclonedx {} {}", work.version, facts.digest);
    for document in &facts.sboms {
        text.push_str(&format!(
            "\n{} {} {:?} {}",
            document.scan_id, document.place, document.elements, document.head
        ));
    }
    for source in &facts.sources {
        text.push_str(&format!("\n{}", source.digest));
    }
    let digest = Digest::of(text.as_bytes());
    let bytes = *digest.as_bytes().first_chunk().expect("SHA-256 has 32 bytes");
    Builder::from_custom_bytes(bytes).into_uuid().urn().to_string()
}
