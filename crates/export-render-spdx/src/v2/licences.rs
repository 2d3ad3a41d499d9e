//! Licences of the document's own (SPDX 2.3, 10).

use std::collections::HashSet;

use export_core::ports::RenderError;
use export_core::sbom::SbomSection;
use export_render_kit::conversion::Losses;

use super::annotation::kept;
use super::{Second, Stream};
use crate::ids::{Token, token};
use crate::licence::OwnLicence;
use crate::object::{Object, Put as _, text};
use crate::part::is_web;

/// Writes each licence once: as an SPDX 2 document wrote it, or as components name it.
pub(super) fn write(from: &Second<'_>, stream: &mut Stream<'_>) -> Result<(), RenderError> {
    let mut licences = stream.array("hasExtractedLicensingInfos", "licence")?;
    let mut written: HashSet<Token> = HashSet::new();
    from.walk.elements(SbomSection::Properties, from.rows, &mut |document, property| {
        let kept =
            kept(&property, "hasExtractedLicensingInfos").filter(|_| from.walk.generation(document) == 2);
        let Some(mut licence) = kept else { return Ok(()) };
        if let Some(own) = text(&licence, "licenseId").strip_prefix("LicenseRef-") {
            licence.put("licenseId", format!("LicenseRef-{}{own}", from.prefix(document)));
        }
        if written.insert(token(&[text(&licence, "licenseId")])) {
            licences.item(&licence)?;
        }
        Ok(())
    })?;
    // The pass over the packages told of everything that is lost.
    let mut told = Losses::default();
    from.walk.components(from.rows, &mut |found| {
        let (_, _, part) = from.part(found, &mut told);
        for licence in [part.declared, part.concluded].into_iter().flatten().flat_map(|said| said.own) {
            if written.insert(token(&[&licence.id])) {
                licences.item(&info(licence))?;
            }
        }
        Ok(())
    })?;
    licences.end();
    Ok(())
}

fn info(licence: OwnLicence) -> Object {
    let mut info = Object::new();
    info.put("licenseId", licence.id);
    info.put_some("name", licence.name);
    info.put("extractedText", licence.text.unwrap_or_else(|| "NOASSERTION".to_owned()));
    info.put_list("seeAlsos", licence.url.filter(|url| is_web(url)).into_iter().map(Into::into).collect());
    info
}
