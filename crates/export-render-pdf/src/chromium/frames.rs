//! Whether a page still shows the document that it was given.

use serde_json::Value;

/// Compares two answers of `Page.getFrameTree`, before the content was set and after it was printed. Returns the
/// address of what does not belong to the document.
///
/// Content is set without a navigation, so a page with another loader shows something else; and a frame with an
/// address of its own shows what no document may reach.
pub(super) fn departure<'a>(before: &Value, after: &'a Value) -> Option<&'a str> {
    let (before, after) = (&before["frameTree"], &after["frameTree"]);
    let moved = before["frame"]["loaderId"] != after["frame"]["loaderId"];
    foreign(after).or_else(|| moved.then(|| url(after)))
}

fn foreign(tree: &Value) -> Option<&str> {
    let url = url(tree);
    // A frame that was refused its content has an empty address; `about:srcdoc` and `data:` are the document's own.
    if !url.is_empty() && !["about:", "data:"].iter().any(|own| url.starts_with(own)) {
        return Some(url);
    }
    tree["childFrames"].as_array().into_iter().flatten().find_map(foreign)
}

fn url(tree: &Value) -> &str {
    tree["frame"]["url"].as_str().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn page(loader: &str, url: &str, inner: &[&str]) -> Value {
        let inner: Vec<Value> = inner.iter().map(|url| json!({ "frame": { "url": url } })).collect();
        let nested = json!({ "frame": { "url": "about:srcdoc" }, "childFrames": inner });
        json!({ "frameTree": { "frame": { "loaderId": loader, "url": url }, "childFrames": [nested] } })
    }

    #[test]
    fn only_the_document_and_its_own_frames_belong() {
        let empty = page("A", "about:blank", &[]);
        let departure = |after: &Value| departure(&empty, after).map(str::to_owned);

        assert_eq!(departure(&page("A", "about:blank", &["", "about:blank", "data:text/html,x"])), None);
        assert_eq!(departure(&page("B", "about:blank", &[])).as_deref(), Some("about:blank"));
        assert_eq!(departure(&page("A", "http://a/", &[])).as_deref(), Some("http://a/"));
        for url in ["file:///etc/passwd", "FILE:///etc/passwd", "http://a/", "chrome-error://chromewebdata/"]
        {
            assert_eq!(departure(&page("A", "about:blank", &["", url])).as_deref(), Some(url));
        }
    }
}
