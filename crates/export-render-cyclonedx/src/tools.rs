//! The tools that made a document, in both shapes that they have.

use serde_json::{Value, json};

const NAME: &str = "export-center";
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Adds this program to tools of either shape, unless it is among them.
pub(crate) fn add_tool(tools: &mut Value) {
    let (list, tool) = if tools.is_array() {
        (tools, json!({"name": NAME, "version": VERSION}))
    } else {
        if tools.get("components").is_none() {
            tools["components"] = json!([]);
        }
        (&mut tools["components"], json!({"type": "application", "name": NAME, "version": VERSION}))
    };
    if let Some(list) = list.as_array_mut().filter(|list| !list.contains(&tool)) {
        list.push(tool);
    }
}

/// Gives tools the shape that came with CycloneDX 1.5.
pub(crate) fn as_object(tools: &mut Value) {
    let Value::Array(list) = tools else { return };
    let mut components: Vec<Value> = Vec::new();
    for tool in std::mem::take(list) {
        let component = component(tool);
        if !components.contains(&component) {
            components.push(component);
        }
    }
    *tools = json!({"components": components});
}

fn component(mut tool: Value) -> Value {
    if let Some(members) = tool.as_object_mut() {
        if let Some(vendor) = members.remove("vendor") {
            members.insert("publisher".into(), vendor);
        }
        members.entry("name").or_insert_with(|| "".into());
        members.insert("type".into(), "application".into());
    }
    tool
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_program_is_added_once_to_either_shape() {
        for mut tools in [json!([{"vendor": "v", "name": "t"}]), json!({"services": []}), json!({})] {
            add_tool(&mut tools);
            let once = tools.clone();
            add_tool(&mut tools);
            assert_eq!(tools, once);
            assert!(tools.to_string().contains(NAME));
        }
    }

    #[test]
    fn a_list_becomes_components() {
        let mut tools = json!([{"vendor": "v", "name": "t", "version": "1"}, {"vendor": "v", "name": "t", "version": "1"}]);
        as_object(&mut tools);
        let expected =
            json!({"components": [{"type": "application", "publisher": "v", "name": "t", "version": "1"}]});
        assert_eq!(tools, expected);
    }
}
