//! Extra fields (4.5): times and owners are nobody's business, long sizes are needed, and others could change what a reader sees.

use super::fields::Fields;
use crate::refusal::Refusal;

const LARGE: u16 = 0x0001;

/// What is harmless, and how long it may be: times of NTFS, Info-ZIP's times, and owners in three generations.
const HARMLESS: [(u16, usize); 5] = [(0x000a, 32), (0x5455, 13), (0x5855, 12), (0x7855, 4), (0x7875, 24)];

/// The content of the ZIP64 field, if there is one.
pub(super) fn large(extra: &[u8]) -> Result<Option<&[u8]>, Refusal> {
    let (mut rest, mut seen, mut large) = (extra, Vec::new(), None);
    while !rest.is_empty() {
        let mut fields = Fields(rest);
        let (id, length) = (fields.u16()?, fields.u16()?);
        let Some((content, behind)) = fields.0.split_at_checked(length.into()) else {
            return Err(Refusal::corrupt("an extra field is cut"));
        };
        let longest = HARMLESS.iter().find(|(harmless, _)| *harmless == id).map(|(_, longest)| *longest);
        if id == LARGE {
            large = Some(content);
        } else if longest.is_none_or(|longest| content.len() > longest) {
            let reason = format!("the extra field {id:#06x} could change what a reader sees");
            return Err(Refusal::ambiguous(reason));
        }
        if seen.contains(&id) {
            return Err(Refusal::ambiguous(format!("the extra field {id:#06x} is there twice")));
        }
        seen.push(id);
        rest = behind;
    }
    Ok(large)
}
