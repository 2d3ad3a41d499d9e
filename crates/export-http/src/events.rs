//! Events of exports, live and resumable: server-sent for one export, a WebSocket for a tenant.

pub(crate) mod slots;
pub(crate) mod socket;
pub(crate) mod sse;
mod tail;

use export_core::code::Code;
use export_core::id::TenantId;

use crate::problem::Refusal;
use crate::server::Server;

/// The place that a client resumes behind: the id of the last event it saw.
///
/// # Errors
/// `code` for a text that is no id, or the id of no event yet: resuming there would skip events without a word.
async fn resume(server: &Server, tenant: &TenantId, last: &str, code: Code) -> Result<u64, Refusal> {
    let digits = !last.is_empty() && last.bytes().all(|byte| byte.is_ascii_digit());
    let id = last.parse().ok().filter(|_| digits);
    let newest = server.reader().last_event(tenant).await?;
    id.filter(|id| *id <= newest).ok_or_else(|| {
        Refusal::new(code, "The last event id is not one of this tenant's events; start again without one")
    })
}
