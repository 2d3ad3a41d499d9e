//! `/templates`: stored, listed, tried, removed, and named by requests.

use reqwest::Response;
use serde_json::{Value, json};

use crate::support::{World, body, header, refused, shapes};

const OWN: &str = "/api/v1/templates/custom-acme";

async fn send(world: &World, tenant: &str, method: &str, path: &str, value: &Value) -> Response {
    let request = world.of(tenant, method, path).header("content-type", "application/json");
    request.body(value.to_string()).send().await.unwrap()
}

async fn store(world: &World, name: &str, text: &str, status: u16) -> Value {
    let template = json!({"name": name, "text": text, "description": "ours"});
    let stored = body(send(world, "acme", "POST", "/api/v1/templates", &template).await, status).await;
    shapes::conforms("Template", &stored);
    stored
}

fn names(page: &Value) -> Vec<&str> {
    shapes::conforms("TemplatePage", page);
    page["templates"].as_array().unwrap().iter().map(|template| template["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_template_is_stored_in_versions_and_read_back() {
    let world = World::idle().await;
    let response =
        send(&world, "acme", "POST", "/api/v1/templates", &json!({"name": "custom-acme", "text": "one"}))
            .await;
    assert_eq!(header(&response, "location"), OWN);
    let first = body(response, 201).await;
    assert_eq!(
        (&first["version"], &first["built_in"], &first["format"]),
        (&1.into(), &false.into(), &"pdf".into())
    );
    assert_eq!(first["created_by"], "ann");
    let put = async |text: &str, status| {
        body(send(&world, "acme", "PUT", OWN, &json!({"text": text})).await, status).await
    };
    assert_eq!(put("one", 200).await, first, "the same text is the same version");
    let second = put("two", 201).await;
    assert_eq!((&second["version"], &second["text"]), (&2.into(), &"two".into()));
    assert_ne!(first["sha256"], second["sha256"]);
    assert_eq!(world.get(OWN).await, second);
    assert_eq!(world.get(&format!("{OWN}?version=1")).await, first);
    refused(world.acme("GET", &format!("{OWN}?version=3")).send().await.unwrap(), 404, "not_found").await;
    let events = world.get("/api/v1/audit").await;
    assert_eq!(events["events"][0]["action"], "template.stored", "{events:#}");
    assert_eq!(events["events"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn lists_go_page_by_page_with_the_built_in_ones_first() {
    let world = World::idle().await;
    for name in ["custom-acme-b", "custom-acme", "custom-acme-a"] {
        store(&world, name, "text", 201).await;
    }
    let page = world.get("/api/v1/templates?limit=2").await;
    assert_eq!(names(&page), ["compliance-detailed", "custom-acme", "custom-acme-a"]);
    assert!(page["templates"].as_array().unwrap().iter().all(|template| template.get("text").is_none()));
    let next = page["next_cursor"].as_str().unwrap();
    let page = world.get(&format!("/api/v1/templates?limit=2&cursor={next}")).await;
    assert_eq!((names(&page), page.get("next_cursor")), (vec!["custom-acme-b"], None));
    let foreign =
        world.of("globex", "GET", &format!("/api/v1/templates?cursor={next}")).send().await.unwrap();
    refused(foreign, 400, "bad_cursor").await;
    let shown = world.get("/api/v1/templates/compliance-detailed").await;
    shapes::conforms("Template", &shown);
    assert_eq!((&shown["built_in"], &shown["text"]), (&true.into(), &"<p>built in</p>".into()));
}

#[tokio::test]
async fn what_others_have_is_as_what_nobody_has() {
    let world = World::idle().await;
    store(&world, "custom-acme", "ours", 201).await;
    for (method, value) in [("GET", json!({})), ("DELETE", json!({}))] {
        let foreign = send(&world, "globex", method, OWN, &value).await;
        let unknown = send(&world, "globex", method, "/api/v1/templates/custom-nobody", &value).await;
        assert_eq!(
            refused(foreign, 404, "not_found").await["detail"],
            refused(unknown, 404, "not_found").await["detail"]
        );
    }
    let preview = format!("{OWN}/preview");
    refused(send(&world, "globex", "POST", &preview, &json!({})).await, 404, "not_found").await;
    let problem =
        refused(send(&world, "globex", "PUT", OWN, &json!({"text": "theirs"})).await, 422, "invalid_request")
            .await;
    assert!(problem["detail"].as_str().unwrap().contains("custom-globex"), "{problem}");
    assert_eq!(world.get(OWN).await["text"], "ours");
    let reader = world.tokens.issue("eve", &["acme"], "exports:read");
    let put = world.bare("PUT", OWN).bearer_auth(reader).header("x-tenant-id", "acme");
    let put = put.header("content-type", "application/json").body(r#"{"text":"theirs"}"#);
    refused(put.send().await.unwrap(), 403, "forbidden").await;
}

#[tokio::test]
async fn mistakes_are_told_with_their_place() {
    let world = World::idle().await;
    let problem =
        refused(send(&world, "acme", "PUT", OWN, &json!({"text": "mistake"})).await, 422, "template_error")
            .await;
    assert_eq!(problem["errors"][0], json!({"pointer": "/text", "detail": "line 1, column 1: a mistake"}));
    refused(world.acme("GET", OWN).send().await.unwrap(), 404, "not_found").await;
    refused(send(&world, "acme", "PUT", OWN, &json!({"text": "stalled"})).await, 503, "unavailable").await;
    for (value, pointer) in [
        (json!({}), "/text"),
        (json!({"text": ""}), "/text"),
        (json!({"text": 1}), "/text"),
        (json!({"text": "x".repeat(262_145)}), "/text"),
        (json!({"text": "x", "description": "x".repeat(1001)}), "/description"),
        (json!({"text": "x", "txet": "y"}), "/txet"),
        (json!({"text": "x", "name": "custom-acme-b"}), "/name"),
    ] {
        let problem = refused(send(&world, "acme", "PUT", OWN, &value).await, 422, "invalid_request").await;
        assert_eq!(problem["errors"][0]["pointer"], pointer, "{problem}");
    }
    for name in ["custom-globex", "compliance-detailed", "custom-acme-", "custom-acme-A", "../x", ""] {
        let named = json!({"name": name, "text": "x"});
        let problem =
            refused(send(&world, "acme", "POST", "/api/v1/templates", &named).await, 422, "invalid_request")
                .await;
        assert_eq!(problem["errors"][0]["pointer"], "/name", "{problem}");
    }
    let plain = world.acme("PUT", OWN).header("content-type", "text/html").body("x").send().await.unwrap();
    refused(plain, 415, "unsupported_media_type").await;
}

#[tokio::test]
async fn a_preview_shows_the_stored_the_given_and_the_built_in() {
    let world = World::idle().await;
    let preview = format!("{OWN}/preview");
    refused(world.acme("POST", &preview).send().await.unwrap(), 404, "not_found").await;
    store(&world, "custom-acme", "stored", 201).await;
    let page = world.acme("POST", &preview).send().await.unwrap();
    assert_eq!(header(&page, "content-type"), "text/html; charset=utf-8");
    let policy = header(&page, "content-security-policy");
    assert!(policy.contains("sandbox") && policy.contains("default-src 'none'"), "{policy}");
    assert_eq!(page.text().await.unwrap(), "<p>stored</p>");
    let given = send(&world, "acme", "POST", &preview, &json!({"text": "given"})).await;
    assert_eq!(given.text().await.unwrap(), "<p>given</p>");
    assert_eq!(world.get(OWN).await["text"], "stored", "trying stores nothing");
    let mistake = send(&world, "acme", "POST", &preview, &json!({"text": "mistake"})).await;
    refused(mistake, 422, "template_error").await;
    let built_in = world.acme("POST", "/api/v1/templates/compliance-detailed/preview").send().await.unwrap();
    assert_eq!(built_in.text().await.unwrap(), "<p><p>built in</p></p>");
}

#[tokio::test]
async fn a_removed_template_is_gone_and_a_built_in_one_stays() {
    let world = World::idle().await;
    store(&world, "custom-acme", "one", 201).await;
    let delete = async |path: &str| world.acme("DELETE", path).send().await.unwrap();
    assert_eq!(delete(OWN).await.status(), 204);
    refused(delete(OWN).await, 404, "not_found").await;
    refused(world.acme("GET", OWN).send().await.unwrap(), 404, "not_found").await;
    assert_eq!(store(&world, "custom-acme", "one", 201).await["version"], 2, "versions go on");
    refused(delete("/api/v1/templates/compliance-detailed").await, 422, "invalid_request").await;
}

#[tokio::test]
async fn an_export_names_templates_that_its_tenant_has() {
    let world = World::idle().await;
    let submit = async |tenant: &str, format: &str, template: &str| {
        let scope = json!({"scan_ids": ["scan-0"]});
        let request = json!({"type": "scan_report", "format": format, "scope": scope, "options": {"template": template}});
        send(&world, tenant, "POST", "/api/v1/exports", &request).await
    };
    let problem = refused(submit("acme", "pdf", "custom-acme").await, 422, "unsupported_option").await;
    assert_eq!(problem["errors"][0]["pointer"], "/options/template", "{problem}");
    store(&world, "custom-acme", "one", 201).await;
    body(submit("acme", "pdf", "custom-acme").await, 202).await;
    refused(submit("acme", "json", "custom-acme").await, 422, "unsupported_option").await;
    refused(submit("globex", "pdf", "custom-acme").await, 422, "unsupported_option").await;
}
