//! What a report says about itself. Grype writes it behind the matches.

use export_core::error::PortError;
use export_core::text::Text;
use export_core::time::Timestamp;

use crate::about::About;
use crate::format::Scanned;
use crate::input::Input;
use crate::json::{JsonReader, members};
use crate::kit::{GivenTime, repository};

/// The head of a report.
#[derive(Debug, Default)]
pub(super) struct Head {
    tool: String,
    created_at: Option<Timestamp>,
    artifact: String,
    is_image: bool,
    /// The digest in a registry, else that of the manifest, else the image's id.
    digest: Option<String>,
    aliases: Vec<String>,
}

members! {
    struct Descriptor<'a> {
        name: Text<'a> = "name",
        version: Text<'a> = "version",
        timestamp: GivenTime = "timestamp",
    }
    struct Image<'a> {
        user_input: Text<'a> = "userInput",
        image_id: Text<'a> = "imageID",
        manifest: Text<'a> = "manifestDigest",
        tags: Vec<Text<'a>> = "tags",
        digests: Vec<Text<'a>> = "repoDigests",
    }
}

impl Head {
    /// Reads the head of a report; its matches are gone past.
    ///
    /// # Errors
    /// If one of its members has a wrong type.
    pub(super) fn of(input: Input) -> Result<Self, PortError> {
        let mut head = Self { tool: "grype".into(), ..Self::default() };
        let mut reader = JsonReader::new(input);
        reader.object()?;
        while let Some(member) = reader.member()? {
            match member.as_str() {
                "descriptor" => {
                    let it = reader.value::<Option<Descriptor<'_>>>()?.unwrap_or_default();
                    let name = if it.name.is_empty() { "grype" } else { &it.name };
                    // What Grype writes where it was built without a version.
                    let version = if it.version == "[not provided]" { "" } else { &it.version };
                    head.tool = format!("{name} {version}").trim_end().to_owned();
                    head.created_at = it.timestamp.0;
                }
                "source" => head.source(&mut reader)?,
                _ => reader.skip()?,
            }
        }
        Ok(head)
    }

    /// What the report says of its artifact.
    pub(super) fn about(&self) -> About {
        About {
            image: self.artifact.clone(),
            image_digest: self.digest.clone(),
            created_at: self.created_at,
            tool: self.tool.clone(),
            aliases: self.aliases.clone(),
            scan_id: None,
        }
    }

    /// The artifact's name; a report that names none speaks about its scan.
    pub(super) fn artifact_or<'a>(&'a self, scan: &Scanned<'a>) -> &'a str {
        if self.artifact.is_empty() { scan.image } else { &self.artifact }
    }

    /// What ids of findings are made of: of an image the name without tag and digest.
    pub(super) fn repository<'a>(&'a self, scan: &Scanned<'a>) -> &'a str {
        let name = self.artifact_or(scan);
        if self.is_image { repository(name) } else { name }
    }

    /// Reads `source`: its target is an object for an image, and a path for anything else.
    fn source(&mut self, reader: &mut JsonReader) -> Result<(), PortError> {
        if reader.peek()? != Some(b'{') {
            return reader.value::<Option<Image<'_>>>().map(|_| ());
        }
        reader.object()?;
        while let Some(member) = reader.member()? {
            match (member.as_str(), reader.peek()?) {
                ("target", Some(b'{')) => {
                    let image: Image<'_> = reader.value()?;
                    self.image(&image);
                }
                ("target", _) => self.artifact = reader.value::<Option<String>>()?.unwrap_or_default(),
                _ => reader.skip()?,
            }
        }
        if self.artifact == "unknown" {
            self.artifact.clear();
        }
        Ok(())
    }

    fn image(&mut self, image: &Image<'_>) {
        self.is_image = true;
        image.user_input.as_str().clone_into(&mut self.artifact);
        let digest_of = |name: &Text<'_>| name.split_once('@').map(|(_, digest)| digest.to_owned());
        let told = |text: &Text<'_>| Some(text.to_string()).filter(|text| !text.is_empty());
        let pushed = image.digests.iter().find_map(digest_of).or_else(|| digest_of(&image.user_input));
        self.digest = pushed.or_else(|| told(&image.manifest)).or_else(|| told(&image.image_id));
        let pushed = image.digests.iter().filter_map(digest_of);
        let names = image.tags.iter().chain(&image.digests).chain([&image.image_id, &image.manifest]);
        self.aliases = names.filter_map(told).chain(pushed).collect();
    }
}
