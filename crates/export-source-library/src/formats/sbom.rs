//! Bills of materials: one module for each family.
//!
//! Each has two functions: `read` emits a document's head and then its elements, `about` looks only for what the document says
//! of the artifact. Elements leave here as valid CycloneDX 1.7, whatever they were read from.

mod cyclonedx;
mod spdx;
mod spdx2;
mod spdx3;

use super::vdr;
use crate::format::{Authority, Format};
use crate::shape::Root;

/// CycloneDX JSON.
pub(crate) static CYCLONEDX: Format = Format {
    key: "cyclonedx",
    name: "a CycloneDX document",
    is: |it| it.root == Root::Object && (it.has("bomFormat") || it.value("$schema").contains("cyclonedx")),
    about: Some(|document| cyclonedx::about(document.open()?)),
    authority: Authority::Sbom,
    findings: Some(vdr::findings),
    statements: Some(vdr::statements),
    rather: vdr::rather,
    sbom: Some(|document, _, emit| cyclonedx::read(document.open()?, &|| document.open(), emit)),
    ..Format::NOTHING
};

/// SPDX 2.x JSON.
pub(crate) static SPDX2: Format = Format {
    key: "spdx2",
    name: "an SPDX 2 document",
    is: |it| it.root == Root::Object && it.has("spdxVersion"),
    about: Some(|document| spdx2::about(document.open()?)),
    authority: Authority::Sbom,
    sbom: Some(|document, _, emit| spdx2::read(document.open()?, &|| document.open(), emit)),
    ..Format::NOTHING
};

/// SPDX 3 JSON-LD.
pub(crate) static SPDX3: Format = Format {
    key: "spdx3",
    name: "an SPDX 3 document",
    is: |it| it.root == Root::Object && it.value("@context").contains("spdx.org"),
    about: Some(|document| spdx3::about(document.open()?)),
    authority: Authority::Sbom,
    findings: Some(spdx3::findings),
    statements: Some(spdx3::statements),
    sbom: Some(|document, _, emit| spdx3::read(document.open()?, &|| document.open(), emit)),
    ..Format::NOTHING
};
