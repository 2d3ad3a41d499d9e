//! Licences of CycloneDX as SPDX licence expressions.
//!
//! Several licences are one expression, joined by `AND`. What is on no list becomes a `LicenseRef-...` of the document's
//! own, with its name and text.

use serde_json::Value;
use spdx::{Expression, ParseMode};

use crate::ids::{is_id, shown, token};
use crate::object::{Object, text};

/// Deprecated ids stand in many documents, and are valid in older licence lists.
const MODE: ParseMode =
    ParseMode { allow_deprecated: true, allow_postfix_plus_on_gpl: true, ..ParseMode::STRICT };

/// The licences of a component that somebody declares or concluded.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Said {
    /// The expression; `NONE` and `NOASSERTION` too.
    pub(crate) expression: String,
    /// The licences in it that are on no list.
    pub(crate) own: Vec<OwnLicence>,
}

/// A licence that is on no list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OwnLicence {
    /// `LicenseRef-...`.
    pub(crate) id: String,
    /// Its name, if it has another than its id.
    pub(crate) name: Option<String>,
    /// Its text, if it is known.
    pub(crate) text: Option<String>,
    /// Where it can be read.
    pub(crate) url: Option<String>,
}

/// What SPDX has no place for in a licence.
pub(crate) type Lost = Vec<&'static str>;

/// The expression of the licences in `choices` that have this acknowledgement. `prefix` tells the licences of several
/// documents apart; `lost` is told what is not in the result.
pub(crate) fn said(choices: &[Value], concluded: bool, prefix: &str, lost: &mut Lost) -> Option<Said> {
    let mut said = Said::default();
    let mut parts = Vec::new();
    for choice in choices.iter().filter_map(Value::as_object) {
        let licence = choice.get("license").and_then(Value::as_object);
        let told_by = text(licence.unwrap_or(choice), "acknowledgement");
        if (told_by == "concluded") != concluded {
            continue;
        }
        let part = match licence {
            Some(licence) => of_licence(licence, prefix, &mut said.own, lost),
            None => of_expression(choice, prefix, &mut said.own, lost),
        };
        if !part.is_empty() && !parts.contains(&part) {
            parts.push(part);
        }
    }
    said.expression = join(parts);
    (!said.expression.is_empty()).then_some(said)
}

fn join(mut parts: Vec<String>) -> String {
    if parts.len() < 2 {
        return parts.pop().unwrap_or_default();
    }
    // What is said is not said again by these words, which cannot stand in an expression.
    parts.retain(|part| !matches!(part.as_str(), "NONE" | "NOASSERTION"));
    let is_open = |part: &str| part.contains(" OR ") && !is_enclosed(part);
    let enclosed = |part: String| if is_open(&part) { format!("({part})") } else { part };
    parts.into_iter().map(enclosed).collect::<Vec<_>>().join(" AND ")
}

/// Whether the first bracket is closed by the last one.
fn is_enclosed(part: &str) -> bool {
    let mut depth = 0_usize;
    let first_end = part.bytes().position(|byte| {
        depth = match byte {
            b'(' => depth + 1,
            b')' => depth.saturating_sub(1),
            _ => depth,
        };
        depth == 0
    });
    part.starts_with('(') && first_end == Some(part.len() - 1)
}

fn of_expression(choice: &Object, prefix: &str, own: &mut Vec<OwnLicence>, lost: &mut Lost) -> String {
    let expression = text(choice, "expression").trim();
    if expression.is_empty() {
        return String::new();
    }
    if !is_valid(expression) {
        lost.push("expression");
        return named(expression, None, None, own);
    }
    let details = choice.get("expressionDetails").and_then(Value::as_array).into_iter().flatten();
    let details: Vec<&Object> = details.filter_map(Value::as_object).collect();
    let mut renamed = String::new();
    for word in expression.split_inclusive([' ', '(', ')']) {
        let bare = word.trim_end_matches([' ', '(', ')']);
        let id = own_id(bare, prefix);
        if let Some(id) = &id {
            let detail = details.iter().find(|detail| text(detail, "licenseIdentifier") == bare);
            push(
                own,
                OwnLicence {
                    id: id.clone(),
                    name: None,
                    text: detail.and_then(|detail| content(detail, lost)),
                    url: detail.map(|detail| text(detail, "url").to_owned()).filter(|url| !url.is_empty()),
                },
            );
        }
        renamed.push_str(id.as_deref().unwrap_or(bare));
        renamed.push_str(&word[bare.len()..]);
    }
    renamed
}

/// Whether it is an expression by the standard. What is nearly one is not mended: that would be a guess at a licence.
fn is_valid(expression: &str) -> bool {
    matches!(expression, "NONE" | "NOASSERTION") || Expression::parse_mode(expression, MODE).is_ok()
}

fn of_licence(licence: &Object, prefix: &str, own: &mut Vec<OwnLicence>, lost: &mut Lost) -> String {
    if licence.contains_key("licensing") {
        lost.push("license.licensing");
    }
    let properties = licence.get("properties").and_then(Value::as_array).into_iter().flatten();
    let properties: Vec<&Object> = properties.filter_map(Value::as_object).collect();
    if properties.iter().any(|it| text(it, "name") != "spdx:licenseId") {
        lost.push("license.properties[]");
    }
    let (id, name) = (text(licence, "id"), text(licence, "name"));
    let listed =
        [id, name].into_iter().find(|id| spdx::license_id(id).is_some_and(|known| known.name == *id));
    if let Some(listed) = listed {
        for member in ["license.text", "license.url"] {
            if licence.contains_key(&member["license.".len()..]) {
                lost.push(member);
            }
        }
        return listed.to_owned();
    }
    let (body, url) = (content(licence, lost), Some(text(licence, "url")).filter(|url| !url.is_empty()));
    let url = url.map(str::to_owned);
    let kept = properties.iter().find(|it| text(it, "name") == "spdx:licenseId");
    let written = kept.map_or(name, |it| text(it, "value"));
    if let Some(id) = own_id(written, prefix) {
        let name = Some(name).filter(|name| *name != written).map(str::to_owned);
        push(own, OwnLicence { id: id.clone(), name, text: body, url });
        return id;
    }
    match if id.is_empty() { name } else { id } {
        "" => body.map_or_else(String::new, |body| named("unnamed", Some(body), url, own)),
        word @ ("NONE" | "NOASSERTION") => word.to_owned(),
        // An expression in the place of a name.
        name if body.is_none() && is_valid(name) && !name.contains("Ref-") => name.to_owned(),
        name => named(name, body, url, own),
    }
}

