//! Who is asking.

use crate::id::TenantId;
use crate::time::Timestamp;

/// The holder of an accepted token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The user or program: the claim `sub`.
    pub subject: String,
    /// The tenants that the token grants: the claim `tenants`.
    pub tenants: Vec<TenantId>,
    /// What it may do: the words of the claim `scope`.
    pub scopes: Vec<String>,
}

impl Identity {
    /// Whether the token grants `scope`.
    #[must_use]
    pub fn may(&self, scope: &str) -> bool {
        self.scopes.iter().any(|granted| granted == scope)
    }
}

/// The token is not accepted. Why is for the log, not for the caller.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the token is not accepted: {0}")]
pub struct TokenRefused(pub String);

/// Checks bearer tokens.
pub trait Authenticator: Send + Sync {
    /// Who holds `token` at `now`.
    ///
    /// * The algorithm is that of the key, never that of the token's header.
    /// * `sub`, `iss`, `aud`, `exp` and `tenants` must be there and fit; `nbf` and `iat` must not lie in the future.
    /// * A minute of difference between clocks is allowed.
    ///
    /// # Errors
    /// [`TokenRefused`].
    fn authenticate(&self, token: &str, now: Timestamp) -> Result<Identity, TokenRefused>;
}
