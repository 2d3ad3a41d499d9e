//! Licence expressions as CycloneDX licences.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use spdx::{Expression, LicenseItem, ParseMode};

use super::doubts::Doubt;
use super::value::is_reference;

/// The bytes of licence texts that are held to be put beside their names.
const HELD: usize = 64 << 20;

/// Expressions as documents write them: deprecated ids are common, and valid in older licence lists.
const MODE: ParseMode =
    ParseMode { allow_deprecated: true, allow_postfix_plus_on_gpl: true, ..ParseMode::STRICT };

/// Who says it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Acknowledgement {
    /// The authors of the software.
    Declared,
    /// Who looked at it.
    Concluded,
}

impl Acknowledgement {
    /// The word of CycloneDX.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Declared => "declared",
            Self::Concluded => "concluded",
        }
    }
}

/// A licence that is not on the licence list.
#[derive(Debug, Clone, Default)]
pub(crate) struct OwnLicence {
    pub(crate) name: Option<String>,
    pub(crate) text: Option<String>,
    pub(crate) url: Option<String>,
}

/// The licences of a document that are not on the licence list, by `LicenseRef-...`.
#[derive(Debug, Default)]
pub(crate) struct OwnLicences {
    by_id: BTreeMap<String, OwnLicence>,
    bytes: usize,
}

impl OwnLicences {
    /// Adds one; false if there are more texts than are held.
    #[must_use]
    pub(crate) fn add(&mut self, id: String, licence: OwnLicence) -> bool {
        let texts = [&licence.name, &licence.text, &licence.url];
        self.bytes += id.len() + texts.into_iter().flatten().map(String::len).sum::<usize>();
        self.by_id.insert(id, licence);
        self.bytes <= HELD
    }

    /// The CycloneDX licences of an expression. One that only joins licences, some of them the document's own, is a list of
    /// them, for CycloneDX has no names of licences within an expression.
    pub(crate) fn choices(
        &self,
        text: &str,
        said_by: Acknowledgement,
    ) -> Result<Vec<Value>, (Vec<Value>, Doubt)> {
        let said_by = said_by.as_str();
        let parts: Vec<&str> = text.split(" AND ").collect();
        let is_simple = |part: &&str| !part.contains([' ', '(', ')']);
        if parts.iter().all(is_simple) && parts.iter().any(|part| self.by_id.contains_key(*part)) {
            return Ok(parts.into_iter().map(|part| self.one(part, said_by)).collect());
        }
        match Expression::parse_mode(text, MODE) {
            Ok(_) => Ok(vec![self.one(text, said_by)]),
            Err(_) => {
                let choice = json!({"license": {"name": text, "acknowledgement": said_by}});
                Err((vec![choice], Doubt::NoExpression))
            }
        }
    }

    /// The licence of an expression that is one.
    fn one(&self, text: &str, said_by: &str) -> Value {
        if spdx::license_id(text).is_some_and(|id| id.name == text) {
            return json!({"license": {"id": text, "acknowledgement": said_by}});
        }
        if let Some(own) = self.by_id.get(text) {
            return json!({"license": own_licence(text, own, said_by)});
        }
        let mut choice = json!({"expression": text, "acknowledgement": said_by});
        let details = Expression::parse_mode(text, MODE)
            .map(|expression| self.details(&expression))
            .unwrap_or_default();
        if !details.is_empty() {
            choice["expressionDetails"] = details.into();
        }
        choice
    }

    /// The texts of the licences in an expression.
    fn details(&self, expression: &Expression) -> Vec<Value> {
        let mut details: Vec<Value> = Vec::new();
        for requirement in expression.requirements() {
            let LicenseItem::Other(reference) = &requirement.req.license else { continue };
            let id = reference.to_string();
            let Some(text) = self.by_id.get(&id).and_then(|own| own.text.as_ref()) else { continue };
            let detail = json!({"licenseIdentifier": id, "text": {"content": text}});
            if !details.contains(&detail) {
                details.push(detail);
            }
        }
        details
    }
}

fn own_licence(id: &str, own: &OwnLicence, said_by: &str) -> Value {
    let mut licence = json!({
        "name": own.name.as_deref().unwrap_or(id),
        "acknowledgement": said_by,
        "properties": [{"name": "spdx:licenseId", "value": id}],
    });
    if let Some(text) = &own.text {
        licence["text"] = json!({"content": text});
    }
    if let Some(url) = own.url.as_ref().filter(|url| is_reference(url)) {
        licence["url"] = url.as_str().into();
    }
    licence
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_expressions_own_licences_and_names() {
        let mut licences = OwnLicences::default();
        let beer = OwnLicence { name: Some("Beer".into()), text: Some("Drink.".into()), url: None };
        assert!(licences.add("LicenseRef-beer".into(), beer));
        let all = |text: &str| licences.choices(text, Acknowledgement::Declared);
        let choice = |text: &str| all(text).map(|mut choices| choices.remove(0));
        assert_eq!(choice("MIT").unwrap(), json!({"license": {"id": "MIT", "acknowledgement": "declared"}}));
        assert_eq!(choice("GPL-2.0").unwrap()["license"]["id"], "GPL-2.0");
        assert_eq!(choice("GPL-2.0+").unwrap()["expression"], "GPL-2.0+");
        let own = &choice("LicenseRef-beer").unwrap()["license"];
        assert_eq!((&own["name"], &own["text"]["content"]), (&json!("Beer"), &json!("Drink.")));
        let both = choice("MIT OR LicenseRef-beer").unwrap();
        assert_eq!(both["expressionDetails"][0]["licenseIdentifier"], "LicenseRef-beer");
        assert_eq!(choice("LicenseRef-unknown").unwrap()["expression"], "LicenseRef-unknown");
        let several = all("MIT AND LicenseRef-beer").unwrap();
        assert_eq!(
            (&several[0]["license"]["id"], &several[1]["license"]["name"]),
            (&json!("MIT"), &json!("Beer"))
        );
        let (names, doubt) = all("Public domain, I think").unwrap_err();
        assert_eq!(
            (&names[0]["license"]["name"], doubt),
            (&json!("Public domain, I think"), Doubt::NoExpression)
        );
    }
}
