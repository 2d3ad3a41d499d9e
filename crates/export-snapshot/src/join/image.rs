//! How a product that is an image is compared with the scanned image.
//!
//! Both sides are taken apart into repository, tag and digest, and then into *names*: what a product answers to, and what a
//! scan answers to. They speak about the same image if they share a name.
//!
//! | a product with | answers to | so it matches scans |
//! |---|---|---|
//! | a digest | the digest; and its repository and tag among scans without a digest | of that digest, else of that name |
//! | no digest | its repository and tag | of that repository, and of that tag if it has one |
//!
//! A scan answers to its repository and to the ends of it (`registry.example/team/app`, `team/app`, `app`), each with and
//! without its tag.

use std::borrow::Cow;

use export_core::finding::Purl;
use export_core::scan::ScanRef;

use super::purl::decoded;

/// Ends of a repository that are looked at. Real ones have a handful; one of a million slashes must not need a million names.
const MOST_ENDS: usize = 16;

/// Whether a product's id names an image: a package URL of type `oci` or `docker`, or no package URL at all.
pub(super) fn is_image(product: &str) -> bool {
    !product.starts_with("pkg:") || container_path(product).is_some()
}

/// What a product that is an image answers to.
pub(super) fn names_of_product(product: &str) -> Vec<Vec<u8>> {
    let image = match container_path(product) {
        Some(path) => Image::of_purl(product, path),
        None => Image::of_text(product),
    };
    let Image { repository, tag, digest } = &image;
    let mut names = Vec::new();
    if let Some(digest) = digest {
        names.push(Name::Digest.of(digest, None));
    }
    if !repository.is_empty() {
        let name = if digest.is_some() { Name::Undigested } else { Name::Plain };
        names.push(name.of(repository, tag.as_deref()));
    }
    names
}

/// What a scan answers to.
pub(super) fn names_of_scan(scan: &ScanRef) -> Vec<Vec<u8>> {
    let image = Image::of_text(&scan.image);
    let digests = [scan.image_digest.as_deref(), image.digest.as_deref()];
    let mut names: Vec<_> = digests.into_iter().flatten().map(|it| Name::Digest.of(it, None)).collect();
    let kinds = if names.is_empty() { [Name::Plain, Name::Undigested].as_slice() } else { &[Name::Plain] };
    for end in ends(&image.repository) {
        for kind in kinds {
            names.push(kind.of(end, None));
            names.extend(image.tag.as_deref().map(|tag| kind.of(end, Some(tag))));
        }
    }
    names.sort();
    names.dedup();
    names
}

/// What an image is called by.
#[derive(Debug, Clone, Copy)]
enum Name {
    /// Its digest.
    Digest,
    /// Its repository, where the product has no digest.
    Plain,
    /// Its repository, where the product has a digest and the scan has none.
    Undigested,
}

impl Name {
    /// The name as bytes that no other name has.
    fn of(self, text: &str, tag: Option<&str>) -> Vec<u8> {
        let mut name = vec![self as u8, u8::from(tag.is_some())];
        let tag = tag.unwrap_or_default();
        name.extend_from_slice(&(tag.len() as u64).to_le_bytes());
        name.extend_from_slice(tag.as_bytes());
        name.extend_from_slice(text.as_bytes());
        name
    }
}

#[derive(Debug, PartialEq, Eq)]
struct Image {
    /// Without the parts that Docker Hub may leave out; empty if there is only a digest.
    repository: String,
    tag: Option<String>,
    /// `sha256:...`
    digest: Option<String>,
}

impl Image {
    /// `registry/path/name:tag@sha256:...`, each part but one may be absent.
    fn of_text(text: &str) -> Self {
        if is_digest(text) {
            return Self { repository: String::new(), tag: None, digest: Some(text.to_owned()) };
        }
        let (name, digest) = match text.split_once('@') {
            Some((name, digest)) if is_digest(digest) => (name, Some(digest.to_owned())),
            _ => (text, None),
        };
        let last = name.rfind('/').map_or(0, |slash| slash + 1); // a colon before it belongs to a port
        let (repository, tag) = match name[last..].rfind(':') {
            Some(colon) => (&name[..last + colon], Some(name[last + colon + 1..].to_owned())),
            None => (name, None),
        };
        Self { repository: hub_short(repository).to_owned(), tag, digest }
    }

    /// `pkg:oci/name@sha256%3A...?repository_url=...&tag=...`, or `pkg:docker/path/name@tag` (purl specification, types).
    fn of_purl(text: &str, path: &str) -> Self {
        let version = Purl::of(text).version().map(text_of);
        let (digest, version_tag) = match version {
            Some(version) if is_digest(&version) => (Some(version), None),
            version => (None, version),
        };
        let repository = match qualifier(text, "repository_url") {
            Some(url) => {
                let url = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest).trim_end_matches('/');
                if ends(url).any(|end| end == path) { url.to_owned() } else { format!("{url}/{path}") }
            }
            None => path.to_owned(),
        };
        let tag = qualifier(text, "tag").or(version_tag);
        Self { repository: hub_short(&repository).to_owned(), tag, digest }
    }
}

