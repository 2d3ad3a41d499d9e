//! Rules: what SARIF calls reporting descriptors (section 3.49).

use std::collections::{BTreeMap, HashMap};

use export_core::finding::Score;
use export_core::text::Text;
use serde_json::{Map, Value};

use super::message::{Message, Strings};
use crate::json::members;
use crate::kit::cwe;

/// The bytes of texts of rules and of artifacts' names that are held. Rules of scanners are about vulnerabilities, so there may
/// be many.
const HELD: usize = 64 << 20;

/// A property bag (3.8). Its members are the tools' own, so none has a type that is wrong.
pub(super) type Bag = Option<Map<String, Value>>;

members! {
    /// An entry of `rules`.
    pub(super) struct RawRule<'a> {
        id: Text<'a> = "id",
        name: Text<'a> = "name",
        short: Message<'a> = "shortDescription",
        full: Message<'a> = "fullDescription",
        help: Message<'a> = "help",
        page: Text<'a> = "helpUri",
        configuration: Configuration<'a> = "defaultConfiguration",
        strings: BTreeMap<String, Option<Message<'a>>> = "messageStrings",
        relationships: Vec<Relationship<'a>> = "relationships",
        properties: Bag = "properties",
    }
    struct Configuration<'a> {
        level: Text<'a> = "level",
    }
    struct Relationship<'a> {
        target: TaxonRef<'a> = "target",
    }
    /// A reference to a rule or a class of weaknesses (3.52).
    pub(super) struct TaxonRef<'a> {
        pub(super) id: Text<'a> = "id",
        pub(super) index: Option<i64> = "index",
        pub(super) component: ComponentRef<'a> = "toolComponent",
    }
    /// A reference to a component of the tool (3.54).
    pub(super) struct ComponentRef<'a> {
        pub(super) name: Text<'a> = "name",
        pub(super) index: Option<i64> = "index",
    }
}

/// A rule.
#[derive(Debug, Default)]
pub(super) struct Rule {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) title: String,
    pub(super) description: String,
    /// Where it tells of a package, as Grype's do.
    pub(super) help: String,
    pub(super) page: String,
    pub(super) level: String,
    pub(super) strings: Strings,
    pub(super) score: Option<Score>,
    /// The tool's own word for the severity.
    pub(super) word: String,
    pub(super) tags: Vec<String>,
    pub(super) cwes: Vec<String>,
    pub(super) purls: Vec<String>,
}

impl Rule {
    /// One line about it.
    pub(super) fn headline(&self) -> &str {
        if self.title.is_empty() { &self.name } else { &self.title }
    }
}

impl RawRule<'_> {
    fn read(self) -> Rule {
        let properties = self.properties.unwrap_or_default();
        let related =
            self.relationships.iter().filter(|it| it.target.component.name.eq_ignore_ascii_case("cwe"));
        let tags: Vec<String> = texts(&properties, "tags").map(str::to_owned).collect();
        let named = related.map(|it| it.target.id.to_string());
        let told = texts(&properties, "cwe").chain(texts(&properties, "cwes")).map(str::to_owned);
        let cwes = named.chain(told).chain(tags.iter().filter(|tag| cwe_tag(tag)).cloned()).collect();
        let help = Some(self.help.plain()).filter(|help| help.contains("\nPackage: "));
        let strings = self.strings.into_iter();
        Rule {
            score: score(&properties),
            word: word(&properties).to_owned(),
            purls: texts(&properties, "purls").chain(texts(&properties, "purl")).map(str::to_owned).collect(),
            tags,
            cwes,
            help: help.unwrap_or_default().to_owned(),
            title: self.short.plain().to_owned(),
            description: self.full.plain().to_owned(),
            level: self.configuration.level.into_string(),
            strings: strings.map(|(id, it)| (id, it.unwrap_or_default().plain().to_owned())).collect(),
            id: self.id.into_string(),
            name: self.name.into_string(),
            page: self.page.into_string(),
        }
    }
}

/// Whether a tag is a class of weaknesses; a number alone is none.
fn cwe_tag(tag: &str) -> bool {
    !tag.starts_with(|c: char| c.is_ascii_digit()) && cwe(tag).is_some()
}

/// A text, or a list of them, of a property bag.
pub(super) fn texts<'a>(bag: &'a Map<String, Value>, name: &str) -> impl Iterator<Item = &'a str> {
    let value = bag.get(name);
    let list = value.and_then(Value::as_array).into_iter().flatten();
    list.filter_map(Value::as_str).chain(value.and_then(Value::as_str))
}

/// `security-severity`, which tools write as a text or a number.
pub(super) fn score(bag: &Map<String, Value>) -> Option<Score> {
    let value = bag.get("security-severity")?;
    Score::new(value.as_f64().or_else(|| value.as_str()?.trim().parse().ok())?)
}

/// A tool's own word for a severity, by the names that tools have for it.
pub(super) fn word(bag: &Map<String, Value>) -> &str {
    let names = ["severity", "issue_severity", "problem.severity"];
    names.iter().find_map(|name| bag.get(*name)?.as_str()).unwrap_or_default()
}

/// The rules of a run: those of the driver, then those of each extension.
#[derive(Debug, Default)]
pub(super) struct Rules {
    components: Vec<Vec<Rule>>,
    by_id: HashMap<String, (usize, usize)>,
    bytes: usize,
}

impl Rules {
    /// Adds a rule of a component; false if its texts are more than are held, and were left out.
    pub(super) fn add(&mut self, component: usize, raw: RawRule<'_>) -> bool {
        let mut rule = raw.read();
        let is_held = self.holds(rule.description.len() + rule.help.len() + rule.title.len());
        if !is_held {
            (rule.description, rule.title) = (String::new(), String::new());
        }
        if self.components.len() <= component {
            self.components.resize_with(component + 1, Vec::new);
        }
        let rules = &mut self.components[component];
        self.by_id.entry(rule.id.clone()).or_insert((component, rules.len()));
        rules.push(rule);
        is_held
    }

    /// Whether another text of this length is held.
    pub(super) fn holds(&mut self, bytes: usize) -> bool {
        let is_held = self.bytes + bytes <= HELD;
        self.bytes += if is_held { bytes } else { 0 };
        is_held
    }

    /// The rule that a result names: by its place in the component, where that is the one with its id, else by its id. Of an id
    /// such as `CA1000/1` the rule may be `CA1000` (3.27.5).
    pub(super) fn find(&self, id: &str, component: usize, index: Option<i64>) -> Option<&Rule> {
        let index = index.and_then(|index| usize::try_from(index).ok());
        let named = index.and_then(|index| self.components.get(component)?.get(index));
        let is_same = |rule: &&Rule| {
            let rest = id.strip_prefix(rule.id.as_str());
            id.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        named.filter(is_same).or_else(|| {
            let mut id = id;
            loop {
                if let Some((component, index)) = self.by_id.get(id) {
                    return Some(&self.components[*component][*index]);
                }
                id = id.rsplit_once('/')?.0;
            }
        })
    }
}
