//! A report of schema version 1: a list, which says nothing about itself.

use export_core::error::PortError;
use export_core::text::Text;

use crate::json::JsonReader;

/// The image, which stands in the target of its system's packages: `alpine:3.10 (alpine 3.10.2)`.
pub(super) fn image(reader: &mut JsonReader) -> Result<Option<String>, PortError> {
    let mut found = None;
    reader.array()?;
    while found.is_none() && reader.item()? {
        reader.object()?;
        while let Some(member) = reader.member()? {
            if member == "Target" {
                let target = reader.value::<Option<Text<'_>>>()?.unwrap_or_default();
                let image = target.strip_suffix(')').and_then(|start| start.rsplit_once(" ("));
                found = image.map(|(image, _)| image.to_owned());
            } else {
                reader.skip()?;
            }
        }
    }
    Ok(found)
}
