//! What a guard's report says about itself.

use export_core::error::PortError;
use export_core::text::Text;
use export_core::time::Timestamp;

use crate::about::About;
use crate::input::Input;
use crate::json::{JsonReader, members};

/// The members of a head.
const MEMBERS: [&str; 4] = ["tool", "repository", "scan_id", "created_at"];
/// The tool whose reports name no tool.
const UNNAMED: &str = "ai-code-guard";

/// The head of a report.
#[derive(Debug, Default)]
pub(crate) struct Head {
    /// The guard and its version.
    tool: String,
    /// The repository that was looked at; empty if the report names none.
    pub(super) repository: String,
    created_at: Option<Timestamp>,
    /// The scan that the report is about; that of its folder if it names none.
    scan_id: Option<String>,
}

members! {
    struct Tool<'a> {
        name: Text<'a> = "name",
        version: Text<'a> = "version",
    }
}

impl Head {
    /// Reads the head of a report; its findings are gone past only if a part of the head is behind them.
    ///
    /// # Errors
    /// If one of its members has a wrong type.
    pub(crate) fn of(input: Input) -> Result<Self, PortError> {
        let mut reader = JsonReader::new(input);
        let (mut head, mut missing) = (Self::default(), MEMBERS.len());
        reader.object()?;
        while let Some(name) = reader.member()? {
            if name == "findings" && missing == 0 {
                break;
            }
            match name.as_str() {
                "tool" => {
                    let Tool { name, version } = reader.value::<Option<Tool<'_>>>()?.unwrap_or_default();
                    head.tool = format!("{name} {version}").trim().to_owned();
                }
                "repository" => head.repository = reader.value::<Option<String>>()?.unwrap_or_default(),
                "scan_id" => head.scan_id = reader.value()?,
                "created_at" => head.created_at = reader.value()?,
                _ => reader.skip()?,
            }
            missing -= usize::from(MEMBERS.contains(&name.as_str()) && missing > 0);
        }
        if head.tool.is_empty() {
            UNNAMED.clone_into(&mut head.tool);
        }
        Ok(head)
    }

    /// What the report says of its artifact.
    pub(crate) fn about(&self) -> About {
        About {
            image: self.repository.clone(),
            created_at: self.created_at,
            tool: self.tool.clone(),
            scan_id: self.scan_id.clone(),
            ..About::default()
        }
    }

    /// The repository, if the report names it.
    pub(crate) fn repository(&self) -> Option<&str> {
        Some(&*self.repository).filter(|name| !name.is_empty())
    }
}
