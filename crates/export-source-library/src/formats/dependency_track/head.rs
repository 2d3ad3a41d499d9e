//! What the document says about itself: `meta` and `project`, one of which may come behind the findings.

use export_core::error::PortError;
use export_core::text::Text;
use export_core::time::Timestamp;

use crate::about::About;
use crate::input::Input;
use crate::json::{JsonReader, members};
use crate::kit::GivenTime;

/// The head of a document.
#[derive(Debug, Default)]
pub(super) struct Head {
    tool: String,
    created_at: Option<Timestamp>,
    /// The project's name.
    pub(super) project: String,
    version: String,
    purl: String,
}

members! {
    struct Meta<'a> {
        application: Text<'a> = "application",
        version: Text<'a> = "version",
        timestamp: GivenTime = "timestamp",
    }
    struct RawProject<'a> {
        name: Text<'a> = "name",
        version: Text<'a> = "version",
        purl: Text<'a> = "purl",
    }
}

impl Head {
    /// Reads the head of a document; its findings are gone past.
    ///
    /// # Errors
    /// If one of its members has a wrong type.
    pub(super) fn of(input: Input) -> Result<Self, PortError> {
        let mut head = Self { tool: "Dependency-Track".into(), ..Self::default() };
        let mut reader = JsonReader::new(input);
        reader.object()?;
        while let Some(member) = reader.member()? {
            match member.as_str() {
                "meta" => {
                    let meta = reader.value::<Option<Meta<'_>>>()?.unwrap_or_default();
                    let name =
                        if meta.application.is_empty() { "Dependency-Track" } else { &meta.application };
                    head.tool = format!("{name} {}", meta.version).trim_end().to_owned();
                    head.created_at = meta.timestamp.0;
                }
                "project" => {
                    let project = reader.value::<Option<RawProject<'_>>>()?.unwrap_or_default();
                    head.project = project.name.to_string();
                    head.version = project.version.to_string();
                    head.purl = project.purl.to_string();
                }
                _ => reader.skip()?,
            }
        }
        Ok(head)
    }

    /// The project's name with its version.
    pub(super) fn image(&self) -> String {
        if self.version.is_empty() {
            self.project.clone()
        } else {
            format!("{}:{}", self.project, self.version)
        }
    }

    /// What the document says of its project.
    pub(super) fn about(&self) -> About {
        About {
            image: if self.project.is_empty() { String::new() } else { self.image() },
            created_at: self.created_at,
            tool: self.tool.clone(),
            aliases: Some(self.purl.clone()).filter(|purl| !purl.is_empty()).into_iter().collect(),
            ..About::default()
        }
    }
}
