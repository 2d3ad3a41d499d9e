//! Licences: an expression is an element, and so is each text of a licence that is on no list.

use export_core::id::base32;
use export_core::ports::RenderError;
use serde_json::{Value, json};

use super::graph::Graph;
use crate::ids::token;
use crate::licence::{OwnLicence, Said};
use crate::object::Put as _;

/// The id of an expression, which is written if need be.
pub(super) fn write(said: &Said, graph: &mut Graph<'_>) -> Result<String, RenderError> {
    match said.expression.as_str() {
        "NONE" => return Ok("expandedlicensing_NoneLicense".to_owned()),
        "NOASSERTION" => return Ok("expandedlicensing_NoAssertionLicense".to_owned()),
        _ => {}
    }
    let mut uris = Vec::new();
    for own in &said.own {
        let uri = text(own, graph)?;
        uris.push(json!({"type": "DictionaryEntry", "key": own.id, "value": uri}));
    }
    let id = graph.id(&format!("licence-{}", base32(token(&[&said.expression]))));
    let mut element = graph.element("simplelicensing_LicenseExpression", &id);
    element.put("simplelicensing_licenseExpression", said.expression.as_str());
    element.put("simplelicensing_licenseListVersion", spdx::license_version());
    element.put_list("simplelicensing_customIdToUri", uris);
    graph.write_once(&element)?;
    Ok(id)
}

/// The id of a licence's text, which is written if need be.
fn text(own: &OwnLicence, graph: &mut Graph<'_>) -> Result<String, RenderError> {
    let id = graph.id(&own.id);
    let mut element = graph.element("simplelicensing_SimpleLicensingText", &id);
    element.put_some("name", own.name.as_deref());
    element.put("simplelicensing_licenseText", own.text.as_deref().unwrap_or("NOASSERTION"));
    let url = own.url.iter().map(|url| super::graph::external_ref("license", url, None));
    element.put_list("externalRef", url.collect::<Vec<Value>>());
    graph.write_once(&element)?;
    Ok(id)
}
