//! Locations (section 3.28): files with their lines, and names in code or images.

use export_core::finding::Location;
use export_core::text::Text;

use super::run::Run;
use crate::json::members;
use crate::kit::{GivenLine, location};

members! {
    /// A location.
    pub(super) struct RawLocation<'a> {
        physical: Physical<'a> = "physicalLocation",
        logical: Vec<Logical<'a>> = "logicalLocations",
    }
    struct Physical<'a> {
        artifact: ArtifactLocation<'a> = "artifactLocation",
        region: Region = "region",
    }
    struct ArtifactLocation<'a> {
        uri: Text<'a> = "uri",
        base: Text<'a> = "uriBaseId",
        index: Option<i64> = "index",
    }
    struct Logical<'a> {
        name: Text<'a> = "name",
        full_name: Text<'a> = "fullyQualifiedName",
    }
}

/// The lines of a place (3.30). A region of bytes or characters has none.
#[derive(Default, serde::Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Region {
    start_line: Option<GivenLine>,
    end_line: Option<GivenLine>,
}

impl RawLocation<'_> {
    /// The place; none if it names neither a file nor anything else.
    pub(super) fn read(&self, run: &Run) -> Option<Location<'static>> {
        let artifact = &self.physical.artifact;
        let index = artifact.index.and_then(|index| usize::try_from(index).ok());
        let known = index.and_then(|index| run.artifacts.get(index)).map(String::as_str);
        let uri = if artifact.uri.is_empty() { known.unwrap_or_default() } else { &artifact.uri };
        let path = if uri.is_empty() {
            self.logical_name().unwrap_or_default().to_owned()
        } else {
            path(uri, &artifact.base, run)
        };
        let region = &self.physical.region;
        let line = |given: Option<GivenLine>| given.and_then(|line| line.0);
        (!path.is_empty()).then(|| location(&path, line(region.start_line), line(region.end_line)))
    }

    /// The name in code, or in an image, of what was looked at.
    pub(super) fn logical_name(&self) -> Option<&str> {
        let names =
            self.logical.iter().map(|it| if it.full_name.is_empty() { &it.name } else { &it.full_name });
        names.map(Text::as_str).find(|name| !name.is_empty())
    }
}

/// The path of a URI within what was looked at: below a base that is itself relative, and without one that is not.
fn path(uri: &str, base: &str, run: &Run) -> String {
    let folder = run.base_ids.get(base).filter(|folder| !is_absolute(folder));
    if let Some(folder) = folder.filter(|folder| !folder.is_empty() && !is_absolute(uri)) {
        return decoded(&format!("{}/{uri}", folder.trim_end_matches('/')));
    }
    // A base that is the root of all files tells nothing.
    let mut bases =
        run.base_ids.values().filter(|folder| is_absolute(folder) && folder.len() > "file:///".len());
    decoded(bases.find_map(|folder| uri.strip_prefix(folder.as_str())).unwrap_or(uri))
}

fn is_absolute(uri: &str) -> bool {
    uri.starts_with('/') || uri.contains("://")
}

/// A text with `%20` and the like decoded; as it is if that gives no UTF-8.
fn decoded(text: &str) -> String {
    let (mut bytes, mut rest) = (Vec::with_capacity(text.len()), text.as_bytes());
    while let Some((first, tail)) = rest.split_first() {
        let hex = tail.first_chunk::<2>().filter(|_| *first == b'%').and_then(|digits| {
            let digits = std::str::from_utf8(digits).ok()?;
            u8::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with('+'))
        });
        bytes.push(hex.unwrap_or(*first));
        rest = if hex.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uris_become_paths() {
        let bases = [("SRC", "file:///home/ci/app/"), ("SUB", "web/"), ("ROOT", "file:///"), ("NONE", "")];
        let run = Run {
            base_ids: bases.iter().map(|(id, uri)| ((*id).to_owned(), (*uri).to_owned())).collect(),
            ..Run::default()
        };
        for (uri, base, expected) in [
            ("src/a.c", "SRC", "src/a.c"),
            ("src/a%20b.c", "", "src/a b.c"),
            ("a.js", "SUB", "web/a.js"),
            ("a.js", "NONE", "a.js"),
            ("file:///home/ci/app/x.c", "", "x.c"),
            ("file:///etc/x%zz%ff", "ROOT", "file:///etc/x%zz%ff"),
        ] {
            assert_eq!(path(uri, base, &run), expected, "{uri} {base}");
        }
    }
}
