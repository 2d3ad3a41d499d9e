//! Several heads as one.

use serde_json::Value;

/// Adds to `into` what it does not have: members of objects, items of lists. Where both say something else, `into`
/// stays, and `conflict` is told of the place, as a JSON pointer.
pub(crate) fn merge(into: &mut Value, other: Value, conflict: &mut dyn FnMut(&str)) {
    merge_at("", into, other, conflict);
}

fn merge_at(path: &str, into: &mut Value, other: Value, conflict: &mut dyn FnMut(&str)) {
    match (into, other) {
        (Value::Object(into), Value::Object(other)) => {
            for (name, value) in other {
                match into.get_mut(&name) {
                    Some(known) => merge_at(&format!("{path}/{name}"), known, value, conflict),
                    None => drop(into.insert(name, value)),
                }
            }
        }
        (Value::Array(into), Value::Array(other)) => {
            for item in other {
                if !into.contains(&item) {
                    into.push(item);
                }
            }
        }
        (into, other) if *into == other => {}
        _ => conflict(path),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_new_is_added_and_what_differs_is_told() {
        let mut into = json!({"a": 1, "b": {"c": 2}, "list": [1, 2]});
        let mut told = Vec::new();
        let other = json!({"a": 1, "b": {"c": 3, "d": 4}, "list": [2, 3], "e": 5});
        merge(&mut into, other, &mut |path| told.push(path.to_owned()));
        assert_eq!(into, json!({"a": 1, "b": {"c": 2, "d": 4}, "list": [1, 2, 3], "e": 5}));
        assert_eq!(told, ["/b/c"]);
    }
}
