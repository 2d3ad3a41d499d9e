//! How many event streams a tenant has open: bounded, so that no tenant can use up the server's connections.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use export_core::code::Code;
use export_core::id::TenantId;

use crate::problem::Refusal;

/// Counts open streams by tenant.
pub(crate) struct Slots {
    open: Arc<Mutex<HashMap<TenantId, usize>>>,
    most: usize,
}

impl Slots {
    pub(crate) fn new(most: usize) -> Self {
        Self { open: Arc::default(), most }
    }

    /// A slot for one more stream of `tenant`, free again when dropped.
    ///
    /// # Errors
    /// `unavailable` if the tenant has as many as it may.
    pub(crate) fn take(&self, tenant: &TenantId) -> Result<Slot, Refusal> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(tenant.clone()).or_default();
        if *count >= self.most {
            let detail = format!("The tenant has {count} event streams open, as many as it may; close one");
            return Err(Refusal::new(Code::Unavailable, detail));
        }
        *count += 1;
        Ok(Slot { open: Arc::clone(&self.open), tenant: tenant.clone() })
    }
}

/// The right to one stream.
pub(crate) struct Slot {
    open: Arc<Mutex<HashMap<TenantId, usize>>>,
    tenant: TenantId,
}

impl Drop for Slot {
    fn drop(&mut self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = open.get_mut(&self.tenant) {
            *count -= 1;
            if *count == 0 {
                open.remove(&self.tenant);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenant_has_its_share_and_gets_it_back() {
        let slots = Slots::new(2);
        let (acme, other): (TenantId, TenantId) = ("acme".parse().unwrap(), "other".parse().unwrap());
        let (first, _second) = (slots.take(&acme).unwrap(), slots.take(&acme).unwrap());
        assert!(slots.take(&acme).is_err());
        assert!(slots.take(&other).is_ok());
        drop(first);
        let third = slots.take(&acme);
        assert!(third.is_ok());
        assert_eq!(slots.open.lock().unwrap().len(), 1, "tenants without streams are forgotten");
    }
}
