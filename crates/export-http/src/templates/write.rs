//! Storing, removing and trying templates.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::rejection::BytesRejection;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use export_core::code::Code;
use export_core::error::ErrorKind;
use export_core::ports::{TemplateFault, TemplateTrial};
use export_core::problem::{FieldError, Problem as CoreProblem};
use export_core::template::{NewTemplate, check_name};

use super::body::TemplateJson;
use super::{built_in, find, no_such_template};
use crate::auth::Tenant;
use crate::exports::submit::{check_media_type, unread};
use crate::openapi::{Problem, schemas};
use crate::problem::Refusal;
use crate::server::{Server, Shared};

/// What a previewed page may do: show itself.
const PAGE_POLICY: &str =
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:";

/// Store a template
///
/// `name` is `custom-{tenant}`, or `custom-{tenant}-` and more. A name that is there already gets a new version; the same text
/// and description change nothing. A text that does not parse is refused with its line and column; what goes wrong with the data
/// of a report makes that report fall back to the default template, with a warning.
#[utoipa::path(post, path = "/api/v1/templates", tag = "templates", operation_id = "createTemplate",
    request_body = schemas::NewTemplate,
    responses((status = 201, description = "A new template or version", body = schemas::Template),
        (status = 200, description = "It is stored already", body = schemas::Template),
        (status = 409, response = Problem), (status = 413, response = Problem),
        (status = 415, response = Problem), (status = 422, response = Problem)))]
pub(crate) async fn create(
    State(server): State<Shared>,
    tenant: Tenant,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    let body = json_body(&server, &headers, body)?;
    let template = NewTemplate::parse(&body, &tenant.id, None)?;
    store(&server, &tenant, template).await
}

/// Store a template under its name
///
/// As `POST /templates`, with the name in the path.
#[utoipa::path(put, path = "/api/v1/templates/{name}", tag = "templates", operation_id = "putTemplate",
    params(("name" = schemas::TemplateName, Path)),
    request_body = schemas::TemplateText,
    responses((status = 201, description = "A new template or version", body = schemas::Template),
        (status = 200, description = "It is stored already", body = schemas::Template),
        (status = 409, response = Problem), (status = 413, response = Problem),
        (status = 415, response = Problem), (status = 422, response = Problem)))]
pub(crate) async fn replace(
    State(server): State<Shared>,
    tenant: Tenant,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    let body = json_body(&server, &headers, body)?;
    let template = NewTemplate::parse(&body, &tenant.id, Some(&name))?;
    store(&server, &tenant, template).await
}

/// The bytes of a body that has to be JSON.
fn json_body(
    server: &Server,
    headers: &HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Bytes, Refusal> {
    check_media_type(headers)?;
    body.map_err(|rejection| unread(server, &rejection))
}

async fn store(server: &Shared, tenant: &Tenant, template: NewTemplate) -> Result<Response, Refusal> {
    let store = &server.api.engine.parts().templates;
    let before = store.get(&tenant.id, &template.name, None).await?.map(|known| known.version);
    let template = tried(server, template, |trial, template| trial.check(template)).await?.0;
    let by = &tenant.identity.subject;
    let stored =
        store.put(&tenant.id, template, by, server.now()).await.map_err(|error| match error.kind {
            ErrorKind::Limit => Refusal::new(Code::TemplateQuota, error.to_string()),
            _ => error.into(),
        })?;
    let status = if before == Some(stored.version) { StatusCode::OK } else { StatusCode::CREATED };
    let location = format!("/api/v1/templates/{}", stored.name);
    Ok((status, [(LOCATION, location)], Json(TemplateJson::own(&stored, true))).into_response())
}

/// Remove a template
///
/// With all its versions. Exports that are still to be printed by it fall back to the default template, with a warning.
#[utoipa::path(delete, path = "/api/v1/templates/{name}", tag = "templates", operation_id = "deleteTemplate",
    params(("name" = schemas::TemplateName, Path)),
    responses((status = 204, description = "It is gone"), (status = 404, response = Problem),
        (status = 422, response = Problem)))]
