//! What a tenant's reports wear: its name, its colour, its logo.
//!
//! All of it comes from people outside of this program, so that each has a door that checks it: an [`Accent`] can be
//! read on paper, a [`Logo`] is a picture and nothing else.

mod accent;
mod logo;

use std::collections::BTreeMap;
use std::sync::Arc;

use export_core::id::TenantId;

pub use accent::{Accent, BadColour, contrast};
pub use logo::{BadLogo, Logo, LogoKind, MOST_PIXELS, MOST_PNG_BYTES, MOST_SVG_BYTES};

/// What one tenant's reports wear. What is absent is the report's own.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Brand {
    /// The tenant's name as it is printed; its id if absent.
    pub name: Option<String>,
    /// The colour of links and of what is good.
    pub accent: Option<Accent>,
    /// The picture on the cover.
    pub logo: Option<Arc<Logo>>,
}

impl Brand {
    /// The name to print for `tenant`.
    #[must_use]
    pub fn name_of(&self, tenant: &TenantId) -> String {
        self.name.clone().unwrap_or_else(|| tenant.to_string())
    }

    /// The colour to print in.
    #[must_use]
    pub fn accent(&self) -> Accent {
        self.accent.clone().unwrap_or_default()
    }

    /// This brand, with what it lacks from `other`.
    #[must_use]
    fn or(&self, other: &Self) -> Self {
        Self {
            name: self.name.clone().or_else(|| other.name.clone()),
            accent: self.accent.clone().or_else(|| other.accent.clone()),
            logo: self.logo.clone().or_else(|| other.logo.clone()),
        }
    }
}

/// The brands of an installation: one for everybody, and what single tenants have instead.
#[derive(Debug, Clone, Default)]
pub struct Branding {
    everybody: Brand,
    tenants: BTreeMap<TenantId, Brand>,
}

impl Branding {
    /// The brand of everybody, and of tenants by their ids.
    #[must_use]
    pub const fn new(everybody: Brand, tenants: BTreeMap<TenantId, Brand>) -> Self {
        Self { everybody, tenants }
    }

    /// Every brand that was set, as it was set: whose it is, `branding` for everybody's.
    pub fn named(&self) -> impl Iterator<Item = (String, &Brand)> {
        let own = self.tenants.iter().map(|(tenant, brand)| (format!("branding.tenants.{tenant}"), brand));
        std::iter::once(("branding".to_owned(), &self.everybody)).chain(own)
    }

    /// What `tenant` wears: each part its own, or everybody's.
    #[must_use]
    pub fn of(&self, tenant: &TenantId) -> Brand {
        self.tenants.get(tenant).map_or_else(|| self.everybody.clone(), |own| own.or(&self.everybody))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenant_has_its_own_parts_and_everybodys_others() {
        let accent = Accent::parse("#4C1D95").unwrap();
        let everybody =
            Brand { name: Some("Group".to_owned()), accent: Some(accent.clone()), ..Brand::default() };
        let own = Brand { name: Some("Aurora Bank".to_owned()), ..Brand::default() };
        let (aurora, other): (TenantId, TenantId) = ("aurora".parse().unwrap(), "other".parse().unwrap());
        let branding = Branding::new(everybody, BTreeMap::from([(aurora.clone(), own)]));
        let brand = branding.of(&aurora);
        assert_eq!((brand.name_of(&aurora).as_str(), brand.accent()), ("Aurora Bank", accent));
        assert_eq!(branding.of(&other).name_of(&other), "Group");
        assert_eq!(Branding::default().of(&other).name_of(&other), "other");
        assert_eq!(Branding::default().of(&other).accent(), Accent::default());
    }
}