/// Namespace and name of a package URL of a container image.
fn container_path(product: &str) -> Option<&str> {
    let name = Purl::of(product).without_version();
    name.strip_prefix("pkg:oci/").or_else(|| name.strip_prefix("pkg:docker/"))
}

fn qualifier(purl: &str, key: &str) -> Option<String> {
    let (_, qualifiers) = purl.split('#').next()?.split_once('?')?;
    let mut pairs = qualifiers.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(name, _)| *name == key).map(|(_, value)| text_of(value))
}

fn text_of(encoded: &str) -> String {
    match decoded(encoded) {
        Cow::Borrowed(_) => encoded.to_owned(),
        Cow::Owned(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
    }
}

/// An algorithm and a long hexadecimal number (OCI image specification, "Digests").
fn is_digest(text: &str) -> bool {
    text.split_once(':').is_some_and(|(algorithm, hex)| {
        let named = !algorithm.is_empty() && algorithm.bytes().all(|byte| byte.is_ascii_alphanumeric());
        named && hex.len() >= 32 && hex.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

/// `nginx` for `docker.io/library/nginx`: what Docker Hub's names may leave out.
fn hub_short(repository: &str) -> &str {
    let hub = repository.strip_prefix("docker.io/").or_else(|| repository.strip_prefix("index.docker.io/"));
    let path = hub.unwrap_or(repository);
    path.strip_prefix("library/").unwrap_or(path)
}

/// The whole path, then ever less of its beginning.
fn ends(path: &str) -> impl Iterator<Item = &str> {
    let starts = std::iter::once(0).chain(path.match_indices('/').map(|(slash, _)| slash + 1));
    starts.map(|start| &path[start..]).filter(|end| !end.is_empty()).take(MOST_ENDS)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "sha256:1111111111111111111111111111111111111111111111111111111111111111";
    const TWO: &str = "sha256:2222222222222222222222222222222222222222222222222222222222222222";

    fn names(product: &str, image: &str, digest: Option<&str>) -> bool {
        let scan = ScanRef {
            id: "scan".parse().unwrap(),
            image: image.to_owned(),
            image_digest: digest.map(str::to_owned),
            created_at: None,
            tool: String::new(),
        };
        let names = names_of_scan(&scan);
        is_image(product) && names_of_product(product).iter().any(|name| names.contains(name))
    }

    #[test]
    fn digests_decide_where_both_have_one() {
        let image = "registry.example:5000/team/app:1.2";
        let oci = format!("pkg:oci/app@{}?tag=1.2", ONE.replace(':', "%3A"));
        assert!(names(&oci, image, Some(ONE)));
        assert!(!names(&oci, image, Some(TWO)), "another build of the same tag");
        assert!(names(&oci, image, None));
        assert!(!names(&oci.replace("1.2", "1.3"), image, None));
        assert!(!names(&oci.replace("app@", "other@"), image, None));
        assert!(names(&format!("pkg:oci/app@{ONE}"), image, Some(ONE)), "the colon may stand plainly");
        assert!(!names(&format!("pkg:oci/app@{ONE}"), image, Some(TWO)));
        assert!(names(ONE, image, Some(ONE)) && !names(ONE, image, None));
        assert!(names(&format!("whatever@{ONE}"), &format!("app@{ONE}"), None));
    }

    #[test]
    fn names_match_whole_paths_and_their_ends() {
        let image = "registry.example:5000/team/app:1.2";
        for (product, expected) in [
            (image, true),
            ("registry.example:5000/team/app", true),
            ("team/app:1.2", true),
            ("app", true),
            ("pp", false),
            ("app:1.3", false),
            ("registry.example:5000/team", false),
            ("other.example/team/app", false),
            ("pkg:docker/team/app@1.2", true),
            ("pkg:docker/team/app@1.3", false),
            ("pkg:oci/app?repository_url=registry.example:5000/team/app&tag=1.2", true),
            ("pkg:oci/app?repository_url=https://registry.example:5000/team/", true),
            ("pkg:oci/app?repository_url=other.example/team/app", false),
            ("pkg:npm/app", false),
            ("cpe:2.3:a:team:app:1.2:*:*:*:*:*:*:*", false),
            ("", false),
        ] {
            assert_eq!(names(product, image, Some(ONE)), expected, "{product}");
        }
        assert!(names("docker.io/library/nginx:1.25", "nginx:1.25", None));
        assert!(names("nginx", "docker.io/library/nginx:1.25", None));
        assert!(!names("", "", None));
    }
}
