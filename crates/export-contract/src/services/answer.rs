//! What the services rightly answer: the examples, and lists of them.

use axum::body::Body;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use serde_json::{Value, json};
use url::Url;

use super::{TENANT, examples};

/// A right answer.
pub(super) struct Answer {
    pub(super) media_type: &'static str,
    pub(super) body: Vec<u8>,
}

impl Answer {
    pub(super) fn into_response(self) -> Response {
        Response::builder().header(CONTENT_TYPE, self.media_type).body(Body::from(self.body)).unwrap()
    }
}

const LINES: &str = "application/x-ndjson";
const JSON: &str = "application/json";

/// The answer to a request; none for what is not there. Another tenant has nothing, not even a list of it.
pub(super) fn of(path: &str, tenant: &str, lines: bool) -> Option<Answer> {
    let url = Url::parse("http://stub").unwrap().join(path).ok()?;
    let query =
        |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    let segments: Vec<&str> = url.path_segments()?.collect();
    match segments[..] {
        ["internal", "scans"] => Some(list(tenant, query, lines)),
        _ if tenant != TENANT => None,
        ["internal", "scans", id] => records("scans", id, query("cursor"), lines),
        ["internal", "verdicts", id] => records("verdicts", id, query("cursor"), lines),
        ["internal", "vex", "applied", id] => records("vex", id, query("cursor"), lines),
        ["internal", "sboms", digest] => {
            let name = format!("sboms/{}.json", digest.replace("%3A", ":").replace(':', "-"));
            file(&name).map(|body| Answer { media_type: JSON, body })
        }
        _ => None,
    }
}

fn file(name: &str) -> Option<Vec<u8>> {
    std::fs::read(examples().join(name)).ok()
}

fn records(folder: &str, id: &str, cursor: Option<String>, lines: bool) -> Option<Answer> {
    if lines {
        let body = file(&format!("{folder}/{id}.ndjson"))?;
        return Some(Answer { media_type: LINES, body });
    }
    let page = cursor.map(|cursor| format!(".{cursor}")).unwrap_or_default();
    file(&format!("{folder}/{id}{page}.json")).map(|body| Answer { media_type: JSON, body })
}

/// The scans of the list that the query is about; pages of two.
fn list(tenant: &str, query: impl Fn(&str) -> Option<String>, lines: bool) -> Answer {
    let text = String::from_utf8(file("scans.ndjson").unwrap()).unwrap();
    let scans = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let says = |scan: &Value, image: &str| {
        let aliases = scan["aliases"].as_array().into_iter().flatten();
        [&scan["image"], &scan["image_digest"]].into_iter().chain(aliases).any(|name| name == image)
    };
    let (image, from, to) = (query("image_ref"), query("from"), query("to"));
    let wanted: Vec<Value> = scans
        .filter(|scan| scan["type"] == "scan" && tenant == TENANT)
        .filter(|scan| image.as_deref().is_none_or(|image| says(scan, image)))
        .filter(|scan| {
            // All these times are of one form, whose order is that of their texts; the client's may have fractions.
            let at = scan["created_at"].as_str().unwrap_or_default();
            let second = |time: &String| time[..19].to_owned();
            from.as_ref().is_none_or(|from| second(from).as_str() <= &at[..19])
                && to.as_ref().is_none_or(|to| at[..19] <= *second(to))
        })
        .collect();
    if lines {
        let end = json!({"type": "end", "count": wanted.len()});
        let body = wanted.iter().chain([&end]).map(|line| format!("{line}\n")).collect::<String>();
        return Answer { media_type: LINES, body: body.into_bytes() };
    }
    let start: usize = query("cursor").map_or(0, |cursor| cursor.parse().unwrap());
    let end = (start + 2).min(wanted.len());
    let next = (end < wanted.len()).then(|| end.to_string());
    let body = json!({"scans": wanted[start..end], "next": next, "count": wanted.len()});
    Answer { media_type: JSON, body: body.to_string().into_bytes() }
}
