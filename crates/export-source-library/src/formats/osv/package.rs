//! One package of a source: its vulnerabilities and the groups that join those that are one.

use export_core::finding::Component;
use export_core::text::Text;

use super::record::Known;
use crate::json::members;

/// The bytes of a package's vulnerabilities that are held until its groups are known, which come behind them: what the largest
/// packages, kernels, have several times over.
const HELD: usize = 64 << 20;

members! {
    /// `source`.
    pub(super) struct RawSource<'a> {
        pub(super) path: Text<'a> = "path",
    }
    /// `package`.
    pub(super) struct RawPackage<'a> {
        pub(super) name: Text<'a> = "name",
        pub(super) version: Text<'a> = "version",
        pub(super) ecosystem: Text<'a> = "ecosystem",
        pub(super) commit: Text<'a> = "commit",
        pub(super) purl: Text<'a> = "purl",
    }
    /// An entry of `groups`.
    pub(super) struct RawGroup<'a> {
        pub(super) ids: Vec<Text<'a>> = "ids",
        pub(super) aliases: Vec<Text<'a>> = "aliases",
        pub(super) max_severity: Text<'a> = "max_severity",
    }
}

/// Vulnerabilities that are one.
pub(super) struct Group {
    pub(super) ids: Vec<Text<'static>>,
    pub(super) aliases: Vec<Text<'static>>,
    pub(super) max_severity: Text<'static>,
}

/// A package as far as it was read.
#[derive(Default)]
pub(super) struct Package {
    pub(super) name: String,
    /// The version, or the commit where it has none.
    pub(super) version: String,
    pub(super) ecosystem: String,
    pub(super) purl: String,
    pub(super) known: Vec<Known>,
    pub(super) groups: Vec<Group>,
    pub(super) violations: Vec<Text<'static>>,
    bytes: usize,
}

impl Package {
    /// Sets the package's own members.
    pub(super) fn name(&mut self, raw: &RawPackage<'_>) {
        let version = if raw.version.is_empty() { &raw.commit } else { &raw.version };
        raw.name.as_str().clone_into(&mut self.name);
        version.as_str().clone_into(&mut self.version);
        raw.ecosystem.as_str().clone_into(&mut self.ecosystem);
        raw.purl.as_str().clone_into(&mut self.purl);
    }

    /// Adds a vulnerability; false if there are more than are held.
    #[must_use]
    pub(super) fn add(&mut self, known: Known) -> bool {
        self.bytes += known.size();
        self.known.push(known);
        self.bytes <= HELD
    }

    /// The package as a component.
    pub(super) fn component(&self) -> Component<'static> {
        Component {
            name: self.name.clone().into(),
            version: self.version.clone().into(),
            purl: Some(self.purl.clone()).filter(|purl| !purl.is_empty()).map(Text::from),
            ecosystem: self.ecosystem.clone().into(),
        }
    }

    /// Completes the groups: a vulnerability that is in none is one of its own.
    pub(super) fn complete(&mut self) {
        let grouped: std::collections::HashSet<&str> =
            self.groups.iter().flat_map(|group| &group.ids).map(Text::as_str).collect();
        let alone = self.known.iter().filter(|known| !grouped.contains(known.id.as_str()));
        let alone: Vec<Group> = alone
            .map(|known| Group {
                ids: vec![known.id.clone()],
                aliases: Vec::new(),
                max_severity: Text::default(),
            })
            .collect();
        self.groups.extend(alone);
    }
}
