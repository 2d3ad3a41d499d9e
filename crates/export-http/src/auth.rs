//! Who is asking, and for which tenant. No handler can forget it: a [`Tenant`] comes from here only.

use axum::extract::FromRequestParts;
use axum::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method};
use export_core::code::Code;
use export_core::id::TenantId;
use export_core::ports::Identity;

use crate::problem::Refusal;
use crate::server::{Server, Shared};

/// A caller whose token was accepted, and the tenant it acts for, which the token grants.
pub(crate) struct Tenant {
    pub(crate) identity: Identity,
    pub(crate) id: TenantId,
}

impl FromRequestParts<Shared> for Tenant {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, server: &Shared) -> Result<Self, Refusal> {
        let token = bearer(&parts.headers)?.ok_or_else(|| unauthenticated(false))?;
        let identity = authenticate(server, token)?;
        let id = tenant_header(&parts.headers)?.ok_or_else(tenant_required)?;
        Self::admit(identity, id, &parts.method)
    }
}

impl Tenant {
    /// Lets `identity` act for tenant `id`: its token must grant the tenant, and the scope that the method needs.
    pub(crate) fn admit(identity: Identity, id: TenantId, method: &Method) -> Result<Self, Refusal> {
        if !identity.tenants.contains(&id) {
            tracing::warn!(tenant = %id, "a token was used for a tenant that it does not grant");
            return Err(Refusal::new(
                Code::TenantMismatch,
                "The token does not grant the tenant of X-Tenant-Id",
            ));
        }
        let scope = if method.is_safe() { "exports:read" } else { "exports:write" };
        if !identity.may(scope) {
            // RFC 6750, 3.1.
            let challenge =
                format!("Bearer realm=\"export-center\", error=\"insufficient_scope\", scope=\"{scope}\"");
            let challenge = HeaderValue::try_from(challenge).expect("scopes of ours are ASCII");
            let refusal = Refusal::new(Code::Forbidden, format!("The token lacks the scope {scope}"));
            return Err(refusal.with(WWW_AUTHENTICATE, challenge));
        }
        tracing::Span::current().record("tenant", tracing::field::display(&id));
        Ok(Self { identity, id })
    }
}

/// Who holds `token`.
pub(crate) fn authenticate(server: &Server, token: &str) -> Result<Identity, Refusal> {
    server.api.auth.authenticate(token, server.now().wall).map_err(|refused| {
        tracing::info!(%refused, "a token was refused");
        unauthenticated(true)
    })
}

/// The token of the one `Authorization` header (RFC 6750, 2.1); none without a header.
pub(crate) fn bearer(headers: &HeaderMap) -> Result<Option<&str>, Refusal> {
    let Some(value) = only(headers, AUTHORIZATION.as_str())? else { return Ok(None) };
    let (scheme, token) = value.to_str().ok().and_then(|text| text.split_once(' ')).unwrap_or_default();
    if !scheme.eq_ignore_ascii_case("bearer") || token.is_empty() {
        return Err(unauthenticated(false));
    }
    let token68 = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/=".contains(&byte);
    if !token.bytes().all(token68) {
        let detail = "The Authorization header must hold one bearer token and nothing else";
        return Err(Refusal::new(Code::InvalidHeader, detail));
    }
    Ok(Some(token))
}

/// The tenant of the one `X-Tenant-Id` header; none without a header.
pub(crate) fn tenant_header(headers: &HeaderMap) -> Result<Option<TenantId>, Refusal> {
    let value = only(headers, "x-tenant-id").map_err(|_| tenant_required())?;
    value
        .map(|value| value.to_str().ok().and_then(|text| text.parse().ok()).ok_or_else(tenant_required))
        .transpose()
}

pub(crate) fn tenant_required() -> Refusal {
    let detail = "One X-Tenant-Id header with one tenant is needed: 1 to 63 of a-z, 0-9 and `-`";
    Refusal::new(Code::TenantRequired, detail)
}

/// Says that a token is needed, not why one was refused.
pub(crate) fn unauthenticated(presented: bool) -> Refusal {
    let challenge = if presented {
        HeaderValue::from_static("Bearer realm=\"export-center\", error=\"invalid_token\"")
    } else {
        HeaderValue::from_static("Bearer realm=\"export-center\"")
    };
    let detail = "The request needs an Authorization header with a bearer token that this server accepts";
    Refusal::new(Code::Unauthenticated, detail).with(WWW_AUTHENTICATE, challenge)
}

/// The header that may occur once.
pub(crate) fn only<'h>(headers: &'h HeaderMap, name: &str) -> Result<Option<&'h HeaderValue>, Refusal> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (first, None) => Ok(first),
        (_, Some(_)) => {
            Err(Refusal::new(Code::InvalidHeader, format!("The header {name} occurs more than once")))
        }
    }
}
