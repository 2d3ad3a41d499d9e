//! What a report says about itself, before its results.

use export_core::error::PortError;
use export_core::id::ScanId;
use export_core::text::Text;
use export_core::time::Timestamp;

use super::list;
use crate::about::About;
use crate::input::Input;
use crate::json::{JsonReader, members};
use crate::kit::repository;

/// The members that [`HeadMembers`] takes.
const MEMBERS: [&str; 6] = ["Trivy", "CreatedAt", "ArtifactName", "ArtifactType", "Metadata", "ClusterName"];

/// The head of a report.
#[derive(Debug, Default)]
pub(crate) struct Head {
    /// `trivy 0.67.0`; before 0.66 reports do not say which version.
    pub(crate) tool: String,
    /// When the scan was made; before 0.48 reports do not say.
    pub(crate) created_at: Option<Timestamp>,
    artifact: String,
    is_image: bool,
    /// Digests in registries.
    pushed: Vec<String>,
    /// The image's own id, which is the digest of its configuration.
    image_id: Option<String>,
    /// Names with tags and digests.
    aliases: Vec<String>,
}

members! {
    struct Tool<'a> {
        version: Text<'a> = "Version",
    }
    struct Metadata<'a> {
        image_id: Text<'a> = "ImageID",
        reference: Text<'a> = "Reference",
        tags: Vec<Text<'a>> = "RepoTags",
        digests: Vec<Text<'a>> = "RepoDigests",
    }
}

impl Head {
    /// The artifact's name; a report that names none speaks about its scan.
    pub(crate) fn artifact_or<'a>(&'a self, scan: &'a ScanId) -> &'a str {
        if self.artifact.is_empty() { scan.as_str() } else { &self.artifact }
    }

    /// The artifact's name without tag and digest, which the next scan of the same image has too.
    pub(crate) fn repository<'a>(&'a self, scan: &'a ScanId) -> &'a str {
        let name = self.artifact_or(scan);
        if !self.is_image {
            return name;
        }
        repository(name)
    }

    /// Whether the artifact is an image.
    pub(crate) const fn is_image(&self) -> bool {
        self.is_image
    }

    /// The digest: in the registry, or the image's id where it was never pushed.
    pub(crate) fn digest(&self) -> Option<&str> {
        let pushed = self.pushed.first().map(String::as_str);
        pushed.or_else(|| digest_of(&self.artifact)).or(self.image_id.as_deref())
    }

    /// What the report says of its artifact.
    pub(crate) fn about(&self) -> About {
        About {
            image: self.artifact.clone(),
            image_digest: self.digest().map(str::to_owned),
            created_at: self.created_at,
            tool: self.tool.clone(),
            aliases: self.names().map(str::to_owned).collect(),
            scan_id: None,
        }
    }

    /// Reads the head of a report; its results are gone past only if a part of the head is behind them.
    ///
    /// # Errors
    /// If one of its members has a wrong type.
    pub(crate) fn of(input: Input) -> Result<Self, PortError> {
        let mut members = HeadMembers::default();
        let mut reader = JsonReader::new(input);
        if reader.peek()? == Some(b'[') {
            return Self::of_list(&mut reader);
        }
        reader.object()?;
        while let Some(name) = reader.member()? {
            if name == "Results" && members.is_complete() {
                break;
            } else if HeadMembers::takes(&name) {
                members.take(&name, &mut reader)?;
            } else {
                reader.skip()?;
            }
        }
        members.read()
    }

    /// The head of a report of schema version 1, which has none.
    fn of_list(reader: &mut JsonReader) -> Result<Self, PortError> {
        let image = list::image(reader)?;
        let is_image = image.is_some();
        Ok(Self { tool: "trivy".into(), artifact: image.unwrap_or_default(), is_image, ..Self::default() })
    }

    /// All that an image reference may say to mean this artifact.
    fn names(&self) -> impl Iterator<Item = &str> {
        let texts =
            [&self.artifact].into_iter().chain(&self.aliases).chain(&self.pushed).chain(&self.image_id);
        texts.map(String::as_str).chain(digest_of(&self.artifact)).filter(|name| !name.is_empty())
    }

