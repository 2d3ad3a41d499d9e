//! Where the entries of `Results` stand: Trivy has several shapes.
//!
//! | document | entries |
//! |---|---|
//! | schema version 2 | in `Results` |
//! | schema version 1 | the document is the list |
//! | a cluster, `--report all` | in `Results` of each of `Resources` |
//! | a cluster, `--report summary` | in `Results` of each of `Findings`, in old versions of `Vulnerabilities` and `Misconfigurations` |

use export_core::error::PortError;

use crate::json::JsonReader;

/// The resource of a cluster that an entry is about.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Resource {
    namespace: String,
    kind: String,
    name: String,
}

/// What is done with each entry, and with what Trivy could not look at.
pub(super) trait Visitor {
    /// Reads the next entry of `Results`.
    fn entry(&mut self, reader: &mut JsonReader, resource: Option<&Resource>) -> Result<(), PortError>;

    /// A resource that Trivy tells an error of.
    fn fault(&mut self, _reader: &JsonReader) {}
}

impl Resource {
    /// `namespace/Kind/name`; what lies in no namespace begins with its kind.
    pub(super) fn path(&self) -> String {
        let parts = [&self.namespace, &self.kind, &self.name];
        let told = parts.into_iter().filter(|part| !part.is_empty());
        told.map(String::as_str).collect::<Vec<_>>().join("/")
    }

    /// Whether a target says no more than the resource does.
    pub(super) fn is_named(&self, target: &str) -> bool {
        target.is_empty() || target == format!("{}/{}", self.kind, self.name)
    }
}

/// Visits every entry of a document, whatever its shape.
pub(super) fn visit(reader: &mut JsonReader, visitor: &mut dyn Visitor) -> Result<(), PortError> {
    if reader.peek()? == Some(b'[') {
        return entries(reader, None, visitor);
    }
    reader.object()?;
    while let Some(member) = reader.member()? {
        match member.as_str() {
            "Results" => entries(reader, None, visitor)?,
            "Resources" | "Findings" | "Vulnerabilities" | "Misconfigurations" => {
                let entered = reader.array()?;
                while entered && reader.item()? {
                    resource(reader, visitor)?;
                }
            }
            _ => reader.skip()?,
        }
    }
    Ok(())
}

fn entries(
    reader: &mut JsonReader,
    resource: Option<&Resource>,
    visitor: &mut dyn Visitor,
) -> Result<(), PortError> {
    let entered = reader.array()?;
    while entered && reader.item()? {
        visitor.entry(reader, resource)?;
    }
    Ok(())
}

/// Reads one resource of a cluster. Trivy writes its names first.
fn resource(reader: &mut JsonReader, visitor: &mut dyn Visitor) -> Result<(), PortError> {
    let mut resource = Resource::default();
    reader.object()?;
    while let Some(member) = reader.member()? {
        match member.as_str() {
            "Namespace" => resource.namespace = reader.value::<Option<String>>()?.unwrap_or_default(),
            "Kind" => resource.kind = reader.value::<Option<String>>()?.unwrap_or_default(),
            "Name" => resource.name = reader.value::<Option<String>>()?.unwrap_or_default(),
            "Error" if reader.value::<Option<String>>()?.is_some_and(|error| !error.is_empty()) => {
                visitor.fault(reader);
            }
            "Error" => {}
            "Results" if resource.name.is_empty() => {
                return Err(reader.invalid("the Name of the resource must stand before its Results"));
            }
            "Results" => entries(reader, Some(&resource), visitor)?,
            _ => reader.skip()?,
        }
    }
    Ok(())
}
