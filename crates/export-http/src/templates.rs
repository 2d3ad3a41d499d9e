//! Report templates: those that come with the program, which can be read, and the tenant's own.

mod body;
pub(crate) mod write;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::{IntoResponse as _, Response};
use export_core::code::Code;
use export_core::template::{Template, is_custom};

use self::body::{TemplateJson, TemplatePage};
pub(crate) use self::write::{create, delete, preview, replace};
use crate::auth::Tenant;
use crate::openapi::{Problem, schemas};
use crate::problem::Refusal;
use crate::query::Parameters;
use crate::server::Shared;

/// List templates
///
/// The built-in ones first, on the first page only; then the tenant's own by name, each in its newest version. Texts are not in
/// the list.
#[utoipa::path(get, path = "/api/v1/templates", tag = "templates", operation_id = "listTemplates",
    params(schemas::PageParameters),
    responses((status = 200, description = "A page of templates", body = schemas::TemplatePage),
        (status = 422, response = Problem)))]
pub(crate) async fn list(
    State(server): State<Shared>,
    tenant: Tenant,
    uri: Uri,
) -> Result<Response, Refusal> {
    let mut parameters = Parameters::of(&uri);
    let (limit, cursor) = (parameters.limit(), parameters.text("cursor"));
    parameters.finish()?;
    let after = cursor.as_deref().map(|cursor| server.cursors.read_name(&tenant.id, cursor)).transpose()?;
    let parts = server.api.engine.parts();
    let page = parts.templates.list(&tenant.id, after.as_deref(), limit).await?;
    let built_in = parts.writers.templates();
    let mut templates: Vec<TemplateJson<'_>> = Vec::new();
    if after.is_none() {
        templates.extend(built_in.iter().map(|(name, format)| TemplateJson::built_in(name, *format, None)));
    }
    templates.extend(page.templates.iter().map(|template| TemplateJson::own(template, false)));
    let last = page.templates.last().filter(|_| page.more);
    let next_cursor = last.map(|template| server.cursors.write_name(&tenant.id, &template.name));
    Ok(Json(TemplatePage { templates, next_cursor }).into_response())
}

/// One template
///
/// With its text, which for a built-in one is a place to start from. `version` names an older version.
#[utoipa::path(get, path = "/api/v1/templates/{name}", tag = "templates", operation_id = "getTemplate",
    params(("name" = schemas::TemplateName, Path),
        ("version" = Option<u32>, Query, description = "An older version; the newest if absent", minimum = 1)),
    responses((status = 200, description = "The template", body = schemas::Template),
        (status = 404, response = Problem), (status = 422, response = Problem)))]
pub(crate) async fn show(
    State(server): State<Shared>,
    tenant: Tenant,
    Path(name): Path<String>,
    uri: Uri,
) -> Result<Response, Refusal> {
    let mut parameters = Parameters::of(&uri);
    let version = parameters.word("version");
    parameters.finish()?;
    if let Some((known, format)) = built_in(&server, &name) {
        let text = server.api.templates.built_in(known);
        return Ok(Json(TemplateJson::built_in(known, format, text)).into_response());
    }
    let template = find(&server, &tenant, &name, version).await?;
    Ok(Json(TemplateJson::own(&template, true)).into_response())
}

/// A template that comes with the program.
fn built_in(server: &Shared, name: &str) -> Option<(&'static str, export_core::catalogue::Format)> {
    server.api.engine.parts().writers.templates().into_iter().find(|(known, _)| *known == name)
}

/// The tenant's own template. Foreign and unknown ones cannot be told apart.
async fn find(
    server: &Shared,
    tenant: &Tenant,
    name: &str,
    version: Option<u32>,
) -> Result<Template, Refusal> {
    let stored = match is_custom(name) {
        true => server.api.engine.parts().templates.get(&tenant.id, name, version).await?,
        false => None,
    };
    stored.ok_or_else(no_such_template)
}

fn no_such_template() -> Refusal {
    Refusal::new(
        Code::NotFound,
        "There is no such template; GET /api/v1/templates lists those that there are",
    )
}
