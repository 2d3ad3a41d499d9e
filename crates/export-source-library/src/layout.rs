//! Where the scans of a tenant lie.

use export_core::id::TenantId;
use object_store::path::Path;

/// The segment of a library's path that stands for the tenant.
const TENANT: &str = "{tenant}";

/// Where in a store the scans of a tenant lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Layout {
    /// All tenants see the same scans: those below this folder.
    Shared(Path),
    /// Each tenant sees only `before/{tenant}/after`.
    PerTenant {
        /// The folders above the tenant's.
        before: Path,
        /// The folders below the tenant's, down to that of the scans.
        after: Path,
    },
}

/// Why a path is not a [`Layout`].
#[derive(Debug, thiserror::Error)]
pub enum InvalidLayout {
    /// `{tenant}` is not a whole segment, or occurs twice.
    #[error("`{{tenant}}` must be one whole segment of the library's path, and only one")]
    Tenant,
    /// The path is not one of an object store.
    #[error("the library's path is not usable: {0}")]
    Path(#[from] object_store::path::Error),
}

impl Layout {
    /// Reads a path that may have `{tenant}` as one of its segments, percent-encoded or not, as URLs have it.
    ///
    /// ```
    /// use export_source_library::Layout;
    /// let layout = Layout::parse("scans/{tenant}/done")?;
    /// assert!(matches!(layout, Layout::PerTenant { .. }));
    /// assert_eq!(Layout::parse("scans")?, Layout::Shared("scans".into()));
    /// # Ok::<(), export_source_library::InvalidLayout>(())
    /// ```
    ///
    /// # Errors
    /// If the tenant is not one whole segment, or the rest is not a path.
    pub fn parse(path: &str) -> Result<Self, InvalidLayout> {
        let path = path.replace("%7Btenant%7D", TENANT).replace("%7btenant%7d", TENANT);
        let Some((before, after)) = path.split_once(TENANT) else {
            return Ok(Self::Shared(Path::from_url_path(path)?));
        };
        let whole =
            (before.is_empty() || before.ends_with('/')) && (after.is_empty() || after.starts_with('/'));
        if !whole || after.contains(TENANT) {
            return Err(InvalidLayout::Tenant);
        }
        Ok(Self::PerTenant { before: Path::from_url_path(before)?, after: Path::from_url_path(after)? })
    }

    /// The folder of the tenant's scans.
    #[must_use]
    pub(crate) fn root(&self, tenant: &TenantId) -> Path {
        match self {
            Self::Shared(root) => root.clone(),
            Self::PerTenant { before, after } => {
                before.parts().chain([tenant.as_str().into()]).chain(after.parts()).collect()
            }
        }
    }
}

impl From<Path> for Layout {
    fn from(root: Path) -> Self {
        Self::Shared(root)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_tenant_has_its_folder() {
        let tenant: TenantId = "acme".parse().unwrap();
        for (path, root) in [
            ("", ""),
            ("/scans/", "scans"),
            ("{tenant}", "acme"),
            ("/a/{tenant}/b/c/", "a/acme/b/c"),
            ("a/%7Btenant%7D", "a/acme"),
        ] {
            assert_eq!(Layout::parse(path).unwrap().root(&tenant).as_ref(), root, "{path}");
        }
    }

    #[test]
    fn half_a_segment_or_two_tenants_are_refused() {
        for path in ["x-{tenant}", "{tenant}x/y", "{tenant}/{tenant}", "a/../{tenant}"] {
            assert!(Layout::parse(path).is_err(), "{path}");
        }
    }
}
