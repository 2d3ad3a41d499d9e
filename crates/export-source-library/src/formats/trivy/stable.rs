//! Targets as ids have them: what the next tag or point release would change is no part of them.

use crate::kit::repository;

/// The part of the artifact as ids have it: Trivy writes the packages of an image's system as
/// `registry/app:1.2 (debian 12.7)`, which the next tag or point release would change.
pub(super) fn stable_target<'a>(target: &'a str, artifact: &str) -> &'a str {
    match target.strip_prefix(artifact) {
        Some("") => "",
        Some(rest) if rest.starts_with(" (") && rest.ends_with(')') => "",
        _ => target,
    }
}

/// An image in a target as ids have it: without the system, and without tag and digest where one stands there.
pub(super) fn stable_image(target: &str) -> &str {
    match target.strip_suffix(')').and_then(|start| start.rsplit_once(" (")) {
        Some((image, _)) => repository(image),
        None => target,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_of_an_image_keeps_its_target() {
        assert_eq!(stable_target("app:1 (debian 12.7)", "app:1"), "");
        assert_eq!(stable_target("app:1", "app:1"), "");
        assert_eq!(stable_target("app:10/x", "app:1"), "app:10/x");
        assert_eq!(stable_target("package-lock.json", "app:1"), "package-lock.json");
    }

    #[test]
    fn an_image_of_a_resource_keeps_its_name() {
        assert_eq!(stable_image("nginx:1.25 (debian 12.7)"), "nginx");
        assert_eq!(stable_image("app/package-lock.json"), "app/package-lock.json");
    }
}
