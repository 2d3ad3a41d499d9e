//! Files (SPDX 2.3, 8).

use super::annotation::Stamp;
use super::package::{checksums, common};
use crate::object::{Object, Put as _};
use crate::part::Part;

/// Purposes of SPDX 3 that SPDX 2 has as types of files.
const TYPES: [&str; 4] = ["APPLICATION", "ARCHIVE", "DOCUMENTATION", "SOURCE"];

/// Whether a component becomes a file: it was one in an SPDX document, has the SHA-1 that SPDX 2 wants of files, and says
/// nothing that SPDX 2 has for packages only. Others are packages whose purpose is `FILE`.
pub(super) fn is_file(part: &Part, source: u8) -> bool {
    let has_digest = part.hashes.iter().any(|(algorithm, _)| algorithm == "SHA-1");
    let of_packages = [&part.description, &part.cpe].iter().any(|it| it.is_some())
        || [&part.supplier, &part.originator].iter().any(|it| it.is_some())
        || !(part.references.is_empty() && part.swhids.is_empty() && part.gitoids.is_empty())
        || part.kept.one("summary").is_some()
        || part.kept.one("purpose").is_some_and(|purpose| !TYPES.contains(&purpose));
    source != 0 && part.is_file() && has_digest && !of_packages
}

/// The file of a component.
pub(super) fn file(id: &str, part: &Part, stamp: &Stamp) -> Object {
    let mut file = Object::new();
    file.put("SPDXID", id);
    file.put("fileName", part.name.as_str());
    file.put_list("checksums", checksums(part));
    common(part, stamp, &mut file);
    // A file declares nothing: it has licences in it.
    let declared = file.remove("licenseDeclared");
    file.put_list("licenseInfoInFiles", declared.into_iter().collect());
    file.put_list("fileTypes", part.kept.texts("purpose"));
    file.put_some("noticeText", part.kept.one("noticeText"));
    for member in ["fileTypes", "fileContributors", "fileDependencies", "licenseInfoInFiles"] {
        file.put_list(member, part.kept.texts(member));
    }
    file.put_list("artifactOfs", part.kept.objects("artifactOfs"));
    file
}
