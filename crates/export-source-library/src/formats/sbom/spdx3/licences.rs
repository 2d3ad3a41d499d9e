//! Licences: expressions, and the sets and operators that expressions are written as in full.

use std::collections::HashMap;

use super::node::Node;
use crate::formats::sbom::spdx::licence::{OwnLicence, OwnLicences};

/// Sets may stand in sets; deeper ones are not looked at.
const DEPTH: usize = 32;
/// Where the licence list's own elements have their ids.
const LIST: &str = "https://spdx.org/licenses/";

/// Whether elements of this class are licences.
pub(super) fn is_licence(kind: &str) -> bool {
    kind.starts_with("simplelicensing_") || kind.starts_with("expandedlicensing_")
}

/// The licences of a document, by id.
#[derive(Debug, Default)]
pub(super) struct Licences {
    nodes: HashMap<String, Node>,
    own: OwnLicences,
}

impl Licences {
    /// Adds one; false if there are more texts than are held.
    #[must_use]
    pub(super) fn add(&mut self, node: &Node) -> bool {
        let mut fits = true;
        let text = node.text("simplelicensing_licenseText");
        if !text.is_empty() {
            let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
            let own = OwnLicence { name: some(node.text("name")), text: some(text), url: None };
            fits = self.own.add(reference(node.id()), own);
        }
        self.nodes.insert(node.id().to_owned(), node.clone());
        fits
    }

    /// The licences that are not on the licence list.
    pub(super) const fn own(&self) -> &OwnLicences {
        &self.own
    }

    /// The expression that the licence `id` stands for: `NONE` and `NOASSERTION` too, and the id itself if it is unknown.
    pub(super) fn expression(&self, id: &str) -> String {
        self.expand(id, DEPTH)
    }

    fn expand(&self, id: &str, depth: usize) -> String {
        let Some(node) = self.nodes.get(id).filter(|_| depth > 0) else { return unlisted(id) };
        let subject =
            |member| node.ids(member).map(|id| self.expand(id, depth - 1)).next().unwrap_or_default();
        let members = |operator: &str| {
            let members = node.ids("expandedlicensing_member").map(|id| self.expand(id, depth - 1));
            format!("({})", members.collect::<Vec<_>>().join(operator))
        };
        match node.kind() {
            "simplelicensing_LicenseExpression" => node.text("simplelicensing_licenseExpression").to_owned(),
            "expandedlicensing_ConjunctiveLicenseSet" => members(" AND "),
            "expandedlicensing_DisjunctiveLicenseSet" => members(" OR "),
            "expandedlicensing_OrLaterOperator" => {
                format!("{}+", subject("expandedlicensing_subjectLicense"))
            }
            "expandedlicensing_WithAdditionOperator" => {
                let license = subject("expandedlicensing_subjectExtendableLicense");
                format!("{license} WITH {}", subject("expandedlicensing_subjectAddition"))
            }
            "simplelicensing_SimpleLicensingText" | "expandedlicensing_CustomLicense" => reference(id),
            _ => unlisted(id),
        }
    }
}

/// The expression of a licence that the document does not have: its id on the licence list, or a word for none.
fn unlisted(id: &str) -> String {
    let last = id.rsplit(['/', '#', '_']).next().unwrap_or(id);
    match last {
        "NoAssertion" | "NoAssertionLicense" => "NOASSERTION".to_owned(),
        "None" | "NoneLicense" => "NONE".to_owned(),
        _ => id.strip_prefix(LIST).unwrap_or(id).to_owned(),
    }
}

/// The reference in expressions to a licence of the document's own.
fn reference(id: &str) -> String {
    let last = id.rsplit(['/', '#', ':']).next().unwrap_or(id);
    if last.starts_with("LicenseRef-") {
        return last.to_owned();
    }
    let allowed = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '.') { c } else { '-' };
    format!("LicenseRef-{}", last.chars().map(allowed).collect::<String>())
}