pub(crate) async fn delete(
    State(server): State<Shared>,
    tenant: Tenant,
    Path(name): Path<String>,
) -> Result<StatusCode, Refusal> {
    if built_in(&server, &name).is_some() {
        return Err(Refusal::new(Code::InvalidRequest, format!("{name} comes with the program and stays")));
    }
    // Names of other tenants are answered as those that nobody has.
    check_name(&name, &tenant.id).map_err(|_| no_such_template())?;
    let store = &server.api.engine.parts().templates;
    if store.delete(&tenant.id, &name, &tenant.identity.subject, server.now()).await? {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(no_such_template())
    }
}

/// Preview a template
///
/// The page that it makes of an invented report in which every section has something to say, as HTML. With `text` in the body,
/// that text is tried instead of the stored one, which need not be there. A mistake is told with its line and column.
#[utoipa::path(post, path = "/api/v1/templates/{name}/preview", tag = "templates", operation_id = "previewTemplate",
    params(("name" = schemas::TemplateName, Path)),
    request_body(content = Option<schemas::TemplateText>),
    responses((status = 200, description = "The page", content_type = "text/html", body = String),
        (status = 404, response = Problem), (status = 415, response = Problem), (status = 422, response = Problem)))]
pub(crate) async fn preview(
    State(server): State<Shared>,
    tenant: Tenant,
    Path(name): Path<String>,
    headers: HeaderMap,
    body: Result<Bytes, BytesRejection>,
) -> Result<Response, Refusal> {
    let body = body.map_err(|rejection| unread(&server, &rejection))?;
    let given = !body.trim_ascii().is_empty() && body.trim_ascii() != b"{}";
    let template = if given {
        check_media_type(&headers)?;
        NewTemplate::parse(&body, &tenant.id, Some(&name))?
    } else if let Some((known, _)) = built_in(&server, &name) {
        let text = server.api.templates.built_in(known).ok_or_else(|| {
            Refusal::new(Code::InvalidRequest, format!("{name} makes no page that could be shown"))
        })?;
        let name = format!("custom-{}", tenant.id);
        NewTemplate { name, description: String::new(), text: text.to_owned() }
    } else {
        let stored = find(&server, &tenant, &name, None).await?;
        NewTemplate { name, description: stored.description, text: stored.text }
    };
    let page = tried(&server, template, |trial, template| trial.preview(template)).await?.1;
    let headers = [(CONTENT_TYPE, "text/html; charset=utf-8"), (CONTENT_SECURITY_POLICY, PAGE_POLICY)];
    Ok((headers, page).into_response())
}

/// Tries a template, which waits for a process of its own.
async fn tried<T: Send + 'static>(
    server: &Server,
    template: NewTemplate,
    how: impl FnOnce(&dyn TemplateTrial, &NewTemplate) -> Result<T, TemplateFault> + Send + 'static,
) -> Result<(NewTemplate, T), Refusal> {
    let trial = Arc::clone(&server.api.templates);
    let trying = tokio::task::spawn_blocking(move || {
        let tried = how(&*trial, &template);
        (template, tried)
    });
    let (template, tried) = trying.await.map_err(|error| {
        tracing::error!(%error, "trying a template failed");
        Refusal::new(Code::Internal, "The template could not be tried")
    })?;
    match tried {
        Ok(made) => Ok((template, made)),
        Err(fault) if fault.is_mistake => {
            let errors = vec![FieldError::new("/text", fault.message.clone())];
            let problem = CoreProblem::new(Code::TemplateError, fault.message).with_errors(errors);
            Err(Box::new(problem).into())
        }
        Err(fault) => {
            tracing::error!(%fault, "a template could not be tried");
            Err(Refusal::new(Code::Unavailable, "The template could not be tried; try again later"))
        }
    }
}