    fn add(&mut self, metadata: &Metadata<'_>) {
        self.image_id = Some(metadata.image_id.to_string()).filter(|id| !id.is_empty());
        self.is_image |= self.image_id.is_some();
        let digests = metadata.digests.iter().filter_map(|name| digest_of(name));
        self.pushed = digests.map(str::to_owned).collect();
        let named = metadata.tags.iter().chain(&metadata.digests).chain([&metadata.reference]);
        self.aliases = named.map(ToString::to_string).collect();
    }
}

/// The digest in a name such as `registry/app@sha256:...`.
fn digest_of(name: &str) -> Option<&str> {
    name.split_once('@').map(|(_, digest)| digest)
}

/// The members of a head as they come by, in whatever order.
#[derive(Default)]
struct HeadMembers {
    seen: Vec<&'static str>,
    head: Head,
    fault: Option<PortError>,
}

impl HeadMembers {
    /// Whether the member belongs to a head.
    fn takes(member: &str) -> bool {
        MEMBERS.contains(&member)
    }

    /// Whether nothing is missing that a member behind the results could still say.
    fn is_complete(&self) -> bool {
        let needed = ["CreatedAt", "ArtifactName", "Metadata"];
        needed.iter().all(|member| self.seen.contains(member))
    }

    /// Reads the value of a member.
    fn take(&mut self, member: &str, reader: &mut JsonReader) -> Result<(), PortError> {
        let span = reader.span()?;
        self.seen.extend(MEMBERS.iter().find(|known| **known == member));
        let head = &mut self.head;
        let taken = match member {
            "Trivy" => reader.parse::<Option<Tool<'_>>>(&span).map(|tool| {
                head.tool = format!("trivy {}", tool.unwrap_or_default().version).trim_end().to_owned();
            }),
            "CreatedAt" => {
                reader.parse(&span).map(|at: Option<Timestamp>| head.created_at = at.filter(is_set))
            }
            "ArtifactName" | "ClusterName" => reader.parse(&span).map(|name: Option<String>| {
                head.artifact = name.unwrap_or_default();
            }),
            "ArtifactType" => reader.parse(&span).map(|kind: Option<Text<'_>>| {
                head.is_image |= kind.is_some_and(|kind| kind == "container_image");
            }),
            _ => reader.parse::<Option<Metadata<'_>>>(&span).map(|it| head.add(&it.unwrap_or_default())),
        };
        if let Err(fault) = taken {
            self.fault.get_or_insert(fault);
        }
        Ok(())
    }

    /// The head.
    ///
    /// # Errors
    /// If one of its members has a wrong type.
    fn read(mut self) -> Result<Head, PortError> {
        if let Some(fault) = self.fault {
            return Err(fault);
        }
        if self.head.tool.is_empty() {
            self.head.tool = "trivy".into();
        }
        Ok(self.head)
    }
}

/// Whether a time is one: Go writes 0001-01-01 for none.
pub(super) fn is_set(at: &Timestamp) -> bool {
    at.as_millis() > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(artifact: &str, is_image: bool) -> Head {
        Head { artifact: artifact.into(), is_image, ..Head::default() }
    }

    #[test]
    fn tags_and_digests_of_images_are_no_part_of_identity() {
        let scan: ScanId = "s-1".parse().unwrap();
        for (artifact, is_image, repository) in [
            ("alpine:3.10", true, "alpine"),
            ("localhost:5000/app", true, "localhost:5000/app"),
            ("r.example:443/a/b:1@sha256:00", true, "r.example:443/a/b"),
            ("a/b@sha256:00", true, "a/b"),
            ("src:main", false, "src:main"),
            ("", false, "s-1"),
        ] {
            assert_eq!(head(artifact, is_image).repository(&scan), repository);
        }
    }

    #[test]
    fn the_digest_is_the_registrys_before_the_images_own() {
        let metadata = |digests: Vec<&'static str>| Metadata {
            image_id: "sha256:id".into(),
            digests: digests.into_iter().map(Text::from).collect(),
            ..Metadata::default()
        };
        for (artifact, digests, digest) in [
            ("a:1", vec!["a@sha256:pushed"], "sha256:pushed"),
            ("a@sha256:named", vec![], "sha256:named"),
            ("a:1", vec![], "sha256:id"),
        ] {
            let mut head = head(artifact, true);
            head.add(&metadata(digests));
            assert_eq!(head.digest(), Some(digest));
            assert!(head.names().any(|name| name == "sha256:id"));
        }
    }
}
