//! Values that a template may print as they are, because they were checked when they were made.

use std::fmt;

use export_render_kit::charts::Svg;
use minijinja::Value;
use serde::{Deserialize, Serialize, Serializer};

/// A picture that our own charts drew: templates print it unescaped.
///
/// A view that is read back takes the picture's text as it stands: views are read from our own programs alone. That
/// it is a picture is decided by its place in the view, so no text of a finding can become one.
#[derive(Debug, Clone, Deserialize)]
#[serde(transparent)]
pub struct Picture(String);

impl From<Svg> for Picture {
    fn from(svg: Svg) -> Self {
        Self(svg.as_str().to_owned())
    }
}

impl Serialize for Picture {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Value::from_safe_string(self.0.clone()).serialize(serializer)
    }
}

/// A text that is not what its place in a view demands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Misplaced(&'static str);

impl fmt::Display for Misplaced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// A web address that a reader may follow from a report: `http` or `https`, nothing that runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Link(String);

impl TryFrom<String> for Link {
    type Error = Misplaced;

    fn try_from(address: String) -> Result<Self, Misplaced> {
        Self::parse(&address).ok_or(Misplaced("not a web address"))
    }
}

impl Link {
    /// The address, or `None` for every other scheme and for white space or control characters within.
    #[must_use]
    pub fn parse(address: &str) -> Option<Self> {
        let scheme = address.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase())?;
        let plain = !address.chars().any(|c| c.is_whitespace() || c.is_control());
        (plain && matches!(scheme.as_str(), "http" | "https")).then(|| Self(address.to_owned()))
    }
}

/// A logo inside the page, as a `data:` URL of a PNG or JPEG file. SVG is refused: it can hold more than
/// a picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct LogoImage(String);

impl TryFrom<String> for LogoImage {
    type Error = Misplaced;

    fn try_from(data_url: String) -> Result<Self, Misplaced> {
        Self::parse(&data_url).ok_or(Misplaced("not a PNG or JPEG picture"))
    }
}

impl LogoImage {
    /// The logo, or `None` if the URL is of another kind.
    #[must_use]
    pub fn parse(data_url: &str) -> Option<Self> {
        let body = ["data:image/png;base64,", "data:image/jpeg;base64,"]
            .into_iter()
            .find_map(|prefix| data_url.strip_prefix(prefix))?;
        let base64 = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=');
        (!body.is_empty() && body.chars().all(base64)).then(|| Self(data_url.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_are_links() {
        for good in ["https://nvd.nist.gov/vuln/detail/CVE-2026-1", "HTTP://example.com/?a=1&b=\"2\""] {
            assert!(Link::parse(good).is_some(), "{good}");
        }
        for bad in
            ["javascript:alert(1)", "javascript://x/%0aalert(1)", "file:///etc/passwd", "nvd.nist.gov", ""]
        {
            assert_eq!(Link::parse(bad), None, "{bad}");
        }
        assert_eq!(Link::parse(" https://example.com"), None);
        assert_eq!(Link::parse("https://example.com/\nx"), None);
    }

    #[test]
    fn only_pictures_are_logos() {
        assert!(LogoImage::parse("data:image/png;base64,iVBORw0KGgo=").is_some());
        for bad in
            ["data:image/svg+xml;base64,AAAA", "https://example.com/logo.png", "data:image/png;base64,\"x"]
        {
            assert_eq!(LogoImage::parse(bad), None, "{bad}");
        }
    }
}
