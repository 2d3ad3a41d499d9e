//! What a log says about itself, without the results of its runs.

use export_core::error::PortError;

use super::run::{Run, each};
use crate::about::About;
use crate::input::Input;
use crate::json::JsonReader;

/// A log.
#[derive(Debug, Default)]
pub(super) struct Log {
    pub(super) runs: Vec<Run>,
}

impl Log {
    /// Reads a log; the results of its runs are gone past.
    ///
    /// # Errors
    /// If it is of another version, has no list of runs, or a member of a wrong type.
    pub(super) fn of(input: Input) -> Result<Self, PortError> {
        let mut log = Self::default();
        let mut has_runs = false;
        let mut reader = JsonReader::new(input);
        reader.object()?;
        while let Some(member) = reader.member()? {
            match member.as_str() {
                "version" => {
                    let version: Option<String> = reader.value()?;
                    if let Some(other) = version.filter(|version| !version.starts_with("2.1")) {
                        let what = format!("this is SARIF {other}; only SARIF 2.1.0 is read");
                        return Err(reader.invalid(&what));
                    }
                }
                "runs" => {
                    has_runs = true;
                    each(&mut reader, |reader| {
                        log.runs.push(Run::of(reader)?);
                        Ok(())
                    })?;
                }
                _ => reader.skip()?,
            }
        }
        if has_runs { Ok(log) } else { Err(reader.invalid("the log has no `runs`")) }
    }

    /// What the log says of its artifact: the first run that names one.
    pub(super) fn about(&self) -> About {
        let mut tools: Vec<String> = Vec::new();
        for tool in self.runs.iter().map(Run::tool_name).filter(|tool| !tool.is_empty()) {
            if !tools.contains(&tool) {
                tools.push(tool);
            }
        }
        let named = self.runs.iter().find(|run| run.image().is_some());
        let repository = self.runs.iter().map(|run| &run.repository).find(|name| !name.is_empty());
        let texts = |name: &'static str| named.into_iter().flat_map(move |run| run.image_texts(name));
        let digests = texts("repoDigests").filter_map(|name| name.split_once('@')).map(|(_, digest)| digest);
        let digest = digests.chain(texts("imageID")).next().map(str::to_owned);
        let image = named.and_then(Run::image).map(str::to_owned);
        let aliases = texts("repoTags").chain(texts("repoDigests")).chain(texts("imageID"));
        About {
            image: image.or_else(|| repository.cloned()).unwrap_or_default(),
            image_digest: digest,
            created_at: self.runs.iter().filter_map(|run| run.ended).max(),
            tool: tools.join(", "),
            aliases: aliases.map(str::to_owned).collect(),
            scan_id: None,
        }
    }
}
