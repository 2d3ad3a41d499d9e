//! Relationships (SPDX 2.3, 11).

use crate::edges::{Edge, End, What};
use crate::object::{Object, Put as _, text};

/// The relationship, with the ids that `id` gives its ends.
pub(super) fn relationship(edge: Edge, id: impl Fn(&End) -> String) -> Object {
    let (from, to) = (id(&edge.from), id(&edge.to));
    let comment =
        Some(text(&edge.object, "comment")).filter(|comment| !comment.is_empty()).map(str::to_owned);
    let (kind, ends, comment) = match edge.what {
        What::Row(row) if row.reversed => (row.second, (to, from), comment),
        What::Row(row) => (row.second, (from, to), comment),
        What::Other(kind) => (
            "OTHER",
            (from, to),
            Some([Some(kind), comment].into_iter().flatten().collect::<Vec<_>>().join(": ")),
        ),
    };
    let mut relationship = Object::new();
    relationship.put("spdxElementId", ends.0);
    relationship.put("relationshipType", kind);
    relationship.put("relatedSpdxElement", ends.1);
    relationship.put_some("comment", comment);
    relationship
}
