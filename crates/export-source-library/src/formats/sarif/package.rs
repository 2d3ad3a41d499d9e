//! The package that a result is about. SARIF has no member for one, so each tool tells of it in its own way.

use export_core::finding::{Component, Purl};
use export_core::text::Text;
use serde_json::{Map, Value};

use super::rule::{Rule, texts};

/// A package, and what the tool tells beside it.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Package {
    pub(super) name: String,
    pub(super) version: String,
    pub(super) ecosystem: String,
    pub(super) purl: String,
    pub(super) fixed: String,
    /// The tool's word for the severity.
    pub(super) severity: String,
    /// The vulnerability, where the rule's id is another.
    pub(super) vulnerability: String,
    pub(super) aliases: Vec<String>,
    /// Whether the tool says that the package is vulnerable.
    pub(super) is_vulnerable: bool,
}

/// What a result says that may tell of a package.
pub(super) struct Told<'a> {
    /// The tool's name in small letters.
    pub(super) tool: &'a str,
    pub(super) rule_id: &'a str,
    pub(super) rule: Option<&'a Rule>,
    pub(super) message: &'a str,
    /// The first logical location.
    pub(super) logical: Option<&'a str>,
    pub(super) properties: &'a Map<String, Value>,
}

impl Told<'_> {
    /// The package, if the tool tells of one.
    pub(super) fn package(&self) -> Option<Package> {
        let package = match self.tool {
            tool if tool.starts_with("trivy") => of_trivy(self.message),
            tool if tool.starts_with("grype") => self.of_grype(),
            tool if tool.starts_with("osv-scanner") => of_osv(self.message),
            tool if tool.starts_with("snyk") => self.of_snyk(),
            _ => None,
        };
        package.or_else(|| self.of_properties())
    }

    /// Grype names the package in the message, its fix in the help of the rule. A rule is that of a vulnerability in a package
    /// of any version: `CVE-2021-44228-log4j-core`.
    fn of_grype(&self) -> Option<Package> {
        let (start, rest) = self.message.split_once(" package: ")?;
        let (severity, kind) = start.split_once(" vulnerability in ")?;
        let (name, rest) = rest.split_once(", version ")?;
        let version = rest.split_once(" was found").map_or(rest, |(version, _)| version);
        let help = self.rule.map_or("", |rule| &rule.help);
        let is_of_version = field(help, "Version: ") == Some(version);
        let fixed = field(help, "Fix Version: ").filter(|_| is_of_version).unwrap_or_default();
        let purls = self.rule.map_or(&[][..], |rule| &rule.purls);
        let is_same = |purl: &&String| Purl::of(purl).version() == Some(version);
        let purl = purls.iter().find(is_same).or_else(|| purls.first().filter(|_| purls.len() == 1));
        let vulnerability = self.rule_id.strip_suffix(name).and_then(|id| id.strip_suffix('-'));
        Some(Package {
            name: name.to_owned(),
            version: version.to_owned(),
            ecosystem: kind.to_owned(),
            purl: purl.cloned().unwrap_or_default(),
            fixed: fixed.split(',').map(str::trim).collect::<Vec<_>>().join(", "),
            severity: severity.rsplit(' ').next().unwrap_or_default().to_owned(),
            vulnerability: vulnerability.unwrap_or_default().to_owned(),
            is_vulnerable: true,
            ..Package::default()
        })
    }

    /// Snyk writes `lodash@4.17.4` as the name in code, and the CVE in the rule's description.
    fn of_snyk(&self) -> Option<Package> {
        let (name, version) = self.logical?.rsplit_once('@')?;
        let description = self.rule.map_or("", |rule| &rule.description);
        let named = description.split(['(', ')', ',', ' ']).filter(|word| word.starts_with("CVE-"));
        Some(Package {
            name: name.to_owned(),
            version: version.to_owned(),
            aliases: named.map(str::to_owned).collect(),
            is_vulnerable: true,
            ..Package::default()
        })
    }

    /// A package URL among the properties of the result, or the only one of the rule.
    fn of_properties(&self) -> Option<Package> {
        let of_rule = self.rule.map_or(&[][..], |rule| &rule.purls);
        let only = of_rule.first().filter(|_| of_rule.len() == 1).map(String::as_str);
        let purl = texts(self.properties, "purl").next().or(only)?;
        let (name, version) = (Purl::of(purl).without_version(), Purl::of(purl).version());
        let (kind, name) = name.strip_prefix("pkg:")?.split_once('/')?;
        Some(Package {
            name: name.replace("%40", "@"),
            version: version.unwrap_or_default().to_owned(),
            ecosystem: kind.to_owned(),
            purl: purl.to_owned(),
            ..Package::default()
        })
    }
}

impl Package {
    /// The component.
    pub(super) fn component(&self) -> Component<'static> {
        Component {
            name: self.name.clone().into(),
            version: self.version.clone().into(),
            purl: Some(self.purl.clone()).filter(|purl| !purl.is_empty()).map(Text::from),
            ecosystem: self.ecosystem.clone().into(),
        }
    }
}

/// Trivy writes a line for each member: of a vulnerability `Package`, of a licence `PkgName`.
fn of_trivy(message: &str) -> Option<Package> {
    let text = |name: &str| field(message, name).unwrap_or_default().to_owned();
    let name = field(message, "Package: ");
    let is_vulnerable = name.is_some();
    Some(Package {
        name: name.or_else(|| field(message, "PkgName: "))?.to_owned(),
        version: text("Installed Version: "),
        fixed: text("Fixed Version: "),
        severity: text("Severity: "),
        is_vulnerable,
        ..Package::default()
    })
}

/// `Package 'lodash@4.17.20' is vulnerable to 'CVE-2021-23337' (also known as 'GHSA-35jh-r3h4-6jhm').`
fn of_osv(message: &str) -> Option<Package> {
    let mut quoted = message.split('\'').skip(1).step_by(2);
    let (name, version) = quoted.next()?.rsplit_once('@')?;
    Some(Package {
        name: name.to_owned(),
        version: version.to_owned(),
        aliases: quoted.skip(1).map(str::to_owned).collect(),
        is_vulnerable: true,
        ..Package::default()
    })
}

/// What stands behind `name` in the line that begins with it.
pub(super) fn field<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.lines().find_map(|line| line.trim_start().strip_prefix(name)).map(str::trim)
}