/// The id of a document's own licence, told apart from other documents'; none if it is none.
fn own_id(word: &str, prefix: &str) -> Option<String> {
    if word.starts_with("DocumentRef-") {
        // Another document's licence: its text is not here, its name is.
        return Some(format!("LicenseRef-{prefix}{}", shown(word)));
    }
    let own = word.strip_prefix("LicenseRef-").filter(|own| is_id(own))?;
    Some(format!("LicenseRef-{prefix}{own}"))
}

/// The id of a licence that has only a name. Another text makes another licence.
fn named(name: &str, text: Option<String>, url: Option<String>, own: &mut Vec<OwnLicence>) -> String {
    let shown = shown(name);
    let is_plain = shown == name && text.is_none();
    let hash = token(&[name, text.as_deref().unwrap_or_default()]);
    let id = if is_plain {
        format!("LicenseRef-{shown}")
    } else {
        format!("LicenseRef-{shown}-{:08x}", hash >> 96)
    };
    push(own, OwnLicence { id: id.clone(), name: Some(name.to_owned()), text, url });
    id
}

fn push(own: &mut Vec<OwnLicence>, licence: OwnLicence) {
    if !own.iter().any(|known| known.id == licence.id) {
        own.push(licence);
    }
}

/// The text that is attached.
fn content(holder: &Object, lost: &mut Lost) -> Option<String> {
    let attached = holder.get("text").and_then(Value::as_object)?;
    if text(attached, "encoding") == "base64" {
        lost.push("license.text");
        return None;
    }
    Some(text(attached, "content").to_owned()).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn declared(choices: &Value) -> (String, Vec<OwnLicence>) {
        let said = said(choices.as_array().unwrap(), false, "", &mut vec![]).unwrap_or_default();
        (said.expression, said.own)
    }

    #[test]
    fn several_licences_are_one_expression() {
        for (choices, expression) in [
            (json!([{"license": {"id": "MIT"}}]), "MIT"),
            (json!([{"license": {"id": "MIT"}}, {"license": {"id": "MIT"}}]), "MIT"),
            (
                json!([{"expression": "MIT OR Apache-2.0"}, {"license": {"id": "ISC"}}]),
                "(MIT OR Apache-2.0) AND ISC",
            ),
            (
                json!([{"expression": "(MIT OR ISC) AND (BSD-2-Clause OR X11)"}, {"license": {"id": "0BSD"}}]),
                "((MIT OR ISC) AND (BSD-2-Clause OR X11)) AND 0BSD",
            ),
            (json!([{"license": {"name": "MIT OR ISC"}}]), "MIT OR ISC"),
            (json!([{"license": {"name": "BSD"}}]), "LicenseRef-BSD"),
            (json!([{"license": {"name": "NONE"}}]), "NONE"),
            (json!([{"license": {"id": "MIT", "acknowledgement": "concluded"}}]), ""),
        ] {
            assert_eq!(declared(&choices).0, expression);
        }
    }

    #[test]
    fn names_become_licences_of_the_documents_own() {
        let (expression, own) =
            declared(&json!([{"license": {"name": "Foo License 1.0"}}, {"license": {"name": "Foo"}}]));
        let [first, second] = &own[..] else { panic!("{own:?}") };
        assert_eq!(expression, format!("{} AND LicenseRef-Foo", first.id));
        assert!(first.id.starts_with("LicenseRef-Foo-License-1.0-"), "{}", first.id);
        assert_eq!((first.name.as_deref(), second.name.as_deref()), (Some("Foo License 1.0"), Some("Foo")));
        let texts = json!([{"license": {"name": "Foo", "text": {"content": "a"}}}, {"license": {"name": "Foo", "text": {"content": "b"}}}]);
        assert_eq!(declared(&texts).1.len(), 2, "another text is another licence");
    }

    #[test]
    fn references_keep_their_ids_and_are_told_apart_by_document() {
        let choices = json!([{"expression": "(LicenseRef-1 OR MIT)", "expressionDetails":
            [{"licenseIdentifier": "LicenseRef-1", "text": {"content": "T"}}]}]);
        let said = said(choices.as_array().unwrap(), false, "2-", &mut vec![]).unwrap();
        assert_eq!(said.expression, "(LicenseRef-2-1 OR MIT)");
        assert_eq!(said.own[0].text.as_deref(), Some("T"));
    }

    #[test]
    fn hostile_names_are_ids_all_the_same() {
        for name in export_contract::corpus::HOSTILE {
            let (expression, own) = declared(&json!([{"license": {"name": name}}]));
            assert_eq!(expression.is_empty(), name.is_empty(), "{name}");
            assert!(
                own.iter().all(|own| is_id(own.id.strip_prefix("LicenseRef-").unwrap())),
                "{name}: {own:?}"
            );
        }
    }
}
