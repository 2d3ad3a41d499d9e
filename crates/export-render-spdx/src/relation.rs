//! Relationships of both generations, as readers keep them in properties.

use serde_json::Value;

use crate::object::{Object, text};

/// A type of relationship as both generations have it (SPDX 3.0.1, Annex on the differences from 2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Row {
    /// The name in SPDX 2.
    pub(crate) second: &'static str,
    /// The name in SPDX 3.
    pub(crate) third: &'static str,
    /// Whether SPDX 3 has it the other way round.
    pub(crate) reversed: bool,
    /// The scope in SPDX 3; empty for none.
    pub(crate) scope: &'static str,
}

impl Row {
    /// Whether it tells what a document is about.
    pub(crate) fn describes(self) -> bool {
        self.third == "describes"
    }
}

macro_rules! rows {
    ($($second:literal $third:literal $reversed:literal $scope:literal;)*) => {
        /// The first row of a name in SPDX 3 is the one that SPDX 2 gets back.
        const ROWS: &[Row] = &[$(Row { second: $second, third: $third, reversed: $reversed, scope: $scope },)*];
    };
}

rows! {
    "DEPENDS_ON" "dependsOn" false "";
    "DEPENDENCY_OF" "dependsOn" true "";
    "CONTAINS" "contains" false "";
    "CONTAINED_BY" "contains" true "";
    "DESCRIBES" "describes" false "";
    "DESCRIBED_BY" "describes" true "";
    "STATIC_LINK" "hasStaticLink" false "";
    "DYNAMIC_LINK" "hasDynamicLink" false "";
    "BUILD_DEPENDENCY_OF" "dependsOn" true "build";
    "DEV_DEPENDENCY_OF" "dependsOn" true "development";
    "RUNTIME_DEPENDENCY_OF" "dependsOn" true "runtime";
    "TEST_DEPENDENCY_OF" "dependsOn" true "test";
    "OPTIONAL_DEPENDENCY_OF" "hasOptionalDependency" true "";
    "PROVIDED_DEPENDENCY_OF" "hasProvidedDependency" true "";
    "HAS_PREREQUISITE" "hasPrerequisite" false "";
    "PREREQUISITE_FOR" "hasPrerequisite" true "";
    "DEPENDENCY_MANIFEST_OF" "hasDependencyManifest" true "";
    "OPTIONAL_COMPONENT_OF" "hasOptionalComponent" true "";
    "GENERATES" "generates" false "";
    "GENERATED_FROM" "generates" true "";
    "ANCESTOR_OF" "ancestorOf" false "";
    "DESCENDANT_OF" "descendantOf" false "";
    "VARIANT_OF" "hasVariant" true "";
    "COPY_OF" "copiedTo" true "";
    "DISTRIBUTION_ARTIFACT" "hasDistributionArtifact" false "";
    "PATCH_FOR" "patchedBy" true "";
    "PATCH_APPLIED" "patchedBy" true "";
    "AMENDS" "amendedBy" true "";
    "TEST_OF" "hasTest" true "";
    "TEST_CASE_OF" "hasTestCase" true "";
    "DATA_FILE_OF" "hasDataFile" true "";
    "DOCUMENTATION_OF" "hasDocumentation" true "";
    "EXAMPLE_OF" "hasExample" true "";
    "METAFILE_OF" "hasMetadata" true "";
    "EXPANDED_FROM_ARCHIVE" "expandsTo" true "";
    "FILE_ADDED" "hasAddedFile" true "";
    "FILE_DELETED" "hasDeletedFile" true "";
    "PACKAGE_OF" "packagedBy" true "";
    "SPECIFICATION_FOR" "hasSpecification" true "";
    "REQUIREMENT_DESCRIPTION_FOR" "hasRequirement" true "";
    "BUILD_TOOL_OF" "usesTool" true "build";
    "DEV_TOOL_OF" "usesTool" true "development";
    "TEST_TOOL_OF" "usesTool" true "test";
    "OTHER" "other" false "";
}

/// A relationship of a document.
#[derive(Debug, Clone)]
pub(crate) struct Relation {
    /// The generation that it was written in.
    pub(crate) generation: u8,
    pub(crate) from: String,
    pub(crate) to: Vec<String>,
    /// The type as it is written.
    pub(crate) kind: String,
    /// What both generations call it, if both have it.
    pub(crate) row: Option<Row>,
    /// All its members.
    pub(crate) object: Object,
}

impl Relation {
    /// The relationship that a property of a document keeps, if it keeps one.
    pub(crate) fn of_property(property: &Object) -> Option<Self> {
        let generation = match text(property, "name") {
            "spdx:relationships" => 2,
            "spdx:Relationship" => 3,
            _ => return None,
        };
        let object: Object = serde_json::from_str(text(property, "value")).ok()?;
        let kind = text(&object, "relationshipType").to_owned();
        let (from, to) = if generation == 2 {
            (text(&object, "spdxElementId"), vec![text(&object, "relatedSpdxElement").to_owned()])
        } else {
            (text(&object, "from"), targets(&object))
        };
        let scope = text(&object, "scope");
        let is_row = |row: &&Row| {
            if generation == 2 { row.second == kind } else { row.third == kind && row.scope == scope }
        };
        let row = ROWS.iter().find(is_row).or_else(|| ROWS.iter().find(|row| row.third == kind)).copied();
        Some(Self { generation, from: from.to_owned(), to, kind, row, object })
    }

    /// Whether readers have made an edge of it too.
    pub(crate) fn is_edge(&self) -> bool {
        const EDGES: [&str; 7] = [
            "dependsOn",
            "contains",
            "hasStaticLink",
            "hasDynamicLink",
            "hasPrerequisite",
            "hasOptionalDependency",
            "hasProvidedDependency",
        ];
        self.row.is_some_and(|row| EDGES.contains(&row.third))
    }

    /// Whether it ends on the other side in SPDX 3, seen from how it is written.
    pub(crate) fn is_reversed(&self) -> bool {
        self.generation == 2 && self.row.is_some_and(|row| row.reversed)
    }

    /// The edges that readers have made of it.
    pub(crate) fn edges(&self) -> impl Iterator<Item = (&str, &str)> {
        let reversed = self.is_reversed();
        let ends = self.to.iter().map(|to| (self.from.as_str(), to.as_str()));
        ends.map(move |(from, to)| if reversed { (to, from) } else { (from, to) })
    }
}

fn targets(object: &Object) -> Vec<String> {
    match object.get("to") {
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        Some(Value::String(one)) => vec![one.clone()],
        _ => Vec::new(),
    }
}
