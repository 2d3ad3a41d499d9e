//! Shapes that changed between versions, taken back to the older one.

use serde_json::{Map, Value, json};

use crate::path::Path;
use crate::rewrite::Rewriting;
use crate::table::Object;
use crate::version::Version::{V1_5, V1_6, V1_7};

/// Members of an object that carry over into the older shape of a tool.
const OF_A_TOOL: [&str; 4] = ["name", "version", "hashes", "externalReferences"];
/// The transforms of IKEv2 that were lists of names before they were lists of objects.
const TRANSFORMS: [&str; 5] = ["encr", "prf", "integ", "ke", "auth"];

/// Gives the members of an object the shapes that the target has.
pub(crate) fn reshape(
    members: &mut Map<String, Value>,
    kind: &'static Object,
    path: &Path<'_>,
    to: &mut Rewriting<'_>,
) {
    if to.target < V1_5 && kind.has_tools() {
        tools(members, path, to);
    }
    if to.target < V1_6 && kind.is_component() {
        authors(members, path, to);
    }
    if to.target < V1_6 && kind.has_identity() {
        identity(members, path, to);
    }
    if to.target < V1_7 && kind.has_transforms() {
        transforms(members, path, to);
    }
}

/// Tools as components and services (since 1.5) become the list of tools that was before.
fn tools(members: &mut Map<String, Value>, path: &Path<'_>, to: &mut Rewriting<'_>) {
    let Some(tools) = members.get_mut("tools").filter(|tools| tools.is_object()) else { return };
    let path = path.member("tools");
    let mut list = Vec::new();
    for (group, vendors) in [
        ("components", &["/publisher", "/manufacturer/name", "/supplier/name", "/group"][..]),
        ("services", &["/provider/name", "/group"]),
    ] {
        let path = path.member(group);
        for (index, part) in tools[group].as_array().into_iter().flatten().enumerate() {
            list.push(tool(part, vendors, &path.item(index), to));
        }
    }
    *tools = Value::Array(list);
    to.changed(&path, "it is a list of tools, as before CycloneDX 1.5".into());
}

fn tool(part: &Value, vendors: &[&str], path: &Path<'_>, to: &mut Rewriting<'_>) -> Value {
    let mut tool = Map::new();
    let vendor = vendors.iter().find_map(|pointer| Some((*pointer, part.pointer(pointer)?)));
    if let Some((_, vendor)) = vendor {
        tool.insert("vendor".into(), vendor.clone());
    }
    let used = vendor.and_then(|(pointer, _)| pointer[1..].split('/').next());
    for (name, value) in part.as_object().into_iter().flatten() {
        if OF_A_TOOL.contains(&name.as_str()) {
            tool.insert(name.clone(), value.clone());
        } else if name != "type" && Some(name.as_str()) != used {
            to.dropped(&path.member(name), "a tool of CycloneDX 1.4 has no such member".into());
        }
    }
    Value::Object(tool)
}

/// The authors of a component (since 1.6) become the text that was before.
fn authors(members: &mut Map<String, Value>, path: &Path<'_>, to: &mut Rewriting<'_>) {
    if members.contains_key("author") {
        return;
    }
    let Some(authors) = members.remove("authors") else { return };
    let text = |author: &Value| {
        let of = |name: &str| author[name].as_str();
        match (of("name"), of("email")) {
            (Some(name), Some(email)) => Some(format!("{name} <{email}>")),
            (Some(one), None) | (None, Some(one)) => Some(one.to_owned()),
            (None, None) => None,
        }
    };
    let texts: Vec<String> = authors.as_array().into_iter().flatten().filter_map(text).collect();
    members.insert("author".into(), texts.join(", ").into());
    to.changed(&path.member("authors"), "it stands in author, as before CycloneDX 1.6".into());
}

/// Several identities (since 1.6) become the first one.
fn identity(members: &mut Map<String, Value>, path: &Path<'_>, to: &mut Rewriting<'_>) {
    let Some(Value::Array(identities)) = members.get_mut("identity") else { return };
    let path = path.member("identity");
    for index in 1..identities.len() {
        to.dropped(&path.item(index), "CycloneDX 1.5 has one identity".into());
    }
    if identities.is_empty() {
        members.remove("identity");
    } else {
        let first = identities.swap_remove(0);
        members.insert("identity".into(), first);
        to.changed(&path, "it is no list, as before CycloneDX 1.6".into());
    }
}

/// Transforms as objects (since 1.7) become the names of their algorithms.
fn transforms(members: &mut Map<String, Value>, path: &Path<'_>, to: &mut Rewriting<'_>) {
    for name in TRANSFORMS {
        let Some(Value::Array(items)) = members.get_mut(name) else { continue };
        let path = path.member(name);
        let mut index = 0;
        items.retain_mut(|item| {
            let path = path.item(index);
            index += 1;
            let algorithm = match item {
                Value::Object(transform) => transform.remove("algorithm"),
                _ => return true,
            };
            match algorithm {
                Some(algorithm) => {
                    to.changed(&path, "it is the name of its algorithm, as before CycloneDX 1.7".into());
                    *item = algorithm;
                    true
                }
                None => {
                    to.dropped(&path, "before CycloneDX 1.7 it could only name an algorithm".into());
                    false
                }
            }
        });
    }
}

/// Expressions among other licences become licences of that name: versions 1.5 and 1.6 allow an expression only
/// alone.
pub(crate) fn name_expressions(choices: &mut [Value], path: &Path<'_>, to: &mut Rewriting<'_>) {
    for (index, choice) in choices.iter_mut().enumerate() {
        let Some(expression) = choice.as_object_mut().and_then(|choice| choice.remove("expression")) else {
            continue;
        };
        let mut licence = choice.take();
        let path = path.item(index);
        if let Some(members) = licence.as_object_mut() {
            members.insert("name".into(), expression);
            if members.remove("expressionDetails").is_some() {
                to.dropped(&path.member("expressionDetails"), "it came with CycloneDX 1.7".into());
            }
        }
        *choice = json!({ "license": licence });
        let why = format!("it is a named licence: CycloneDX {} allows an expression only alone", to.target);
        to.changed(&path.member("expression"), why);
    }
}
