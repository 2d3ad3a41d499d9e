//! Values that a template may print as they are, because they were checked when they were made.

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use export_render_kit::brand::Logo;
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

impl Picture {
    /// The SVG element.
    #[must_use]
    pub fn as_svg(&self) -> &str {
        &self.0
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

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A checked logo inside the page: templates print it as a `data:` URL. One that is read back is checked again.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(try_from = "String")]
pub struct LogoImage(Arc<Logo>);

impl TryFrom<String> for LogoImage {
    type Error = Misplaced;

    fn try_from(data_url: String) -> Result<Self, Misplaced> {
        let encoded = data_url.split_once(";base64,").map(|(_, encoded)| encoded);
        let bytes = encoded.and_then(|encoded| STANDARD.decode(encoded).ok());
        let logo = bytes.and_then(|bytes| Logo::check(&bytes).ok());
        logo.map(|logo| Self(Arc::new(logo))).ok_or(Misplaced("not a logo"))
    }
}

impl LogoImage {
    /// The picture, for pages that are not HTML.
    #[must_use]
    pub fn logo(&self) -> &Logo {
        &self.0
    }
}

impl From<Arc<Logo>> for LogoImage {
    fn from(logo: Arc<Logo>) -> Self {
        Self(logo)
    }
}

impl Serialize for LogoImage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut url = format!("data:{};base64,", self.0.media_type());
        STANDARD.encode_string(self.0.bytes(), &mut url);
        serializer.serialize_str(&url)
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
    fn a_logo_is_printed_as_a_data_url() {
        let text = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1"><path d="M0 0h9"/></svg>"#;
        let image = LogoImage::from(Arc::new(Logo::check(text.as_bytes()).unwrap()));
        let printed = Value::from(minijinja::value::Serde(&image)).to_string();
        let body = printed.strip_prefix("data:image/svg+xml;base64,").unwrap();
        assert_eq!(STANDARD.decode(body).unwrap(), image.logo().bytes());
    }
}
